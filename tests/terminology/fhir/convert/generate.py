"""Random R5 resources, made from the definitions of their types."""

from typing import Any

from hypothesis import strategies as st

from terminology.fhir.definitions import Definition, Element, resource_definition, type_definition
from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion

_TYPES = {
    "Attachment",
    "BackboneElement",
    "CodeableConcept",
    "CodeableReference",
    "Coding",
    "ContactDetail",
    "ContactPoint",
    "Address",
    "ExtendedContactDetail",
    "HumanName",
    "Identifier",
    "Period",
    "Quantity",
    "Reference",
    "RelatedArtifact",
}
"""The data types that are generated; the others don't change, or no resource here holds them."""
_SKIPPED = {"id", "meta", "implicitRules", "language", "text", "contained", "modifierExtension"}
_EXTENSION = {"url": "http://example.org/e", "valueCode": "c"}
_CODES = {
    "op": ["=", "child-of", "descendent-leaf"],
    "operator": ["=", "child-of", "descendent-leaf"],
    "type": [
        "coding",
        "string",
        "documentation",
        "part-of",
        "oid",
        "iri-stem",
        "token",
        "resource",
    ],
    "answerConstraint": ["optionsOnly", "optionsOrType", "optionsOrString"],
    "relationship": [
        "related-to",
        "equivalent",
        "source-is-narrower-than-target",
        "not-related-to",
    ],
    "mode": ["use-source-code", "fixed", "other-map"],
    "modifier": ["exact", "of-type"],
    "docStatus": ["final", "registered"],
    "role": ["source", "instantiates"],
}


def resources(name: str, *path: str) -> st.SearchStrategy[Json]:
    """Make R5 resources of one type, which may have any of its elements and have those of a path.

    Args:
        name: of the resource.
        path: names of elements one inside the other, `("expansion", "contains")`.
    """
    definition = resource_definition(name, FhirVersion.R5)
    assert definition is not None
    made = st.composite(_object)(definition, name, 2, path)
    return made.map(lambda found: {"resourceType": name} | found)


def _object(
    draw: st.DrawFn, definition: Definition, name: str, depth: int, path: tuple[str, ...] = ()
) -> Json:
    result: Json = {}
    possible = [
        element
        for element in definition.elements.values()
        if element.name not in _SKIPPED and _can_make(element, name, depth)
    ]
    chosen = draw(st.lists(st.sampled_from(possible), max_size=5, unique_by=_choice))
    if path:
        ahead = definition.elements[path[0]]
        chosen = [*(e for e in chosen if _choice(e) != _choice(ahead)), ahead]
    for element in chosen:
        inner = path[1:] if path and element.name == path[0] else ()
        items = [
            _make(draw, element, name, depth + len(inner), inner)
            for _ in range(draw(st.integers(1, 2)))
        ]
        result[element.name] = items if element.many else items[0]
        is_primitive = element.shape not in ("object", "resource", "xhtml")
        if is_primitive and element.name not in definition.attributes and draw(st.booleans()):
            beside = {"extension": [_EXTENSION]}
            result["_" + element.name] = [beside, *[None] * (len(items) - 1)]
            if not element.many:
                result["_" + element.name] = beside
    return result or {"extension": [_EXTENSION]}


def _choice(element: Element) -> str:
    """Only one of the elements of a choice may stand."""
    for stem in ("versionAlgorithm", "value", "sourceScope", "targetScope", "answer", "occurred"):
        if element.name.startswith(stem) and element.name[len(stem) :][:1].isupper():
            return stem
    return element.name


def _can_make(element: Element, name: str, depth: int) -> bool:
    if element.shape == "resource" or element.shape == "xhtml":
        return False
    if element.shape != "object" or element.name == "extension":
        return True
    type_name = element.type.__name__.removesuffix("Type")
    return depth > 0 and (type_name in _TYPES or type_name.startswith(name))


def _make(draw: st.DrawFn, element: Element, name: str, depth: int, path: tuple[str, ...]) -> Any:
    if element.name == "extension":
        return _EXTENSION
    if element.shape == "object":
        return _object(draw, type_definition(element.type), name, depth - 1, path)
    if element.shape == "boolean":
        return draw(st.booleans())
    if element.shape in ("integer", "decimal"):
        return draw(st.integers(1, 100))
    if element.name == "size":
        return draw(st.sampled_from(["5", "2147483647", "2147483648", "99999999999"]))
    return draw(st.sampled_from(_CODES.get(element.name, ["a", "http://a|1", "b"])))
