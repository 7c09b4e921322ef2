"""Writing a release: into a new file that then takes its place at once, or into a database.

Whatever happens while it is written, what serves is the old content or the new one, whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, update

from terminology.errors import InvalidInput
from terminology.model import CodeSystem, Json
from terminology.store import schema
from terminology.store.base import KEY_BITS, SCHEMA_VERSION, first_key, release_of
from terminology.store.bulk import bulk_insert, refuse_null
from terminology.store.concepts import write_concepts
from terminology.store.contents import Contents, SystemLoad, TableLoad
from terminology.store.fresh import fresh_file
from terminology.store.search import index_rows
from terminology.store.tables import write_table
from terminology.tree import PlacedConcept, flatten

_BULK = ("concept",)
"""The elements of a canonical resource that its head is stored without."""
_CANONICALS = frozenset({"CodeSystem", "ValueSet", "ConceptMap"})
_WHOLE = 5_000
"""A code system of no more concepts is kept as one resource too, as it is read by its id."""
_SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}
"""How FHIR marks a resource that is not whole: https://hl7.org/fhir/R5/resource.html#Meta.tag."""
_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def build(
    path: Path,
    release: str,
    resources: Iterable[Json],
    tables: Iterable[TableLoad] = (),
    stated: Mapping[str, str] | None = None,
) -> None:
    """Write a release of resources and tables to `path`, replacing what is there in one step.

    Args:
        path: the SQLite file; its folder is made where it is missing.
        release: the fingerprint that the store will answer as its `release`.
        resources: FHIR resources, R5-shaped.
        tables: the releases of tables, each with its rows.
        stated: what else the file is to say of itself.

    Raises:
        OSError: the file can't be written; what was at `path` is untouched, as with any error.
        InvalidInput: a resource has no type or no id, or one is there twice: a resource, a code of
            a code system, a row of a table.
    """
    build_file(path, 0, release, Contents(resources=resources, tables=tables), stated)


def build_file(
    path: Path,
    key: int,
    release: str,
    contents: Contents,
    stated: Mapping[str, str] | None = None,
) -> None:
    """Write a release to `path`, as `build` does, under a key of its own."""
    with fresh_file(path) as fresh:
        engine = _engine(fresh)
        try:
            with engine.begin() as connection:
                schema.metadata.create_all(connection)
                _write_meta(connection, key, release, stated or {})
                write_contents(connection, key, contents)
            with engine.begin() as connection:
                connection.exec_driver_sql("ANALYZE")
                # Where it knows how large a hierarchy is, SQLite makes a Bloom filter of all of it
                # for each question about it, which takes a thousand times as long.
                sql = "DELETE FROM sqlite_stat1 WHERE tbl = 'concept_edge'"
                connection.exec_driver_sql(sql)
        finally:
            engine.dispose()


def write_contents(connection: Connection, release: int, contents: Contents) -> None:
    """Write all of a release into tables that are there.

    Args:
        connection: in a transaction, which the caller ends.
        release: its key.
        contents: read once, as it is written.

    Raises:
        InvalidInput: as `build`.
    """
    writer = _Writer(connection, release)
    for system in contents.systems:
        writer.write_system(system)
    for resource in contents.resources:
        writer.write_resource(resource)
    for key, table in enumerate(contents.tables, start=first_key(release) + 1):
        write_table(connection, key, table)


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)))

    @event.listens_for(engine, "connect")
    def _fast(connection: Any, _record: Any) -> None:
        # Nobody reads the file before it is whole, so no journal is needed to undo a part of it.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")

    return engine


def _write_meta(connection: Connection, key: int, release: str, stated: Mapping[str, str]) -> None:
    said = {**stated, "release": release, "schema": SCHEMA_VERSION, "key": str(key)}
    rows = [{"name": name, "value": value} for name, value in said.items()]
    connection.execute(insert(schema.meta), rows)


class _Writer:
    """The resources of a release, numbered as they come."""

    def __init__(self, connection: Connection, release: int) -> None:
        self._connection = connection
        self._key = first_key(release)
        self._known: set[tuple[str, str]] = set()

    def write_resource(self, resource: Json) -> None:
        key = self._next(resource)
        canonical = resource["resourceType"] in _CANONICALS
        self._write(key, resource, _head(resource) if canonical else None)
        if resource["resourceType"] == "CodeSystem":
            system = msgspec.convert(resource, CodeSystem)
            write_concepts(self._connection, key, system, flatten(system.concept))

    def write_system(self, load: SystemLoad) -> None:
        key = self._next(load.head)
        self._write(key, load.head, load.head)
        system = msgspec.convert(load.head, CodeSystem)
        kept: list[PlacedConcept] = []
        count = write_concepts(self._connection, key, system, _keeping(load.concepts, kept))
        # Of a fragment the resource may count what the whole code system has.
        head = {"count": count} | load.head
        whole = head | {"concept": _nested(kept)} if 0 < count <= _WHOLE else _subsetted(head)
        resources = schema.resource
        counted = update(resources).where(resources.c.key == key)
        self._connection.execute(counted.values(head=_encode(head), body=_encode(whole)))

    def _next(self, resource: Json) -> int:
        self._key += 1
        number = self._key & ((1 << KEY_BITS) - 1)
        for name in ("resourceType", "id"):
            if not isinstance(resource.get(name), str):
                raise InvalidInput(
                    f"Resource {number}{_called(resource)} has no '{name}'; give it one, as text."
                )
        named = resource["resourceType"], resource["id"]
        if named in self._known:
            raise InvalidInput(
                f"There are two resources {named[0]}/{named[1]}; give each an id of its own."
            )
        self._known.add(named)
        return self._key

    def _write(self, key: int, resource: Json, head: Json | None) -> None:
        release = release_of(key)
        row = {
            "key": key,
            "release": release,
            "type": resource["resourceType"],
            "id": resource["id"],
            "url": resource.get("url"),
            "version": resource.get("version"),
            "body": _encode(resource),
            "head": _encode(head) if head is not None else None,
        }
        refuse_null(row.values())
        self._connection.execute(insert(schema.resource), row)
        names = ("type", "name", "system", "value", "folded")
        rows = ((key, release, *(row[name] for name in names)) for row in index_rows(resource))
        bulk_insert(self._connection, schema.search_value, rows)


def _head(resource: Json) -> Json:
    return {name: value for name, value in resource.items() if name not in _BULK}


def _called(resource: Json) -> str:
    names = (resource.get(name) for name in ("resourceType", "id", "url"))
    found = [name for name in names if isinstance(name, str)]
    return f" ({', '.join(found)})" if found else ""


def _keeping(
    concepts: Iterable[PlacedConcept], kept: list[PlacedConcept]
) -> Iterator[PlacedConcept]:
    """The concepts, of which the first go into `kept` on their way."""
    left = iter(concepts)
    for placed in islice(left, _WHOLE + 1):
        kept.append(placed)
        yield placed
    if len(kept) > _WHOLE:
        kept.clear()
    yield from left


def _nested(concepts: Iterable[PlacedConcept]) -> list[Json]:
    """Concepts as a CodeSystem resource has them."""
    top: list[Json] = []
    made: list[Json] = []
    for placed in concepts:
        one: Json = _decode(_encode(placed.concept))
        made.append(one)
        siblings = top if placed.parent is None else made[placed.parent].setdefault("concept", [])
        siblings.append(one)
    return top


def _subsetted(head: Json) -> Json:
    meta = head.get("meta", {})
    return head | {"meta": meta | {"tag": [*meta.get("tag", ()), _SUBSETTED]}}
