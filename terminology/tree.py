"""Concepts as a flat list in document order, and the hierarchy among them as edges.

A code system states its hierarchy by nesting concepts, by `parent` or `child` properties, or by
both: https://hl7.org/fhir/R5/codesystem.html#hierarchy. Concepts are numbered by `ordinal`, 0
upwards in document order, a parent before its children.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from terminology.model import CodeSystem, Concept, PropertyDefinition

_CONCEPT_PROPERTIES = "http://hl7.org/fhir/concept-properties#"


class PlacedConcept(NamedTuple):
    """A concept with its place in its code system."""

    ordinal: int
    concept: Concept
    parent: int | None
    """The ordinal of the concept that it is nested in, None at the top."""


def property_codes(definitions: Iterable[PropertyDefinition], meaning: str) -> frozenset[str]:
    """The codes under which a code system declares FHIR's concept property `meaning`.

    A property is known by its URI whatever its code is; one without a URI by its code. See
    https://hl7.org/fhir/R5/codesystem-concept-properties.html.
    """
    uri = _CONCEPT_PROPERTIES + meaning
    declared = {d.code for d in definitions if d.uri == uri}
    taken = any(d.code == meaning and d.uri and d.uri != uri for d in definitions)
    return frozenset(declared if declared or taken else {meaning})


class Listed(NamedTuple):
    """What a list shows of a concept."""

    ordinal: int
    code: str
    display: str | None
    parent: int | None
    plain: bool
    """Whether code and display are all that a list without further wishes shows of it."""


def telling_codes(definitions: Sequence[PropertyDefinition]) -> frozenset[str]:
    """The codes of the properties that show in every list: status, inactive, notSelectable."""
    found = [property_codes(definitions, name) for name in ("status", "inactive", "notSelectable")]
    return frozenset({"notSelectable"}.union(*found))


def is_plain(concept: Concept, telling: frozenset[str]) -> bool:
    """Whether a list without further wishes shows no more of a concept than code and display.

    Args:
        concept: the concept.
        telling: the `telling_codes` of its code system.
    """
    return not concept.extension and all(p.code not in telling for p in concept.property)


def flatten(concepts: Sequence[Concept]) -> list[PlacedConcept]:
    """Every concept with its ordinal, a parent before its children, none nested any more."""
    flat: list[PlacedConcept] = []
    stack: list[tuple[Concept, int | None]] = [(c, None) for c in reversed(concepts)]
    while stack:
        concept, parent = stack.pop()
        ordinal = len(flat)
        flat.append(PlacedConcept(ordinal, concept, parent))
        stack.extend((child, ordinal) for child in reversed(concept.concept))
    return flat


def edges(system: CodeSystem, flat: Sequence[PlacedConcept]) -> Iterator[tuple[int, int]]:
    """Every (parent, child) pair of ordinals, once, whichever way the system states it."""
    ordinals: Mapping[str, int] = {c.concept.code: c.ordinal for c in flat}
    up = property_codes(system.property, "parent") | {"subsumedBy"}
    down = property_codes(system.property, "child")
    seen: set[tuple[int, int]] = set()
    for pair in _stated(flat, ordinals, up, down):
        if pair[0] != pair[1] and pair not in seen:
            seen.add(pair)
            yield pair


def _stated(
    flat: Sequence[PlacedConcept],
    ordinals: Mapping[str, int],
    up: frozenset[str],
    down: frozenset[str],
) -> Iterator[tuple[int, int]]:
    for ordinal, concept, parent in flat:
        if parent is not None:
            yield parent, ordinal
        for prop in concept.property:
            if prop.code not in up and prop.code not in down:
                continue
            other = ordinals.get(prop.text() or "")
            if other is not None:
                yield (other, ordinal) if prop.code in up else (ordinal, other)
