"""What is loaded: a file, a folder, a zip file or a gzipped tar file, seen as a list of files."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from terminology.importers.archives import (
    GZIPPED,
    TARRED,
    entries_of_gzip,
    entries_of_zip,
    spooled,
)
from terminology.importers.entry import Entry, readable
from terminology.importers.guard import Budget, Limits, damaged, watched
from terminology.importers.problems import UnreadableSource
from terminology.importers.scratch import Scratch

_ZIP = b"PK"
_GZIP = b"\x1f\x8b"
_ARCHIVES = (".zip", *TARRED)
# Zip files that are documents, and read as such.
_DOCUMENTS = (".xlsx", ".xlsm", ".ods", ".docx")
_FOREIGN = {
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!": "RAR",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "old Excel (.xls)",
}
# What operating systems and programs leave beside the files of a delivery.
_LITTER = ("__MACOSX", "Thumbs.db", "desktop.ini")


class Source:
    """The files of a delivery; a context manager that closes them.

    Attributes:
        path: what was named.
        limits: up to where it is read.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        """Made by `open_source`."""
        self.path = path
        self.limits = limits
        self._budget = Budget(limits)
        self._stack = ExitStack()
        self._entries: list[Entry] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def passed(self) -> int:
        """How many bytes have been read of its files so far, each time that one is read."""
        return self._budget.passed

    def close(self) -> None:
        """Close every file of it."""
        self._stack.close()

    def entries(self) -> list[Entry]:
        """Its files, those in archives inside it among them, sorted by name within a folder."""
        return list(self._entries)

    def scratch(self) -> Scratch:
        """A temporary file to keep what was read of it, closed with it."""
        return self._stack.enter_context(Scratch())

    def collect(self) -> None:
        """List the files; `open_source` does it."""
        seen: set[str] = set()
        for entry in self._walk():
            if _is_litter(entry.name):
                continue
            if entry.name in seen:
                raise UnreadableSource(f"{self.path} holds {entry.name} twice; leave one of them.")
            seen.add(entry.name)
            self._entries.append(entry)
            if len(seen) > self.limits.entries:
                raise UnreadableSource(
                    f"{self.path} holds more than {self.limits.entries:,} files, the limit."
                )
        if not self._entries:
            raise UnreadableSource(f"{self.path} holds no files.")

    def _walk(self) -> Iterator[Entry]:
        if self.path.is_dir():
            for name, path in _files(self.path):
                yield from self._entered(self._plain(name, path), 1, path)
        elif self.path.is_file():
            name = readable(self.path.name)
            yield from self._entered(self._plain(name, self.path), 0, self.path)
        elif self.path.exists():
            raise UnreadableSource(f"{self.path} is no file and no folder.")
        else:
            raise UnreadableSource(f"There is no file or folder {self.path}.")

    def _plain(self, name: str, path: Path) -> Entry:
        return Entry(name, name, partial(_open, path, name, _state(path.stat()), self._budget))

    def _entered(self, entry: Entry, depth: int, path: Path | None = None) -> Iterator[Entry]:
        """The file itself, or what is in it where it is an archive; `path` where it lies itself."""
        if not _may_be_archive(entry.name, named=depth == 0):
            yield entry
            return
        start = entry.start(8)
        if not start.startswith((_ZIP, _GZIP)):
            if entry.name.lower().endswith(_ARCHIVES):
                raise damaged(entry.label, ValueError("it does not begin as an archive does"))
            self._refuse_foreign(entry, start)
            yield entry
            return
        if depth > self.limits.depth:
            raise UnreadableSource(
                f"{entry.label}: archives lie more than {self.limits.depth} deep inside one"
                " another. Unpack the outer ones and load the folder."
            )
        opened = entries_of_zip if start.startswith(_ZIP) else entries_of_gzip
        file = self._seekable(entry, path)
        prefix = f"{entry.name}/" if depth else ""
        for inner in opened(file, entry.label, prefix, self._budget, self._stack):
            yield from self._entered(inner, depth + 1)

    def _seekable(self, entry: Entry, path: Path | None) -> IO[bytes]:
        return self._stack.enter_context(
            spooled(entry.open(), entry.label, None, self._budget)
            if path is None
            else path.open("rb")
        )

    def _refuse_foreign(self, entry: Entry, start: bytes) -> None:
        for mark, name in _FOREIGN.items():
            if start.startswith(mark):
                raise UnreadableSource(
                    f"{entry.label} is a {name} file, which can't be read: unpack it and load the"
                    " folder, or save it as XLSX or CSV."
                )


def open_source(path: Path, limits: Limits | None = None) -> Source:
    """Open what is to be loaded, and list its files.

    Args:
        path: a file, a folder, a zip file or a gzipped tar file.
        limits: up to where it is read.

    Returns:
        The source, to be closed; no file of it has been read but for its first bytes.

    Raises:
        UnreadableSource: there is nothing at the path, or what is there is damaged, encrypted or
            not safe to read.
    """
    source = Source(path, limits or Limits())
    try:
        source.collect()
    except OSError as error:
        source.close()
        raise UnreadableSource(f"{path} can't be read: {error.strerror or error}.") from None
    except BaseException:
        source.close()
        raise
    return source


class _State(NamedTuple):
    size: int
    changed: int


def _state(found: os.stat_result) -> _State:
    return _State(found.st_size, found.st_mtime_ns)


def _open(path: Path, label: str, listed: _State, budget: Budget) -> BufferedReader:
    """Open a file, and see when it opens and at its end that it is the one that was listed.

    It is read several times, for its hash and for its rows: what is told of it has to be of what
    was loaded.
    """
    file = path.open("rb")

    def check() -> None:
        if _state(os.fstat(file.fileno())) != listed:
            raise UnreadableSource(
                f"{label} was changed while it was read. Load it again when whatever writes it has"
                " ended."
            )

    try:
        check()
    except BaseException:
        file.close()
        raise
    return watched(file, label, None, budget, check)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder and of those in it, with their names; hidden ones are left out.

    A name that is no UTF-8 is escaped, see `entry.readable`.
    """
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.startswith("."):
            continue
        mode = path.lstat().st_mode
        if stat.S_ISDIR(mode):
            for name, inner in _files(path):
                yield f"{readable(path.name)}/{name}", inner
        elif stat.S_ISREG(mode):
            yield readable(path.name), path
        else:
            raise UnreadableSource(
                f"{path} is a link or a device: links are not followed. Put the files themselves"
                " in its place, or name what it leads to."
            )


def _may_be_archive(name: str, *, named: bool) -> bool:
    lowered = name.lower()
    return lowered.endswith((*_ARCHIVES, GZIPPED)) or (named and not lowered.endswith(_DOCUMENTS))


def _is_litter(name: str) -> bool:
    parts = name.split("/")
    hidden = parts[-1].startswith((".", "~$"))
    return hidden or any(part in _LITTER for part in parts)
