"""Reading a source to its end, for tests."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from terminology.errors import InvalidInput
from terminology.importers import registry
from terminology.importers.delivery import Delivery, Options, PairRow, Placed, Row
from terminology.importers.source import open_source
from terminology.model import Json


class Whole(Struct, frozen=True):
    """A delivery with all of its rows."""

    delivery: Delivery
    concepts: list[list[Placed]]
    tables: list[list[Row]]
    pairs: list[list[PairRow]]
    resources: list[Json]

    @property
    def problems(self) -> list[str]:
        return [str(problem) for problem in self.delivery.tally.problems]

    @property
    def remarks(self) -> list[str]:
        return self.delivery.tally.remarks


def load(kind: str, path: Path, options: Options | None = None) -> Whole:
    """Read all of a source as a format."""
    with open_source(path) as source:
        delivery = registry.read(kind, source, options or Options())
        return Whole(
            delivery,
            [list(system.concepts) for system in delivery.systems],
            [list(table.rows) for table in delivery.tables],
            [list(table.rows) for table in delivery.pairs],
            list(delivery.resources),
        )


def refusal(kind: str, path: Path, options: Options | None = None) -> str:
    """The message with which reading a source ends."""
    with pytest.raises(InvalidInput) as error:
        load(kind, path, options)
    return error.value.message


def recognised(path: Path) -> dict[str, str]:
    """What a source looks like."""
    with open_source(path) as source:
        return registry.identify(source)


Write = Callable[[str, str | bytes], Path]
