"""Statements that SQLite and PostgreSQL share, and how they are run.

Values are bound to `?`, whatever mark a driver takes; nothing of a request becomes a part of a
statement.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any

_CHUNK = 500
"""How many ordinals or codes one statement asks for; SQLite takes 32,766 parameters at most."""


class SqlReader(ABC):
    """A release in a database.

    Args:
        key: the release's.
        release: its fingerprint.
    """

    def __init__(self, key: int, release: str) -> None:
        """Keep which release it is."""
        self._key = key
        self._release = release

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a statement.

        Raises:
            StoreUnavailable: the database can't be read now.
            TookTooLong: the request's time was over.
        """

    @abstractmethod
    def close(self) -> None:
        """Close this thread's connection; it opens again when it is needed."""

    def _row(self, sql: str, values: Sequence[Any]) -> Any:
        rows = self._rows(sql, values)
        return rows[0] if rows else None

    def _streamed(
        self,
        sql: str,
        fixed: Sequence[Any],
        place: Callable[[Any], tuple[str, ...]],
        start: tuple[str, ...],
    ) -> Iterator[Any]:
        """The rows of a statement, some hundred at a time, each time from the last place on."""
        while rows := self._rows(sql, (*fixed, *start, _CHUNK)):
            yield from rows
            start = place(rows[-1])


def marks(values: Sequence[object]) -> str:
    """A mark for each value, with commas between them."""
    return ",".join("?" * len(values))


def parts(values: Sequence[Any]) -> list[Sequence[Any]]:
    """The values, no more in a part than a statement may ask for."""
    return [values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK)]
