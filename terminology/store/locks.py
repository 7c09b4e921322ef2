"""Locks between the processes of a machine, which end with the process that holds them."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from terminology.errors import StoreUnavailable
from terminology.store.fresh import unwritable

_BETWEEN = 0.02


@contextmanager
def locked(path: Path, patience: float, refusal: str) -> Iterator[None]:
    """Hold a lock while the block runs.

    Args:
        path: of the file that is locked; it is made where it is missing, and stays.
        patience: so many seconds another holder is waited for.
        refusal: what is said where that one holds it longer.

    Raises:
        StoreUnavailable: another process holds it, or the file can't be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        if not _taken(descriptor, time.monotonic() + patience):
            raise StoreUnavailable(refusal)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int, until: float) -> bool:
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() > until:
            return False
        time.sleep(_BETWEEN)
