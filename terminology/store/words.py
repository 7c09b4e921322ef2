"""The index of words: which concepts have a word in their display, designations or definition.

Ordinals are kept as a list where they are few, 4 bytes each, and as a bitmap where they are not; in
either the lowest byte stands first. A bitmap has bit n for the concept with ordinal n.
"""

import re
import struct
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TypeAlias

from terminology.model import Concept
from terminology.text import fold
from terminology.tree import PlacedConcept

DISPLAY, DESIGNATION, DEFINITION = range(3)
"""Where a word stands."""

LAST = "\U0010ffff"
"""The last of all characters: what begins with a prefix comes before the prefix and this."""
ANY = "*"
"""Ends the rows of all words that begin with one or two letters: thousands may, and are one row."""
CODE_ANY = "^"
"""Ends the rows of all codes that begin with one or two letters; no word of a name has it."""
CODE = 3
"""Where those rows stand."""
_BREAK = "; "
_DENIALS = ("not for ", "other than ")
_DENIED = re.compile(rf"\b({'|'.join(_DENIALS)})([^,;.:()\[\]]+)", re.IGNORECASE)
"""What a name denies, to the next mark. What is "without" something is found by it: `CT without
contrast` is how that is asked for."""
_SHORT = 2
_WORD = re.compile(r"[^\W_]+")
_BYTES, _BITS = 4, 8
_WORTH = 4
"""A bitmap is read so much faster than a list that it may be so many times as long."""
_FEW = 10
"""Bits are set one by one where they are less than one in so many."""


_BITS_OF = [tuple(bit for bit in range(_BITS) if byte >> bit & 1) for byte in range(1 << _BITS)]

WordRow: TypeAlias = tuple[str, int, int, bytes]
"""A word, where it stands, whether its postings are a bitmap, and the concepts that have it there.

A plain tuple, as the database's driver gives it: a prefix of one letter can have thousands.
"""


def words_of(text: str) -> list[str]:
    """The words of a text, folded: its runs of letters and digits."""
    return _WORD.findall(fold(text))


def packed(ordinals: Sequence[int]) -> bytes:
    """Sorted ordinals as the postings of a row that is no bitmap."""
    return struct.pack(f"<{len(ordinals)}I", *ordinals)


def is_short(prefix: str) -> bool:
    """Whether the index has rows for all words that begin so together, under `prefix + ANY`."""
    return 0 < len(prefix) <= _SHORT


def word_rows(flat: Iterable[PlacedConcept]) -> list[WordRow]:
    """The index of a code system's concepts, sorted by word and place."""
    index = WordIndex()
    for placed in flat:
        index.add(placed)
    return [*index.rows()]


class WordIndex:
    """The index of a code system whose concepts come one by one, some 4 bytes for each word."""

    def __init__(self) -> None:
        """Start without words."""
        self._found: tuple[dict[str, array[int]], ...] = ({}, {}, {})
        self._codes: dict[str, array[int]] = {}

    def add(self, placed: PlacedConcept) -> None:
        """Take a concept, the next one."""
        ordinal = placed.ordinal
        for found, text in zip(self._found, _texts(placed.concept), strict=True):
            if text:
                for word in set(words_of(text)):
                    try:
                        found[word].append(ordinal)
                    except KeyError:
                        found[word] = array("I", (ordinal,))

    def add_code(self, placed: PlacedConcept) -> None:
        """Take the beginning of a concept's code: those of one or two letters are many."""
        beginning = placed.concept.code.casefold()[:_SHORT]
        self._codes.setdefault(beginning, array("I")).append(placed.ordinal)

    def rows(self) -> Iterator[WordRow]:
        """The index, sorted by word and place."""
        rows = [(word, field, *_encoded(ordinals)) for word, field, ordinals in self._words()]
        rows += self._short_rows()
        return iter(sorted(rows, key=itemgetter(0, 1)))

    def _words(self) -> Iterator[tuple[str, int, "array[int]"]]:
        for field, found in enumerate(self._found):
            for word, ordinals in found.items():
                yield word, field, ordinals

    def _short_rows(self) -> Iterator[WordRow]:
        """What begins with one or two letters, together."""
        found: dict[tuple[str, int], int] = {}
        words = [(word, field, ANY, ordinals) for word, field, ordinals in self._words()]
        words += [(code, CODE, CODE_ANY, ordinals) for code, ordinals in self._codes.items()]
        for word, field, end, ordinals in words:
            bitmap = bitmap_of(ordinals, ordinals[-1] + 1)
            for length in range(1, min(len(word), _SHORT) + 1):
                key = word[:length] + end, field
                found[key] = found.get(key, 0) | bitmap
        for key, bitmap in found.items():
            length = (bitmap.bit_length() + 7) // _BITS
            if _is_worth(length, bitmap.bit_count()):
                yield (*key, 1, bitmap.to_bytes(length, "little"))
            else:
                yield (*key, 0, packed([*ascending(bitmap)]))


def added_words(names: Iterable[tuple[int, str]]) -> list[WordRow]:
    """The index of (ordinal, designation) pairs that are said of concepts elsewhere."""
    found: dict[str, set[int]] = {}
    for ordinal, name in names:
        for word in words_of(name):
            found.setdefault(word, set()).add(ordinal)
    return [
        (word, DESIGNATION, *_encoded(sorted(ordinals))) for word, ordinals in sorted(found.items())
    ]


def beginning(rows: Sequence[WordRow], prefix: str) -> Sequence[WordRow]:
    """The rows, of those sorted by word, whose word begins so."""
    start = bisect_left(rows, prefix, key=_word_of)
    return rows[start : bisect_left(rows, prefix + LAST, key=_word_of)]


def ascending(bitmap: int) -> Iterator[int]:
    """The ordinals of a bitmap in their order; what is not read costs little."""
    size = (bitmap.bit_length() + 63) >> 6
    for place, some in enumerate(array("Q", bitmap.to_bytes(size << 3, "little"))):
        if some:
            for at, byte in enumerate(some.to_bytes(8, "little")):
                for bit in _BITS_OF[byte]:
                    yield place << 6 | at << 3 | bit


def ordinals_of(rows: Iterable[WordRow], size: int) -> int:
    """The ordinals of all rows together as a bitmap.

    Args:
        rows: of a code system.
        size: how many concepts it has.
    """
    bitmap, lists = 0, []
    for _, _, is_bitmap, postings in rows:
        if is_bitmap:
            bitmap |= int.from_bytes(postings, "little")
        else:
            lists.append(postings)
    return bitmap | bitmap_of(_listed(b"".join(lists)), size)


def bitmap_of(ordinals: Collection[int], size: int) -> int:
    """Ordinals below `size` as a bitmap."""
    if not ordinals:
        return 0
    if len(ordinals) < size // _FEW:
        packed = bytearray(size // _BITS + 1)
        for ordinal in ordinals:
            packed[ordinal >> 3] |= 1 << (ordinal & 7)
        return int.from_bytes(packed, "little")
    marks = bytearray(b"0") * size
    for ordinal in ordinals:
        marks[ordinal] = 49  # "1"
    marks.reverse()
    return int(marks or b"0", 2)


def _texts(concept: Concept) -> tuple[str, str, str]:
    """The texts of each place: what a name denies stands as in the definition."""
    display, display_denied = _apart(concept.display or "")
    names, names_denied = _apart(_BREAK.join([d.value for d in concept.designation]))
    meaning = _BREAK.join(filter(None, (concept.definition, display_denied, names_denied)))
    return display, names, meaning


def _apart(text: str) -> tuple[str, str]:
    """A text without what it denies, and that: of `a vein, not for bleeding` the bleeding."""
    if not any(map(text.lower().__contains__, _DENIALS)):
        return text, ""
    denied = _BREAK.join(words for _, words in _DENIED.findall(text))
    return _DENIED.sub(r"\1", text), denied


def _is_worth(length: int, count: int) -> bool:
    """Whether so many ordinals are better kept as a bitmap of so many bytes."""
    return length < count * _BYTES * _WORTH


def _encoded(ordinals: Sequence[int]) -> tuple[int, bytes]:
    length = ordinals[-1] // _BITS + 1
    if _is_worth(length, len(ordinals)):
        return 1, bitmap_of(ordinals, ordinals[-1] + 1).to_bytes(length, "little")
    return 0, packed(ordinals)


def _word_of(row: WordRow) -> str:
    return row[0]


def _listed(postings: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(postings) // _BYTES}I", postings)
