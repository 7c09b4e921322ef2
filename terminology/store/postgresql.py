"""The repository in PostgreSQL: all releases in the same tables, for any number of machines.

A release is written in one transaction with its activation, so that a replica has both or neither.
One process writes at a time: it holds an advisory lock, which ends with its connection.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg

from terminology.errors import InvalidInput, StoreUnavailable
from terminology.store.base import KEY_BITS, SCHEMA_VERSION, Store
from terminology.store.catalogue import SHIPPED, Catalogue, Release, with_active
from terminology.store.contents import Contents
from terminology.store.merged import MergedStore, Part
from terminology.store.postgres import Connections, PostgresStore, connect, marked, unavailable
from terminology.store.repository import Shipped, View
from terminology.store.sql import SqlStore

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WRITING, _CHANGING = 0x70726F74, 0x70726F75
"""The advisory locks of who writes a release, and of who changes what is active."""
_OF_RESOURCES = ("resource", "table_release")
_BY_KEY = {
    "search_value": "resource",
    "concept": "system",
    "concept_edge": "system",
    "concept_property": "system",
    "concept_word": "system",
    "table_row": "table_release",
    "code_pair": "table_release",
}
"""The tables of a release's rows, with the column that has its key."""


class PostgresRepository:
    """The releases in a database.

    Args:
        address: of the database, as libpq takes it; it may name several hosts, of which reads take
            any that answers and writes the one that can be written.
        shipped: what ships with this version.
        deadline_ms: how long one statement may take, where that has a bound.
    """

    def __init__(self, address: str, shipped: Shipped, deadline_ms: int | None = None) -> None:
        """Keep the address; nothing is connected yet."""
        self._address = address
        self._shipped = shipped
        self._connections = Connections(address, deadline_ms)

    def open(self) -> View:
        """All that is active now; tables and what ships are made first where they are missing."""
        if not self._is_ready():
            self._make_ready()
        catalogue = self.reading()
        activation = catalogue.activation()
        releases = {release.key: release for release in catalogue.releases()}
        shipped = [r for r in releases.values() if self._is_shipped(r)]
        if not shipped:
            raise StoreUnavailable("The database that was reached has not yet got what ships.")
        active = [releases[key] for key in sorted(activation.releases)]
        parts = [self._part(release, activation.key) for release in (shipped[-1], *active)]
        return View(activation.key, MergedStore(parts[0], parts[1:]))

    def number(self) -> int:
        """The number of the current activation."""
        return self.reading().number()

    def reading(self) -> Catalogue:
        """The catalogue, to be read."""
        return Catalogue(self._connections.rows)

    @contextmanager
    def changing(self) -> Iterator[Catalogue]:
        """The catalogue, to be changed in one transaction."""
        with self._transaction() as connection:
            _wait_for_turn(connection)
            yield Catalogue(_Execute(connection))

    def part(self, release: Release) -> Store:
        """A release alone."""
        return PostgresStore(self._connections, release.key, release.fingerprint, 0)

    @contextmanager
    def writing(self) -> Iterator["_Session"]:
        """A session to write a release in."""
        with self._transaction() as connection:
            _take_turn(connection)
            session = _Session(connection)
            yield session
            if not session.is_committed:
                connection.rollback()

    def remove(self, release: Release) -> None:
        """Take a release that is not active out, with all its rows."""
        from sqlalchemy import text

        bounds = {"low": release.key << KEY_BITS, "high": (release.key + 1) << KEY_BITS}
        with self._transaction() as connection:
            _take_turn(connection)
            _wait_for_turn(connection)
            Catalogue(_Execute(connection)).remove(release.key)
            for table, column in _BY_KEY.items():
                sql = f"DELETE FROM {table} WHERE {column} > :low AND {column} < :high"  # noqa: S608
                connection.execute(text(sql), bounds)
            for table in _OF_RESOURCES:
                sql = f"DELETE FROM {table} WHERE release = :key"  # noqa: S608 - names of ours
                connection.execute(text(sql), {"key": release.key})

    def close(self) -> None:
        """Close this thread's connection."""
        self._connections.close()

    def _part(self, release: Release, since: int) -> Part:
        store = PostgresStore(self._connections, release.key, release.fingerprint, since)
        return Part(release.key, release.fingerprint, store, release.effective)

    def _is_shipped(self, release: Release) -> bool:
        return release.kind == SHIPPED and release.fingerprint == self._shipped.release

    def _is_ready(self) -> bool:
        rows = self._connections.rows("SELECT to_regclass('catalogue_meta')")
        if rows == [(None,)]:
            return False
        stated = self._connections.rows("SELECT value FROM catalogue_meta")
        if stated != [(SCHEMA_VERSION,)]:
            raise StoreUnavailable(
                f"The tables of the database are of version {stated[0][0] if stated else '(none)'},"
                f" and this version of Proterm reads {SCHEMA_VERSION}. Use the version that wrote"
                " them, or another database."
            )
        return any(self._is_shipped(release) for release in self.reading().releases())

    def _make_ready(self) -> None:
        from sqlalchemy import insert

        from terminology.store import schema
        from terminology.store.build import write_contents

        with self._transaction() as connection:
            _wait_for_turn(connection)
            schema.metadata.create_all(connection)
            schema.catalogue.create_all(connection)
            stated = connection.exec_driver_sql("SELECT value FROM catalogue_meta").fetchall()
            if not stated:
                said = {"name": "schema", "value": SCHEMA_VERSION}
                connection.execute(insert(schema.catalogue_meta), [said])
            catalogue = Catalogue(_Execute(connection))
            if any(self._is_shipped(release) for release in catalogue.releases()):
                return  # another process was faster
            key = _next_key(connection)
            write_contents(connection, key, self._shipped.contents())
            at = datetime.now(UTC).isoformat(timespec="seconds")
            name = f"{SHIPPED}-{self._shipped.release}"
            release = Release(
                key=key,
                name=name,
                slot=name,
                kind=SHIPPED,
                version=self._shipped.release,
                title="What ships with Proterm",
                fingerprint=self._shipped.release,
                loaded_at=at,
                loaded_by="proterm",
            )
            catalogue.add(release)
            # A replica that knows this activation has what ships.
            active = catalogue.activation().releases
            catalogue.activate(active, at, "proterm", f"start with {name}", always=True)

    @contextmanager
    def _transaction(self) -> Iterator["Connection"]:
        """A transaction of the one who writes."""
        from sqlalchemy import create_engine
        from sqlalchemy.exc import DBAPIError
        from sqlalchemy.pool import NullPool

        def connected() -> "psycopg.Connection[Any]":
            connection = connect(self._address, target_session_attrs="read-write")
            connection.prepare_threshold = None
            return connection

        engine = create_engine("postgresql+psycopg://", creator=connected, poolclass=NullPool)
        try:
            with engine.begin() as connection:
                yield connection
        except psycopg.Error as error:
            raise unavailable(error) from error
        except DBAPIError as error:
            cause = error.orig
            raise (unavailable(cause) if isinstance(cause, psycopg.Error) else error) from error


def _take_turn(connection: "Connection") -> None:
    taken = connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({_WRITING})")
    if not taken.scalar():
        raise StoreUnavailable("Another process is writing to the database. Wait until it is done.")


def _wait_for_turn(connection: "Connection") -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CHANGING})")


def _next_key(connection: "Connection") -> int:
    return int(connection.exec_driver_sql("SELECT nextval('release_key')").scalar_one())


class _Execute:
    """The way of a catalogue to a connection that writes."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    def __call__(self, sql: str, values: Sequence[Any]) -> list[Any]:
        result = self._connection.exec_driver_sql(marked(sql), tuple(values))
        return [tuple(row) for row in result] if result.returns_rows else []


class _Within(SqlStore):
    """A release read by the connection that writes."""

    def __init__(self, connection: "Connection", key: int, release: str) -> None:
        super().__init__(key, release)
        self._execute = _Execute(connection)

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._execute(sql, values)

    def close(self) -> None:
        """The connection is its writer's."""


class _Session:
    """The writing of one release in a transaction."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self._catalogue = Catalogue(_Execute(connection))
        self.key = _next_key(connection)
        self.is_committed = False

    def write(self, contents: Contents) -> Store:
        from terminology.store.build import write_contents

        write_contents(self._connection, self.key, contents)
        return _Within(self._connection, self.key, f"writing {self.key}")

    def part(self, release: Release) -> Store:
        return _Within(self._connection, release.key, release.fingerprint)

    def commit(self, release: Release, *, activate: bool) -> Release:
        if release.key != self.key:
            raise InvalidInput("Another release was written.")
        _wait_for_turn(self._connection)
        added = self._catalogue.add(release)
        if activate:
            current = self._catalogue.activation().releases
            keys = with_active(current, [added], self._catalogue.releases())
            at = datetime.now(UTC).isoformat(timespec="seconds")
            self._catalogue.activate(keys, at, added.loaded_by, f"load {added.name}")
        self.is_committed = True
        return added
