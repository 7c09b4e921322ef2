"""Headers whose column names are cut over several rows, below lines of title and notice."""

from collections.abc import Iterable
from itertools import islice

from msgspec import Struct

from terminology.importers.grids import Line, plain

_HEAD = 60
"""Within so many rows a header ends."""


class Header(Struct, frozen=True):
    """A header.

    Attributes:
        names: of the columns, each joined from top to bottom, as `grids.plain` writes them.
        last: the row that the header ends in, from 1.
        above: the texts above it, one for each row that has one.
    """

    names: list[str]
    last: int
    above: list[str]


def find(lines: Iterable[Line], last: tuple[str, ...]) -> Header | None:
    """Find a header by the names that its last row begins with.

    Args:
        lines: of the file, from its first.
        last: `("HCPCS", "MOD")`, as `grids.plain` writes them.

    Returns:
        None where there is none. Rows above it that fill two columns or more belong to it; a row
        of one cell is a title.
    """
    head: list[Line] = []
    for line in islice(lines, _HEAD):
        head.append(line)
        if tuple(plain(cell) for cell in line.cells[: len(last)]) == last:
            stack = _stack(head)
            above = [" ".join(c for c in found.cells if c) for found in head[: -len(stack)]]
            return Header(_names(stack), line.number, [text for text in above if text])
    return None


def _stack(head: list[Line]) -> list[Line]:
    first = len(head) - 1
    while first > 0 and sum(1 for cell in head[first - 1].cells if cell) > 1:
        first -= 1
    return head[first:]


def _names(stack: list[Line]) -> list[str]:
    width = max(len(line.cells) for line in stack)
    return [
        plain(" ".join(line.cells[n] for line in stack if n < len(line.cells)))
        for n in range(width)
    ]
