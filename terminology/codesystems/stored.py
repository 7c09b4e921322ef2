"""A code system whose concepts are rows of the store."""

import copy
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property

import msgspec

from terminology.codesystems.ended import Released, elsewhere, ending, ending_codes, is_over
from terminology.codesystems.provider import Provider
from terminology.fhir.outcome import Issue
from terminology.model import CodeSystem, Concept, Property
from terminology.store.base import Store, StoredHead
from terminology.store.words import WordRow, ordinals_of
from terminology.tree import Listed, Neighbours, PlacedConcept

_DAYS = 8
"""How many days' views are kept; nearly every request is about today."""


class StoredProvider(Provider):
    """Answers from the store, concept by concept; nothing is held in memory.

    Args:
        store: where the concepts are.
        stored: the code system's head as the store keeps it.
        releases: all releases of the code system, in the order of their days; none where they have
            no days.
    """

    def __init__(
        self,
        store: Store,
        stored: StoredHead,
        releases: Callable[[], Sequence[Released]] = tuple,
    ) -> None:
        """Decode the head; the concepts stay where they are."""
        self.head = msgspec.json.decode(stored.body, type=CodeSystem)
        self._store = store
        self._key = stored.key
        self._folds = self.head.case_sensitive is False
        self._releases = releases
        self._since = stored.effective
        self._ends = bool(ending_codes(self.head))
        self._day: str | None = None
        self._days: dict[str, StoredProvider] = {}

    def on(self, day: str) -> Provider:
        """The code system as it stands on a day, where that makes a difference."""
        if not (self._ends or self._since):
            return self
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _DAYS:
                self._days.clear()
            found = self._days[day] = copy.copy(self)
            found._day = day
        return found

    def unknown_code(self, code: str, path: str) -> Issue:
        """The issue of a code that is not here, with the release where it is."""
        issue = super().unknown_code(code, path)
        told = self.elsewhere(code)
        return msgspec.structs.replace(issue, text=f"{issue.text}. {told}") if told else issue

    @property
    def day(self) -> str:
        """The day that it is asked about."""
        return self._day or date.today().isoformat()  # noqa: DTZ011 - where the service runs

    @property
    def changes_by_day(self) -> bool:
        """Whether it says of a code when it ends."""
        return self._ends

    def is_over(self, concept: Concept) -> bool | None:
        """Whether a code has ended by the day; None where no end of it is stated."""
        return is_over(self.head, concept, self.day) if self._ends else None

    def ends(self) -> Iterable[tuple[int, bool]]:
        """Each concept of which an end is stated, with whether that is past."""
        for code in ending_codes(self.head):
            for ordinal, value in self.property_values(code):
                stated = Concept(code="", property=[Property(code=code, value_string=value)])
                yield ordinal, bool(is_over(self.head, stated, self.day))

    def elsewhere(self, code: str) -> str | None:
        """In which other release of the code system a code is that is not here."""
        return elsewhere(code, self.head, self._releases())

    def remarks(self, code: str, path: str) -> list[Issue]:
        """When a code ended, and that the day is before all that is loaded."""
        placed = self.find(code) if self._ends else None
        issue = ending(self.head, placed.concept, self.day, path) if placed is not None else None
        issues = [] if issue is None else [issue]
        begun = (one.effective <= self.day for one in self._releases() if one.effective)
        if self._since and self.day < self._since and not any(begun):
            text = (
                f"The day asked about, {self.day}, is before the first day of any release of"
                f" '{self.head.url}' that is loaded; version"
                f" '{self.head.version}', in force from {self._since}, was asked"
            )
            issues.append(Issue("information", "informational", text, (path,)))
        return issues

    @cached_property
    def size(self) -> int:
        """How many concepts are loaded."""
        return self._store.size(self._key)

    @cached_property
    def has_hierarchy(self) -> bool:
        """Whether any concept has a parent."""
        return self._store.has_hierarchy(self._key)

    def find(self, code: str) -> PlacedConcept | None:
        """The concept of a code, case looked at as the code system says."""
        found = self._store.concept(self._key, code)
        if found is None and self._folds:
            found = self._store.concept_folded(self._key, code)
        return found

    def at(self, ordinals: Sequence[int]) -> list[PlacedConcept]:
        """The concepts with these ordinals, in the order asked for."""
        return self._store.concepts(self._key, ordinals)

    def listed(self, ordinals: Sequence[int]) -> list[Listed]:
        """What a list shows of the concepts with these ordinals, in the order asked for."""
        return self._store.listed(self._key, ordinals)

    def children(self, ordinal: int) -> Sequence[int]:
        """The ordinals of the direct children."""
        return self._store.children(self._key, ordinal)

    def parents(self, ordinal: int) -> Sequence[int]:
        """The ordinals of the direct parents."""
        return self._store.parents(self._key, ordinal)

    def neighbours(self, code: str) -> Neighbours | None:
        """The concept of a code with those directly above and below it, in one reading."""
        found = self._store.neighbours(self._key, code) if self.has_hierarchy else None
        return super().neighbours(code) if found is None else found

    def descendants(self, ordinal: int) -> Sequence[int]:
        """The ordinals of all that is below, without itself."""
        return self._store.descendants(self._key, ordinal)

    def is_descendant(self, ordinal: int, ancestor: int) -> bool:
        """Whether `ordinal` is below `ancestor`."""
        return self._store.is_descendant(self._key, ordinal, ancestor)

    def property_values(self, code: str) -> Iterable[tuple[int, str]]:
        """Each (ordinal, value as text) of a property, in document order."""
        return self._store.property_values(self._key, code)

    def with_property(self, code: str, values: Sequence[str]) -> Sequence[int]:
        """The ordinals of the concepts that have one of the values."""
        return self._store.with_property(self._key, code, values)

    def codes(self, prefix: str) -> int:
        """The concepts whose code, without case, begins so, as a bitmap."""
        return ordinals_of(self._store.codes(self._key, prefix), self.size)

    def words(self, prefix: str) -> Sequence[WordRow]:
        """The words of names and definitions that begin so."""
        return self._store.words(self._key, prefix)
