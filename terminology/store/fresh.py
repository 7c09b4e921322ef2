"""A file that is written beside the one it replaces, and what earlier builds left there.

A build that is killed leaves its file behind. Each build holds a lock on the file that it writes,
which ends with its process whatever ends that: so a file that can be locked is nobody's.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from terminology.errors import StoreUnavailable


def unwritable(path: Path, error: Exception) -> StoreUnavailable:
    """The error of a file that can't be written, or of the database in it, as it is told."""
    cause = getattr(error, "orig", None) or error
    said = os.strerror(cause.errno) if isinstance(cause, OSError) and cause.errno else str(cause)
    return StoreUnavailable(
        f"The store can't be written to {path} ({said}). Name a folder that can be written with"
        " PROTERM_DATA."
    )


@contextmanager
def fresh_file(path: Path) -> Iterator[Path]:
    """An empty file beside `path` to write to, which takes the place of `path` at the end.

    What killed builds of the same `path` left is removed first. Where the block raises, `path` is
    left as it was and the new file is removed.

    Args:
        path: what is to be replaced, or made; its folder is made where it is missing.

    Raises:
        OSError: the folder or the file can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path)
    with _claimed(path) as fresh:
        try:
            yield fresh
            _sync(fresh)
            fresh.replace(path)
            _sync(path.parent)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise


def remove_leftovers(path: Path) -> None:
    """Remove the files that killed builds of `path` left beside it, and no other file."""
    ours = re.compile(rf"{re.escape(path.name)}\.[0-9a-f]{{16}}\.new")
    for found in path.parent.iterdir():
        if ours.fullmatch(found.name):
            # Another build may have finished it meanwhile, or another user's may not be ours to
            # remove.
            with suppress(OSError), closing(_Lock(found, os.O_RDONLY)) as lock:
                lock.take(fcntl.LOCK_EX | fcntl.LOCK_NB)
                found.unlink()


class _Lock:
    """A lock on an open file, until it is closed or the process ends."""

    def __init__(self, path: Path, flags: int) -> None:
        self._descriptor = os.open(path, flags, 0o666)

    def take(self, operation: int) -> None:
        fcntl.flock(self._descriptor, operation)

    def close(self) -> None:
        os.close(self._descriptor)


@contextmanager
def _claimed(path: Path) -> Iterator[Path]:
    """A new file that is locked; made here and not by SQLite, so that who serves may read it."""
    while True:
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
        with closing(_Lock(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL)) as lock:
            # A file system without locks has none to take for a leftover either.
            with suppress(OSError):
                lock.take(fcntl.LOCK_EX)
            # Another build may have come between, and removed what was not locked yet.
            if fresh.exists():
                yield fresh
                return


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
