"""Zip files, gzipped tar files and gzipped files as lists of entries, in words where not sound.

Files are never written under the names that an archive gives them; a name that would lead out of
the folder is refused all the same, since an archive with one was made to do harm.
"""

import gzip
import io
import re
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from io import BufferedReader
from typing import IO, Any, cast

from terminology.importers.entry import Entry, readable
from terminology.importers.guard import Budget, damaged, watched
from terminology.importers.problems import UnreadableSource

GZIPPED = ".gz"
TARRED = (".tgz", ".tar.gz")
_IN_MEMORY = 16 << 20
_ENCRYPTED = 0x1


def entries_of_zip(
    file: IO[bytes], label: str, prefix: str, budget: Budget, stack: ExitStack
) -> Iterator[Entry]:
    """The files of a zip file in its order.

    Args:
        file: it, seekable.
        label: how messages name it.
        prefix: what the entries' names begin with.
        budget: of the source.
        stack: closes what has to stay open while the entries are read.

    Raises:
        UnreadableSource: it is damaged, encrypted, or holds what no delivery holds.
    """
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error) as error:
        raise damaged(label, error) from None
    except NotImplementedError as error:
        raise UnreadableSource(f"{label} can't be read: {error}. {_UNPACK}") from None
    for info in archive.infolist():
        name = safe_name(info.filename, label)
        if not info.filename:
            raise damaged(label, ValueError("a file in it has no name"))
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _is_link(label, name)
        if info.is_dir():
            continue
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableSource(
                f"{label} is encrypted ({name} asks for a password). Unpack it with the password"
                " and load the folder."
            )
        inner = f"{label}/{name}"
        opener = partial(_open_member, archive, info, inner, budget)
        yield Entry(f"{prefix}{name}", inner, opener)


def _open_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, label: str, budget: Budget
) -> BufferedReader:
    try:
        return watched(archive.open(info), label, info.compress_size, budget)
    except NotImplementedError as error:
        raise UnreadableSource(f"{label} can't be read: {error}. {_UNPACK}") from None
    except (zipfile.BadZipFile, RuntimeError, ValueError, zlib.error, struct.error) as error:
        raise damaged(label, error) from None


def entries_of_gzip(
    file: IO[bytes], label: str, prefix: str, budget: Budget, stack: ExitStack
) -> Iterator[Entry]:
    """The files of a gzipped tar file in its order; of another gzipped file the file itself.

    Arguments and errors are those of `entries_of_zip`.
    """
    packed = file.seek(0, 2)
    file.seek(0)
    unpacked = cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))
    budget.unpack(label)
    plain = stack.enter_context(spooled(unpacked, label, packed, budget))
    lowered = label.lower()
    if lowered.endswith(GZIPPED) and not lowered.endswith(TARRED):
        name = label.rpartition("/")[2][: -len(GZIPPED)]
        # Its bytes were counted when it was unpacked.
        opener = partial(_open_spooled, plain, f"{label}/{name}", budget)
        yield Entry(f"{prefix}{name}", f"{label}/{name}", opener)
        return
    try:
        archive = stack.enter_context(tarfile.open(fileobj=plain, mode="r:"))  # noqa: SIM115
        yield from _members(archive, label, prefix, budget)
    # A ValueError comes of a place before the start of the file.
    except (tarfile.TarError, ValueError) as error:
        raise damaged(label, error) from None


def _open_spooled(plain: IO[bytes], label: str, budget: Budget) -> BufferedReader:
    return watched(cast(IO[bytes], _Reading(plain)), label, None, budget)


class _Reading(io.RawIOBase):
    """One of several readings of a file that has but one place."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._place = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._place)
        data = self._file.read(len(buffer))
        self._place += len(data)
        buffer[: len(data)] = data
        return len(data)


def _members(archive: tarfile.TarFile, label: str, prefix: str, budget: Budget) -> Iterator[Entry]:
    # One by one, so that whoever counts can stop it.
    for member in archive:
        name = safe_name(member.name, label)
        if member.size < 0:
            raise damaged(label, ValueError(f"the size of {name} is negative"))
        if member.issparse():
            raise UnreadableSource(
                f"{label} holds {name} as a sparse file, which is blank in parts and can be far"
                " larger than the archive. No publisher's file is; it was not read."
            )
        if member.isdir():
            continue
        if not member.isfile():
            raise _is_link(label, name)
        inner = f"{label}/{name}"
        yield Entry(f"{prefix}{name}", inner, _opener(archive, member, inner, budget))


def _opener(
    archive: tarfile.TarFile, member: tarfile.TarInfo, label: str, budget: Budget
) -> Callable[[], BufferedReader]:
    def open_member() -> BufferedReader:
        inner = archive.extractfile(member)
        assert inner is not None, "only files have openers"  # noqa: S101
        return watched(inner, label, member.size, budget)

    return open_member


def spooled(inner: IO[bytes], label: str, packed: int | None, budget: Budget) -> IO[bytes]:
    """Copy a stream to a temporary file that can be read from any place, within the limits."""
    copy = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever asked closes it
    try:
        with watched(inner, label, packed, budget) as stream:
            shutil.copyfileobj(stream, copy, 1 << 18)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy


def safe_name(name: str, label: str) -> str:
    """A file's path inside an archive, with slashes, as text that can be written.

    Raises:
        UnreadableSource: it is absolute, or leads out of the folder that it would be unpacked to.
    """
    path = readable(name.replace("\\", "/"))
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or "\0" in path or re.match(r"[A-Za-z]:", path):
        raise UnreadableSource(
            f"{label} holds a file named {name[:200]!r}, which leads out of the folder it would be"
            " unpacked to. No publisher's file does that; it was not read."
        )
    return "/".join(part for part in parts if part not in ("", "."))


def _is_link(label: str, name: str) -> UnreadableSource:
    return UnreadableSource(
        f"{label} holds {name}, which is a link or a device and no file: links are not followed."
        " Put the files themselves in its place."
    )


_UNPACK = "Unpack it with the program that made it and load the folder."
