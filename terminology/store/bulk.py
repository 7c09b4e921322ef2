"""Rows into a table in chunks, so that none is ever held as a whole."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert

from terminology.errors import InvalidInput

_CHUNK = 10_000
_NULL = "\0"
_DUPLICATE = "23505"
"""PostgreSQL's code of a row that is there already."""


def bulk_insert(connection: Connection, table: Table, rows: Iterable[tuple[Any, ...]]) -> int:
    """Insert rows as they come.

    Args:
        connection: to SQLite or PostgreSQL.
        table: where they go.
        rows: with a value for each column of the table, in its order.

    Returns:
        How many rows there were.

    Raises:
        InvalidInput: a text has the character that PostgreSQL keeps in none, nor FHIR.
        Exception: a row is there twice, see `is_duplicate`, or lacks what it must have.
    """
    left, count = iter(rows), 0
    write = _copy if connection.dialect.name == "postgresql" else _insert
    while chunk := list(islice(left, _CHUNK)):
        for row in chunk:
            refuse_null(row)
        write(connection, table, chunk)
        count += len(chunk)
    return count


def refuse_null(values: Iterable[object]) -> None:
    """Refuse a text that could not be found again in either database.

    Raises:
        InvalidInput: a text has U+0000, which no string of FHIR may have:
            https://hl7.org/fhir/R5/datatypes.html#string.
    """
    for value in values:
        if type(value) is str and _NULL in value:
            shown = value.replace(_NULL, "<U+0000>")[:80]
            raise InvalidInput(
                f"The text '{shown}' has the character U+0000, which no text may have: take it out."
            )


def is_duplicate(error: BaseException) -> bool:
    """Whether the error of a driver says that a row is there already."""
    return getattr(error, "sqlstate", None) == _DUPLICATE


def _insert(connection: Connection, table: Table, chunk: Sequence[tuple[Any, ...]]) -> None:
    # The statement goes to the driver as it is: SQLAlchemy's way with a row costs as much again.
    statement = str(insert(table).compile(dialect=connection.dialect))
    connection.exec_driver_sql(statement, list(chunk))


def _copy(connection: Connection, table: Table, chunk: Sequence[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" FROM STDIN') as copy:
        for row in chunk:
            copy.write_row(row)
