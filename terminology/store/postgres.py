"""The connections of a process to PostgreSQL, and a release that is read through them.

A connection for each thread, in the mode in which each statement is a transaction of its own. Where
the address names several hosts, libpq chooses one and takes another when that is gone.

A host may be a replica that has a release not yet, or a release may be dropped while somebody reads
it: then its rows are not there, which is no answer. All rows of a release come and go in one
transaction with its row of the table `release`, and its key never comes again. So a connection asks
for that row before it reads a release first, and again where a statement found nothing: then what
it did not find between the two is not in the release.
"""

import threading
import time
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
_CONNECT_SECONDS = 2
_STAY, _STAY_WITHOUT_PRIMARY = 30.0, 3.0
"""So many seconds a connection stays with a host that is not the one it would rather have."""
_NO_TEXT, _SUBSTITUTE = "\0", "\uffff"
"""PostgreSQL keeps no text with the first, so none has it; none that is text has the second."""
# A plan that is compiled first is slower for reads as short as these.
_READER = "-c default_transaction_read_only=on -c jit=off"
_ALIVE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2}
"""Soon enough to notice a machine that is gone without a word."""
_THERE = "SELECT 1 FROM release WHERE key = %s"
_LACKS = (
    "The database that was reached has not got a release that is active, not yet or not any more."
    " The same request will succeed soon."
)


class Connections:
    """The connections of a process for reading, one for each thread.

    Args:
        address: as libpq takes it, `postgresql://user@host1,host2/name`.
        deadline_ms: how long one statement may take.
        primary: whether the primary is asked as long as it can be reached.
    """

    def __init__(
        self, address: str, deadline_ms: int | None = None, *, primary: bool = False
    ) -> None:
        """Keep the address; nothing is connected yet."""
        self._address = address
        self._options = _READER + (f" -c statement_timeout={deadline_ms}" if deadline_ms else "")
        self._primary = primary
        self._local = threading.local()

    def rows(self, sql: str, values: Sequence[Any] = (), *, of: int | None = None) -> list[Any]:
        """The rows of a statement with `?` placeholders.

        A connection that is gone is made anew, once: reading again does no harm. Where a host has
        not got the release, the primary is asked.

        Args:
            sql: the statement.
            values: bound to it.
            of: the release whose rows they are.

        Raises:
            StoreUnavailable: no host can be reached, or none that has the release.
            TookTooLong: the request's time was over.
        """
        found = None
        try:
            held = self._kept()
            if held is not None:
                held, found = _again(held, sql, values, of)
            if held is None:
                found = _asked(self._connected(), sql, values, of)
            if found is None:
                found = _asked(self._connected(only_primary=True), sql, values, of)
        except psycopg.Error as error:
            self.close()
            if isinstance(error, errors.QueryCanceled):
                deadline.check()
            raise unavailable(error) from error
        if found is None:
            self.close()
            raise StoreUnavailable(_LACKS)
        return found

    def close(self) -> None:
        """Close this thread's connection."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is not None:
            del self._local.held
            held.connection.close()

    def _kept(self) -> "_Held | None":
        """This thread's connection, where it has one and should keep it."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is not None and time.monotonic() > held.until:
            self.close()
            return None
        return held

    def _connected(self, *, only_primary: bool = False) -> "_Held":
        self.close()
        connection, until = self._chosen(only_primary=only_primary)
        connection.prepare_threshold = _PREPARED_AFTER
        held = self._local.held = _Held(connection, until)
        return held

    def _chosen(self, *, only_primary: bool) -> tuple["psycopg.Connection[Any]", float]:
        """A connection, and until when it is kept."""
        more: dict[str, Any] = {"options": self._options, "autocommit": True}
        stay = _STAY_WITHOUT_PRIMARY if self._primary else _STAY
        soon, endless = time.monotonic() + stay, float("inf")
        if not (only_primary or self._primary):
            return connect(self._address, **more), endless
        try:
            connection = connect(self._address, target_session_attrs="primary", **more)
        except psycopg.OperationalError:
            if only_primary:
                raise
            return connect(self._address, **more), soon
        return connection, endless if self._primary else soon


class _Held:
    """A connection of a thread, which ends with it.

    Attributes:
        until: when it is closed, and another one chosen.
        releases: those that it has seen there.
    """

    def __init__(self, connection: "psycopg.Connection[Any]", until: float) -> None:
        self.connection = connection
        self.until = until
        self.releases: set[int] = set()

    def has(self, release: int) -> bool:
        """Whether a release is there now."""
        return self.connection.execute(_THERE, (release,)).fetchone() is not None

    def __del__(self) -> None:
        self.connection.close()


class PostgresStore(SqlStore):
    """A release in PostgreSQL.

    Args:
        connections: the process's.
        key: the release's.
        release: its fingerprint.
    """

    def __init__(self, connections: Connections, key: int, release: str) -> None:
        """Keep which release it is."""
        super().__init__(key, release)
        self._connections = connections

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._connections.rows(sql, values, of=self._key)

    def close(self) -> None:
        """Close this thread's connection."""
        self._connections.close()


def connect(address: str, **more: Any) -> "psycopg.Connection[Any]":
    """A connection, or an error soon.

    Raises:
        psycopg.Error: no host answers, or none that is wanted.
    """
    settings: dict[str, Any] = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "proterm",
        "client_encoding": "UTF8",
        **_ALIVE,
        **psycopg.conninfo.conninfo_to_dict(address),
    }
    options = " ".join(str(o) for o in (settings.pop("options", ""), more.pop("options", "")) if o)
    # What is wanted of a host goes before what the address says: a write needs one that takes it.
    return psycopg.connect(**{**settings, **more, "options": options})


@lru_cache(maxsize=512)
def marked(sql: str) -> str:
    """A statement with the marks that the driver takes."""
    return sql.replace("%", "%%").replace("?", "%s")


def unavailable(error: psycopg.Error, what: str = "can't be read now") -> StoreUnavailable:
    """The error of a driver as it is told."""
    said = " ".join(str(error).split()) or type(error).__name__
    return StoreUnavailable(f"The database {what} ({said}).")


def _again(
    held: _Held, sql: str, values: Sequence[Any], of: int | None
) -> tuple[_Held | None, list[Any] | None]:
    """What a connection of before gives, as `_asked`; no connection where it gives nothing."""
    try:
        return held, _asked(held, sql, values, of)
    except errors.QueryCanceled:
        raise
    except psycopg.Error:
        # Whatever it is, a restart, another plan: a new connection has no part in it.
        return None, None


def _asked(held: _Held, sql: str, values: Sequence[Any], of: int | None) -> list[Any] | None:
    """The rows, None where the release is not there."""
    if of is not None and of not in held.releases:
        if not held.has(of):
            return None
        held.releases.add(of)
    found = _executed(held.connection, sql, values)
    if of is None or len(found) > 1 or (found and found[0][0]):
        return found
    return found if held.has(of) else None


def _executed(connection: "psycopg.Connection[Any]", sql: str, values: Sequence[Any]) -> list[Any]:
    try:
        cursor = connection.execute(marked(sql), values, binary=True)
    except psycopg.DataError:
        # A statement for what no text can be finds nothing, as it does in SQLite.
        plain = [v.replace(_NO_TEXT, _SUBSTITUTE) if isinstance(v, str) else v for v in values]
        if plain == [*values]:
            raise
        cursor = connection.execute(marked(sql), plain, binary=True)
    return cursor.fetchall() if cursor.description else []
