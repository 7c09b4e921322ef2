"""The files of a delivery that are tables: descriptors for consumers and clinicians, history."""

from collections.abc import Iterator
from itertools import chain

from terminology.importers.entry import Entry
from terminology.importers.grids import WORKBOOKS, Line, plain, rows
from terminology.importers.problems import Tally, UnreadableSource

Record = dict[str, str]


def records(entry: Entry, needed: tuple[str, ...], tally: Tally) -> Iterator[tuple[int, Record]]:
    """The rows of a table with a header, by the names in it as `grids.plain` writes them.

    Args:
        entry: text that is cut by tabs or bars, or a workbook.
        needed: the columns that must be there.
        tally: counts the rows.

    Raises:
        UnreadableSource: there is no header with those columns.
    """
    lines = rows(entry) if entry.base.lower().endswith(WORKBOOKS) else _cut(entry)
    names: list[str] = []
    for line in lines:
        if not any(line.cells):
            continue
        if not names:
            names = [plain(cell) for cell in line.cells]
            missing = [name for name in needed if name not in names]
            if missing:
                raise UnreadableSource(
                    f"{entry.label} does not begin with a header that has {', '.join(missing)}."
                )
            continue
        tally.rows += 1
        # The last cells of a row are left out where they are empty.
        filled = chain(line.cells, [""] * (len(names) - len(line.cells)))
        yield line.number, dict(zip(names, filled, strict=False))
    if not names:
        raise UnreadableSource(f"{entry.label} is empty.")


def _cut(entry: Entry) -> Iterator[Line]:
    bars = b"|" in entry.start().partition(b"\n")[0]
    mark = "|" if bars else "\t"
    for number, line in entry.lines():
        yield Line(number, [cell.strip() for cell in line.split(mark)])
