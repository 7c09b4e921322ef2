"""Rows into a table in chunks, so that none is ever held as a whole."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert

_CHUNK = 10_000


def bulk_insert(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert rows as they come.

    Args:
        connection: whose driver takes values by their position, as SQLite's does.
        table: where they go.
        rows: with a value for each column of the table, in its order.

    Returns:
        How many rows there were.

    Raises:
        IntegrityError: a row is there twice, or lacks what it must have; SQLAlchemy's.
    """
    # The statement goes to the driver as it is: SQLAlchemy's way with a row costs as much again.
    statement = str(insert(table).compile(dialect=connection.dialect))
    left, count = iter(rows), 0
    while chunk := list(islice(left, _CHUNK)):
        connection.exec_driver_sql(statement, chunk)
        count += len(chunk)
    return count
