"""Made-up words, the same on every run, that no code set has."""

from collections.abc import Iterator

_ACTS = ("Smoothing", "Folding", "Humming", "Lining", "Brushing", "Tuning", "Sorting", "Weaving")
_THINGS = ("lantern", "kite", "drum", "harbor", "meadow", "ladder", "basket", "compass", "anvil")
_PLACES = ("north", "east", "west", "south", "upper", "lower", "inner", "outer")
_WAYS = ("by hand", "by lamplight", "with a spoon", "in the rain", "on a hill", "with two strings")
NOTICE = "Made-up words for tests only; copyright {year} nobody. All rights reserved by nobody."


def phrase(number: int) -> str:
    """A phrase for a number, of 30 to 60 letters, ASCII, with the number in it."""
    act, thing = _ACTS[number % 8], _THINGS[number // 8 % 9]
    place, way = _PLACES[number // 72 % 8], _WAYS[number // 576 % 6]
    return f"{act} of the {place} {thing} number {number}, {way}"


def cpt_codes(count: int) -> Iterator[str]:
    """Codes in the shapes that CPT has, sorted: 5 digits, and one in ten ends in F, T, U or M."""
    special = count // 10
    plain = iter(range(count - special))
    letters = "FMTU"
    made = [f"{n // 4 + 1:04}{letters[n % 4]}" for n in range(special)]
    made += [f"{100 + n * 5:05}" for n in plain]
    yield from sorted(made)
