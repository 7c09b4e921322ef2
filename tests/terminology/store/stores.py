"""Stores of a few resources and tables, in either database."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from terminology.model import Json
from terminology.store import postgres_writing as write
from terminology.store import schema
from terminology.store.build import write_contents
from terminology.store.catalogue import Release
from terminology.store.contents import Contents, TableLoad
from terminology.store.embedded import EmbeddedRepository
from terminology.store.postgres import Connections, PostgresStore
from terminology.store.postgresql import PostgresRepository
from terminology.store.repository import Repository, Shipped
from terminology.store.sql import SqlStore
from tests.terminology.builders import code_system, concept

StoreWith = Callable[..., SqlStore]
"""Makes a store that holds just the resources given, and the tables given as `tables=`."""
STORES = ("sqlite", "postgresql")


def in_postgres(address: str, *resources: Json, tables: Iterable[TableLoad] = ()) -> PostgresStore:
    """A release in a database, with the keys that it has in a file of its own."""
    about = Release(
        key=0,
        name="test",
        slot="test",
        kind="test",
        version="1",
        title="Test",
        fingerprint="test",
        loaded_at="2026-01-01T00:00:00+00:00",
        loaded_by="test",
    )
    with write.transaction(address) as connection:
        write.make_tables(connection)
        write_contents(connection, about.key, Contents(resources=resources, tables=tables))
        write.catalogue_of(connection).add(about)
    return PostgresStore(Connections(address), about.key, about.fingerprint)


class Installation:
    """Where releases are kept: a folder, or a database where an address is given.

    Attributes:
        folder: of the embedded repository.
        address: of the database.
    """

    def __init__(self, folder: Path, address: str | None = None) -> None:
        self.folder = folder
        self.address = address

    def repository(self, shipped: str = "shipped-1", *resources: Json) -> Repository:
        """Another process's way to it, with a code system that ships where none is named."""
        held = resources or (code_system("shipped", [concept("s", "Ships")], content="fragment"),)
        made = Shipped(shipped, lambda: Contents(resources=held))
        if self.address is None:
            return EmbeddedRepository(self.folder, made)
        return PostgresRepository(self.address, made)


def release(name: str, key: int = 0, **more: Any) -> Release:
    """What is known of a release of a slot."""
    said: dict[str, Any] = {
        "kind": "test",
        "version": "1",
        "title": f"Release {name}",
        "fingerprint": f"print of {name}",
        "loaded_at": "2026-01-01T00:00:00+00:00",
        "loaded_by": "a test",
    }
    return Release(key=key, name=name, slot=name, **said | more)


def add(
    repository: Repository,
    name: str,
    *resources: Json,
    tables: Iterable[TableLoad] = (),
    activate: bool = True,
) -> Release:
    """Write a release and commit it."""
    with repository.writing() as session:
        session.write(Contents(resources=resources, tables=tables))
        return session.commit(release(name, session.key), activate=activate)


def letters(version: str, *codes: str) -> Json:
    """A code system of letters."""
    return code_system("letters", [concept(c, f"{c} of {version}") for c in codes], version=version)


def displays(repository: Repository, code: str) -> list[str | None]:
    """The displays of a code in every code system that is active."""
    store = repository.open().store
    found = (store.concept(head.key, code) for head in store.heads("CodeSystem"))
    return [placed.concept.display for placed in found if placed]


def rows_of(installation: Installation) -> dict[str, int]:
    """How many rows each table of the database has, or the bytes of each file of releases."""
    if installation.address is None:
        return {p.name: p.stat().st_size for p in (installation.folder / "releases").iterdir()}
    with write.transaction(installation.address) as connection:
        tables = [*schema.metadata.tables, "release"]
        counted = (connection.exec_driver_sql(f"SELECT count(*) FROM {t}") for t in tables)  # noqa: S608
        return {t: one.scalar_one() for t, one in zip(tables, counted, strict=True)}
