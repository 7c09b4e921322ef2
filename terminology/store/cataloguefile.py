"""The catalogue of an embedded repository: a small file that each change replaces by another.

So a reader needs no lock and no journal, whatever happens to the one who writes: it reads a file
that nobody changes any more, also from a disk that can't be written.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

from terminology.errors import StoreUnavailable
from terminology.store.base import SCHEMA_VERSION
from terminology.store.catalogue import Catalogue
from terminology.store.fresh import fresh_file, unwritable
from terminology.store.locks import locked
from terminology.store.migrations import Step, steps_from, upgrade_file

_PATIENCE = 5.0
"""So many seconds a change waits for another one."""
INSTEAD = "another folder with PROTERM_DATA"


class CatalogueFile:
    """Which releases a folder has, and which of them are active.

    Args:
        path: of the file; as long as there is none, there are no releases.
    """

    def __init__(self, path: Path) -> None:
        """Keep the path; nothing is read yet."""
        self._path = path

    def reading(self) -> Catalogue:
        """The catalogue, to be read."""
        return Catalogue(self._read)

    @contextmanager
    def changing(self) -> Iterator[Catalogue]:
        """The catalogue, to be changed; the changes are there when the block has ended.

        Raises:
            StoreUnavailable: it can't be written.
            OtherVersion: it is of a version that is neither read nor upgraded.
        """
        self.upgrade_steps()
        try:
            with self._turn(), fresh_file(self._path) as fresh:
                if self._path.exists():
                    shutil.copyfile(self._path, fresh)
                else:
                    _make(fresh)
                with closing(_connection(fresh, "mode=rw")) as connection:
                    # Nobody reads the copy: nothing has to undo a part of what is written.
                    connection.execute("PRAGMA journal_mode = OFF")
                    connection.execute("PRAGMA synchronous = OFF")
                    yield Catalogue(lambda sql, v: connection.execute(sql, v).fetchall())
        except (sqlite3.Error, OSError) as error:
            raise unwritable(self._path, error) from error

    def upgrade_steps(self) -> list[Step]:
        """The steps from the version that it is of to today's.

        Raises:
            OtherVersion: there is no way.
            StoreUnavailable: it can't be read.
        """
        if not self._path.exists():
            return []
        with self._opened() as connection:
            return self._steps(connection)

    def upgrade(self) -> None:
        """Make it one of today's version, where it is older."""
        with self._turn():
            steps = self.upgrade_steps()
            if steps:
                upgrade_file(self._path, steps, is_catalogue=True)

    def _read(self, sql: str, values: Sequence[Any]) -> list[Any]:
        if not self._path.exists():
            return []
        with self._opened() as connection:
            if self._steps(connection):
                raise StoreUnavailable(
                    f"The catalogue {self._path} is older than this Proterm. The service and the"
                    " commands upgrade it when they start."
                )
            return connection.execute(sql, values).fetchall()

    def _steps(self, connection: sqlite3.Connection) -> list[Step]:
        sql = "SELECT value FROM catalogue_meta WHERE name = 'schema'"
        rows = connection.execute(sql).fetchall()
        version = str(rows[0][0]) if rows else ""
        return steps_from(version, f"The catalogue {self._path}", INSTEAD)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(_connection(self._path, "mode=ro&immutable=1")) as connection:
                yield connection
        except sqlite3.Error as error:
            said = f"The catalogue {self._path} can't be read ({error})."
            raise StoreUnavailable(said) from error

    def _turn(self) -> AbstractContextManager[None]:
        refusal = f"Another process is changing {self._path}. Try again in a moment."
        return locked(self._path.with_suffix(".lock"), _PATIENCE, refusal)


def _make(path: Path) -> None:
    from sqlalchemy import URL, create_engine, insert

    from terminology.store import schema

    engine = create_engine(URL.create("sqlite", database=str(path)))
    with engine.begin() as connection:
        schema.catalogue.create_all(connection)
        said = {"name": "schema", "value": SCHEMA_VERSION}
        connection.execute(insert(schema.catalogue_meta), [said])
    engine.dispose()


def _connection(path: Path, how: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(uri, uri=True, isolation_level=None)
