"""Sorting rows that don't fit into memory."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import IO, TypeVar, cast

_RUN = 200_000


_Row = TypeVar("_Row", bound=tuple[str, ...])


def in_order(rows: Iterable[_Row], run: int = _RUN) -> Iterator[_Row]:
    """The rows sorted; so many at a time are in memory, the rest in temporary files.

    Args:
        rows: tuples of text without tabs and line breaks.
        run: how many rows are sorted at a time.
    """
    remaining = iter(rows)
    with ExitStack() as stack:
        runs: list[Iterator[_Row]] = []
        while part := sorted(islice(remaining, run)):
            if len(part) < run and not runs:
                yield from part
                return
            file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115
            stack.enter_context(file)
            file.writelines("\t".join(row) + "\n" for row in part)
            runs.append(cast(Iterator[_Row], _read(file)))
        yield from heapq.merge(*runs)


def _read(file: IO[str]) -> Iterator[tuple[str, ...]]:
    file.seek(0)
    for line in file:
        yield tuple(line[:-1].split("\t"))
