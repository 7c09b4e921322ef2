"""Search as a coder types: a code or its beginning, modifiers, words in any order.

A text is read in up to three ways, and what each finds is put in one order, the best first:

- as an expression, `37244:59` or `37244-59`, also half typed: its code and its modifiers;
- as codes, `3724` or `37244 59`, where every word begins a code: the codes, whole ones first;
- as words that a concept has to have, each by its beginning, in its code, display, designations or
  definition. An abbreviation stands for itself and for its words.

Within a kind codes are in their order. Sets of concepts are bitmaps (`terminology.store.words`).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple, Protocol

from terminology import deadline
from terminology.codesystems import cpt
from terminology.codesystems.abbreviations import phrases
from terminology.codesystems.codeorder import CodeOrder
from terminology.codesystems.hits import (
    ABBREVIATION,
    CODE,
    MEANING,
    NAME,
    OTHER_NAME,
    PREFIX,
    Group,
    Hits,
)
from terminology.store.words import (
    DEFINITION,
    DESIGNATION,
    DISPLAY,
    WordRow,
    ordinals_of,
    words_of,
)
from terminology.text import fold

RANKED = frozenset({cpt.URL})
"""The code systems that are searched so; others keep the looser search for parts of words."""

_EXPRESSION = re.compile(
    r"([0-9]{4}[0-9a-z]|[a-z][0-9]{4})((?:[^0-9a-z\s]+[0-9a-z]{1,2})+)[^0-9a-z\s]*"
)
_MODIFIER_LENGTH = 2
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"


class Searched(Protocol):
    """As much of a provider as a search needs."""

    @property
    def size(self) -> int:
        """How many concepts are loaded."""

    @property
    def code_order(self) -> CodeOrder:
        """The codes in their order."""

    def words(self, prefix: str) -> Sequence[WordRow]:
        """The words that begin so."""


class _Found(NamedTuple):
    """The concepts that have a word; `by` is with what an abbreviation stands for."""

    whole: int
    """In the display or as the code, not only by its beginning."""
    display: int
    designations: int
    names: int
    by_display: int
    by_designations: int
    by_names: int
    anywhere: int

    def both(self, other: "_Found") -> "_Found":
        """The concepts that have this word and the other."""
        return _Found(*(one & two for one, two in zip(self, other, strict=True)))


def search(system: Searched, text: str) -> Hits:
    """What a text finds in a code system.

    Args:
        system: its codes and words.
        text: any text; one without a letter or digit finds nothing.

    Raises:
        TookTooLong: the request's time was over.
    """
    folded = fold(text)
    expression = _EXPRESSION.fullmatch(folded)
    if expression is not None:
        return Hits([Group(CODE, _parts(system.code_order, *expression.groups()))])
    words = list(dict.fromkeys(words_of(text)))
    if not words:
        return Hits()
    apart = all(len(words_of(token)) <= 1 for token in folded.split())
    exact, beginning = _codes(system.code_order, words) if apart else ([], 0)
    groups = _groups(system.code_order, exact, beginning, _having(system, words))
    return Hits([*groups], system.code_order)


def _groups(
    order: CodeOrder, exact: Sequence[int], beginning: int, found: _Found
) -> Iterator[Group]:
    yield Group(CODE, exact)
    seen = order.bitmap(exact)
    for kind, bitmap in (
        (PREFIX, beginning),
        (NAME, found.whole),
        (NAME, found.display),
        # One name with all the words says more than several with some each.
        (OTHER_NAME, found.designations),
        (OTHER_NAME, found.names),
        (ABBREVIATION, found.by_display | found.by_designations),
        (ABBREVIATION, found.by_names),
        (MEANING, found.anywhere),
    ):
        yield Group(kind, bitmap=bitmap & ~seen)
        seen |= bitmap


def _parts(order: CodeOrder, base: str, rest: str) -> Sequence[int]:
    """The code of an expression, and its modifiers; the begun one with all that begin so."""
    found = [*order.exactly(base)]
    for modifier in words_of(rest):
        if len(modifier) == _MODIFIER_LENGTH:
            found += order.exactly(modifier)
        else:
            found += chain.from_iterable(order.exactly(modifier + last) for last in _LETTERS)
    return list(dict.fromkeys(found))


def _codes(order: CodeOrder, words: Sequence[str]) -> tuple[list[int], int]:
    """The codes that the words are, longer ones first, and those that they begin.

    Nothing where a word begins no code: then they are not meant as codes.
    """
    exact: list[int] = []
    bitmap = 0
    for word in sorted(words, key=lambda word: (-len(word), word)):
        begun = order.beginning(word)
        if not begun:
            return [], 0
        exact += order.exactly(word)
        bitmap |= order.bitmap(begun)
    return exact, bitmap


def _having(system: Searched, words: Sequence[str]) -> _Found:
    found = _having_word(system, words[0])
    for word in words[1:]:
        if not found.anywhere:
            break
        deadline.check()
        found = found.both(_having_word(system, word))
    return found


def _having_word(system: Searched, word: str) -> _Found:
    order = system.code_order
    whole, display, designations, definition = _places(system, word)
    codes = order.bitmap(order.beginning(word))
    whole |= order.bitmap(order.exactly(word))
    literal = display | codes, designations | codes, display | designations | codes
    by = literal
    for phrase in phrases(word):
        one, two, three = _having_phrase(system, phrase)
        by = by[0] | one, by[1] | two, by[2] | three
    # A number in a definition is that of another code: who types 37244 means no code beside it.
    is_number = any(letter.isdigit() for letter in word)
    return _Found(whole, *literal, *by, by[-1] if is_number else by[-1] | definition)


def _having_phrase(system: Searched, phrase: Sequence[str]) -> tuple[int, int, int]:
    """The concepts with all its words: in the display, in designations, in either."""
    by_display = by_designations = by_names = -1
    for word in phrase:
        _, display, designations, _ = _places(system, word)
        by_display &= display
        by_designations &= designations
        by_names &= display | designations
    return by_display, by_designations, by_names


def _places(system: Searched, word: str) -> tuple[int, int, int, int]:
    """The concepts with a word: whole in the display; begun there, in other names, elsewhere."""
    rows: tuple[list[WordRow], ...] = ([], [], [])
    whole = []
    for row in system.words(word):
        rows[row[1]].append(row)
        if row[1] == DISPLAY and row[0] == word:
            whole.append(row)
    size = system.size
    return (
        ordinals_of(whole, size),
        ordinals_of(rows[DISPLAY], size),
        ordinals_of(rows[DESIGNATION], size),
        ordinals_of(rows[DEFINITION], size),
    )
