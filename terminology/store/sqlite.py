"""The embedded store: one SQLite file, opened read-only and memory-mapped by each worker."""

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from terminology import deadline
from terminology.errors import StoreUnavailable
from terminology.model import Concept
from terminology.store.base import SCHEMA_VERSION, CodePair, StoredHead, TableRelease, TableRow
from terminology.store.search import SearchPage, SearchQuery, run
from terminology.store.words import ANY, LAST, WordRow, is_short
from terminology.tree import Listed, PlacedConcept

_MAPPED_BYTES = 1 << 30
_STEPS = 100_000
"""How many steps of SQLite's machine lie between two looks at the deadline, some milliseconds."""
_CHUNK = 500
"""How many ordinals or codes one statement asks for; SQLite takes 32,766 parameters at most."""
_concept = msgspec.json.Decoder(Concept).decode

_LISTED = "SELECT ordinal, code, display, parent, plain FROM concept WHERE system = ? AND"
_CONCEPT = "SELECT ordinal, body, parent FROM concept WHERE system = ? AND code = ?"
_CONCEPT_FOLDED = (
    "SELECT ordinal, body, parent FROM concept WHERE system = ? AND folded = ? ORDER BY ordinal"
)
_BELOW = """
    WITH RECURSIVE below(child) AS (
        SELECT child FROM concept_edge WHERE system = :system AND parent = :ordinal
        UNION
        SELECT edge.child FROM below
        JOIN concept_edge edge ON edge.system = :system AND edge.parent = below.child)
    SELECT child FROM below WHERE child <> :ordinal ORDER BY child"""
_IS_BELOW = """
    WITH RECURSIVE above(parent) AS (
        SELECT parent FROM concept_edge WHERE system = :system AND child = :ordinal
        UNION
        SELECT edge.parent FROM above
        JOIN concept_edge edge ON edge.system = :system AND edge.child = above.parent)
    SELECT 1 FROM above WHERE parent = :ancestor AND parent <> :ordinal"""
_RELEASES = """
    SELECT key, name, setting, release, title, effective, until, source, whole, rows, complete_for
    FROM table_release ORDER BY name, setting, effective, key"""
_WORDS = (
    "SELECT word, field, is_bitmap, postings FROM concept_word"
    " WHERE system = ? AND word >= ? AND word < ?"
)
_WORDS_SHORT = _WORDS.replace("word >= ? AND word < ?", "word IN (?, ?)")


class SqliteStore:
    """A release in one SQLite file, read by any number of threads and processes.

    Args:
        path: the file that `terminology.store.build.build` wrote.

    Raises:
        StoreUnavailable: there is no such file, it is no store, or it is one of another version
            of the tables.
    """

    def __init__(self, path: Path) -> None:
        """Open the file and read which release it holds."""
        self._path = path
        self._local = threading.local()
        try:
            stated = dict(self._rows("SELECT name, value FROM meta"))
            if stated.get("schema") != SCHEMA_VERSION or "release" not in stated:
                raise self._unreadable("it was written by another version of Proterm")
        except StoreUnavailable:
            self.close()
            raise
        self._release = str(stated["release"])

    @property
    def release(self) -> str:
        """The fingerprint of what is loaded."""
        return self._release

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            del self._local.connection

    def resource(self, resource_type: str, resource_id: str) -> bytes | None:
        """The JSON of a resource as it was loaded, None where there is none."""
        sql = "SELECT body FROM resource WHERE type = ? AND id = ?"
        row = self._row(sql, (resource_type, resource_id))
        return row[0] if row else None

    def resource_by_key(self, key: int) -> bytes:
        """The JSON of the resource with the store's own number."""
        row = self._row("SELECT body FROM resource WHERE key = ?", (key,))
        if row is None:
            raise StoreUnavailable(f"The store {self._path} has lost resource {key}.")
        body: bytes = row[0]
        return body

    def search(self, query: SearchQuery) -> SearchPage:
        """One page of the resources that match, in a stable order, with the total."""
        return run(query, self._rows)

    def resource_counts(self) -> dict[str, int]:
        """How many resources of each type are loaded."""
        return dict(self._rows("SELECT type, count(*) FROM resource GROUP BY type ORDER BY type"))

    def heads(self, resource_type: str) -> list[StoredHead]:
        """Every loaded canonical resource of a type, without its bulk."""
        sql = "SELECT key, url, version, head FROM resource WHERE type = ? ORDER BY key"
        return [StoredHead(*row) for row in self._rows(sql, (resource_type,))]

    def size(self, system: int) -> int:
        """How many concepts the code system has."""
        row = self._row("SELECT max(ordinal) FROM concept WHERE system = ?", (system,))
        return 0 if row is None or row[0] is None else int(row[0]) + 1

    def concept(self, system: int, code: str) -> PlacedConcept | None:
        """The concept with exactly this code."""
        row = self._row(_CONCEPT, (system, code))
        return PlacedConcept(row[0], _concept(row[1]), row[2]) if row else None

    def concept_folded(self, system: int, code: str) -> PlacedConcept | None:
        """The concept whose code is this one when case is not looked at."""
        row = self._row(_CONCEPT_FOLDED, (system, code.casefold()))
        return PlacedConcept(row[0], _concept(row[1]), row[2]) if row else None

    def concepts(self, system: int, ordinals: Sequence[int]) -> list[PlacedConcept]:
        """The concepts with these ordinals, in the order asked for."""
        found: dict[int, PlacedConcept] = {}
        for start in range(0, len(ordinals), _CHUNK):
            part = ordinals[start : start + _CHUNK]
            marks = ",".join("?" * len(part))
            sql = (
                "SELECT ordinal, body, parent FROM concept"  # noqa: S608 - only marks are joined
                f" WHERE system = ? AND ordinal IN ({marks})"
            )
            for ordinal, body, parent in self._rows(sql, (system, *part)):
                found[ordinal] = PlacedConcept(ordinal, _concept(body), parent)
        return [found[ordinal] for ordinal in ordinals]

    def listed(self, system: int, ordinals: Sequence[int]) -> list[Listed]:
        """What a list shows of the concepts with these ordinals, in the order asked for."""
        if isinstance(ordinals, range) and ordinals.step == 1 and ordinals:
            sql = f"{_LISTED} ordinal BETWEEN ? AND ? ORDER BY ordinal"
            rows = self._rows(sql, (system, ordinals[0], ordinals[-1]))
            return [Listed._make(row) for row in rows]
        found: dict[int, Listed] = {}
        for start in range(0, len(ordinals), _CHUNK):
            part = ordinals[start : start + _CHUNK]
            sql = f"{_LISTED} ordinal IN ({','.join('?' * len(part))})"
            for row in self._rows(sql, (system, *part)):
                found[row[0]] = Listed._make(row)
        return [found[ordinal] for ordinal in ordinals]

    def has_hierarchy(self, system: int) -> bool:
        """Whether any concept of the code system has a parent."""
        sql = "SELECT 1 FROM concept_edge WHERE system = ? LIMIT 1"
        return self._row(sql, (system,)) is not None

    def children(self, system: int, ordinal: int) -> list[int]:
        """The ordinals of the direct children, in document order."""
        sql = "SELECT child FROM concept_edge WHERE system = ? AND parent = ? ORDER BY child"
        return [row[0] for row in self._rows(sql, (system, ordinal))]

    def parents(self, system: int, ordinal: int) -> list[int]:
        """The ordinals of the direct parents: there may be several."""
        sql = "SELECT parent FROM concept_edge WHERE system = ? AND child = ? ORDER BY parent"
        return [row[0] for row in self._rows(sql, (system, ordinal))]

    def descendants(self, system: int, ordinal: int) -> list[int]:
        """The ordinals of all that is below, without itself."""
        return [r[0] for r in self._rows(_BELOW, {"system": system, "ordinal": ordinal})]

    def is_descendant(self, system: int, ordinal: int, ancestor: int) -> bool:
        """Whether `ordinal` is below `ancestor`; nothing is below itself."""
        values = {"system": system, "ordinal": ordinal, "ancestor": ancestor}
        return self._row(_IS_BELOW, values) is not None

    def property_values(self, system: int, code: str) -> Iterable[tuple[int, str]]:
        """Each (ordinal, value as text) of the property, in document order."""
        sql = (
            "SELECT ordinal, value FROM concept_property"
            " WHERE system = ? AND code = ? ORDER BY ordinal"
        )
        return self._rows(sql, (system, code))

    def with_property(self, system: int, code: str, values: Sequence[str]) -> list[int]:
        """The ordinals of the concepts that have one of the values, in document order."""
        sql = (
            "SELECT ordinal FROM concept_property WHERE system = ? AND code = ? AND value = ?"
            " ORDER BY ordinal"
        )
        found = {row[0] for value in values for row in self._rows(sql, (system, code, value))}
        return sorted(found)

    def matching_text(self, system: int, words: Sequence[str]) -> list[int]:
        """The ordinals of the concepts whose code, display or designations hold every word."""
        clauses = " AND instr(text, ?) > 0" * len(words)
        sql = f"SELECT ordinal FROM concept WHERE system = ?{clauses} ORDER BY ordinal"  # noqa: S608
        return [row[0] for row in self._rows(sql, (system, *words))]

    def words(self, system: int, prefix: str) -> list[WordRow]:
        """Each folded word that begins so, with the concepts that have it, by place."""
        if is_short(prefix):
            return self._rows(_WORDS_SHORT, (system, prefix, prefix + ANY))
        return self._rows(_WORDS, (system, prefix, prefix + LAST))

    def table_releases(self) -> list[TableRelease]:
        """Every release of every table, by table, setting and effective date."""
        return [
            TableRelease._make((*row[:8], bool(row[8]), row[9], tuple(row[10].split())))
            for row in self._rows(_RELEASES)
        ]

    def table_rows(self, releases: Sequence[int], codes: Sequence[str]) -> list[TableRow]:
        """The rows of the codes in the releases with these keys."""
        sql = (
            "SELECT release, code, modifier, body FROM table_row"
            " WHERE release IN ({}) AND code IN ({})"
        )
        found = (
            self._rows(sql.format(_marks(releases), _marks(part)), (*releases, *part))
            for part in _parts(codes)
        )
        return sorted(TableRow(*row) for rows in found for row in rows)

    def code_pairs(self, release: int, codes: Sequence[str]) -> list[CodePair]:
        """The rows of a release both of whose codes are among `codes`."""
        sql = (
            "SELECT column1, column2, effective, deleted, indicator, rationale FROM code_pair"
            " WHERE release = ? AND column1 IN ({}) AND column2 IN ({})"
        )
        found = (
            self._rows(sql.format(_marks(first), _marks(second)), (release, *first, *second))
            for first in _parts(codes)
            for second in _parts(codes)
        )
        return sorted(CodePair(*row) for rows in found for row in rows)

    def _rows(self, sql: str, values: Any = ()) -> list[Any]:
        try:
            return self._connection().execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            deadline.check()
            raise self._unreadable(error) from error

    def _row(self, sql: str, values: Any) -> Any:
        try:
            return self._connection().execute(sql, values).fetchone()
        except sqlite3.DatabaseError as error:
            deadline.check()
            raise self._unreadable(error) from error

    def _unreadable(self, reason: object) -> StoreUnavailable:
        return StoreUnavailable(
            f"The store {self._path} can't be read ({reason}). Start the service again to build it."
        )

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


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _parts(codes: Sequence[str]) -> list[list[str]]:
    """The different codes, no more in a part than a statement may ask for."""
    each = sorted(set(codes))
    return [each[start : start + _CHUNK] for start in range(0, len(each), _CHUNK)]
