"""A code system that came whole in one resource, as in a request's `tx-resource`."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from terminology.codesystems.provider import Provider
from terminology.model import CodeSystem
from terminology.store.words import WordRow, beginning, word_rows
from terminology.tree import Listed, PlacedConcept, edges, flatten, is_plain, telling_codes


class ResourceProvider(Provider):
    """Answers from the resource itself, held in memory.

    Args:
        system: the code system with its concepts.
    """

    def __init__(self, system: CodeSystem) -> None:
        """Number the concepts; all else is worked out when it is asked for."""
        self.head = msgspec.structs.replace(system, concept=[])
        self._flat = flatten(system.concept)
        self._by_code = {placed.concept.code: placed for placed in self._flat}

    @property
    def size(self) -> int:
        """How many concepts are loaded."""
        return len(self._flat)

    @property
    def has_hierarchy(self) -> bool:
        """Whether any concept has a parent."""
        return bool(self._up)

    def find(self, code: str) -> PlacedConcept | None:
        """The concept of a code, case looked at as the code system says."""
        found = self._by_code.get(code)
        if found is None and self.head.case_sensitive is False:
            found = self._by_folded.get(code.casefold())
        return found

    def at(self, ordinals: Sequence[int]) -> list[PlacedConcept]:
        """The concepts with these ordinals, in the order asked for."""
        return [self._flat[ordinal] for ordinal in ordinals]

    def listed(self, ordinals: Sequence[int]) -> list[Listed]:
        """What a list shows of the concepts with these ordinals, in the order asked for."""
        telling = telling_codes(self.head.property)
        return [
            Listed(p.ordinal, p.concept.code, p.concept.display, p.parent, plain)
            for p in self.at(ordinals)
            for plain in (is_plain(p.concept, telling),)
        ]

    def children(self, ordinal: int) -> Sequence[int]:
        """The ordinals of the direct children."""
        return self._down.get(ordinal, ())

    def parents(self, ordinal: int) -> Sequence[int]:
        """The ordinals of the direct parents."""
        return self._up.get(ordinal, ())

    def descendants(self, ordinal: int) -> Sequence[int]:
        """The ordinals of all that is below, without itself."""
        return sorted(_reached(ordinal, self._down))

    def is_descendant(self, ordinal: int, ancestor: int) -> bool:
        """Whether `ordinal` is below `ancestor`."""
        return ancestor in _reached(ordinal, self._up)

    def property_values(self, code: str) -> Iterable[tuple[int, str]]:
        """Each (ordinal, value as text) of a property, in document order."""
        for placed in self._flat:
            for prop in placed.concept.property:
                text = prop.text() if prop.code == code else None
                if text is not None:
                    yield placed.ordinal, text

    def with_property(self, code: str, values: Sequence[str]) -> Sequence[int]:
        """The ordinals of the concepts that have one of the values."""
        wanted = frozenset(values)
        return sorted({o for o, value in self.property_values(code) if value in wanted})

    def codes(self, prefix: str) -> int:
        """The concepts whose code, without case, begins so, as a bitmap."""
        return self.code_order.bitmap(self.code_order.beginning(prefix))

    def words(self, prefix: str) -> Sequence[WordRow]:
        """The words of names and definitions that begin so."""
        return beginning(self._words, prefix)

    @cached_property
    def _words(self) -> list[WordRow]:
        return word_rows(self._flat)

    @cached_property
    def _by_folded(self) -> dict[str, PlacedConcept]:
        return {p.concept.code.casefold(): p for p in reversed(self._flat)}

    @cached_property
    def _down(self) -> dict[int, list[int]]:
        return self._edges[0]

    @cached_property
    def _up(self) -> dict[int, list[int]]:
        return self._edges[1]

    @cached_property
    def _edges(self) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        down: dict[int, list[int]] = {}
        up: dict[int, list[int]] = {}
        for parent, child in edges(self.head, self._flat):
            down.setdefault(parent, []).append(child)
            up.setdefault(child, []).append(parent)
        for table in (down, up):
            for found in table.values():
                found.sort()
        return down, up


def _reached(start: int, table: dict[int, list[int]]) -> set[int]:
    reached: set[int] = set()
    pending = list(table.get(start, ()))
    while pending:
        ordinal = pending.pop()
        if ordinal not in reached:
            reached.add(ordinal)
            pending.extend(table.get(ordinal, ()))
    reached.discard(start)
    return reached
