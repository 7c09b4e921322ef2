"""A temporary file for what is read once and wanted again, so that it need not be in memory."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import NamedTuple, Self

_CHUNK = 1 << 18


class Span(NamedTuple):
    """Where lines stand in the file."""

    start: int
    end: int


class Scratch:
    """The file; a context manager that closes it. Nothing of it stays."""

    def __init__(self) -> None:
        """Make it in the folder for temporary files."""
        self._file = tempfile.TemporaryFile(buffering=_CHUNK)  # noqa: SIM115
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def append(self, lines: Iterable[bytes]) -> Span:
        """Write lines, each without a line end in it."""
        start = self._end
        for line in lines:
            self._end += self._file.write(line) + self._file.write(b"\n")
        return Span(start, self._end)

    def lines(self, span: Span) -> Iterator[bytes]:
        """The lines of a span; several may be read at a time, a part of each is in memory."""
        self._file.flush()
        place, rest = span.start, b""
        while place < span.end:
            chunk = os.pread(self._file.fileno(), min(_CHUNK, span.end - place), place)
            place += len(chunk)
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
