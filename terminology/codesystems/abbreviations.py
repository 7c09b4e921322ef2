"""What words of the field stand for: abbreviations, and other words for the same."""

from functools import cache

from terminology import content
from terminology.store.words import words_of

Phrases = tuple[tuple[str, ...], ...]
"""Each as its folded words."""
_LEAST = 4
"""So many letters of a synonym have to be typed; fewer begin too many."""


def phrases(word: str) -> Phrases:
    """What a word stands for as an abbreviation.

    Args:
        word: folded.

    Returns:
        None for a word that is no known abbreviation.
    """
    return _table("search-abbreviations").get(word, ())


def synonyms(word: str) -> Phrases:
    """What else is said for a word, or for those that it begins.

    Args:
        word: folded.
    """
    table = _table("search-synonyms")
    if len(word) < _LEAST:
        return table.get(word, ())
    found = (phrase for key, phrases in table.items() if key.startswith(word) for phrase in phrases)
    return tuple(dict.fromkeys(found))


@cache
def _table(name: str) -> dict[str, Phrases]:
    found: dict[str, Phrases] = {}
    for row in content.table(name):
        (word,) = words_of(row["word"])
        found[word] = (*found.get(word, ()), tuple(words_of(row["words"])))
    return found
