"""The codes of a code system in their order, so that a prefix is a range of places.

Some ten bytes for each concept: CPT's 11,000 take 0.1 MB.
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import compress

from terminology.store.words import LAST, bitmap_of
from terminology.tree import Listed

_FEW = 32
_PAD = "\0"
_VALUES = bytes.maketrans(b"01", b"\0\1")


class CodeOrder:
    """Where each concept stands when codes are sorted as text, case not looked at.

    Args:
        listed: every concept of the code system.
    """

    def __init__(self, listed: Iterable[Listed]) -> None:
        """Sort the codes."""
        pairs = sorted((one.code.casefold(), one.ordinal) for one in listed)
        self.size = len(pairs)
        self._width = max((len(code) for code, _ in pairs), default=0)
        self._codes = "".join(code.ljust(self._width, _PAD) for code, _ in pairs)
        self._ordinals = array("I", (ordinal for _, ordinal in pairs))
        self._places = array("I", bytes(self._ordinals.itemsize * self.size))
        for place, ordinal in enumerate(self._ordinals):
            self._places[ordinal] = place

    def beginning(self, prefix: str) -> Sequence[int]:
        """The ordinals of the codes that begin so, in the order of codes."""
        return self._ordinals[self._place(prefix) : self._place(prefix + LAST)]

    def exactly(self, code: str) -> Sequence[int]:
        """The ordinals of a code; several where codes differ by case alone."""
        return self._ordinals[self._place(code) : self._place(code + _PAD * self._width + _PAD)]

    def between(self, low: str, high: str) -> Sequence[int]:
        """The ordinals of the codes from one to another, both with it, in the order of codes."""
        return self._ordinals[self._place(low) : self._place(high + LAST)]

    def bitmap(self, ordinals: Collection[int]) -> int:
        """Ordinals as a bitmap."""
        return bitmap_of(ordinals, self.size)

    def sorted(self, bitmap: int) -> Iterator[int]:
        """The ordinals of a bitmap in the order of codes; what is not read costs little."""
        if bitmap.bit_count() < _FEW:
            return iter(sorted(_bits(bitmap), key=self._places.__getitem__))
        marks = f"{bitmap:0{self.size}b}"[::-1].encode().translate(_VALUES)
        return compress(self._ordinals, map(marks.__getitem__, self._ordinals))

    def _place(self, text: str) -> int:
        return bisect_left(range(self.size), text, key=self._code)

    def _code(self, place: int) -> str:
        return self._codes[place * self._width : (place + 1) * self._width]


def _bits(bitmap: int) -> list[int]:
    found = []
    while bitmap:
        lowest = bitmap & -bitmap
        found.append(lowest.bit_length() - 1)
        bitmap ^= lowest
    return found
