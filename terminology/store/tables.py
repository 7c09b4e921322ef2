"""Writing a release of a published table: it may have millions of rows."""

from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from terminology.errors import InvalidInput
from terminology.store import schema
from terminology.store.base import CodePair
from terminology.store.bulk import bulk_insert

_KEYS = frozenset({"code", "modifier", "setting", "release"})
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
        complete_for: the procedure codes of which an extract holds every row.
        rows: of a table keyed by code: `code`, `modifier` where it is of one, and the columns.
        pairs: of a table keyed by two codes; sorted by both they are written fastest.
    """

    table: str
    setting: str = ""
    release: str
    title: str
    effective: str
    until: str
    source: str
    whole: bool = True
    complete_for: tuple[str, ...] = ()
    rows: Iterable[Mapping[str, str]] = ()
    pairs: Iterable[CodePair] = ()


def write_table(connection: Connection, key: int, load: TableLoad) -> None:
    """Write a release under a key of the store; its rows are written as they are read.

    Raises:
        InvalidInput: the release, or a row of it, is there twice.
    """
    try:
        _write_head(connection, key, load)
        rows = ((key, *_row(row)) for row in load.rows)
        count = bulk_insert(connection, schema.table_row, rows)
        pairs = ((key, *pair) for pair in load.pairs)
        count += bulk_insert(connection, schema.code_pair, pairs)
    except IntegrityError as error:
        raise InvalidInput(
            f"The release {load.release} ({load.title}) of the table '{load.table}' is there twice,"
            " or a row of it is; give a release once, and in it a code and modifier, or a pair with"
            " its dates and indicator, once."
        ) from error
    releases = schema.table_release
    connection.execute(update(releases).where(releases.c.key == key).values(rows=count))


def _write_head(connection: Connection, key: int, load: TableLoad) -> None:
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
        "complete_for": " ".join(load.complete_for),
    }
    connection.execute(insert(schema.table_release), [head])


def _row(row: Mapping[str, str]) -> tuple[str, str, bytes]:
    said = {name: value for name, value in row.items() if name not in _KEYS}
    return row["code"], row.get("modifier", ""), _encode(said)
