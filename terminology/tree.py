"""Concepts as a flat list in document order, and the hierarchy among them as edges.

A code system states its hierarchy by nesting concepts, by `parent` or `child` properties, or by
both: https://hl7.org/fhir/R5/codesystem.html#hierarchy. Concepts are numbered by `ordinal`, 0
upwards in document order, a parent before its children.
"""

from collections.abc import Iterable, Iterator, Sequence
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


class Neighbours(NamedTuple):
    """A concept with those directly above and below it, each in document order."""

    placed: PlacedConcept
    parents: Sequence[Listed] = ()
    children: Sequence[Listed] = ()


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
    found = Edges(system.property)
    for placed in flat:
        found.add(placed)
    return found.pairs()


class Edges:
    """The hierarchy of a code system, from concepts that come one by one.

    Args:
        definitions: the code system's declarations of properties.
    """

    def __init__(self, definitions: Sequence[PropertyDefinition]) -> None:
        """Find out which properties state a hierarchy."""
        self._up = property_codes(definitions, "parent") | {"subsumedBy"}
        self._down = property_codes(definitions, "child")
        self._ordinals: dict[str, int] = {}
        self._nested: list[tuple[int, int]] = []
        self._stated: list[tuple[int, str, bool]] = []

    def add(self, placed: PlacedConcept) -> bool:
        """Take a concept, the next one; whether its code is new."""
        ordinal, concept, parent = placed
        if concept.code in self._ordinals:
            return False
        self._ordinals[concept.code] = ordinal
        if parent is not None:
            self._nested.append((parent, ordinal))
        for prop in concept.property:
            if prop.code in self._up or prop.code in self._down:
                self._stated.append((ordinal, prop.text() or "", prop.code in self._up))
        return True

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Every (parent, child) pair of ordinals, once; sorted, none of a concept with itself."""
        pairs = {*self._nested}
        for ordinal, code, is_up in self._stated:
            other = self._ordinals.get(code)
            if other is not None and other != ordinal:
                pairs.add((other, ordinal) if is_up else (ordinal, other))
        return iter(sorted(pairs))
