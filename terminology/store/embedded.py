"""The embedded repository: a folder with a SQLite file for each release.

    shipped-<fingerprint>.sqlite3     what ships with a version of Proterm
    catalogue.sqlite3                 which releases there are, and which are active
    releases/<key>.sqlite3            a release that was loaded
    lock                              held by whoever writes

A file of a release is written beside its place and takes it at once; then the catalogue names it.
What no catalogue names, a load that was killed left behind, and the next one removes it.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from terminology.errors import InvalidInput, StoreUnavailable
from terminology.store.base import SCHEMA_VERSION, Store
from terminology.store.catalogue import Catalogue, Release, with_active
from terminology.store.contents import Contents
from terminology.store.merged import MergedStore, Part
from terminology.store.repository import Shipped, View
from terminology.store.sqlite import SqliteStore

_BEFORE = "proterm.sqlite3"
"""What the versions before releases built; it held nothing but what ships."""
_WAIT = 5.0
"""So many seconds a change of the catalogue waits for another one."""


class EmbeddedRepository:
    """The releases in a folder.

    Args:
        folder: where they are; it is made when something is written.
        shipped: what ships with this version.
    """

    def __init__(self, folder: Path, shipped: Shipped) -> None:
        """Take the folder; nothing is read yet."""
        self._folder = folder
        self._releases = folder / "releases"
        self._catalogue = folder / "catalogue.sqlite3"
        self._shipped = shipped

    def open(self) -> View:
        """All that is active now; what ships is built first where it is missing."""
        shipped = self._shipped_store()
        self._make_catalogue()
        catalogue = self.reading()
        activation = catalogue.activation()
        by_key = {release.key: release for release in catalogue.releases()}
        active = [by_key[key] for key in sorted(activation.releases)]
        loaded = [Part(r.key, r.fingerprint, self.part(r), r.effective) for r in active]
        return View(activation.key, MergedStore(Part(0, shipped.release, shipped), loaded))

    def number(self) -> int:
        """The number of the current activation."""
        return self.reading().number()

    def reading(self) -> Catalogue:
        """The catalogue, to be read."""
        return Catalogue(self._read)

    @contextmanager
    def changing(self) -> Iterator[Catalogue]:
        """The catalogue, to be changed in one transaction."""
        self._make_catalogue()
        try:
            with (
                closing(_connection(self._catalogue, "rw")) as connection,
                connection,  # commits at the end, or rolls back
            ):
                connection.execute("BEGIN IMMEDIATE")
                yield Catalogue(lambda sql, values: connection.execute(sql, values).fetchall())
        except sqlite3.Error as error:
            raise _unwritable(self._catalogue, error) from error

    def part(self, release: Release) -> Store:
        """A release alone."""
        return SqliteStore(self._path(release.key))

    @contextmanager
    def writing(self) -> Iterator["_Session"]:
        """A session to write a release in."""
        with self._lock():
            catalogue = self.reading()
            self._sweep({release.key for release in catalogue.releases()})
            session = _Session(self, catalogue.next_key())
            try:
                yield session
            finally:
                session.end()

    def remove(self, release: Release) -> None:
        """Take a release that is not active out, with its file."""
        with self._lock():
            with self.changing() as catalogue:
                catalogue.remove(release.key)
            self._path(release.key).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing stays open between reads of the catalogue."""

    def _path(self, key: int) -> Path:
        return self._releases / f"{key:06}.sqlite3"

    def _read(self, sql: str, values: Sequence[Any]) -> list[Any]:
        try:
            with closing(_connection(self._catalogue, "ro")) as connection:
                stated = connection.execute("SELECT value FROM catalogue_meta").fetchall()
                if stated != [(SCHEMA_VERSION,)]:
                    raise _other_version(self._catalogue)
                return connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            said = f"The catalogue {self._catalogue} can't be read ({error})."
            raise StoreUnavailable(said) from error

    def _make_catalogue(self) -> None:
        if self._catalogue.exists():
            return
        from sqlalchemy import URL, create_engine, insert

        from terminology.store import schema
        from terminology.store.fresh import fresh_file

        said = {"name": "schema", "value": SCHEMA_VERSION}
        try:
            with fresh_file(self._catalogue) as path:
                engine = create_engine(URL.create("sqlite", database=str(path)))
                with engine.begin() as connection:
                    schema.catalogue.create_all(connection)
                    connection.execute(insert(schema.catalogue_meta), [said])
                engine.dispose()
        except OSError as error:
            raise _unwritable(self._catalogue, error) from error

    @contextmanager
    def _lock(self) -> Iterator[None]:
        path = self._folder / "lock"
        try:
            self._releases.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise StoreUnavailable(
                f"Another process is writing to {self._folder}. Wait until it is done."
            ) from None
        finally:
            os.close(descriptor)

    def _sweep(self, known: set[int]) -> None:
        """Remove what loads that were killed left behind."""
        for path in self._releases.glob("[0-9]*.sqlite3*"):
            if int(path.name.partition(".")[0]) not in known:
                path.unlink(missing_ok=True)

    def _shipped_store(self) -> SqliteStore:
        path = self._folder / f"shipped-{self._shipped.release}.sqlite3"
        with suppress(StoreUnavailable):  # there is none yet, or it is damaged: it is built anew
            return SqliteStore(path)
        # What builds brings SQLAlchemy along, which a second start does without.
        from terminology.store.build import build_file

        try:
            build_file(path, 0, self._shipped.release, self._shipped.contents())
            self._remove_old(path)
        except OSError as error:
            raise _unwritable(path, error) from error
        return SqliteStore(path)

    def _remove_old(self, current: Path) -> None:
        """Remove what older versions built; the last of them may still be running."""
        built = sorted(self._folder.glob("shipped-*.sqlite3"), key=lambda p: p.stat().st_mtime)
        for path in [p for p in built if p != current][:-1]:
            path.unlink(missing_ok=True)
        (self._folder / _BEFORE).unlink(missing_ok=True)


class _Session:
    """The writing of one release into a file of its own."""

    def __init__(self, repository: EmbeddedRepository, key: int) -> None:
        self.key = key
        self._repository = repository
        self._path = repository._path(key)
        self._store: SqliteStore | None = None
        self._is_committed = False

    def write(self, contents: Contents) -> Store:
        from terminology.store.build import build_file

        try:
            build_file(self._path, self.key, f"writing {self.key}", contents)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        self._store = SqliteStore(self._path)
        return self._store

    def part(self, release: Release) -> Store:
        return self._repository.part(release)

    def commit(self, release: Release, *, activate: bool) -> Release:
        if self._store is None:
            raise InvalidInput("Nothing was written.")
        with self._repository.changing() as catalogue:
            added = catalogue.add(release)
            if activate:
                current = catalogue.activation().releases
                keys = with_active(current, [added], catalogue.releases())
                at = datetime.now(UTC).isoformat(timespec="seconds")
                catalogue.activate(keys, at, added.loaded_by, f"load {added.name}")
        self._is_committed = True
        return added

    def end(self) -> None:
        if self._store is not None:
            self._store.close()
        if not self._is_committed:
            self._path.unlink(missing_ok=True)


def _connection(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=_WAIT, isolation_level=None)


def _unwritable(path: Path, error: Exception) -> StoreUnavailable:
    said = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
    return StoreUnavailable(
        f"The store can't be written to {path} ({said}). Name a folder that can be written with"
        " PROTERM_DATA."
    )


def _other_version(path: Path) -> StoreUnavailable:
    return StoreUnavailable(
        f"The catalogue {path} was written by another version of Proterm. Use that one, or name"
        " another folder with PROTERM_DATA."
    )
