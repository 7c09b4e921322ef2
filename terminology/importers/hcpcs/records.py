"""The records of CMS's file, whichever of its forms they come in."""

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from terminology.importers.entry import Entry
from terminology.importers.grids import Line, is_grid, plain, rows
from terminology.importers.hcpcs.fields import CODE, FIELDS, FIRST, LONG, MORE, RECORD, SHORT
from terminology.importers.problems import Tally, UnreadableSource

_RECORD = re.compile(r"(?:[A-Z0-9]\d{3}[A-Z0-9]|   [A-Z0-9]{2})[ \d]{5}[3478]")
_HEAD = 60
_NEEDED = ("HCPC", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "ADD DT", "TERM DT")


class Record(Struct, frozen=True):
    """A code or modifier, or more of the text of the one before.

    Attributes:
        line: that it stands in.
        code: of five characters, or of two for a modifier.
        kind: of record, one of 3, 4, 7 and 8.
        long: the long description or a part of it; of a fixed width in the text file.
        short: the short description.
        values: those that are not blank, each with the place of its field in `FIELDS`.
        fault: why it is not whole, empty where it is.
    """

    line: int
    code: str
    kind: str
    long: str
    short: str
    values: list[tuple[int, str]]
    fault: str = ""


def looks_like(entry: Entry) -> bool:
    """Whether a file begins as one of the forms does, be it below a notice."""
    if is_grid(entry):
        return header_of(entry) is not None
    start = entry.start_text(1 << 14).splitlines()
    records = sum(1 for line in start if _RECORD.match(line))
    return records > 0 and records * 3 >= sum(1 for line in start if line.strip())


def header_of(entry: Entry) -> tuple[Line, list[str]] | None:
    """The header of a table, with the texts above it."""
    above: list[str] = []
    for line in islice(rows(entry), _HEAD):
        names = [plain(cell) for cell in line.cells]
        if "HCPC" in names and "RECID" in names:
            return Line(line.number, names), above
        above.extend(cell for cell in line.cells if cell)
    return None


def records_of_table(entry: Entry, header: Line, tally: Tally) -> Iterator[Record]:
    """The records of a CSV file or a workbook.

    Raises:
        UnreadableSource: a column that every release has is not in the header.
    """
    # Of columns with one name the first is meant.
    places = {name: place for place, name in reversed([*enumerate(header.cells)])}
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        raise UnreadableSource(f"{entry.label} has no column {', '.join(missing)}.")
    fields = [[places[c] for c in field.columns if c in places] for field in FIELDS]
    # A header may go on with columns that are not read.
    needed = 1 + max(place for taken in fields for place in taken)
    for line in rows(entry):
        if line.number <= header.number or not any(line.cells):
            continue
        tally.rows += 1
        cells = line.cells + [""] * (len(header.cells) - len(line.cells))
        kind = cells[places["RECID"]]
        values = [(n, cells[p]) for n, field in enumerate(fields) for p in field if cells[p]]
        yield Record(
            line.number,
            cells[places["HCPC"]],
            kind,
            cells[places["LONG DESCRIPTION"]],
            cells[places["SHORT DESCRIPTION"]],
            values,
            _fault_of_row(line, needed, len(header.cells), kind) or _fault(kind, values),
        )


def _fault_of_row(line: Line, needed: int, width: int, kind: str) -> str:
    """Why a row is not one of the table: it is cut short, or a comma in it made two cells of one.

    The last cells of a record that continues a text are blank, and programs leave such off; those
    of a first record end with what the last change was.
    """
    held = len(line.cells)
    if (held < needed and kind in FIRST) or any(line.cells[width:]):
        return f"the row has {held} cells and the header {width}"
    return ""


def _fault(kind: str, values: list[tuple[int, str]]) -> str:
    if kind in FIRST and all(n != _ADDED for n, _ in values):
        return "it has no day on which it was added, which every code has"
    return ""


def records_of_text(entry: Entry, tally: Tally) -> Iterator[Record]:
    """The records of the text file; a notice above them is passed over."""
    begun = False
    for number, line in entry.lines():
        if not line.strip():
            continue
        if not begun and not _RECORD.match(line):
            continue
        begun = True
        tally.rows += 1
        yield _record(number, line)


def _record(number: int, line: str) -> Record:
    kind = _cut(line, *RECORD)
    code = _cut(line, *CODE).strip()
    if kind in MORE:
        return Record(number, code, kind, _padded(line), "", [])
    values: list[tuple[int, str]] = []
    for n, start, end, width in _SLICES:
        whole = line[start:end]
        # Most fields are blank.
        if whole.isspace():
            continue
        values += [
            (n, value)
            for at in range(0, len(whole), width)
            if (value := whole[at : at + width].strip())
        ]
    fault = _fault(kind, values)
    if len(line) < _WIDTH and kind in FIRST:
        fault = f"the line has {len(line)} columns and is cut short: the fields end in {_WIDTH}"
    return Record(number, code, kind, _padded(line), _cut(line, *SHORT).strip(), values, fault)


_SLICES = [
    (n, f.start - 1, f.start - 1 + f.width * len(f.columns), f.width) for n, f in enumerate(FIELDS)
]
# The last field says what the last change was and is never blank, so that a line is whole up to it
# even where the blanks at its end were left off.
_WIDTH = max(end for _, _, end, _ in _SLICES)
_ADDED = next(n for n, field in enumerate(FIELDS) if field.name == "addedDate")


def _cut(line: str, start: int, width: int) -> str:
    return line[start - 1 : start - 1 + width]


def _padded(line: str) -> str:
    return _cut(line, *LONG).ljust(LONG[1])


def joined(parts: list[str], *, hard: bool) -> str:
    """The long description of its parts.

    Args:
        parts: as they stand in the records.
        hard: whether lines were broken within words, at the last column.
    """
    text = "".join(parts) if hard else " ".join(part.strip() for part in parts)
    return " ".join(text.split())


def is_broken_in_words(entry: Entry) -> bool:
    """Whether the text file breaks its lines at the last column, be it within a word.

    Broken between words, few lines are filled to their last column; broken anywhere, most are.
    """
    kind, last = RECORD[0] - 1, LONG[0] + LONG[1] - 2
    full = continued = 0
    before = ""
    for _, line in entry.lines():
        if line[kind : kind + 1] in MORE:
            continued += 1
            full += not before[last : last + 1].isspace()
        before = line
    return full * 2 > continued
