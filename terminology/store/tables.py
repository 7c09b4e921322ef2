"""Writing a release of a published table: it may have millions of rows."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from terminology.errors import InvalidInput
from terminology.store import schema
from terminology.store.base import release_of
from terminology.store.bulk import bulk_insert, is_duplicate, refuse_null
from terminology.store.contents import TableLoad
from terminology.store.pairs import Pair, packed

_KEYS = frozenset({"code", "modifier", "setting", "release"})
"""The columns that say which row it is and of what, and no part of what it says."""
_encode = msgspec.json.Encoder().encode


def write_table(connection: Connection, key: int, load: TableLoad) -> None:
    """Write a release under a key of the store; its rows are written as they are read.

    Raises:
        InvalidInput: the release, or a row of it, is there twice.
    """
    try:
        _write_head(connection, key, load)
        rows = ((key, *_row(row)) for row in load.rows)
        count = bulk_insert(connection, schema.table_row, rows)
        packs = _Packs(key, load.pairs)
        bulk_insert(connection, schema.code_pair, packs)
    except Exception as error:
        if isinstance(error, IntegrityError) or is_duplicate(error):
            raise _twice(load) from error
        raise
    releases = schema.table_release
    counted = update(releases).where(releases.c.key == key).values(rows=count + packs.count)
    connection.execute(counted)


def _twice(load: TableLoad) -> InvalidInput:
    return InvalidInput(
        f"The release {load.release} ({load.title}) of the table '{load.table}' is there twice,"
        " or a row of it is; give a release once, and in it a code and modifier once, and the pairs"
        " of one code beside each other."
    )


class _Packs:
    """The rows of pairs, which are counted on their way."""

    def __init__(self, key: int, pairs: Iterable[Pair]) -> None:
        self.count = 0
        self._key = key
        self._pairs = pairs

    def __iter__(self) -> Iterator[tuple[int, str, bytes]]:
        for column1, pack, count in packed(self._pairs):
            self.count += count
            yield self._key, column1, pack


def _write_head(connection: Connection, key: int, load: TableLoad) -> None:
    head = {
        "key": key,
        "release": release_of(key),
        "name": load.table,
        "setting": load.setting,
        "label": load.release,
        "title": load.title,
        "effective": load.effective,
        "until": load.until,
        "source": load.source,
        "whole": int(load.whole),
        "rows": 0,
        "complete_for": " ".join(load.complete_for),
        "dated": int(load.dated),
    }
    refuse_null(head.values())
    connection.execute(insert(schema.table_release), [head])


def _row(row: Mapping[str, str]) -> tuple[str, str, bytes]:
    said = {name: value for name, value in row.items() if name not in _KEYS}
    return row["code"], row.get("modifier", ""), _encode(said)
