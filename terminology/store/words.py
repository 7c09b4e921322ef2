"""The index of words: which concepts have a word in their code, display or designations."""

import re
from array import array
from collections.abc import Iterable
from typing import Any

from terminology.model import Concept
from terminology.text import fold
from terminology.tree import PlacedConcept

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text, folded: its runs of letters and digits."""
    return _WORD.findall(fold(text))


def word_rows(system: int, flat: Iterable[PlacedConcept]) -> list[dict[str, Any]]:
    """The rows of a code system's index, sorted by word."""
    found: dict[str, array[int]] = {}
    for placed in flat:
        for word in set(words_of(_names(placed.concept))):
            found.setdefault(word, array("I")).append(placed.ordinal)
    return [
        {"system": system, "word": word, "postings": ordinals.tobytes()}
        for word, ordinals in sorted(found.items())
    ]


def _names(concept: Concept) -> str:
    return " ".join((concept.code, concept.display or "", *(d.value for d in concept.designation)))
