"""What each FHIR type is made of: its elements, their order, types and cardinality.

The facts are those that the model classes of `fhir.resources` declare; it has R5 and R4B, and R4B
stands in for R4, whose terminology resources have the same elements. The models are imported when
a type is first asked for, since that takes some 0.3 s and XML is seldom asked for.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, get_args, get_origin

from msgspec import Struct

from terminology.fhir.versions import FhirVersion

PACKAGES = {
    FhirVersion.R4: "fhir.resources.R4B",
    FhirVersion.R4B: "fhir.resources.R4B",
    FhirVersion.R5: "fhir.resources",
}
_ABSTRACT = {"Resource", "DomainResource", "CanonicalResource", "MetadataResource"}
_SHAPES: dict[Any, str] = {bool: "boolean", int: "integer", Decimal: "decimal"}
# What JSON writes otherwise than its Python type says: https://hl7.org/fhir/R5/json.html#primitive
_SHAPES_BY_MARK = {"Integer64": "string", "Xhtml": "xhtml"}


class Element(Struct, frozen=True):
    """One element of a type; each choice of a `value[x]` is one under its full name.

    Attributes:
        index: its place in the order that XML asks for.
        name: as in JSON, `valueCode` for instance.
        many: whether it repeats, and so is an array in JSON.
        shape: of a primitive in JSON, `boolean`, `integer`, `decimal` or `string`; `xhtml` for the
            narrative's `div`; `resource` where any resource can stand; else `object`.
        type: what `type_definition` takes, for an `object`.
        primitive: of a primitive the name of its FHIR type, such as `dateTime`; else empty.
        required: whether it has to be there.
        codes: what a code may be, where its value set is required and small; else empty.
        choice: of one of a `value[x]` the name before the type, `value`; else empty.
        choice_required: whether one of the choice has to be there.
    """

    index: int
    name: str
    many: bool
    shape: str
    type: Any = None
    primitive: str = ""
    required: bool = False
    codes: tuple[str, ...] = ()
    choice: str = ""
    choice_required: bool = False


class Definition(Struct, frozen=True):
    """A FHIR type.

    Attributes:
        name: of the type.
        attributes: the elements that XML writes as attributes.
        elements: by name.
    """

    name: str
    attributes: frozenset[str]
    elements: dict[str, Element]


@cache
def primitive_definition(version: FhirVersion) -> Definition:
    """Give the definition of what a primitive has beside its value: `id` and `extension`."""
    package: Any = import_module(PACKAGES[version])
    return _definition(package.get_fhir_model_class("FHIRPrimitiveExtension"))


@lru_cache(maxsize=512)
def resource_definition(name: str, version: FhirVersion) -> Definition | None:
    """Give the definition of the resource `name`, or None where the version has no such one."""
    package: Any = import_module(PACKAGES[version])
    try:
        model = package.get_fhir_model_class(name)
    except ValueError:
        return None
    if name in _ABSTRACT or not model.has_resource_base():
        return None
    return _definition(model)


def type_definition(of: Any) -> Definition:
    """Give the definition behind an element's `type`, importing its model the first time."""
    return _definition(of.get_model_klass())


@cache
def _definition(model: Any) -> Definition:
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    elements = {
        name: _element(index, name, fields[name])
        for index, name in enumerate(model.elements_sequence())
    }
    # XML representation of R5, https://hl7.org/fhir/R5/xml.html: `id` is an attribute but on
    # resources, and so is the url of an extension.
    attributes = set() if model.has_resource_base() else {"id"}
    if model.get_resource_type() == "Extension":
        attributes.add("url")
    return Definition(model.get_resource_type(), frozenset(attributes), elements)


def _element(index: int, name: str, field: Any) -> Element:
    parts = list(_parts(field.annotation))
    said = field.json_schema_extra or {}
    constraints: dict[str, Any] = {
        "many": any(get_origin(part) is list for part in parts),
        "required": field.is_required() or bool(said.get("element_required")),
        "codes": _codes(said.get("enum_values") or ()),
        "choice": said.get("one_of_many") or "",
        "choice_required": bool(said.get("one_of_many_required")),
    }
    for part in parts:
        if hasattr(part, "get_model_klass"):
            shape = "resource" if part.__name__ == "ResourceType" else "object"
            return Element(index, name, shape=shape, type=part, **constraints)
    marks = [type(mark).__name__ for part in parts for mark in getattr(part, "__metadata__", ())]
    by_mark = (_SHAPES_BY_MARK[mark] for mark in marks if mark in _SHAPES_BY_MARK)
    by_type = (_SHAPES[part] for part in parts if part in _SHAPES)
    shape = next(by_mark, next(by_type, "string"))
    named = marks[-1] if marks else "Boolean"
    primitive = named[0].lower() + named[1:]
    return Element(index, name, shape=shape, primitive=primitive, **constraints)


def _codes(listed: Iterable[str]) -> tuple[str, ...]:
    codes = tuple(listed)
    return () if "etc." in codes else codes  # some more may stand there


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for inner in get_args(annotation):
        if not isinstance(inner, str):
            yield from _parts(inner)
