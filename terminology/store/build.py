"""Writing a store: a whole release into a new file, which then takes its place at once.

Whatever happens while it is written, the file that serves is the old one or the new one, whole.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert

from terminology.errors import InvalidInput
from terminology.model import CodeSystem, Json
from terminology.store import schema
from terminology.store.base import SCHEMA_VERSION
from terminology.store.search import index_rows
from terminology.store.tables import TableLoad, write_table
from terminology.store.words import insertable, word_rows
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
        InvalidInput: a code system has a code twice.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    # Made here and not by SQLite, with the permissions of any file: who serves may be another user.
    fresh.touch(exist_ok=False)
    try:
        _write_file(fresh, release, resources, tables)
        _sync(fresh)
        fresh.replace(path)
        _sync(path.parent)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


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


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
    for key, resource in enumerate(resources, start=1):
        _write_resource(connection, key, resource)
    for key, table in enumerate(tables, start=1):
        write_table(connection, key, table)


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
    index = [{"resource": key} | row for row in index_rows(resource)]
    if index:
        connection.execute(insert(schema.search_value), index)
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
        (schema.concept, [_concept_row(key, stored, telling) for stored in flat]),
        (
            schema.concept_edge,
            [{"system": key, "parent": up, "child": down} for up, down in edges(system, flat)],
        ),
        (schema.concept_property, [row for stored in flat for row in _property_rows(key, stored)]),
        (schema.concept_word, insertable(key, word_rows(flat))),
    ):
        if rows:
            connection.execute(insert(table), rows)


def _concept_row(key: int, stored: PlacedConcept, telling: frozenset[str]) -> dict[str, Any]:
    concept = stored.concept
    names = [concept.code, concept.display or "", *(d.value for d in concept.designation)]
    return {
        "system": key,
        "code": concept.code,
        "ordinal": stored.ordinal,
        "parent": stored.parent,
        "display": concept.display,
        "plain": int(is_plain(concept, telling)),
        "folded": concept.code.casefold(),
        "text": fold(" ".join(names)),
        "body": _encode(msgspec.structs.replace(concept, concept=[])),
    }


def _property_rows(key: int, stored: PlacedConcept) -> Iterator[dict[str, Any]]:
    for prop in stored.concept.property:
        value = prop.text()
        if value is not None:
            yield {
                "system": key,
                "code": prop.code,
                "value": value,
                "ordinal": stored.ordinal,
            }
