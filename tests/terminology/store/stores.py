"""Stores of a few resources and tables, in either database."""

from collections.abc import Callable, Iterable

from terminology.model import Json
from terminology.store import postgres_writing as write
from terminology.store.build import write_contents
from terminology.store.catalogue import Release
from terminology.store.contents import Contents, TableLoad
from terminology.store.postgres import Connections, PostgresStore
from terminology.store.sql import SqlStore

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
