"""Writing to PostgreSQL: the transactions of those who write, their locks, and what they write."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import errors

from terminology.errors import InvalidInput, ProtermError, StoreUnavailable
from terminology.store.base import KEY_BITS, SCHEMA_VERSION, Store
from terminology.store.catalogue import Catalogue, Release, with_active
from terminology.store.contents import Contents
from terminology.store.migrations import steps_from
from terminology.store.postgres import connect, marked, unavailable
from terminology.store.sql import SqlStore

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSION = "SELECT value FROM catalogue_meta WHERE name = 'schema'"
WHERE, INSTEAD = "The database", "another database with PROTERM_STORE"
_WRITING, _CHANGING = 0x70726F74, 0x70726F75
"""The advisory locks of who writes a release, and of who changes what is active."""
_PATIENCE = 5.0
"""So many seconds a writer waits for another one: one that was killed may not be noticed yet."""
# A machine that is gone without a word must not hold its locks for hours.
_WRITER = (
    "-c lock_timeout=15s -c default_transaction_isolation=read\\ committed"
    " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
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


@contextmanager
def transaction(address: str) -> Iterator["Connection"]:
    """A transaction of one who writes; it is committed when the block has ended.

    Raises:
        StoreUnavailable: no host can be reached that can be written, or it can't be written.
    """
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    def connected() -> "psycopg.Connection[Any]":
        connection = connect(address, target_session_attrs="read-write", options=_WRITER)
        connection.prepare_threshold = None
        return connection

    engine = create_engine("postgresql+psycopg://", creator=connected, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            yield connection
    except psycopg.Error as error:
        raise _told(error) from error
    except DBAPIError as error:
        raise (_told(error.orig) if isinstance(error.orig, psycopg.Error) else error) from error


def _told(error: psycopg.Error) -> ProtermError:
    if isinstance(error, errors.LockNotAvailable):
        return StoreUnavailable("Another process is changing the database. Try again in a moment.")
    if isinstance(error, psycopg.DataError):
        return InvalidInput(f"Something of it can't be kept in the database ({error}).")
    return unavailable(error, "can't be written now")


def take_turn(connection: "Connection") -> None:
    """Be the one who writes a release, until the transaction ends.

    Raises:
        StoreUnavailable: another process is.
    """
    until = time.monotonic() + _PATIENCE
    sql = f"SELECT pg_try_advisory_xact_lock({_WRITING})"
    while not connection.exec_driver_sql(sql).scalar():
        if time.monotonic() > until:
            raise StoreUnavailable(
                "Another process is writing to the database. Wait until it is done."
            )
        time.sleep(0.1)


def wait_for_turn(connection: "Connection") -> None:
    """Be the one who changes the catalogue, until the transaction ends."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CHANGING})")


def next_key(connection: "Connection") -> int:
    """A key that no release has or had."""
    return int(connection.exec_driver_sql("SELECT nextval('release_key')").scalar_one())


def catalogue_of(connection: "Connection") -> Catalogue:
    """The catalogue as the transaction sees and changes it."""
    return Catalogue(_Execute(connection))


def require_version(connection: "Connection") -> None:
    """Refuse to write into tables of another version.

    Raises:
        StoreUnavailable: another program has changed them meanwhile.
    """
    if connection.exec_driver_sql(VERSION).scalar() != SCHEMA_VERSION:
        raise StoreUnavailable("The tables of the database were changed meanwhile. Try again.")


def make_tables(connection: "Connection") -> None:
    """Make the tables where they are missing, and upgrade them where they are older.

    Raises:
        OtherVersion: they are of a version that there is no way from.
        StoreUnavailable: a release is being written.
    """
    from sqlalchemy import insert, update

    from terminology.store import schema

    stated = _version(connection)
    steps = steps_from(stated, WHERE, INSTEAD) if stated is not None else []
    if steps:
        take_turn(connection)
    for step in steps:
        step.contents(connection)
        step.catalogue(connection)
    schema.metadata.create_all(connection)
    schema.catalogue.create_all(connection)
    meta = schema.catalogue_meta
    if stated is None:
        connection.execute(insert(meta), [{"name": "schema", "value": SCHEMA_VERSION}])
    elif steps:
        connection.execute(update(meta).where(meta.c.name == "schema").values(value=SCHEMA_VERSION))


def _version(connection: "Connection") -> str | None:
    if connection.exec_driver_sql("SELECT to_regclass('catalogue_meta')::text").scalar() is None:
        return None
    return str(connection.exec_driver_sql(VERSION).scalar() or "")


def delete_rows(connection: "Connection", key: int) -> None:
    """Delete all rows of a release."""
    from sqlalchemy import text

    bounds = {"low": key << KEY_BITS, "high": (key + 1) << KEY_BITS}
    for table, column in _BY_KEY.items():
        sql = f"DELETE FROM {table} WHERE {column} > :low AND {column} < :high"  # noqa: S608
        connection.execute(text(sql), bounds)
    for table in _OF_RESOURCES:
        sql = f"DELETE FROM {table} WHERE release = :key"  # noqa: S608 - names of ours
        connection.execute(text(sql), {"key": key})


def analyze(connection: "Connection") -> None:
    """Let the planner know what was written: until then it takes all tables for small."""
    connection.exec_driver_sql(f"ANALYZE {', '.join((*_OF_RESOURCES, *_BY_KEY))}")


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


class WritingSession:
    """The writing of one release in a transaction; see `terminology.store.repository.Session`."""

    def __init__(self, connection: "Connection") -> None:
        """Take a key."""
        self._connection = connection
        self._catalogue = catalogue_of(connection)
        self.key = next_key(connection)
        self.is_committed = False

    def write(self, contents: Contents) -> Store:
        """Write all of the release."""
        from terminology.store.build import write_contents

        write_contents(self._connection, self.key, contents)
        analyze(self._connection)
        return _Within(self._connection, self.key, f"writing {self.key}")

    def part(self, release: Release) -> Store:
        """One of the releases that are there."""
        return _Within(self._connection, release.key, release.fingerprint)

    def commit(self, release: Release, *, activate: bool) -> Release:
        """Make it a release when the transaction ends."""
        if release.key != self.key:
            raise InvalidInput("Another release was written.")
        wait_for_turn(self._connection)
        added = self._catalogue.add(release)
        if activate:
            current = self._catalogue.activation().releases
            keys = with_active(current, [added], self._catalogue.releases())
            at = datetime.now(UTC).isoformat(timespec="seconds")
            self._catalogue.activate(keys, at, added.loaded_by, f"load {added.name}")
        self.is_committed = True
        return added
