"""Text in the codes and names of a code system that ranks nothing: what has every word of it.

A word of the text stands for each word that begins so, in a display or another name, and for each
code that begins so. Sets of concepts are bitmaps (`terminology.store.words`).
"""

from collections.abc import Sequence
from typing import Protocol

from terminology import deadline
from terminology.store.words import DEFINITION, WordRow, ordinals_of, words_of


class Matched(Protocol):
    """As much of a provider as this needs."""

    @property
    def size(self) -> int:
        """How many concepts are loaded."""

    def words(self, prefix: str) -> Sequence[WordRow]:
        """The words of names and definitions that begin so."""

    def codes(self, prefix: str) -> int:
        """The concepts whose code, without case, begins so, as a bitmap."""


def matching(system: Matched, folded: str) -> int:
    """The concepts that have every word of a text, as a bitmap.

    Args:
        system: its codes and words.
        folded: the text as `terminology.text.fold` gives it.

    Raises:
        TookTooLong: the request's time was over.
    """
    found = (1 << system.size) - 1
    for token in folded.split():
        if not found:
            break
        deadline.check()
        found &= _named(system, token) | system.codes(token)
    return found


def _named(system: Matched, token: str) -> int:
    """The concepts with every word of a token in their names; none where it has no words."""
    found = -1
    for word in words_of(token):
        rows = [row for row in system.words(word) if row[1] != DEFINITION]
        found &= ordinals_of(rows, system.size)
    return max(found, 0)
