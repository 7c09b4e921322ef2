"""Streams that are watched while they are read: what comes out of an archive has a bound.

What an archive says of itself is never believed. Bytes are counted as they come out, against the
size of what they come out of, so that a small file that unpacks to an enormous one is stopped. What
lies in an archive inside another, or in a tar file that was gzipped, comes out twice and counts so.
"""

import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any

from msgspec import Struct

from terminology.importers.problems import UnreadableSource

_BUFFER = 1 << 18
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    tarfile.TarError,
    EOFError,
    OSError,
)


class Limits(Struct, frozen=True):
    """Up to where a source is read.

    Attributes:
        unpacked: bytes that all its files may have together once they are unpacked.
        ratio: how many times its packed size a file may have. Deflate reaches 1,032; text of
            fixed columns, the most that compresses in earnest, stays under 100.
        free: bytes of a file that the ratio is not applied to; small files may be all blanks.
        entries: files that it may hold.
        depth: how many archives may be inside one another, the one that was named not counted.
    """

    unpacked: int = 8 << 30
    ratio: int = 200
    free: int = 16 << 20
    entries: int = 100_000
    depth: int = 2


class Budget:
    """What has come out of a source so far; a file that is read twice counts once.

    Attributes:
        passed: all bytes that were read, those of a file that is read twice both times.
    """

    def __init__(self, limits: Limits) -> None:
        """Start with nothing read."""
        self.limits = limits
        self.passed = 0
        self._most: dict[str, int] = {}
        self._total = 0

    def count(self, label: str, so_far: int, packed: int | None) -> None:
        """Take note that `so_far` bytes of the file `label` have been read.

        Args:
            label: the file, as messages name it.
            so_far: since its start.
            packed: its size in the archive, None outside of one and where it was counted before.

        Raises:
            UnreadableSource: it is past a limit.
        """
        if packed is None:
            return
        grown = so_far - self._most.get(label, 0)
        if grown <= 0:
            return
        self._most[label] = so_far
        limits = self.limits
        self._total += grown
        if self._total > limits.unpacked:
            raise UnreadableSource(
                f"{label}: more than {limits.unpacked:,} bytes come out of the source, which is"
                " the limit. It may be a zip bomb; if it is not, unpack it and load the folder."
            )
        if so_far > limits.free and so_far > limits.ratio * max(packed, 1):
            raise UnreadableSource(
                f"{label} unpacks to more than {limits.ratio} times its packed size: it looks like"
                " a zip bomb and was not read. If it is sound, unpack it and load the folder."
            )

    def unpack(self, label: str) -> None:
        """What is read under this name from now on is what comes out of the file, not the file."""
        self._most.pop(label, None)


class _Watched(io.RawIOBase):
    def __init__(
        self,
        inner: IO[bytes],
        label: str,
        packed: int | None,
        budget: Budget,
        at_end: Callable[[], None] | None,
    ) -> None:
        self._inner = inner
        self._at_end = at_end
        self._label = label
        self._packed = packed
        self._budget = budget
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._inner.read(len(buffer))
        except _BROKEN as error:
            raise damaged(self._label, error) from None
        self._read += len(data)
        self._budget.passed += len(data)
        self._budget.count(self._label, self._read, self._packed)
        if not data and self._at_end is not None:
            self._at_end()
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


def watched(
    inner: IO[bytes],
    label: str,
    packed: int | None,
    budget: Budget,
    at_end: Callable[[], None] | None = None,
) -> io.BufferedReader:
    """Wrap a stream so that what is read from it is counted, and its damage said in words.

    Args:
        inner: the stream; closing the result closes it.
        label: the file, as messages name it.
        packed: its size in the archive, None outside of one.
        budget: of the source.
        at_end: called when the end has been reached.
    """
    return io.BufferedReader(_Watched(inner, label, packed, budget, at_end), _BUFFER)


def damaged(label: str, error: Exception) -> UnreadableSource:
    """The error for a file that can't be read to its end."""
    reason = str(error).rstrip(".") or type(error).__name__
    return UnreadableSource(
        f"{label} is damaged or was cut short ({reason}): fetch it again, and compare its size"
        " with the publisher's."
    )
