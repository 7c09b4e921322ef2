"""Writing a release of a published table, in chunks: it may have millions of rows."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, insert, update

from terminology.store import schema

_CHUNK = 10_000
_KEYS = frozenset({"code", "modifier", "setting", "release", "effective"})
"""The columns that say which row it is and of what, and no part of what it says."""
_encode = msgspec.json.Encoder().encode


class TableLoad(msgspec.Struct, frozen=True, kw_only=True):
    """A release of a table with its rows.

    Attributes:
        table: its name, `medicare-fee-schedule`.
        setting: whose table it is, empty where there is but one.
        release: the publisher's name of it.
        title: its name for people.
        effective: the first day in force, `YYYY-MM-DD`.
        until: the last day of its own period.
        source: the id of a DocumentReference.
        whole: whether it is all that was published.
        rows: of a table keyed by code: `code`, `modifier` where it is of one, and the columns.
        pairs: of a table keyed by two codes: column1, column2, effective, deleted, indicator,
            rationale; in no order.
    """

    table: str
    setting: str = ""
    release: str
    title: str
    effective: str
    until: str
    source: str
    whole: bool = True
    rows: Iterable[Mapping[str, str]] = ()
    pairs: Iterable[Mapping[str, str]] = ()


def write_table(connection: Connection, key: int, load: TableLoad) -> None:
    """Write a release under a key of the store; it is read as it is written."""
    head = {
        "key": key,
        "name": load.table,
        "setting": load.setting,
        "release": load.release,
        "title": load.title,
        "effective": load.effective,
        "until": load.until,
        "source": load.source,
        "whole": int(load.whole),
        "rows": 0,
    }
    connection.execute(insert(schema.table_release), [head])
    count = _insert(connection, schema.table_row, (_row(key, row) for row in load.rows))
    pairs = ({"release": key, **pair} for pair in load.pairs)
    count += _insert(connection, schema.code_pair, pairs)
    releases = schema.table_release
    connection.execute(update(releases).where(releases.c.key == key).values(rows=count))


def _insert(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> int:
    count = 0
    while chunk := list(islice(rows, _CHUNK)):
        connection.execute(insert(table), chunk)
        count += len(chunk)
    return count


def _row(key: int, row: Mapping[str, str]) -> dict[str, Any]:
    return {
        "release": key,
        "code": row["code"],
        "modifier": row.get("modifier", ""),
        "body": _encode({name: value for name, value in row.items() if name not in _KEYS}),
    }
