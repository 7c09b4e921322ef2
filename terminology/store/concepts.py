"""Writing a code system's concepts as rows, with their hierarchy, properties and words."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection

from terminology.errors import InvalidInput
from terminology.model import CodeSystem
from terminology.store import schema
from terminology.store.bulk import bulk_insert
from terminology.store.sql import START
from terminology.store.words import WordIndex
from terminology.tree import Edges, PlacedConcept, is_plain, telling_codes

_CHUNK = 5_000
_encode = msgspec.json.Encoder(decimal_format="number").encode


def write_concepts(
    connection: Connection, key: int, head: CodeSystem, concepts: Iterable[PlacedConcept]
) -> int:
    """Write the concepts of a code system as they come; a few thousand are held at a time.

    Args:
        connection: where the tables are.
        key: of the code system.
        head: the code system; its own concepts are not looked at.
        concepts: by ordinal from 0, a parent before its children.

    Returns:
        How many concepts there were.

    Raises:
        InvalidInput: a code is there twice.
    """
    telling = telling_codes(head.property)
    words, edges = WordIndex(), Edges(head.property)
    left, count = iter(concepts), 0
    while chunk := list(islice(left, _CHUNK)):
        for placed in chunk:
            if not edges.add(placed):
                raise _twice(head, placed)
            words.add(placed)
            words.add_code(placed)
        count += len(chunk)
        rows: Iterable[tuple[Any, ...]] = ((key, *_row(placed, telling)) for placed in chunk)
        bulk_insert(connection, schema.concept, rows)
        rows = ((key, *row) for placed in chunk for row in _properties(placed))
        bulk_insert(connection, schema.concept_property, rows)
    bulk_insert(connection, schema.concept_edge, ((key, *pair) for pair in edges.pairs()))
    bulk_insert(connection, schema.concept_word, ((key, *row) for row in words.rows()))
    return count


def _twice(head: CodeSystem, placed: PlacedConcept) -> InvalidInput:
    return InvalidInput(
        f"The code system '{head.canonical}' has the code '{placed.concept.code}' twice; give each"
        " concept a code of its own."
    )


def _row(placed: PlacedConcept, telling: frozenset[str]) -> tuple[Any, ...]:
    concept = placed.concept
    return (
        concept.code,
        placed.ordinal,
        placed.parent,
        concept.display,
        int(is_plain(concept, telling)),
        concept.code.casefold(),
        _encode(msgspec.structs.replace(concept, concept=[]) if concept.concept else concept),
    )


def _properties(placed: PlacedConcept) -> Iterator[tuple[str, str, str, int]]:
    for prop in placed.concept.property:
        value = prop.text()
        if value is not None:
            yield prop.code, value, value[:START], placed.ordinal
