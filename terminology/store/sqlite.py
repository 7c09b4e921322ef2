"""A release in one SQLite file, opened read-only and memory-mapped by each worker."""

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from terminology import deadline
from terminology.errors import StoreUnavailable
from terminology.store.base import SCHEMA_VERSION
from terminology.store.sql import SqlStore

_MAPPED_BYTES = (1 << 31) - (1 << 16)
"""As much as SQLite maps at most."""
_STEPS = 100_000
"""How many steps of SQLite's machine lie between two looks at the deadline, some milliseconds."""


class SqliteStore(SqlStore):
    """A release in one SQLite file, read by any number of threads and processes.

    Args:
        path: the file that `terminology.store.build.build` wrote.
        remedy: what to do where it can't be read, a sentence.

    Raises:
        StoreUnavailable: there is no such file, it is no store, or it is one of another version
            of the tables.
    """

    def __init__(self, path: Path, remedy: str = "Start the service again to build it.") -> None:
        """Open the file and read which release it holds."""
        self._path = path
        self._remedy = remedy
        self._local = threading.local()
        try:
            stated = dict(self._rows("SELECT name, value FROM meta"))
            if stated.get("schema") != SCHEMA_VERSION or not {"release", "key"} <= stated.keys():
                raise self._unreadable("it was written by another version of Proterm")
        except StoreUnavailable:
            self.close()
            raise
        super().__init__(int(stated["key"]), str(stated["release"]))

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            del self._local.connection

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._connection().execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            deadline.check()
            raise self._unreadable(error) from error

    def _unreadable(self, reason: object) -> StoreUnavailable:
        return StoreUnavailable(f"The store {self._path} can't be read ({reason}). {self._remedy}")

    def _connection(self) -> sqlite3.Connection:
        # A connection for each thread: sqlite3 serialises the statements of one connection.
        try:
            return self._local.connection  # type: ignore[no-any-return]
        except AttributeError:
            uri = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, cached_statements=256)
            # A statement that runs past the request's deadline is interrupted.
            connection.set_progress_handler(deadline.is_over, _STEPS)
            connection.execute(f"PRAGMA mmap_size = {_MAPPED_BYTES}")
            self._local.connection = connection
            return connection


def version_of(path: Path) -> str:
    """The version of the tables of a file, empty where it says none.

    Raises:
        StoreUnavailable: it is no store.
    """
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            rows = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchall()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"The store {path} can't be read ({error}).") from error
    return str(rows[0][0]) if rows else ""
