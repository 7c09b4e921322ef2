"""Zip files and gzipped tar files as lists of entries, in words where they are not sound.

Files are never written under the names that an archive gives them; a name that would lead out of
the folder is refused all the same, since an archive with one was made to do harm.
"""

import gzip
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
from typing import IO, cast

from terminology.importers.entry import Entry
from terminology.importers.guard import Budget, damaged, watched
from terminology.importers.problems import UnreadableSource

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
    """The files of a gzipped tar file in its order.

    Arguments and errors are those of `entries_of_zip`.
    """
    packed = file.seek(0, 2)
    file.seek(0)
    unpacked = cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))
    plain = stack.enter_context(spooled(unpacked, label, packed, budget))
    try:
        archive = stack.enter_context(tarfile.open(fileobj=plain, mode="r:"))  # noqa: SIM115
        yield from _members(archive, label, prefix, budget)
    except tarfile.TarError as error:
        raise damaged(label, error) from None


def _members(archive: tarfile.TarFile, label: str, prefix: str, budget: Budget) -> Iterator[Entry]:
    # One by one, so that whoever counts can stop it.
    for member in archive:
        name = safe_name(member.name, label)
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
        return watched(inner, label, None, budget)

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
    """A file's path inside an archive, with slashes.

    Raises:
        UnreadableSource: it is absolute, or leads out of the folder that it would be unpacked to.
    """
    path = name.replace("\\", "/")
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
