"""A release read by SQL: its resources and its concepts."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from terminology.errors import StoreUnavailable
from terminology.model import Concept
from terminology.store.base import StoredHead
from terminology.store.search import Found, SearchPage, SearchQuery, all_found, bodies, run
from terminology.store.sqlreader import marks, parts
from terminology.store.sqltables import SqlTables
from terminology.store.words import ANY, CODE, CODE_ANY, LAST, WordRow, is_short, packed
from terminology.tree import Listed, Neighbours, PlacedConcept

START = 200
"""So many letters of a property's value are in the index; the rest of it is compared."""
_concept = msgspec.json.Decoder(Concept).decode

_LISTED = "SELECT ordinal, code, display, parent, plain FROM concept WHERE system = ? AND"
_CONCEPT = "SELECT ordinal, body, parent FROM concept WHERE system = ? AND code = ?"
_CONCEPT_FOLDED = (
    "SELECT ordinal, body, parent FROM concept WHERE system = ? AND folded = ? ORDER BY ordinal"
)
_NEAR = """
    SELECT {kind} AS kind, other.ordinal, other.parent, other.code, other.display, other.plain, NULL
    FROM concept itself
    JOIN concept_edge edge ON edge.system = itself.system AND edge.{here} = itself.ordinal
    JOIN concept other ON other.system = edge.system AND other.ordinal = edge.{there}
    WHERE itself.system = ? AND itself.code = ?"""
_NEIGHBOURS = f"""
    SELECT 0 AS kind, ordinal, parent, code, display, plain, body FROM concept
    WHERE system = ? AND code = ?
    UNION ALL {_NEAR.format(kind=1, here="child", there="parent")}
    UNION ALL {_NEAR.format(kind=2, here="parent", there="child")}
    ORDER BY 1, 2"""  # noqa: S608 - names of ours
_BELOW = """
    WITH RECURSIVE below(child) AS (
        SELECT child FROM concept_edge WHERE system = ? AND parent = ?
        UNION
        SELECT edge.child FROM below
        JOIN concept_edge edge ON edge.system = ? AND edge.parent = below.child)
    SELECT child FROM below WHERE child <> ? ORDER BY child"""
_IS_BELOW = """
    WITH RECURSIVE above(parent) AS (
        SELECT parent FROM concept_edge WHERE system = ? AND child = ?
        UNION
        SELECT edge.parent FROM above
        JOIN concept_edge edge ON edge.system = ? AND edge.child = above.parent)
    SELECT 1 FROM above WHERE parent = ? AND parent <> ?"""
_WORDS = (
    "SELECT word, field, is_bitmap, postings FROM concept_word"
    " WHERE system = ? AND word >= ? AND word < ? ORDER BY word, field"
)
_WORDS_SHORT = _WORDS.replace("word >= ? AND word < ?", "word IN (?, ?)")


class SqlStore(SqlTables):
    """A release in a database."""

    @property
    def release(self) -> str:
        """The fingerprint of what is loaded."""
        return self._release

    def resource(self, resource_type: str, resource_id: str) -> bytes | None:
        """The JSON of a resource as it was loaded, None where there is none."""
        sql = "SELECT body FROM resource WHERE release = ? AND type = ? AND id = ?"
        row = self._row(sql, (self._key, resource_type, resource_id))
        return row[0] if row else None

    def resource_by_key(self, key: int) -> bytes:
        """The JSON of the resource with the store's own number."""
        row = self._row("SELECT body FROM resource WHERE key = ?", (key,))
        if row is None:
            raise StoreUnavailable(f"The store has lost resource {key}.")
        body: bytes = row[0]
        return body

    def search(self, query: SearchQuery) -> SearchPage:
        """One page of the resources that match, in a stable order, with the total."""
        return run(query, self._key, self._rows)

    def found(self, query: SearchQuery) -> list[Found]:
        """Every resource that matches, by id."""
        return all_found(query, self._key, self._rows)

    def bodies(self, query: SearchQuery, keys: Sequence[int]) -> dict[int, bytes]:
        """The JSON of resources by their keys, as the query wants it."""
        found: dict[int, bytes] = {}
        for part in parts(keys):
            found |= bodies(query, part, self._rows)
        return found

    def resource_counts(self) -> dict[str, int]:
        """How many resources of each type are loaded."""
        sql = "SELECT type, count(*) FROM resource WHERE release = ? GROUP BY type ORDER BY type"
        return dict(self._rows(sql, (self._key,)))

    def heads(self, resource_type: str) -> list[StoredHead]:
        """Every loaded canonical resource of a type, without its bulk."""
        sql = (
            "SELECT key, url, version, head FROM resource WHERE release = ? AND type = ?"
            " ORDER BY key"
        )
        return [StoredHead(*row) for row in self._rows(sql, (self._key, resource_type))]

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
        for part in parts(ordinals):
            sql = (
                "SELECT ordinal, body, parent FROM concept"  # noqa: S608 - only marks are joined
                f" WHERE system = ? AND ordinal IN ({marks(part)})"
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
        for part in parts(ordinals):
            sql = f"{_LISTED} ordinal IN ({marks(part)})"
            for row in self._rows(sql, (system, *part)):
                found[row[0]] = Listed._make(row)
        return [found[ordinal] for ordinal in ordinals]

    def has_hierarchy(self, system: int) -> bool:
        """Whether any concept of the code system has a parent."""
        sql = "SELECT 1 FROM concept_edge WHERE system = ? LIMIT 1"
        return self._row(sql, (system,)) is not None

    def neighbours(self, system: int, code: str) -> Neighbours | None:
        """The concept with exactly this code, and those directly above and below it."""
        itself: PlacedConcept | None = None
        parents: list[Listed] = []
        children: list[Listed] = []
        for kind, ordinal, parent, name, display, plain, body in self._rows(
            _NEIGHBOURS, (system, code) * 3
        ):
            if kind == 0:
                itself = PlacedConcept(ordinal, _concept(body), parent)
            else:
                one = Listed(ordinal, name, display, parent, bool(plain))
                (parents if kind == 1 else children).append(one)
        return None if itself is None else Neighbours(itself, parents, children)

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
        return [row[0] for row in self._rows(_BELOW, (system, ordinal, system, ordinal))]

    def is_descendant(self, system: int, ordinal: int, ancestor: int) -> bool:
        """Whether `ordinal` is below `ancestor`; nothing is below itself."""
        values = (system, ordinal, system, ancestor, ordinal)
        return self._row(_IS_BELOW, values) is not None

    def property_values(self, system: int, code: str) -> Iterable[tuple[int, str]]:
        """Each (ordinal, value as text) of the property, in document order."""
        sql = (
            "SELECT ordinal, value FROM concept_property"
            " WHERE system = ? AND code = ? ORDER BY ordinal, value"
        )
        return self._rows(sql, (system, code))

    def with_property(self, system: int, code: str, values: Sequence[str]) -> list[int]:
        """The ordinals of the concepts that have one of the values, in document order."""
        sql = (
            "SELECT ordinal FROM concept_property WHERE system = ? AND code = ? AND start = ?"
            " AND value = ?"
        )
        found = {
            row[0]
            for value in values
            for row in self._rows(sql, (system, code, value[:START], value))
        }
        return sorted(found)

    def codes(self, system: int, prefix: str) -> list[WordRow]:
        """The concepts whose code, without case, begins so, as rows like those of words."""
        if is_short(prefix):
            sql = _WORDS.replace("word >= ? AND word < ?", "word = ?")
            return self._rows(sql, (system, prefix + CODE_ANY))
        sql = "SELECT ordinal FROM concept WHERE system = ? AND folded >= ? AND folded < ?"
        rows = self._rows(sql, (system, prefix, prefix + LAST))
        return [(prefix, CODE, 0, packed([row[0] for row in rows]))]

    def words(self, system: int, prefix: str) -> list[WordRow]:
        """Each folded word that begins so, with the concepts that have it, by place."""
        if is_short(prefix):
            return self._rows(_WORDS_SHORT, (system, prefix, prefix + ANY))
        return self._rows(_WORDS, (system, prefix, prefix + LAST))

    def bodies_by_code(self, system: int) -> Iterator[tuple[str, bytes]]:
        """Every code of a code system with its concept's JSON, sorted by code."""
        sql = "SELECT code, body FROM concept WHERE system = ? AND code > ? ORDER BY code LIMIT ?"
        yield from self._streamed(sql, (system,), lambda row: (row[0],), ("",))
