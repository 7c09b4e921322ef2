"""What a search found, as a sequence of which only the pages that are asked for are worked out."""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple, overload

from terminology.codesystems.codeorder import CodeOrder
from terminology.store.words import ascending, bitmap_of

CODE = "code"
PREFIX = "code-prefix"
NAME = "display"
OTHER_NAME = "designation"
ABBREVIATION = "abbreviation"
SYNONYM = "synonym"
MEANING = "definition"
TEXT = "text"
KINDS = (CODE, PREFIX, NAME, OTHER_NAME, ABBREVIATION, SYNONYM, MEANING, TEXT)
"""Why a concept was found; `text` is a part of a name, where nothing ranks."""


class Hit(NamedTuple):
    """A concept that was found."""

    ordinal: int
    kind: str
    """Why: one of `KINDS`."""
    rank: int
    """How good the reason is, 0 for the best; it means the same in every code system."""


class Group(NamedTuple):
    """Concepts that were found for one reason."""

    kind: str
    rank: int = 0
    listed: Sequence[int] = ()
    """Their ordinals in an order of their own."""
    bitmap: int = 0
    """Or their ordinals as a bitmap; their order is that of codes."""

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.listed) or self.bitmap.bit_count()


class Hits(Sequence[int]):
    """The ordinals of the concepts that were found, the best first, each once.

    Args:
        groups: the concepts by why they were found.
        order: of the codes, in which a bitmap is read; without it that of the ordinals.
    """

    def __init__(self, groups: Sequence[Group] = (), order: CodeOrder | None = None) -> None:
        """Keep what was found; it is put in order when it is read."""
        sized = [(group, group.size) for group in groups]
        self._groups = [group for group, size in sized if size]
        self._sizes = [size for _, size in sized if size]
        self._order = order

    def __len__(self) -> int:
        """How many concepts were found."""
        return sum(self._sizes)

    def __iter__(self) -> Iterator[int]:
        """The ordinals in their order."""
        return chain.from_iterable(map(self._read, self._groups))

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        """The ordinal at a place, or a page of them."""
        places = range(len(self))[index]
        if isinstance(places, int):
            return self[places : places + 1][0]
        if places.step != 1:
            return [*self][index]
        found: list[int] = []
        start, stop = places.start, places.stop
        for group, size in zip(self._groups, self._sizes, strict=True):
            if stop <= 0:
                break
            if start < size:
                found += islice(self._read(group), max(start, 0), stop)
            start, stop = start - size, stop - size
        return found

    def hits(self) -> Iterator[Hit]:
        """Each concept in their order, with why it was found."""
        for group in self._groups:
            for ordinal in self._read(group):
                yield Hit(ordinal, group.kind, group.rank)

    def among(self, members: Collection[int]) -> "Hits":
        """What was found of these ordinals, in the same order."""
        # The numbers of expressions are beyond those of concepts, and as large as they like.
        size = max((group.bitmap.bit_length() for group in self._groups), default=0)
        wanted = frozenset(members)
        bitmap = bitmap_of([ordinal for ordinal in wanted if ordinal < size], size)
        return Hits(
            [
                group._replace(
                    listed=[o for o in group.listed if o in wanted], bitmap=group.bitmap & bitmap
                )
                for group in self._groups
            ],
            self._order,
        )

    def _read(self, group: Group) -> Iterator[int]:
        if group.listed:
            return iter(group.listed)
        if self._order is None:
            return ascending(group.bitmap)
        return self._order.sorted(group.bitmap)
