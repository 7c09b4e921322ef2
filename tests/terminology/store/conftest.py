"""Stores in either database; and being someone who may not write."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from terminology.model import Json
from terminology.store.repository import Repository
from terminology.store.sql import SqlStore
from tests.postgres import cluster, database  # noqa: F401
from tests.terminology.builders import store_of
from tests.terminology.store.stores import STORES, Installation, StoreWith, in_postgres

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


@pytest.fixture(scope="module", params=STORES)
def store_with(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoreWith]:
    """A function that makes a store of resources and tables, in a file and in PostgreSQL."""
    with ExitStack() as ended:

        def made(*resources: Json, tables: Any = ()) -> SqlStore:
            store: SqlStore
            if request.param == "sqlite":
                store = store_of(tmp_path_factory.mktemp("store"), *resources, tables=tables)
            else:
                cluster = request.getfixturevalue("cluster")
                address = cluster.address(cluster.database())
                store = in_postgres(address, *resources, tables=tables)
            ended.callback(store.close)
            return store

        yield made


@pytest.fixture(params=STORES)
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """Where releases are kept, with none in it yet."""
    address = request.getfixturevalue("database") if request.param == "postgresql" else None
    return Installation(tmp_path / "var", address)


@pytest.fixture
def repository(installation: Installation) -> Iterator[Repository]:
    """The releases there."""
    opened = installation.repository()
    yield opened
    opened.close()
