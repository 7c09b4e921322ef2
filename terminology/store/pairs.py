"""The pairs of one code in column one, packed into one value.

A release of NCCI has millions of pairs, which are asked for by the codes of one claim: kept in one
value for each code of column one they load ten times as fast as in rows of their own, take a fifth
of the room, and finding the codes of a claim in them is a search of bytes.

The first line has the rationales, with tabs between them. Each further line is a pair: column two,
first day, last day, indicator and the number of its rationale.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from terminology.errors import InvalidInput
from terminology.store.base import CodePair

Pair = tuple[str, str, str, str, str, str]
"""Column one, column two, first day, last day, indicator, rationale; text without tabs and ends of
lines. A day that is not known or is none is empty."""


def packed(pairs: Iterable[Pair]) -> Iterator[tuple[str, bytes, int]]:
    """Each code of column one with its pairs packed, and how many they are.

    Args:
        pairs: those of one code in column one beside each other.

    Raises:
        InvalidInput: a pair is there twice with the same dates and indicator.
    """
    for column1, of_code in groupby(pairs, itemgetter(0)):
        numbers: dict[str, int] = {}
        lines = [
            f"{two}\t{first}\t{last}\t{mark}\t{numbers.setdefault(why, len(numbers))}"
            for _, two, first, last, mark, why in of_code
        ]
        if len({line.rpartition("\t")[0] for line in lines}) < len(lines):
            raise InvalidInput(
                f"A pair of {column1} is there twice with the same dates and indicator; give each"
                " once."
            )
        text = "\n".join(("\t".join(numbers), *lines, ""))
        yield column1, text.encode(), len(lines)


def found_in(column1: str, pack: bytes, codes: Sequence[str]) -> list[CodePair]:
    """The pairs of a code whose column two is among `codes`.

    Args:
        column1: the code.
        pack: its pairs.
        codes: each once.
    """
    found: list[CodePair] = []
    rationales: list[str] | None = None
    for code in codes:
        wanted = f"\n{code}\t".encode()
        at = pack.find(wanted)
        while at >= 0:
            if rationales is None:
                rationales = pack[: pack.index(b"\n")].decode().split("\t")
            end = pack.index(b"\n", at + 1)
            found.append(_pair(column1, pack[at + 1 : end].decode(), rationales))
            at = pack.find(wanted, end)
    return found


def unpacked(column1: str, pack: bytes) -> Iterator[CodePair]:
    """Every pair of a code, in their order."""
    first, *lines, _ = pack.decode().split("\n")
    rationales = first.split("\t")
    for line in lines:
        yield _pair(column1, line, rationales)


def _pair(column1: str, line: str, rationales: Sequence[str]) -> CodePair:
    two, first, last, mark, number = line.split("\t")
    return CodePair(column1, two, first, last, mark, rationales[int(number)])
