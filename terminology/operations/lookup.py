"""`CodeSystem/$lookup`: what is known of a code.

https://hl7.org/fhir/R5/codesystem-operation-lookup.html.
"""

from collections.abc import Iterator, Sequence

import msgspec

from terminology import languages
from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.provider import LookupProperty, Provider
from terminology.errors import InvalidInput, MissingInput, NotFound
from terminology.fhir.outcome import Issue
from terminology.model import Coding, Concept, Json
from terminology.operations.context import Context
from terminology.operations.fields import (
    CodeField,
    CodingField,
    DateTimeField,
    StringField,
    UriField,
)
from terminology.operations.lookup_properties import not_checked, of_base, own_words, stated
from terminology.operations.scoping import Many, ScopedParameters, ScopedRequest
from terminology.tree import Listed, PlacedConcept

_NO_DISPLAY: Json = {
    "name": "display",
    "_valueString": {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                "valueCode": "not-applicable",
            }
        ]
    },
}
"""HL7 defines no display of an expression, and the operation demands the element."""
_PREFERRED: Json = {
    "system": "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra",
    "code": "preferredForLanguage",
}


class LookupRequest(ScopedRequest, frozen=True, kw_only=True):
    """What `$lookup` is asked; the parameters are described in `LookupParameters`."""

    code: str | None = None
    system: str | None = None
    version: str | None = None
    coding: Coding | None = None
    date: str | None = None
    properties: Many = ()


class LookupParameters(ScopedParameters[LookupRequest]):
    """The parameters of `$lookup`."""

    request = LookupRequest

    code = CodeField("The code to look up; it goes with `system`.")
    system = UriField("The code system of the code.", type_level_only=True)
    version = StringField(
        "The version of the code system; the latest that is loaded if left out.",
        type_level_only=True,
    )
    coding = CodingField("The code to look up, in place of `code` and `system`.")
    date = DateTimeField(
        "The day that the answer is to be right on, such as the date of service: it chooses the"
        " release of the tables (fee schedule, unit limits). Today if left out; a year or a month"
        " stands for its first day."
    )
    properties = CodeField(
        "A property to return, by its code; `*` stands for all. All are returned if left out.",
        repeats=True,
        data_key="property",
    )


class LookupResult(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the concept, the supplements that said part of it included.

    `parents` and `children` are what stands directly above and below it; `base` is what an
    expression says more of; `day` chooses the releases of tables; `wanted` are the properties asked
    for, all if empty.
    """

    provider: Provider
    placed: PlacedConcept
    parents: Sequence[Listed] = ()
    children: Sequence[Listed] = ()
    base: Concept | None = None
    code: str
    display: str | None
    day: str
    wanted: frozenset[str]

    def parameters(self) -> Json:
        """The answer as a Parameters resource."""
        head, concept = self.provider.head, self.placed.concept
        found: list[Json] = [{"name": "name", "valueString": head.name or head.url}]
        if head.version:
            found.append({"name": "version", "valueString": head.version})
        if self.display is not None:
            found.append({"name": "display", "valueString": self.display})
        elif self.provider.expression is not None:
            found.append(_NO_DISPLAY)
        if concept.definition is not None and self._wants("definition"):
            found.append({"name": "definition", "valueString": concept.definition})
        abstract = self.provider.is_abstract(concept)
        found.append({"name": "abstract", "valueBoolean": abstract})
        found.append({"name": "code", "valueCode": self.code})
        found.append({"name": "system", "valueUri": head.url})
        if self._wants("designation"):
            found.extend(_designations(concept, head.language))
        found.extend(_property(prop) for prop in self.properties() if self._wants(prop.code))
        found.extend(
            {"name": "used-supplement", "valueCanonical": supplement.canonical}
            for supplement in self.provider.supplements
        )
        return {"resourceType": "Parameters", "parameter": found}

    def properties(self) -> Iterator[LookupProperty]:
        """Everything the concept has, its place in the hierarchy and the tables' rows included."""
        provider, concept = self.provider, self.placed.concept
        inactive = provider.is_inactive(concept)
        yield LookupProperty(code="inactive", value=("valueBoolean", inactive))
        for prop in concept.property:
            if prop.code != "inactive":
                yield stated(prop)
        if self.base is not None:
            yield from of_base(self.base)
        yield from self._related("parent", self.parents)
        yield from self._related("child", self.children)
        if provider.descriptors_not_loaded is not None:
            yield own_words(provider.descriptors_not_loaded)
        yield from provider.reference_properties(concept, self.day)
        if self.base is not None:
            yield from not_checked(provider.remarks(concept.code, "code"))
        if provider.notice is not None:
            yield LookupProperty(code="copyright", value=("valueString", provider.notice))

    def _related(self, code: str, concepts: Sequence[Listed]) -> Iterator[LookupProperty]:
        stated = {p.text() for p in self.placed.concept.property if p.code == code}
        for related in concepts:
            if related.code not in stated:
                value = ("valueCode", related.code)
                yield LookupProperty(code=code, value=value, description=related.display)

    def _wants(self, name: str) -> bool:
        return not self.wanted or "*" in self.wanted or name in self.wanted


def lookup(request: LookupRequest, context: Context) -> LookupResult:
    """What is known of a code.

    Raises:
        InvalidInput: both a coding and a code were sent.
        MissingInput: there is no code, or none of a system.
        NotFound: the code system, the version, the code or a supplement is not loaded.
    """
    context = request.context_of(context).on(request.date)
    system, version, code = _asked(request)
    provider = provider_of(context.code_systems, system, version)
    supplements = (*context.default_supplements, *request.use_supplement)
    provider = context.code_systems.supplemented(provider, supplements)
    found = provider.neighbours(code)
    if found is None:
        raise NotFound(sentences(provider.refusals(code, "code")), expression="code")
    placed = found.placed
    wanted = languages.parse(request.display_language) if request.display_language else None
    base = provider.base_of(placed.concept.code)
    return LookupResult(
        provider=provider,
        placed=placed,
        parents=found.parents,
        children=found.children,
        base=base.concept if base is not None else None,
        code=placed.concept.code if provider.expression is None else code,
        display=languages.display_of(placed.concept, provider.head.language, wanted),
        day=context.day(request.date),
        wanted=frozenset(request.properties),
    )


def _asked(request: LookupRequest) -> tuple[str, str | None, str]:
    coding = request.coding
    if coding is None:
        if request.code is None:
            raise MissingInput("Send a code with its system, or a coding.", expression="code")
        if request.system is None:
            raise MissingInput(
                f"The code '{request.code}' needs its code system: send system.",
                expression="system",
            )
        return request.system, request.version, request.code
    if request.code is not None:
        raise InvalidInput("Send a coding, or a code with its system, not both.")
    if coding.code is None or (coding.system or request.system) is None:
        raise MissingInput("The coding needs a system and a code.", expression="coding")
    for name, own, beside in (
        ("system", coding.system, request.system),
        ("version", coding.version, request.version),
    ):
        if own is not None and beside is not None and own != beside:
            raise InvalidInput(
                f"The coding is of {name} '{own}', not of '{beside}'; send one {name}.",
                expression="coding",
            )
    return coding.system or request.system or "", coding.version or request.version, coding.code


def sentences(refusals: Sequence[Issue]) -> str:
    """Why a code was refused, as one text."""
    return ". ".join(refusal.text for refusal in refusals) + "."


def provider_of(systems: CodeSystems, url: str, version: str | None) -> Provider:
    """The provider of a code system that a request names.

    Raises:
        NotFound: it is not loaded, or not in this version.
    """
    provider = systems.find(url, version)
    if provider is not None:
        return provider
    known = systems.versions(url)
    if known:
        versions = " or ".join(v or "(none)" for v in known)
        raise NotFound(
            f"The code system '{url}' is not loaded in version '{version}', but in {versions}.",
            expression="version",
        )
    raise NotFound(
        f"The code system '{url}' is not loaded. GET CodeSystem?_elements=url,version lists those"
        " that are.",
        expression="system",
    )


def _designations(concept: Concept, base: str | None) -> Iterator[Json]:
    if base and concept.display is not None:
        yield _designation(base, _PREFERRED, concept.display, None)
    for one in concept.designation:
        use = msgspec.to_builtins(one.use) if one.use is not None else None
        yield _designation(one.language, use, one.value, one.source)


def _designation(language: str | None, use: Json | None, value: str, source: str | None) -> Json:
    parts: list[Json] = []
    if language:
        parts.append({"name": "language", "valueCode": language})
    if use is not None:
        parts.append({"name": "use", "valueCoding": use})
    parts.append({"name": "value", "valueString": value})
    if source:
        parts.append({"name": "source", "valueCanonical": source})
    return {"name": "designation", "part": parts}


def _property(prop: LookupProperty, name: str = "property") -> Json:
    parts: list[Json] = [{"name": "code", "valueCode": prop.code}]
    if prop.value is not None:
        parts.append({"name": "value", prop.value[0]: prop.value[1]})
    if prop.description is not None:
        parts.append({"name": "description", "valueString": prop.description})
    parts.extend(_property(part, "subproperty") for part in prop.subproperties)
    if prop.source is not None:
        parts.append({"name": "source", "valueCanonical": prop.source})
    return {"name": name, "part": parts}
