"""`ConceptMap/$translate`: what a code of one code system is in another, forward and back.

https://hl7.org/fhir/R5/conceptmap-operation-translate.html.
"""

from collections.abc import Iterator

import msgspec

from terminology.canonical import split
from terminology.errors import MissingInput, NotFound
from terminology.model import CodeableConcept, Coding, ConceptMap, Json
from terminology.operations.context import Context
from terminology.operations.fields import (
    CanonicalField,
    CodeableConceptField,
    CodeField,
    CodingField,
    ResourceField,
    StringField,
    UriField,
)
from terminology.operations.schema import ParametersSchema


class TranslateRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked; the parameters are described in `TranslateParameters`."""

    url: str | None = None
    concept_map_version: str | None = None
    source_code: str | None = None
    system: str | None = None
    version: str | None = None
    source_coding: Coding | None = None
    source_codeable_concept: CodeableConcept | None = None
    source_scope: str | None = None
    target_code: str | None = None
    target_coding: Coding | None = None
    target_codeable_concept: CodeableConcept | None = None
    target_scope: str | None = None
    target_system: str | None = None
    tx_resource: tuple[Json, ...] | list[Json] = ()


class TranslateParameters(ParametersSchema[TranslateRequest]):
    """The parameters of `$translate`, by R5's names; R4's are read as well."""

    request = TranslateRequest
    aliases = {  # noqa: RUF012 - marshmallow's metaclass reads class attributes
        "code": "sourceCode",
        "sourceSystem": "system",
        "coding": "sourceCoding",
        "codeableConcept": "sourceCodeableConcept",
        "source": "sourceScope",
        "target": "targetScope",
        "targetsystem": "targetSystem",
    }
    refused = {  # noqa: RUF012
        "conceptMap": "send the concept map as tx-resource, and name it by url",
        "dependency": "no map that depends on other elements is supported",
        "reverse": "send targetCode, targetCoding or targetCodeableConcept",
    }

    url = UriField("The concept map; the latest of all that fit if left out.", type_level_only=True)
    concept_map_version = StringField(
        "The version of the concept map.", type_level_only=True, data_key="conceptMapVersion"
    )
    source_code = CodeField("The code to translate; it goes with `system`.", data_key="sourceCode")
    system = UriField("The code system of the code to translate.")
    version = StringField(
        "The version of the code system. Maps are chosen without it: it changes nothing yet."
    )
    source_coding = CodingField("A coding to translate.", data_key="sourceCoding")
    source_codeable_concept = CodeableConceptField(
        "A codeable concept to translate: each of its codings.", data_key="sourceCodeableConcept"
    )
    source_scope = CanonicalField(
        "The value set that the code was chosen from; it chooses the map.", data_key="sourceScope"
    )
    target_code = CodeField(
        "The code to translate back; it goes with `targetSystem`.", data_key="targetCode"
    )
    target_coding = CodingField("A coding to translate back.", data_key="targetCoding")
    target_codeable_concept = CodeableConceptField(
        "A codeable concept to translate back.", data_key="targetCodeableConcept"
    )
    target_scope = CanonicalField(
        "The value set that a translation is to be in; it chooses the map.",
        data_key="targetScope",
    )
    target_system = UriField("The code system to translate to.", data_key="targetSystem")
    tx_resource = ResourceField(
        "A ConceptMap that this request is answered with, before a loaded one of the same URL and"
        " version.",
        repeats=True,
        data_key="tx-resource",
    )


def translate(request: TranslateRequest, context: Context) -> Json:
    """The translations of a code as a Parameters resource.

    Raises:
        MissingInput: no code, or no code system for it.
        NotFound: the concept map that is named is not loaded.
    """
    context = context.with_resources(request.tx_resource) if request.tx_resource else context
    maps = _maps(request, context)
    back = request.target_code or request.target_coding or request.target_codeable_concept
    if back:
        codings = _codings(
            request.target_code,
            request.target_system,
            request.target_coding,
            request.target_codeable_concept,
        )
        matches = [m for one in maps for c in codings for m in _backward(one, c, request.system)]
    else:
        codings = _codings(
            request.source_code,
            request.system,
            request.source_coding,
            request.source_codeable_concept,
        )
        wanted = request.target_system
        matches = [m for one in maps for c in codings for m in _forward(one, c, wanted)]
    found: list[Json] = [{"name": "result", "valueBoolean": bool(matches)}]
    if not matches:
        text = "None of the concept maps that are loaded has a translation"
        found.append({"name": "message", "valueString": text})
    return {"resourceType": "Parameters", "parameter": found + matches}


def _maps(request: TranslateRequest, context: Context) -> list[ConceptMap]:
    if request.url is None:
        return [
            one
            for one in context.concept_maps.current()
            if _fits(request.source_scope, one.source_scope_uri, one.source_scope_canonical)
            and _fits(request.target_scope, one.target_scope_uri, one.target_scope_canonical)
        ]
    url, version = split(request.url)
    found = context.concept_maps.find(url, version or request.concept_map_version)
    if not found:
        raise NotFound(f"The concept map '{request.url}' is not loaded.", expression="url")
    return found


def _fits(wanted: str | None, uri: str | None, canonical: str | None) -> bool:
    return wanted is None or split(wanted)[0] == split(canonical or uri or "")[0]


def _codings(
    code: str | None, system: str | None, coding: Coding | None, concept: CodeableConcept | None
) -> list[Coding]:
    if code is not None:
        if system is None:
            raise MissingInput(f"The code '{code}' needs its code system.", expression="system")
        return [Coding(system=system, code=code)]
    found = [coding] if coding is not None else list(concept.coding) if concept else []
    if not found:
        raise MissingInput("Send a code with its system, a coding or a codeable concept.")
    return found


def _forward(concept_map: ConceptMap, coding: Coding, wanted: str | None) -> Iterator[Json]:
    for group in concept_map.group:
        if _url(group.source) != coding.system or wanted not in (None, _url(group.target)):
            continue
        for element in group.element:
            for target in element.target if element.code == coding.code else ():
                concept = _coding(group.target, target.code, target.display)
                yield _match(concept_map, concept, target.relationship, None)


def _backward(concept_map: ConceptMap, coding: Coding, wanted: str | None) -> Iterator[Json]:
    for group in concept_map.group:
        if _url(group.target) != coding.system or wanted not in (None, _url(group.source)):
            continue
        for element in group.element:
            for target in element.target:
                if target.code == coding.code:
                    source = _coding(group.source, element.code, element.display)
                    concept = _coding(group.target, target.code, target.display)
                    yield _match(concept_map, concept, target.relationship, source)


def _url(canonical: str | None) -> str | None:
    return split(canonical)[0] if canonical else None


def _coding(system: str | None, code: str | None, display: str | None) -> Json:
    url, version = split(system or "")
    stated = {"system": url, "version": version, "code": code, "display": display}
    return {name: value for name, value in stated.items() if value}


def _match(
    concept_map: ConceptMap, concept: Json, relationship: str | None, source: Json | None
) -> Json:
    parts: list[Json] = [
        {"name": "relationship", "valueCode": relationship or "related-to"},
        {"name": "concept", "valueCoding": concept},
        {"name": "originMap", "valueCanonical": concept_map.canonical},
    ]
    if source is not None:
        parts.append({"name": "source", "valueCoding": source})
    return {"name": "match", "part": parts}
