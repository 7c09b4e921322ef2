"""The index of words: which concepts have a word in their display, designations or definition.

Ordinals are kept as a list where they are few, 4 bytes each, and as a bitmap where that is shorter;
in either the lowest byte stands first. A bitmap has bit n for the concept with ordinal n.
"""

import re
import struct
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
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
_SHORT = 2
_WORD = re.compile(r"[^\W_]+")
_BYTES, _BITS = 4, 8
_FEW = 10
"""Bits are set one by one where they are less than one in so many."""


WordRow: TypeAlias = tuple[str, int, int, bytes]
"""A word, where it stands, whether its postings are a bitmap, and the concepts that have it there.

A plain tuple, as the database's driver gives it: a prefix of one letter can have thousands.
"""


def words_of(text: str) -> list[str]:
    """The words of a text, folded: its runs of letters and digits."""
    return _WORD.findall(fold(text))


def is_short(prefix: str) -> bool:
    """Whether the index has rows for all words that begin so together, under `prefix + ANY`."""
    return 0 < len(prefix) <= _SHORT


def word_rows(flat: Iterable[PlacedConcept]) -> list[WordRow]:
    """The index of a code system's concepts, sorted by word and place."""
    found: dict[tuple[str, int], list[int]] = {}
    for placed in flat:
        for key in _placed_words(placed.concept):
            found.setdefault(key, []).append(placed.ordinal)
    return [(*key, *_encoded(ordinals)) for key, ordinals in sorted(found.items())]


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


def _placed_words(concept: Concept) -> Iterator[tuple[str, int]]:
    designations = " ".join(d.value for d in concept.designation)
    texts = (concept.display or "", designations, concept.definition or "")
    for field, text in zip((DISPLAY, DESIGNATION, DEFINITION), texts, strict=True):
        words = set(words_of(text))
        short = {word[:length] + ANY for word in words for length in range(1, _SHORT + 1)}
        for word in words | short:
            yield word, field


def _encoded(ordinals: list[int]) -> tuple[bool, bytes]:
    length = ordinals[-1] // _BITS + 1
    if length < len(ordinals) * _BYTES:
        return True, bitmap_of(ordinals, ordinals[-1] + 1).to_bytes(length, "little")
    return False, struct.pack(f"<{len(ordinals)}I", *ordinals)


def _word_of(row: WordRow) -> str:
    return row[0]


def _listed(postings: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(postings) // _BYTES}I", postings)
