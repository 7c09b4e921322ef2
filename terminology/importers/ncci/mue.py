"""NCCI's medically unlikely edits: how many units of a code may be reported, for each setting.

A file begins with a copyright notice over several lines in quotation marks, and its header has a
cell of two lines. The adjudication indicator stands in words, `3 Date of Service Edit: Clinical`:
its number is what is kept. Nothing inside tells from when the file is in force.
https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits
"""

import re
from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from terminology.errors import InvalidInput
from terminology.importers.choosing import without_twins
from terminology.importers.dates import named_day, quarter
from terminology.importers.delivery import (
    Delivery,
    Options,
    Row,
    TableLoad,
    quarterly,
    read_files,
)
from terminology.importers.entry import Entry
from terminology.importers.grids import Line, code_text, is_grid, plain, rows
from terminology.importers.ncci.names import day_in, setting_in
from terminology.importers.problems import Tally, UnreadableSource, hollow
from terminology.importers.source import Source

KIND = "ncci-mue"
TABLE = "medicare-mue"
_HEAD = 60
"""Within so many rows the header stands."""
_NAMED = re.compile(r"mue", re.IGNORECASE)


class _File(Struct, frozen=True):
    entry: Entry
    setting: str
    notice: str
    columns: tuple[int, int, int, int]
    first: int


def recognise(source: Source) -> str | None:
    """Tell whether a file of a source has the header of unit limits."""
    for entry in source.entries():
        if is_grid(entry) and _NAMED.search(entry.name) and _header(entry) is not None:
            return f"{entry.name} has the header of NCCI's unit limits"
    return None


def read(source: Source, options: Options) -> Delivery:
    """Read the limits of each setting as a release.

    Raises:
        InvalidInput: no day in the name and none given, files of several days, two files of one
            setting, Medicaid's file, or no setting in name and header.
    """
    files = _files(source)
    effective = _effective(files, options)
    release = options.version or f"{effective[:4]}Q{quarter(effective)}"
    title = f"MUE {effective[:4]} Q{quarter(effective)}"
    tally = Tally(options.threshold)
    tables = [
        TableLoad(
            quarterly(
                table=TABLE,
                setting=file.setting,
                release=release,
                title=title,
                effective=effective,
                source=file.entry.base,
            ),
            _rows(file, tally),
        )
        for file in files
    ]
    return Delivery(
        kind=KIND,
        version=release,
        title=title,
        effective=effective,
        notice=files[0].notice,
        files=read_files(file.entry for file in files),
        tally=tally,
        tables=tables,
    )


def _files(source: Source) -> list[_File]:
    found: dict[str, _File] = {}
    for entry in without_twins([e for e in source.entries() if is_grid(e)]):
        head = _header(entry)
        if head is None:
            continue
        above, header = head
        file = _file(entry, above, header)
        if file.setting in found:
            other = found[file.setting].entry
            raise InvalidInput(
                f"{other.name} and {entry.name} both hold the limits of the setting"
                f" '{file.setting}': load one release at a time."
            )
        found[file.setting] = file
    if not found:
        raise UnreadableSource(f"{source.path} holds no file with the header of unit limits.")
    return [found[setting] for setting in sorted(found)]


def _header(entry: Entry) -> tuple[list[Line], Line] | None:
    above: list[Line] = []
    for line in islice(rows(entry), _HEAD):
        names = [plain(cell) for cell in line.cells]
        if any("MUE VALUE" in name for name in names) and "CODE" in names[0]:
            return above, line
        above.append(line)
    return None


def _file(entry: Entry, above: list[Line], header: Line) -> _File:
    names = [plain(cell) for cell in header.cells]
    if "MEDICAID" in " ".join(names):
        raise UnreadableSource(f"{entry.label} holds the limits of Medicaid, not of Medicare.")
    value = next(n for n, name in enumerate(names) if "MUE VALUE" in name)
    others = [
        next((n for n, name in enumerate(names) if word in name), -1)
        for word in ("ADJUDICATION", "RATIONALE")
    ]
    setting = setting_in(names[value]) or setting_in(entry.name)
    if setting is None:
        raise InvalidInput(
            f"Neither the header nor the name of {entry.label} tells whose limits these are. Give"
            " it CMS's name, such as MCR_MUE_PractitionerServices_Eff_07-01-2026.csv."
        )
    notice = "\n".join(cell for line in above for cell in line.cells if cell)
    return _File(entry, setting, notice, (0, value, others[0], others[1]), header.number)


def _effective(files: list[_File], options: Options) -> str:
    if options.effective:
        return named_day(options.effective, "--effective")
    days = {day for file in files if (day := day_in(file.entry.name))}
    if not days:
        raise InvalidInput(
            f"The name of {files[0].entry.label} does not tell from when it is in force. Name the"
            " first day (--effective 2026-07-01)."
        )
    if len(days) > 1:
        raise InvalidInput(
            f"There are limits in force from {' and '.join(sorted(days))}: load one release at a"
            " time."
        )
    return days.pop()


def _rows(file: _File, tally: Tally) -> Iterator[Row]:
    seen: set[str] = set()
    label = file.entry.label
    before = tally.rows
    for line in rows(file.entry):
        if line.number <= file.first or not any(line.cells):
            continue
        tally.rows += 1
        row = _row(line, file, tally)
        if row is None:
            continue
        if row[0] in seen:
            tally.bad(label, line.number, f"the code {row[0]} stands there a second time")
            continue
        seen.add(row[0])
        yield row
    if tally.rows == before:
        raise hollow(label)
    tally.finish()


def _row(line: Line, file: _File, tally: Tally) -> Row | None:
    label = file.entry.label
    if len(line.cells) <= max(file.columns):
        tally.bad(
            label, line.number, f"the row of {line.cells[0]} ends after {len(line.cells)} cells"
        )
        return None
    cells = [line.cells[n] if n >= 0 else "" for n in file.columns]
    code, limit, mark, rationale = code_text(cells[0]), cells[1], cells[2], cells[3]
    if not re.fullmatch(r"[0-9A-Z]\d{3}[0-9A-Z]", code):
        tally.bad(label, line.number, f"{code!r} is no code")
    elif not (limit.isascii() and limit.isdigit()):
        tally.bad(label, line.number, f"the limit of {code} is {limit!r}, no number of units")
    elif mark[:1] not in ("1", "2", "3"):
        tally.bad(label, line.number, f"the adjudication indicator of {code} is {mark!r}")
    else:
        return code, "", {"mue": limit, "mai": mark[:1], "rationale": rationale}
    return None
