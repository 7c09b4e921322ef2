"""One file of a source: its bytes, its hash, its text."""

import codecs
import hashlib
import io
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple

from terminology.importers.guard import damaged
from terminology.importers.problems import UnreadableSource

_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Survey(NamedTuple):
    """What one reading of a file tells of it."""

    size: int
    sha256: str
    encoding: str | None
    """None where the file is no text."""


def readable(name: str) -> str:
    """A file's name with what is no UTF-8 in it escaped, so that it can be kept and shown."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


class Entry:
    """A file of a source.

    Attributes:
        name: its path inside the source, with slashes; an archive within counts as a folder.
        label: how messages name it.
    """

    def __init__(self, name: str, label: str, opener: Callable[[], io.BufferedReader]) -> None:
        """Take the function that opens it; it is called for each reading."""
        self.name = name
        self.label = label
        self._opener = opener

    def __repr__(self) -> str:
        return f"Entry({self.label!r})"

    @property
    def path(self) -> PurePosixPath:
        """Its name as a path, for the parts of it."""
        return PurePosixPath(self.name)

    @property
    def base(self) -> str:
        """The last part of its name."""
        return self.path.name

    @property
    def size(self) -> int:
        """Bytes, as they were counted when it was read."""
        return self._survey.size

    @property
    def sha256(self) -> str:
        """The hash of its bytes, as hexadecimal digits."""
        return self._survey.sha256

    def open(self) -> io.BufferedReader:
        """Open it for reading bytes.

        Raises:
            UnreadableSource: it can't be opened; reading raises it where it is damaged.
        """
        try:
            return self._opener()
        except OSError as error:
            raise damaged(self.label, error) from None

    def read(self) -> bytes:
        """All of it; for formats that can't be read in parts."""
        with self.open() as stream:
            return stream.read()

    def start(self, size: int = 4096) -> bytes:
        """Its first bytes, for recognising it."""
        with self.open() as stream:
            return stream.read(size)

    def text(self, encoding: str | None = None, newline: str | None = None) -> io.TextIOWrapper:
        """Open it for reading text.

        Args:
            encoding: UTF-8 or Windows-1252 by what is in it, if None.
            newline: as for `open`; by default every kind of line end is a newline.

        Raises:
            UnreadableSource: it is no text.
        """
        found = encoding or self._survey.encoding
        if found is None:
            raise UnreadableSource(f"{self.label} is not text: it holds zero bytes.")
        return io.TextIOWrapper(self.open(), found, "strict", newline)

    def lines(self, encoding: str | None = None) -> Iterator[tuple[int, str]]:
        """Its lines with their numbers, from 1, without their ends; one at a time in memory.

        Args:
            encoding: UTF-8 or Windows-1252 by what is in it, if None.

        Raises:
            UnreadableSource: it is no text, or damaged, or in no encoding throughout.
        """
        number = 0
        with self.text(encoding) as text:
            try:
                for number, line in enumerate(text, 1):
                    yield number, line.rstrip("\n")
            except UnicodeDecodeError as error:
                raise self.undecodable(error, number) from None

    def undecodable(self, error: UnicodeDecodeError, line: int) -> UnreadableSource:
        """The error for text that stops being of its encoding after a line."""
        # Python names the Windows encodings by how it decodes them.
        named = "Windows-1252" if error.encoding == "charmap" else error.encoding
        return UnreadableSource(
            f"{self.label} begins as {named} text, but after line {line} has the byte"
            f" {error.object[error.start]:#04x}, which that encoding has not. Save it as UTF-8."
        )

    @cached_property
    def _survey(self) -> Survey:
        digest = hashlib.sha256()
        size = 0
        encoding: str | None = "ascii"
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                if encoding == "ascii":
                    encoding = _encoding(chunk, first=size == 0)
                size += len(chunk)
        # Plain ASCII is UTF-8 too.
        return Survey(size, digest.hexdigest(), "utf-8" if encoding == "ascii" else encoding)


def _encoding(chunk: bytes, *, first: bool) -> str | None:
    """The encoding that a part of a file shows, `ascii` where it shows none, None for no text."""
    if first:
        for mark, encoding in _BOMS:
            if chunk.startswith(mark):
                return encoding
        if b"\0" in chunk:
            return None
    if chunk.isascii():
        return "ascii"
    try:
        # The last character may go on in the next part.
        codecs.getincrementaldecoder("utf-8")().decode(chunk)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
