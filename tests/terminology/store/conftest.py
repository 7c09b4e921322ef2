"""Being someone who may not write."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_NOBODY = 65534


@pytest.fixture
def unprivileged() -> Iterator[Callable[[Path], None]]:
    """A function that makes a folder read-only, and this process one whom that binds.

    Root may write everywhere; so under root the rest of the test runs as nobody.
    """
    opened: list[tuple[Path, int]] = []

    def bind(folder: Path) -> None:
        root = os.geteuid() == 0
        closed = [p for p in folder.parents if root and p.stat().st_mode & 0o005 != 0o005]
        for path, mode in ((folder, 0o555), *((p, 0o755) for p in closed)):
            opened.append((path, path.stat().st_mode & 0o7777))
            path.chmod(mode)
        if root:
            os.seteuid(_NOBODY)

    yield bind
    if os.getuid() == 0:
        os.seteuid(0)
    for path, mode in opened:
        path.chmod(mode)
