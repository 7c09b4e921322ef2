"""The R5-shaped terminology model: small frozen classes that decode straight from FHIR JSON.

Only what the engine reads is a field; anything else in a resource is passed over here and kept
in the store as it was. Field names are FHIR's, in snake case. See
https://hl7.org/fhir/R5/codesystem.html and https://hl7.org/fhir/R5/valueset.html.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

import msgspec

Json = dict[str, Any]


class Element(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """What every class of the model is: frozen, camel case on the wire, defaults left out."""

    extension: list[Json] = []

    def extension_value(self, url: str) -> Any:
        """The value[x] of the first extension with this URL, None where there is none."""
        return extension_value(self.extension, url)


def extension_value(extensions: Sequence[Json], url: str) -> Any:
    """The value[x] of the first of `extensions` with this URL, None where there is none."""
    for extension in extensions:
        if extension.get("url") == url:
            for name, value in extension.items():
                if name.startswith("value"):
                    return value
    return None


class Coding(Element, frozen=True, kw_only=True):
    """A reference to a code: https://hl7.org/fhir/R5/datatypes.html#Coding."""

    system: str | None = None
    version: str | None = None
    code: str | None = None
    display: str | None = None
    user_selected: bool | None = None


class CodeableConcept(Element, frozen=True, kw_only=True):
    """Codings that say the same, and a text: https://hl7.org/fhir/R5/datatypes.html#CodeableConcept."""

    coding: list[Coding] = []
    text: str | None = None


class Designation(Element, frozen=True, kw_only=True):
    """Another name of a concept; `source` is the supplement that brought it."""

    language: str | None = None
    use: Coding | None = None
    additional_use: list[Coding] = []
    value: str
    source: str | None = None


class Property(Element, frozen=True, kw_only=True):
    """A value of a concept's property; `source` is the supplement that brought it.

    Just one of the value fields is set, or none where the value is absent: then the extension on
    the value (`_valueString`, or one inside `valueCoding`) tells why.
    """

    code: str
    value_code: str | None = None
    value_coding: Coding | None = None
    value_string: str | None = None
    value_integer: int | None = None
    value_boolean: bool | None = None
    value_date_time: str | None = None
    value_decimal: Decimal | None = None
    absent_string: Json | None = msgspec.field(name="_valueString", default=None)
    source: str | None = None

    def typed_value(self) -> tuple[str, Any] | None:
        """FHIR's name of the value element with the value, `("valueCode", "x")`, if it has one."""
        for name, attribute in _VALUES:
            value = getattr(self, attribute)
            if value is not None:
                return name, value
        return None

    def text(self) -> str | None:
        """The value as filters compare it: a code, a number or a date as text."""
        typed = self.typed_value()
        if typed is None:
            return None
        value = typed[1]
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Coding):
            return value.code
        return str(value)


_VALUES = tuple(
    (field.encode_name, field.name)
    for field in msgspec.structs.fields(Property)
    if field.name.startswith("value_")
)


class Concept(Element, frozen=True, kw_only=True):
    """A concept of a code system; `concept` holds its children where the system nests them."""

    code: str
    display: str | None = None
    definition: str | None = None
    designation: list[Designation] = []
    property: list[Property] = []
    concept: list["Concept"] = []


class PropertyDefinition(Element, frozen=True, kw_only=True):
    """What a code system declares of a property: its URI gives it a meaning across systems."""

    code: str
    uri: str | None = None
    description: str | None = None
    type: str | None = None


class CanonicalResource(Element, frozen=True, kw_only=True):
    """What code systems and value sets have in common."""

    id: str | None = None
    url: str | None = None
    version: str | None = None
    version_algorithm_string: str | None = None
    version_algorithm_coding: Coding | None = None
    name: str | None = None
    title: str | None = None
    status: str | None = None
    experimental: bool | None = None
    language: str | None = None
    copyright: str | None = None

    @property
    def version_algorithm(self) -> str | None:
        """How versions of the resource are ordered, a code of FHIR's version algorithms."""
        coding = self.version_algorithm_coding
        return self.version_algorithm_string or (coding.code if coding is not None else None)

    @property
    def canonical(self) -> str:
        """`url|version`, or the bare URL where there is no version."""
        return f"{self.url}|{self.version}" if self.version else self.url or ""


class CodeSystem(CanonicalResource, frozen=True, kw_only=True):
    """A code system or a supplement: https://hl7.org/fhir/R5/codesystem.html."""

    case_sensitive: bool | None = None
    hierarchy_meaning: str | None = None
    compositional: bool | None = None
    version_needed: bool | None = None
    content: str | None = None
    supplements: str | None = None
    value_set: str | None = None
    count: int | None = None
    property: list[PropertyDefinition] = []
    concept: list[Concept] = []


class Filter(Element, frozen=True, kw_only=True):
    """A condition on concepts: https://hl7.org/fhir/R5/valueset.html#filters."""

    property: str
    op: str
    value: str | None = None


class ConceptReference(Element, frozen=True, kw_only=True):
    """A code that a value set names itself, with the words it has for it."""

    code: str
    display: str | None = None
    designation: list[Designation] = []


class Include(Element, frozen=True, kw_only=True, dict=True):
    """One include or exclude of a value set."""

    system: str | None = None
    version: str | None = None
    concept: list[ConceptReference] = []
    filter: list[Filter] = []
    value_set: list[str] = []
    copyright: str | None = None

    @cached_property
    def by_code(self) -> dict[str, ConceptReference]:
        """The enumerated concepts by code, the first where one is named twice."""
        return {reference.code: reference for reference in reversed(self.concept)}


class Compose(Element, frozen=True, kw_only=True):
    """The definition of a value set."""

    inactive: bool | None = None
    locked_date: str | None = None
    include: list[Include] = []
    exclude: list[Include] = []
    property: list[str] = []


class MapTarget(Element, frozen=True, kw_only=True):
    """What a code is mapped to; `relationship` reads from the source to the target."""

    code: str | None = None
    display: str | None = None
    relationship: str | None = None


class MapElement(Element, frozen=True, kw_only=True):
    """A code of the source with what it is mapped to."""

    code: str | None = None
    display: str | None = None
    no_map: bool | None = None
    target: list[MapTarget] = []


class MapGroup(Element, frozen=True, kw_only=True):
    """The mappings from one code system to another."""

    source: str | None = None
    target: str | None = None
    element: list[MapElement] = []


class ConceptMap(CanonicalResource, frozen=True, kw_only=True):
    """Mappings between code systems: https://hl7.org/fhir/R5/conceptmap.html."""

    source_scope_uri: str | None = None
    source_scope_canonical: str | None = None
    target_scope_uri: str | None = None
    target_scope_canonical: str | None = None
    group: list[MapGroup] = []


class ValueSet(CanonicalResource, frozen=True, kw_only=True):
    """A value set: https://hl7.org/fhir/R5/valueset.html."""

    immutable: bool | None = None
    compose: Compose | None = None
    expansion: Json | None = None
    contained: list[Json] = []
