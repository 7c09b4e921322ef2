"""Writing a store: a whole release into a new file, which then takes its place at once.

Whatever happens while it is written, the file that serves is the old one or the new one, whole.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert

from terminology.errors import InvalidInput
from terminology.model import CodeSystem, Json
from terminology.store import schema
from terminology.store.base import SCHEMA_VERSION
from terminology.store.bulk import bulk_insert
from terminology.store.fresh import fresh_file
from terminology.store.search import index_rows
from terminology.store.tables import TableLoad, write_table
from terminology.store.words import word_rows
from terminology.text import fold
from terminology.tree import PlacedConcept, edges, flatten, is_plain, telling_codes

_BULK = ("concept",)
"""The elements of a canonical resource that its head is stored without."""
_CANONICALS = frozenset({"CodeSystem", "ValueSet", "ConceptMap"})
_encode = msgspec.json.Encoder(decimal_format="number").encode


def build(
    path: Path, release: str, resources: Iterable[Json], tables: Iterable[TableLoad] = ()
) -> None:
    """Write a release to `path`, replacing what is there in one step.

    Args:
        path: the SQLite file; its folder is made where it is missing.
        release: the fingerprint that the store will answer as its `release`.
        resources: FHIR resources, R5-shaped.
        tables: the releases of tables, each with its rows.

    Raises:
        OSError: the file can't be written; what was at `path` is untouched, as with any error.
        InvalidInput: a resource has no type or no id, or one is there twice: a resource, a code of
            a code system, a row of a table.
    """
    with fresh_file(path) as fresh:
        _write_file(fresh, release, resources, tables)


def _write_file(
    path: Path, release: str, resources: Iterable[Json], tables: Iterable[TableLoad] = ()
) -> None:
    engine = _engine(path)
    try:
        with engine.begin() as connection:
            _write(connection, release, resources, tables)
        with engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
    finally:
        engine.dispose()


def _engine(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)))

    @event.listens_for(engine, "connect")
    def _fast(connection: Any, _record: Any) -> None:
        # Nobody reads the file before it is whole, so no journal is needed to undo a part of it.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")

    return engine


def _write(
    connection: Connection,
    release: str,
    resources: Iterable[Json],
    tables: Iterable[TableLoad] = (),
) -> None:
    schema.metadata.create_all(connection)
    stated = {"release": release, "schema": SCHEMA_VERSION}
    connection.execute(
        insert(schema.meta), [{"name": name, "value": value} for name, value in stated.items()]
    )
    known: set[tuple[str, str]] = set()
    for key, resource in enumerate(resources, start=1):
        _check(resource, key, known)
        _write_resource(connection, key, resource)
    for key, table in enumerate(tables, start=1):
        write_table(connection, key, table)


def _check(resource: Json, number: int, known: set[tuple[str, str]]) -> None:
    for name in ("resourceType", "id"):
        if not isinstance(resource.get(name), str):
            raise InvalidInput(
                f"Resource {number}{_called(resource)} has no '{name}'; give it one, as text."
            )
    named = resource["resourceType"], resource["id"]
    if named in known:
        raise InvalidInput(
            f"There are two resources {named[0]}/{named[1]}; give each an id of its own."
        )
    known.add(named)


def _called(resource: Json) -> str:
    names = (resource.get(name) for name in ("resourceType", "id", "url"))
    found = [name for name in names if isinstance(name, str)]
    return f" ({', '.join(found)})" if found else ""


def _write_resource(connection: Connection, key: int, resource: Json) -> None:
    canonical = resource["resourceType"] in _CANONICALS
    head = {name: value for name, value in resource.items() if name not in _BULK}
    connection.execute(
        insert(schema.resource),
        {
            "key": key,
            "type": resource["resourceType"],
            "id": resource["id"],
            "url": resource.get("url"),
            "version": resource.get("version"),
            "body": _encode(resource),
            "head": _encode(head) if canonical else None,
        },
    )
    names = ("type", "name", "system", "value", "folded")
    index = ((key, *(row[name] for name in names)) for row in index_rows(resource))
    bulk_insert(connection, schema.search_value, index)
    if resource["resourceType"] == "CodeSystem":
        _write_concepts(connection, key, msgspec.convert(resource, CodeSystem))


def _write_concepts(connection: Connection, key: int, system: CodeSystem) -> None:
    flat = flatten(system.concept)
    codes: set[str] = set()
    for placed in flat:
        if placed.concept.code in codes:
            raise InvalidInput(
                f"The code system '{system.canonical}' has the code '{placed.concept.code}' twice;"
                " give each concept a code of its own."
            )
        codes.add(placed.concept.code)
    telling = telling_codes(system.property)
    for table, rows in (
        (schema.concept, (_concept_row(stored, telling) for stored in flat)),
        (schema.concept_edge, edges(system, flat)),
        (schema.concept_property, (row for stored in flat for row in _property_rows(stored))),
        (schema.concept_word, word_rows(flat)),
    ):
        bulk_insert(connection, table, ((key, *row) for row in rows))


def _concept_row(stored: PlacedConcept, telling: frozenset[str]) -> tuple[Any, ...]:
    concept = stored.concept
    names = [concept.code, concept.display or "", *(d.value for d in concept.designation)]
    return (
        concept.code,
        stored.ordinal,
        stored.parent,
        concept.display,
        int(is_plain(concept, telling)),
        concept.code.casefold(),
        fold(" ".join(names)),
        _encode(msgspec.structs.replace(concept, concept=[])),
    )


def _property_rows(stored: PlacedConcept) -> Iterator[tuple[str, str, int]]:
    for prop in stored.concept.property:
        value = prop.text()
        if value is not None:
            yield prop.code, value, stored.ordinal
