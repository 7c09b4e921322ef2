"""The files of a delivery that are tables: descriptors for consumers and clinicians, history."""

from collections.abc import Iterator
from itertools import repeat

from terminology.importers.entry import Entry
from terminology.importers.grids import WORKBOOKS, Line, plain, rows
from terminology.importers.problems import Tally, UnreadableSource


def records(
    entry: Entry, needed: tuple[str, ...], tally: Tally, more: tuple[str, ...] = ()
) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table with a header: the number of each, and its cells of the named columns.

    Args:
        entry: text that is cut by tabs or bars, or a workbook.
        needed: the columns that must be there, by their names as `grids.plain` writes them.
        tally: counts the rows.
        more: columns that may be missing; their cells come after the others, empty if they are.

    Raises:
        UnreadableSource: there is no header with those columns.
    """
    lines = rows(entry) if entry.base.lower().endswith(WORKBOOKS) else _cut(entry)
    places: list[int] | None = None
    width = 0
    for number, cells in lines:
        if not any(cells):
            continue
        if places is None:
            names = [plain(cell) for cell in cells]
            missing = [name for name in needed if name not in names]
            if missing:
                raise UnreadableSource(
                    f"{entry.label} does not begin with a header that has {', '.join(missing)}."
                )
            width = len(names)
            # The place behind the last column is that of what is not there.
            places = [names.index(n) if n in names else width for n in (*needed, *more)]
            continue
        tally.rows += 1
        # The last cells of a row are left out where they are empty.
        filled = [*cells[:width], *repeat("", width + 1 - min(len(cells), width))]
        yield number, [filled[place].strip() for place in places]
    if places is None:
        raise UnreadableSource(f"{entry.label} is empty.")


def _cut(entry: Entry) -> Iterator[Line]:
    bars = b"|" in entry.start().partition(b"\n")[0]
    mark = "|" if bars else "\t"
    for number, line in entry.lines():
        yield Line(number, line.split(mark))
