"""The embedded repository: a folder with a SQLite file for each release.

    shipped-<fingerprint>.sqlite3     what ships with a version of Proterm
    catalogue.sqlite3                 which releases there are, and which are active
    releases/<key>.sqlite3            a release that was loaded
    lock, catalogue.lock              held by whoever writes a release, or changes the catalogue

A file of a release is written beside its place and takes it at once; then the catalogue names it.
What no catalogue names, a load that was killed left behind, and the next one removes it.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from terminology.errors import InvalidInput, StoreUnavailable
from terminology.store.base import Store
from terminology.store.catalogue import Catalogue, Release, with_active
from terminology.store.cataloguefile import INSTEAD, CatalogueFile
from terminology.store.contents import Contents
from terminology.store.fresh import unwritable
from terminology.store.locks import locked
from terminology.store.merged import MergedStore, Part
from terminology.store.migrations import steps_from, upgrade_file
from terminology.store.repository import Shipped, View
from terminology.store.sqlite import SqliteStore, version_of

_BEFORE = "proterm.sqlite3"
"""What the versions before releases built; it held nothing but what ships."""
_PATIENCE = 2.0
"""So many seconds a writer waits for another one to end."""
_RELEASE = re.compile(r"([0-9]{6,})\.sqlite3(\.[0-9a-f]{16}\.new)?")


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
        self._catalogue = CatalogueFile(folder / "catalogue.sqlite3")
        self._shipped = shipped

    def open(self) -> View:
        """All that is active now; what ships is built first where it is missing."""
        shipped = self._shipped_store()
        catalogue = self.reading()
        activation = catalogue.activation()
        active = [release for release in catalogue.releases() if release.key in activation.releases]
        if len(active) < len(activation.releases):
            raise StoreUnavailable(
                "The releases that are active were changed meanwhile. Try again."
            )
        loaded = [Part(r.key, r.fingerprint, self.part(r), r.effective) for r in active]
        return View(activation.key, MergedStore(Part(0, shipped.release, shipped), loaded))

    def number(self) -> int:
        """The number of the current activation."""
        return self.reading().number()

    def reading(self) -> Catalogue:
        """The catalogue, to be read."""
        self._upgrade()
        return self._catalogue.reading()

    def changing(self) -> AbstractContextManager[Catalogue]:
        """The catalogue, to be changed in one step at the end of the block."""
        self._upgrade()
        return self._catalogue.changing()

    def part(self, release: Release) -> Store:
        """A release alone."""
        remedy = f"Load its files again, or take it out: `proterm deactivate {release.name}`."
        return SqliteStore(self._path(release.key), remedy)

    @contextmanager
    def writing(self) -> Iterator["_Session"]:
        """A session to write a release in."""
        self._upgrade()
        with self._lock():
            catalogue = self.reading()
            self._sweep({release.key for release in catalogue.releases()})
            session = _Session(self, catalogue.next_key())
            try:
                yield session
            finally:
                session.end()

    @contextmanager
    def removing(self, release: Release) -> Iterator[None]:
        """The turn of one who removes a release and its file, which are gone after the block."""
        with self._lock():
            yield
            with self.changing() as catalogue:
                catalogue.remove(release.key)
            with suppress(OSError):  # no catalogue names it any more: the next load removes it
                self._path(release.key).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing stays open between reads of the catalogue."""

    def _path(self, key: int) -> Path:
        return self._releases / f"{key:06}.sqlite3"

    @contextmanager
    def _lock(self) -> Iterator[None]:
        refusal = f"Another process is writing to {self._folder}. Wait until it is done."
        with locked(self._folder / "lock", _PATIENCE, refusal):
            with _told(self._releases):
                self._releases.mkdir(exist_ok=True)
            yield

    def _sweep(self, known: set[int]) -> None:
        """Remove what loads that were killed left behind."""
        for path in self._releases.iterdir():
            found = _RELEASE.fullmatch(path.name)
            if found and int(found[1]) not in known:
                path.unlink(missing_ok=True)

    def _upgrade(self) -> None:
        """Upgrade all files, the catalogue last: until then it is known what is left to do."""
        if not self._catalogue.upgrade_steps():
            return
        with self._lock(), _told(self._folder):
            for path in sorted(self._releases.glob("*.sqlite3")):
                self._upgrade_file(path)
            self._catalogue.upgrade()

    def _upgrade_file(self, path: Path) -> None:
        steps = steps_from(version_of(path), f"The release in {path}", INSTEAD)
        if steps:
            upgrade_file(path, steps, is_catalogue=False)

    def _shipped_store(self) -> SqliteStore:
        path = self._folder / f"shipped-{self._shipped.release}.sqlite3"
        with suppress(StoreUnavailable):  # there is none yet, or it is damaged: it is built anew
            return SqliteStore(path)
        # What builds brings SQLAlchemy along, which a second start does without.
        from terminology.store.build import build_file

        with _told(path):
            build_file(path, 0, self._shipped.release, self._shipped.contents())
            self._remove_old(path)
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

    def write(self, contents: Contents) -> Store:
        from terminology.store.build import build_file

        with _told(self._path):
            build_file(self._path, self.key, f"writing {self.key}", contents)
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
        return added

    def end(self) -> None:
        if self._store is not None:
            self._store.close()
        # The catalogue tells whether it is a release, whatever went wrong since it was changed.
        known = {release.key for release in self._repository.reading().releases()}
        if self.key not in known:
            with _told(self._path):
                self._path.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Errors of the disk, and of the databases on it, as one that is told in words."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except (OSError, sqlite3.Error, DBAPIError) as error:
        raise unwritable(path, error) from error
