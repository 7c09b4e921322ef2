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
_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
_UNDECODED = "\udcff"
_MARKING = "proterm-marking"


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Let the mark, which no text has, stand for what can't be decoded."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _UNDECODED, error.end


codecs.register_error(_MARKING, _mark)
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
    """None where the file is no text, or has a zero byte (U+0000), which no text may have."""


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

    def start_text(self, size: int = 4096) -> str:
        """Its first characters, for recognising it; what can't be decoded yet stands for itself."""
        start = self.start(size)
        for mark, encoding in _BOMS:
            if start.startswith(mark):
                return start.decode(encoding, "replace")
        return start.decode("latin-1")

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
                raise self.undecodable(error) from None

    def undecodable(self, error: UnicodeDecodeError) -> UnreadableSource:
        """The error for text that stops being of its encoding."""
        encoding = self._survey.encoding or "utf-8"
        return UnreadableSource(
            f"{self.label}:{self._line_outside(encoding)}: the file begins as"
            f" {_NAMES.get(encoding, encoding)} text, but has the byte"
            f" {error.object[error.start]:#04x} here, which that encoding has not. Save it as"
            " UTF-8."
        )

    def _line_outside(self, encoding: str) -> int:
        """The first line that is not of the encoding; text is decoded far ahead of its lines."""
        number = 0
        with io.TextIOWrapper(self.open(), encoding, _MARKING) as text:
            for number, line in enumerate(text, 1):
                if _UNDECODED in line:
                    return number
        return number

    @cached_property
    def _survey(self) -> Survey:
        digest = hashlib.sha256()
        size = 0
        encoding: str | None = "ascii"
        zero = False
        with self.open() as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                if encoding == "ascii":
                    encoding = _encoding(chunk, first=size == 0)
                zero = zero or _has_zero(chunk, 2 if encoding == "utf-16" else 1)
                size += len(chunk)
        if zero:
            encoding = None
        # Plain ASCII is UTF-8 too.
        return Survey(size, digest.hexdigest(), "utf-8" if encoding == "ascii" else encoding)


def _has_zero(chunk: bytes, width: int) -> bool:
    """Whether a part of a file, which begins with a character, has U+0000 in so many bytes."""
    at = chunk.find(bytes(width))
    # Of two characters with zeros in each, those that touch are no character.
    while at > 0 and at % width:
        at = chunk.find(bytes(width), at + 1)
    return at >= 0


def _encoding(chunk: bytes, *, first: bool) -> str:
    """The encoding that a part of a file shows, `ascii` where it shows none."""
    if first:
        for mark, encoding in _BOMS:
            if chunk.startswith(mark):
                return encoding
    if chunk.isascii():
        return "ascii"
    try:
        # The last character may go on in the next part.
        codecs.getincrementaldecoder("utf-8")().decode(chunk)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
