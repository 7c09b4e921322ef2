"""The repository in PostgreSQL: all releases in the same tables, for any number of machines.

A release is written in one transaction with its activation, so that a replica has both or neither.
One process writes at a time: it holds an advisory lock, which ends with its connection.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from terminology.errors import OtherVersion, StoreUnavailable
from terminology.store import postgres_writing as write
from terminology.store.base import Store
from terminology.store.catalogue import NOTHING, SHIPPED, Catalogue, Release
from terminology.store.merged import MergedStore, Part
from terminology.store.migrations import steps_from
from terminology.store.postgres import Connections, PostgresStore
from terminology.store.repository import Shipped, View

if TYPE_CHECKING:
    from sqlalchemy import Connection

_ANOTHER = -1
"""Where the activation of a number is no more what it was: it was lost with a primary, and the one
that took its place gave the number again."""


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
        # What is active the primary knows first, and it is asked once a second.
        self._asked = Connections(address, deadline_ms, primary=True)
        self._latest = NOTHING
        self._has_tables = False

    def open(self) -> View:
        """All that is active now; tables and what ships are made first where they are missing."""
        if not self._is_ready():
            self._make_ready()
        catalogue = self.reading()
        activation = catalogue.activation()
        if activation.key < self._latest.key and self._is_replica():
            raise StoreUnavailable("The replica that was reached lags behind what was active.")
        releases = {release.key: release for release in catalogue.releases()}
        shipped = [r for r in releases.values() if self._is_shipped(r)]
        if not shipped or not activation.releases <= releases.keys():
            raise StoreUnavailable("The database that was reached has not yet got what is active.")
        active = [releases[key] for key in sorted(activation.releases)]
        parts = [self._part(release) for release in (shipped[-1], *active)]
        self._latest = activation
        return View(activation.key, MergedStore(parts[0], parts[1:]))

    def number(self) -> int:
        """The number of the current activation."""
        current, latest = self.reading().activation(), self._latest
        if current.key < latest.key and self._is_replica():
            return latest.key  # one that lags tells of the past; a new primary knows no better
        if current.key == latest.key and current != latest:
            return _ANOTHER
        return current.key

    def reading(self) -> Catalogue:
        """The catalogue, to be read."""
        return Catalogue(self._read)

    @contextmanager
    def changing(self) -> Iterator[Catalogue]:
        """The catalogue, to be changed in one transaction."""
        self._require_ready()
        with write.transaction(self._address) as connection:
            write.wait_for_turn(connection)
            write.require_version(connection)
            yield write.catalogue_of(connection)

    def part(self, release: Release) -> Store:
        """A release alone."""
        return PostgresStore(self._connections, release.key, release.fingerprint)

    @contextmanager
    def writing(self) -> Iterator[write.WritingSession]:
        """A session to write a release in."""
        self._require_ready()
        with write.transaction(self._address) as connection:
            write.take_turn(connection)
            write.require_version(connection)
            session = write.WritingSession(connection)
            yield session
            if not session.is_committed:
                connection.rollback()

    @contextmanager
    def removing(self, release: Release) -> Iterator[None]:
        """The turn of one who removes a release and its rows, which are gone after the block."""
        self._require_ready()
        with write.transaction(self._address) as connection:
            write.take_turn(connection)
            yield
            write.wait_for_turn(connection)
            write.require_version(connection)
            write.catalogue_of(connection).remove(release.key)
            write.delete_rows(connection, release.key)

    def close(self) -> None:
        """Close this thread's connections."""
        self._connections.close()
        self._asked.close()

    def _part(self, release: Release) -> Part:
        return Part(release.key, release.fingerprint, self.part(release), release.effective)

    def _is_shipped(self, release: Release) -> bool:
        return release.kind == SHIPPED and release.fingerprint == self._shipped.release

    def _is_replica(self) -> bool:
        return bool(self._asked.rows("SELECT pg_is_in_recovery()")[0][0])

    def _read(self, sql: str, values: Sequence[Any]) -> list[Any]:
        if not self._has_tables and self._version() is None:
            return []
        return self._asked.rows(sql, values)

    def _version(self) -> str | None:
        """The version of the tables, None where there are none yet."""
        sql = "SELECT to_regclass('catalogue_meta')::text, current_setting('server_encoding')"
        table, encoding = self._asked.rows(sql)[0]
        if encoding != "UTF8":
            raise OtherVersion(
                f"The database keeps its text as {encoding}; Proterm needs one that is made with"
                " ENCODING 'UTF8'."
            )
        if table is None:
            return None
        self._has_tables = True
        stated = self._asked.rows(write.VERSION)
        return str(stated[0][0]) if stated else ""

    def _is_ready(self) -> bool:
        """Whether the tables are there, of today's version, and what ships is in them."""
        version = self._version()
        if version is None or steps_from(version, write.WHERE, write.INSTEAD):
            return False
        return any(self._is_shipped(release) for release in self.reading().releases())

    def _require_ready(self) -> None:
        if not self._is_ready():
            self._make_ready()

    def _make_ready(self) -> None:
        with write.transaction(self._address) as connection:
            write.wait_for_turn(connection)
            write.make_tables(connection)
            releases = write.catalogue_of(connection).releases()
            if any(self._is_shipped(release) for release in releases):
                return  # another process was faster
            shipped = [release for release in releases if release.kind == SHIPPED]
            # Those that older versions wrote; the last of them may still be running.
            for release in shipped[:-1]:
                write.catalogue_of(connection).remove(release.key)
                write.delete_rows(connection, release.key)
            self._write_shipped(connection)

    def _write_shipped(self, connection: "Connection") -> None:
        from terminology.store.build import write_contents

        catalogue = write.catalogue_of(connection)
        key = write.next_key(connection)
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
        write.analyze(connection)
