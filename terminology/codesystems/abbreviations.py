"""Common abbreviations of the field, and the words that they stand for."""

from functools import cache

from terminology import content
from terminology.store.words import words_of


def phrases(word: str) -> tuple[tuple[str, ...], ...]:
    """What a word may stand for.

    Args:
        word: folded.

    Returns:
        Phrases, each as its folded words; none for a word that is no known abbreviation.
    """
    return _table().get(word, ())


@cache
def _table() -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for row in content.table("search-abbreviations"):
        (word,) = words_of(row["abbreviation"])
        found[word] = (*found.get(word, ()), tuple(words_of(row["words"])))
    return found
