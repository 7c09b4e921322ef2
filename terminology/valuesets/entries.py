"""Concepts as `ValueSet.expansion.contains`: names, designations, properties, extensions.

What the value set says of a concept goes before what a supplement says, and that before what the
code system says: https://hl7.org/fhir/R5/valueset.html#expansion.
"""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from terminology.codesystems.provider import Provider
from terminology.languages import Languages, matches
from terminology.model import Coding, Concept, ConceptReference, Designation, Json, extension_value
from terminology.tree import PlacedConcept
from terminology.valuesets.wording import worded

_FHIR = "http://hl7.org/fhir/StructureDefinition/"
_CONCEPT_PROPERTY = "http://hl7.org/fhir/concept-properties#"
_LANGUAGE_TAG = "urn:ietf:bcp:47"
_PREFERRED = Coding(
    system="http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra", code="preferredForLanguage"
)
_FROM_EXTENSION = {
    "order": ("order", "valueDecimal", ("valueset-conceptOrder", "codesystem-conceptOrder")),
    "label": ("label", "valueString", ("valueset-label", "codesystem-label")),
    "weight": ("itemWeight", "valueDecimal", ("itemWeight",)),
}
"""Properties that concepts state as extensions: FHIR's name, the value, the extensions."""
_KEPT_OF_REFERENCE = (
    "valueset-concept-definition",
    "valueset-deprecated",
    "structuredefinition-standards-status",
    "rendering-style",
    "rendering-xhtml",
)
_KEPT_OF_CONCEPT = ("rendering-style", "rendering-xhtml")


class Entries:
    """Writes the concepts of an expansion, and keeps which properties it used.

    Args:
        languages: of the displays.
        designations: whether all designations are returned.
        chosen: the designations to return, `system|code` of their use or language.
        properties: the codes of the properties to return.
        versioned: the code systems whose version is told with each concept.
    """

    def __init__(
        self,
        *,
        languages: Languages | None,
        designations: bool,
        chosen: Sequence[str],
        properties: Sequence[str],
        versioned: Collection[str],
    ) -> None:
        self._languages = languages
        self._designations = designations
        self._chosen = [tuple(c.rpartition("|")[::2]) for c in chosen]
        self._properties = properties
        self._declared: dict[str, str | None] = {}
        self._versioned = versioned

    def lists(self, provider: Provider) -> bool:
        """Whether of a plain concept nothing but code and display is wanted."""
        wanted, base = self._languages, provider.head.language
        return (
            not (self._designations or self._chosen or self._properties)
            and provider.head.url not in self._versioned
            and (wanted is None or base is None or matches(base, (*wanted.ranges, "")[0]))
        )

    def write(
        self, provider: Provider, placed: PlacedConcept, reference: ConceptReference | None
    ) -> Json:
        """One concept."""
        concept = worded(placed.concept, provider.head.language, reference)
        entry: Json = {}
        extensions = _extensions(concept, reference)
        if extensions:
            entry["extension"] = extensions
        entry["system"] = provider.head.url
        if provider.is_abstract(concept):
            entry["abstract"] = True
        if provider.is_inactive(concept):
            entry["inactive"] = True
        if provider.head.url in self._versioned and provider.head.version:
            entry["version"] = provider.head.version
        entry["code"] = concept.code
        display, others = self._named(provider, concept)
        if display is not None:
            entry["display"] = display
        if others:
            entry["designation"] = [_designation(d) for d in others]
        properties = self._stated(provider, concept, reference)
        if properties:
            entry["property"] = properties
        return entry

    def declared(self) -> list[Json]:
        """What the properties that were returned mean, as `ValueSet.expansion.property`."""
        return [
            {"code": code} | ({"uri": uri} if uri else {}) for code, uri in self._declared.items()
        ]

    def _named(self, provider: Provider, concept: Concept) -> tuple[str | None, list[Designation]]:
        names = concept.designation
        base, display = provider.head.language, concept.display
        taken = self._taken(base, display, names)
        if taken is None and not self._is_refused(base):
            return display, [d for d in names if self._is_chosen(d)]
        names = [d for d in names if d is not taken]
        if display is not None and base is not None:
            names.insert(0, Designation(language=base, use=_PREFERRED, value=display))
        display = taken.value if taken is not None else None
        return display, [d for d in names if self._is_chosen(d)]

    def _taken(
        self, base: str | None, display: str | None, names: Sequence[Designation]
    ) -> Designation | None:
        """The designation that takes the display's place in the languages asked for."""
        if self._languages is None:
            return None
        for wanted in self._languages.ranges:
            if display is not None and (base is None or matches(base, wanted)):
                return None
            for designation in names:
                tag = designation.language
                if tag and wanted != "*" and matches(tag, wanted):
                    return designation
        return None

    def _is_refused(self, base: str | None) -> bool:
        """Whether a display in the code system's own language will not do."""
        wanted = self._languages
        strict = wanted is not None and wanted.strict and base is not None
        return strict and wanted is not None and not wanted.admits(base)

    def _is_chosen(self, designation: Designation) -> bool:
        if not self._chosen:
            return self._designations
        use = designation.use
        named = [(_LANGUAGE_TAG, designation.language)]
        if use is not None:
            named.append((use.system or "", use.code))
        return any(one in self._chosen for one in named)

    def _stated(
        self, provider: Provider, concept: Concept, reference: ConceptReference | None
    ) -> list[Json]:
        found: list[Json] = []
        status = provider.status(concept)
        if status is None and provider.is_inactive(concept):
            status = "inactive"
        if status not in (None, "active"):
            found.append(self._property("status", "status", "valueCode", status))
        if "definition" in self._properties and concept.definition is not None:
            found.append(
                self._property("definition", "definition", "valueString", concept.definition)
            )
        for code, (uri, kind, names) in _FROM_EXTENSION.items():
            value = _from_extension(concept, reference, names)
            if value is not None:
                found.append(self._property(code, uri, kind, value))
        for prop in concept.property:
            value = prop.typed_value()
            if prop.code not in self._properties or value is None or prop.code == "status":
                continue
            uris = (d.uri for d in provider.head.property if d.code == prop.code)
            self._declared[prop.code] = next(uris, None)
            found.append({"code": prop.code, value[0]: _builtin(value[1])})
        return found

    def _property(self, code: str, uri: str, kind: str, value: Any) -> Json:
        self._declared[code] = _CONCEPT_PROPERTY + uri
        return {"code": code, kind: value}


def _from_extension(
    concept: Concept, reference: ConceptReference | None, names: Sequence[str]
) -> Any:
    if reference is not None:
        for name in names:
            value = extension_value(reference.extension, _FHIR + name)
            if value is not None:
                return value
    # A supplement's extensions stand behind those of the code system, and go before them.
    for name in names:
        value = extension_value(concept.extension[::-1], _FHIR + name)
        if value is not None:
            return value
    return None


def _extensions(concept: Concept, reference: ConceptReference | None) -> list[Json]:
    own = reference.extension if reference is not None else []
    found = {
        e["url"]: e
        for e in concept.extension
        if str(e.get("url")).removeprefix(_FHIR) in _KEPT_OF_CONCEPT
    }
    found |= {
        e["url"]: e for e in own if str(e.get("url")).removeprefix(_FHIR) in _KEPT_OF_REFERENCE
    }
    return list(found.values())


def _designation(designation: Designation) -> Json:
    written: Json = msgspec.to_builtins(msgspec.structs.replace(designation, source=None))
    return written


def _builtin(value: Any) -> Any:
    return msgspec.to_builtins(value) if isinstance(value, Coding) else value
