"""A code system with supplements applied: more names and properties, never more concepts.

https://hl7.org/fhir/R5/codesystem.html#supplements.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from terminology.codesystems.provider import Provider
from terminology.codesystems.wrapped import WrappedProvider
from terminology.model import CodeSystem, Concept, Designation, Property
from terminology.store.words import WordRow, added_words, beginning
from terminology.tree import Listed, PlacedConcept, flatten


class _Addition(msgspec.Struct, frozen=True):
    designation: list[Designation]
    property: list[Property]
    extension: list[dict[str, object]]


class SupplementedProvider(WrappedProvider):
    """A code system whose concepts carry what supplements say of them.

    Args:
        inside: the code system.
        supplements: code systems with `content=supplement`; what each adds is marked with its
            canonical as `source`.
    """

    def __init__(self, inside: Provider, supplements: Sequence[CodeSystem]) -> None:
        """Index what the supplements add by code."""
        super().__init__(inside)
        self.supplements = (*inside.supplements, *supplements)
        # A property of the supplement is known by the supplement's declaration.
        declared = [*inside.head.property]
        declared += [definition for s in supplements for definition in s.property]
        self.head = msgspec.structs.replace(inside.head, property=declared)
        self._additions: dict[str, _Addition] = {}
        for supplement in supplements:
            for placed in flatten(supplement.concept):
                self._add(placed.concept, supplement.canonical)

    def _add(self, concept: Concept, source: str) -> None:
        added = self._additions.setdefault(self._key(concept.code), _Addition([], [], []))
        added.designation.extend(
            msgspec.structs.replace(d, source=source) for d in concept.designation
        )
        added.property.extend(msgspec.structs.replace(p, source=source) for p in concept.property)
        added.extension.extend(concept.extension)

    def find(self, code: str) -> PlacedConcept | None:
        """The concept of a code, with what the supplements add."""
        placed = self.inside.find(code)
        return placed if placed is None else self._supplemented(placed)

    def base_of(self, code: str) -> PlacedConcept | None:
        """The concept that an expression says more of, with what the supplements add."""
        placed = self.inside.base_of(code)
        return placed if placed is None else self._supplemented(placed)

    def at(self, ordinals: Sequence[int]) -> list[PlacedConcept]:
        """The concepts with these ordinals, with what the supplements add."""
        return [self._supplemented(placed) for placed in self.inside.at(ordinals)]

    def listed(self, ordinals: Sequence[int]) -> list[Listed]:
        """What a list shows of the concepts; one that a supplement speaks of is never plain."""
        return [
            one._replace(plain=False) if self._key(one.code) in self._additions else one
            for one in self.inside.listed(ordinals)
        ]

    def property_values(self, code: str) -> Iterable[tuple[int, str]]:
        """Each (ordinal, value as text) of a property, the supplements' among them."""
        yield from self.inside.property_values(code)
        for placed, added in self._placed_additions():
            for prop in added.property:
                text = prop.text() if prop.code == code else None
                if text is not None:
                    yield placed.ordinal, text

    def with_property(self, code: str, values: Sequence[str]) -> Sequence[int]:
        """The ordinals of the concepts that have one of the values."""
        found = set(self.inside.with_property(code, values))
        for placed, added in self._placed_additions():
            if any(p.code == code and p.text() in values for p in added.property):
                found.add(placed.ordinal)
        return sorted(found)

    def words(self, prefix: str) -> Sequence[WordRow]:
        """The words of names and definitions that begin so, the supplements' among them."""
        return [*self.inside.words(prefix), *beginning(self._added_words, prefix)]

    @cached_property
    def _added_words(self) -> list[WordRow]:
        return added_words(
            (placed.ordinal, designation.value)
            for placed, added in self._placed_additions()
            for designation in added.designation
        )

    def _key(self, code: str) -> str:
        return code.casefold() if self.head.case_sensitive is False else code

    def _placed_additions(self) -> Iterable[tuple[PlacedConcept, _Addition]]:
        for code, added in self._additions.items():
            placed = self.inside.find(code)
            if placed is not None:
                yield placed, added

    def _supplemented(self, placed: PlacedConcept) -> PlacedConcept:
        concept = placed.concept
        added = self._additions.get(self._key(concept.code))
        if added is None:
            return placed
        merged = msgspec.structs.replace(
            concept,
            designation=[*concept.designation, *added.designation],
            property=[*concept.property, *added.property],
            extension=[*concept.extension, *added.extension],
        )
        return placed._replace(concept=merged)
