"""Search as a coder types: a code or its beginning, modifiers, words in any order.

A text is read in up to three ways, and what each finds is put in one order, the best first:

- as an expression, `37244:59`, `37244-59` or `3724459`, also half typed: its code and its
  modifiers; or as a range of codes, `37241-37244`: those codes;
- as codes, `3724` or `37244 59`, where every word begins a code: the codes, whole ones first;
- as words that a concept has to have, each by its beginning, in its code, display, designations or
  definition. An abbreviation stands for itself and for its words, and some words for others.

Within a kind codes are in their order. Sets of concepts are bitmaps (`terminology.store.words`).
"""

import re
from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import chain
from operator import and_
from typing import NamedTuple, Protocol

from terminology import deadline
from terminology.codesystems import cpt
from terminology.codesystems.abbreviations import Phrases, phrases, synonyms
from terminology.codesystems.codeorder import CodeOrder
from terminology.codesystems.hits import (
    ABBREVIATION,
    CODE,
    MEANING,
    NAME,
    OTHER_NAME,
    PREFIX,
    SYNONYM,
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
_RANGE = re.compile(
    r"([0-9]{4}[0-9a-z]|[a-z][0-9]{4})\s*(?:[-\u2010-\u2015]|\.{2,})\s*([0-9]{4}[0-9a-z]|[a-z][0-9]{4})"
)
_MASHED = re.compile(r"([0-9]{4}[0-9a-z])([0-9a-z]+)")
_NAMING = frozenset({"code", "codes", "cpt", "hcpcs", "mod", "modifier", "modifiers"})
_MODIFIER_LENGTH = 2
_LEAST_DEFINED = 2
"""So many words of an abbreviation count in a definition: what is "left out" there is not `lt`."""
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
    """The concepts that have a word, as bitmaps, by where they have it."""

    whole: int
    """In the display or as the code, not only by its beginning."""
    meant: int
    """All that an abbreviation stands for in one name; of a word that is none as `names`."""
    display: int
    designations: int
    names: int
    abbreviated: int
    """The word itself, or what it stands for as an abbreviation, in one name or several."""
    said: int
    """The same, or what else is said for it."""
    anywhere: int
    """The same, in the definition too."""

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
    order, folded = system.code_order, fold(text)
    listed = _expression(order, folded)
    if listed is not None:
        return Hits([Group(CODE, listed=listed)])
    words = list(dict.fromkeys(words_of(text)))
    if not words:
        return Hits()
    apart = all(len(words_of(token)) <= 1 for token in folded.split())
    exact, beginning = _codes(order, words)
    if not apart and len(exact) < len(words):
        exact, beginning = [], 0
    return Hits([*_groups(order, exact, beginning, _having(system, words))], order)


def _groups(
    order: CodeOrder, exact: Sequence[int], beginning: int, found: _Found
) -> Iterator[Group]:
    yield Group(CODE, listed=exact)
    seen = order.bitmap(exact)
    ranked = (
        (PREFIX, beginning),
        (NAME, found.whole),
        # Who types CT means no word that begins so, unless there is nothing else.
        (ABBREVIATION, found.meant),
        (NAME, found.display),
        # One name with all the words says more than several with some each.
        (OTHER_NAME, found.designations),
        (OTHER_NAME, found.names),
        (ABBREVIATION, found.abbreviated),
        (SYNONYM, found.said),
        (MEANING, found.anywhere),
    )
    for rank, (kind, bitmap) in enumerate(ranked, start=1):
        yield Group(kind, rank, bitmap=bitmap & ~seen)
        seen |= bitmap


def _expression(order: CodeOrder, folded: str) -> Sequence[int] | None:
    """What an expression or a range of codes lists; None for a text that is neither."""
    expression = _EXPRESSION.fullmatch(folded)
    if expression is not None:
        return _parts(order, *expression.groups())
    between = _RANGE.fullmatch(folded)
    if between is not None:
        return order.between(*between.groups())
    mashed = _MASHED.fullmatch(folded)
    if mashed is not None and order.exactly(mashed[1]):
        return _parts(order, mashed[1], " ".join(re.findall("..?", mashed[2])))
    return None


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

    Nothing where a word begins no code: then they are not meant as codes. What the codes are of may
    be said with them, `CPT 37244` or `modifier 59`.
    """
    exact: list[int] = []
    bitmap = 0
    named = [word for word in words if word not in _NAMING] or words
    for word in sorted(named, key=lambda word: (-len(word), word)):
        begun = order.beginning(word)
        if not begun:
            return [], 0
        exact += order.exactly(word)
        bitmap |= order.bitmap(begun)
    return exact, bitmap


def _having(system: Searched, words: Sequence[str]) -> _Found:
    every = [_having_word(system, words[0])]
    for word in words[1:]:
        if not every[-1].anywhere:
            break
        deadline.check()
        every.append(every[-1].both(_having_word(system, word)))
    found = every[-1]
    return found if any(map(phrases, words)) else found._replace(meant=0)


def _having_word(system: Searched, word: str) -> _Found:
    order = system.code_order
    places = _places(system, word)
    codes = order.bitmap(order.beginning(word))
    display, designations = places.display | codes, places.designations | codes
    names = display | designations
    meant, abbreviated, defined = _standing_for(system, phrases(word), _LEAST_DEFINED)
    _, said, also_defined = _standing_for(system, synonyms(word))
    abbreviated |= names
    said |= abbreviated
    # A number in a definition is that of another code: who types 37244 means no code beside it.
    is_number = any(letter.isdigit() for letter in word)
    elsewhere = 0 if is_number else places.definition | defined | also_defined
    return _Found(
        whole=places.whole | order.bitmap(order.exactly(word)),
        meant=meant if phrases(word) else names,
        display=display,
        designations=designations,
        names=names,
        abbreviated=abbreviated,
        said=said,
        anywhere=said | elsewhere,
    )


def _standing_for(system: Searched, stood_for: Phrases, least: int = 1) -> tuple[int, int, int]:
    """The concepts with all words of a phrase: in one kind of name, in any names, anywhere.

    Anywhere is looked for phrases of at least so many words.
    """
    in_one = in_any = anywhere = 0
    for phrase in stood_for:
        places = [_places(system, word) for word in phrase]
        display = reduce(and_, (place.display for place in places))
        designations = reduce(and_, (place.designations for place in places))
        names = [place.display | place.designations for place in places]
        in_one |= display | designations
        in_any |= reduce(and_, names)
        if len(phrase) >= least:
            held = (name | place.definition for name, place in zip(names, places, strict=True))
            anywhere |= reduce(and_, held)
    return in_one, in_any, anywhere


class _Places(NamedTuple):
    """The concepts with a word: whole in the display; begun there, in other names, elsewhere."""

    whole: int
    display: int
    designations: int
    definition: int


def _places(system: Searched, word: str) -> _Places:
    rows: tuple[list[WordRow], ...] = ([], [], [])
    whole = []
    for row in system.words(word):
        rows[row[1]].append(row)
        if row[1] == DISPLAY and row[0] == word:
            whole.append(row)
    size = system.size
    return _Places(
        ordinals_of(whole, size),
        ordinals_of(rows[DISPLAY], size),
        ordinals_of(rows[DESIGNATION], size),
        ordinals_of(rows[DEFINITION], size),
    )
