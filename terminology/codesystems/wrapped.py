"""A provider around another: what it adds is its own, all else it passes on."""

import copy
from collections.abc import Iterable, Sequence

from terminology.codesystems.codeorder import CodeOrder
from terminology.codesystems.provider import LookupProperty, OwnFilter, Provider
from terminology.fhir.outcome import Issue
from terminology.model import Concept, Filter
from terminology.store.words import WordRow
from terminology.tree import Listed, PlacedConcept


class WrappedProvider(Provider):
    """Answers as the provider inside does.

    Args:
        inside: the provider that is asked.
    """

    def __init__(self, inside: Provider) -> None:
        """Take the head and the supplements of the provider inside."""
        self.inside = inside
        self.head = inside.head
        self.supplements = inside.supplements

    @property
    def size(self) -> int:
        """How many concepts are loaded."""
        return self.inside.size

    @property
    def has_hierarchy(self) -> bool:
        """Whether any concept has a parent."""
        return self.inside.has_hierarchy

    def find(self, code: str) -> PlacedConcept | None:
        """The concept of a code."""
        return self.inside.find(code)

    def at(self, ordinals: Sequence[int]) -> list[PlacedConcept]:
        """The concepts with these ordinals, in the order asked for."""
        return self.inside.at(ordinals)

    def listed(self, ordinals: Sequence[int]) -> list[Listed]:
        """What a list shows of the concepts with these ordinals, in the order asked for."""
        return self.inside.listed(ordinals)

    def children(self, ordinal: int) -> Sequence[int]:
        """The ordinals of the direct children."""
        return self.inside.children(ordinal)

    def parents(self, ordinal: int) -> Sequence[int]:
        """The ordinals of the direct parents."""
        return self.inside.parents(ordinal)

    def descendants(self, ordinal: int) -> Sequence[int]:
        """The ordinals of all that is below, without itself."""
        return self.inside.descendants(ordinal)

    def is_descendant(self, ordinal: int, ancestor: int) -> bool:
        """Whether `ordinal` is below `ancestor`."""
        return self.inside.is_descendant(ordinal, ancestor)

    def property_values(self, code: str) -> Iterable[tuple[int, str]]:
        """Each (ordinal, value as text) of a property."""
        return self.inside.property_values(code)

    def with_property(self, code: str, values: Sequence[str]) -> Sequence[int]:
        """The ordinals of the concepts that have one of the values."""
        return self.inside.with_property(code, values)

    def codes(self, prefix: str) -> int:
        """The concepts whose code, without case, begins so, as a bitmap."""
        return self.inside.codes(prefix)

    def words(self, prefix: str) -> Sequence[WordRow]:
        """The words of names and definitions that begin so."""
        return self.inside.words(prefix)

    @property
    def code_order(self) -> CodeOrder:
        """The codes in their order."""
        return self.inside.code_order

    @property
    def changes_by_day(self) -> bool:
        """Whether another day may make another answer of it."""
        return self.inside.changes_by_day

    def is_over(self, concept: Concept) -> bool | None:
        """Whether a code has ended by the day."""
        return self.inside.is_over(concept)

    def ends(self) -> Iterable[tuple[int, bool]]:
        """Each concept of which an end is stated, with whether that is past."""
        return self.inside.ends()

    def unknown_code(self, code: str, path: str) -> Issue:
        """The issue of a code that is not here."""
        return self.inside.unknown_code(code, path)

    def refusals(self, code: str, path: str) -> list[Issue]:
        """Every reason why a code is not here."""
        return self.inside.refusals(code, path)

    def elsewhere(self, code: str) -> str | None:
        """In which other release of the code system a code is that is not here."""
        return self.inside.elsewhere(code)

    def remarks(self, code: str, path: str) -> list[Issue]:
        """What the code system has to say of a code that is here."""
        return self.inside.remarks(code, path)

    def on(self, day: str) -> Provider:
        """The same around the code system as it stands on a day."""
        inside = self.inside.on(day)
        if inside is self.inside:
            return self
        other = copy.copy(self)
        other.inside = inside
        return other

    @property
    def expression(self) -> PlacedConcept | None:
        """What an expression of its grammar looks like to filters."""
        return self.inside.expression

    def base_of(self, code: str) -> PlacedConcept | None:
        """The concept that an expression says more of."""
        return self.inside.base_of(code)

    @property
    def notice(self) -> str | None:
        """What its owner wants said in every answer that holds codes of it."""
        return self.inside.notice

    def same_code(self, one: str, other: str) -> bool:
        """Whether two codes are one."""
        return self.inside.same_code(one, other)

    def own_filter(self, condition: Filter) -> OwnFilter | None:
        """A filter that the code system understands by itself."""
        return self.inside.own_filter(condition)

    def reference_properties(self, concept: Concept, date: str) -> list[LookupProperty]:
        """What published tables say of the concept on a day."""
        return self.inside.reference_properties(concept, date)
