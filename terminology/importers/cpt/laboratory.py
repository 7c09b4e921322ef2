"""CPTPLA: the proprietary laboratory analyses, which come out each quarter."""

from msgspec import Struct

from terminology.importers.cpt.descriptors import CODE
from terminology.importers.dates import american, iso
from terminology.importers.entry import Entry
from terminology.importers.grids import WORKBOOKS, rows
from terminology.importers.problems import Tally

_LONG, _MEDIUM, _SHORT, _EFFECTIVE, _NAME, _LABORATORY, _MAKER = 1, 2, 3, 7, 8, 9, 10


class Analysis(Struct, frozen=True):
    """An analysis of one laboratory; a code may have several, each with a name of its own."""

    long: str
    medium: str
    short: str
    effective: str
    """Empty where the file names no day."""
    name: str
    laboratory: str
    manufacturer: str


def read_analyses(entry: Entry, tally: Tally) -> dict[str, list[Analysis]]:
    """The analyses by code; rows above the first one with a code are a header."""
    found: dict[str, list[Analysis]] = {}
    for line, cells in _rows(entry):
        code = cells[0] if cells else ""
        if not CODE.fullmatch(code):
            if found and any(cells):
                tally.rows += 1
                tally.bad(entry.label, line, f"{code!r} is no code")
            continue
        tally.rows += 1
        if len(cells) <= _SHORT:
            tally.bad(entry.label, line, f"the row of {code} has {len(cells)} columns")
            continue
        filled = [*cells, *[""] * (_MAKER + 1 - len(cells))]
        day = filled[_EFFECTIVE]
        made = Analysis(
            filled[_LONG],
            filled[_MEDIUM],
            filled[_SHORT],
            iso(day) or american(day) or "",
            filled[_NAME],
            filled[_LABORATORY],
            filled[_MAKER],
        )
        found.setdefault(code, []).append(made)
    return found


def _rows(entry: Entry) -> list[tuple[int, list[str]]]:
    if entry.base.lower().endswith(WORKBOOKS):
        return [(line.number, line.cells) for line in rows(entry)]
    return [(n, [cell.strip() for cell in line.split("\t")]) for n, line in entry.lines()]
