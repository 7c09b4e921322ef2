"""The connections of a process to PostgreSQL, and a release that is read through them.

A connection for each thread, in the mode in which each statement is a transaction of its own. Where
the address names several hosts, libpq chooses one and takes another when that is gone.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import errors

from terminology import deadline
from terminology.errors import StoreUnavailable
from terminology.store.sql import SqlStore

_PREPARED_AFTER = 1
"""A statement is prepared when it comes again."""
_CONNECT_SECONDS = 3


class Connections:
    """The connections of a process for reading, one for each thread.

    Args:
        address: as libpq takes it, `postgresql://user@host1,host2/name`.
        deadline_ms: how long one statement may take.
    """

    def __init__(self, address: str, deadline_ms: int | None = None) -> None:
        """Keep the address; nothing is connected yet."""
        self._address = address
        self._options = f"-c statement_timeout={deadline_ms}" if deadline_ms else ""
        self._local = threading.local()

    def rows(self, sql: str, values: Sequence[Any] = (), *, since: int = 0) -> list[Any]:
        """The rows of a statement with `?` placeholders.

        A connection that is gone is made anew, once: reading again does no harm.

        Args:
            sql: the statement.
            values: bound to it.
            since: the activation whose releases are read: a replica may not have them yet.

        Raises:
            StoreUnavailable: no host can be reached, or the one that is has not come so far.
            TookTooLong: the request's time was over.
        """
        for is_last in (False, True):
            try:
                cursor = self._connection(since).execute(marked(sql), values, binary=True)
                return cursor.fetchall() if cursor.description else []
            except errors.QueryCanceled as error:
                deadline.check()
                raise unavailable(error) from error
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                self.close()
                if is_last:
                    raise unavailable(error) from error
            except psycopg.Error as error:
                raise unavailable(error) from error
        raise AssertionError("the second try ends it")

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            del self._local.connection
            connection.close()

    def _connection(self, since: int) -> "psycopg.Connection[Any]":
        try:
            connection: psycopg.Connection[Any] = self._local.connection
        except AttributeError:
            connection = self._connected()
        if self._local.known < since:
            self._local.known = _number(connection)
            if self._local.known < since:
                # Another host may have come so far.
                self.close()
                raise StoreUnavailable(
                    "The database that was reached has not yet got the releases that are active."
                    " The same request will succeed soon."
                )
        return connection

    def _connected(self) -> "psycopg.Connection[Any]":
        connection = connect(self._address, options=self._options, autocommit=True)
        connection.prepare_threshold = _PREPARED_AFTER
        self._local.connection = connection
        self._local.known = 0
        return connection


class PostgresStore(SqlStore):
    """A release in PostgreSQL.

    Args:
        connections: the process's.
        key: the release's.
        release: its fingerprint.
        since: an activation from which on it is there.
    """

    def __init__(self, connections: Connections, key: int, release: str, since: int) -> None:
        """Keep which release it is."""
        super().__init__(key, release)
        self._connections = connections
        self._since = since

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._connections.rows(sql, values, since=self._since)

    def close(self) -> None:
        """Close this thread's connection."""
        self._connections.close()


def connect(address: str, **more: Any) -> "psycopg.Connection[Any]":
    """A connection, or an error soon.

    Raises:
        psycopg.OperationalError: no host answers, or none that is wanted.
    """
    settings: dict[str, Any] = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "proterm",
        **psycopg.conninfo.conninfo_to_dict(address),
    }
    options = " ".join(str(o) for o in (settings.pop("options", ""), more.pop("options", "")) if o)
    # What is wanted of a host goes before what the address says: a write needs one that takes it.
    return psycopg.connect(**{**settings, **more, "options": options})


@lru_cache(maxsize=512)
def marked(sql: str) -> str:
    """A statement with the marks that the driver takes."""
    return sql.replace("%", "%%").replace("?", "%s")


def _number(connection: "psycopg.Connection[Any]") -> int:
    row = connection.execute("SELECT coalesce(max(key), 0) FROM activation").fetchone()
    return int(row[0]) if row else 0


def unavailable(error: psycopg.Error) -> StoreUnavailable:
    """The error of a driver as it is told."""
    said = " ".join(str(error).split()) or type(error).__name__
    return StoreUnavailable(f"The database can't be read now ({said}).")
