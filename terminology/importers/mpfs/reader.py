"""Medicare's relative value file as a release of a table.

Its columns have names that are cut over several rows, and there are other columns in other years:
each is found by its name. Codes with a professional and a technical part have rows of their own
with the modifiers 26 and TC, and some have one with 53. The descriptions are the AMA's.
https://www.cms.gov/medicare/payment/fee-schedules/physician/pfs-relative-value-files
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from terminology.errors import InvalidInput
from terminology.importers.choosing import without_twins
from terminology.importers.dates import first_of, letter, month_of, named_day
from terminology.importers.delivery import (
    Delivery,
    Options,
    Row,
    TableLoad,
    quarterly,
    read_files,
)
from terminology.importers.entry import Entry
from terminology.importers.grids import Line, code_text, is_grid, rows
from terminology.importers.mpfs.columns import COLUMNS, DESCRIPTION, NEEDED, Mend, anything
from terminology.importers.problems import Tally, UnreadableSource
from terminology.importers.source import Source
from terminology.importers.stacked import Header, find

KIND = "mpfs"
TABLE = "medicare-fee-schedule"
_LAST = ("HCPCS", "MOD")
_TITLE = re.compile(r"\b(20\d\d)\b.*\b([A-Z][a-z]{2,8}) Release", re.IGNORECASE)
_NAME = re.compile(r"PPRRVU_?(?:20)?(\d\d)[_-]([A-Za-z]{3})", re.IGNORECASE)
_FIRST_FACTOR = re.compile(r"non_?-?qpp", re.IGNORECASE)
_OTHER_FACTOR = re.compile(r"qpp", re.IGNORECASE)
_LETTERED = re.compile(r"RVU(?:20)?(\d\d)([A-D])", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_MODIFIER = re.compile(r"(?:[0-9A-Z]{2})?")
_MONTHS = ("January", "April", "July", "October")


class _File(Struct, frozen=True):
    entry: Entry
    header: Header


def recognise(source: Source) -> str | None:
    """Tell whether a file of a source is named as CMS names the file, or begins as it does."""
    for entry in source.entries():
        if "pprrvu" in entry.base.lower():
            return f"{entry.name} is named as CMS names the relative value file"
        if is_grid(entry) and "HCPCS,MOD,DESCRIPTION" in entry.start_text(1 << 14):
            return f"{entry.name} has the header of the relative value file"
    return None


def read(source: Source, options: Options) -> Delivery:
    """Read the file as a release.

    Raises:
        InvalidInput: there is no such file, several, the one of the other conversion factor by
            itself, or one without a column that every year's has; or neither title nor name tells
            from when it is in force, and no day was named.
    """
    tally = Tally(options.threshold)
    file = _chosen(_files(source), tally)
    stated = _stated_day(file)
    if options.effective:
        effective = named_day(options.effective, "--effective")
    elif stated:
        effective = stated
    else:
        raise InvalidInput(
            f"Neither title nor name of {file.entry.label} tells from when it is in force. Name"
            " the first day (--effective 2026-01-01)."
        )
    named = stated or effective
    release = options.version or f"{named[:4]}{letter(named)}"
    title = f"RVU {named[:4]} {_MONTHS['ABCD'.index(letter(named))]}"
    head = quarterly(
        table=TABLE,
        setting="",
        release=release,
        title=title,
        effective=effective,
        source=file.entry.base,
    )
    return Delivery(
        kind=KIND,
        version=release,
        title=title,
        effective=effective,
        notice="\n".join(line for line in file.header.above if "copyright" in line.lower()),
        files=read_files([file.entry]),
        tally=tally,
        tables=[TableLoad(head, _rows(file, _columns(file, options, tally), tally))],
    )


def _files(source: Source) -> list[_File]:
    grids = without_twins([entry for entry in source.entries() if is_grid(entry)])
    found = []
    for entry in grids:
        if len(grids) > 1 and "rvu" not in entry.base.lower():
            continue
        header = find(rows(entry), _LAST)
        # Other files of the same delivery begin with code and modifier too.
        if header is not None and {"STATUS CODE", "GLOB DAYS"} <= set(header.names):
            found.append(_File(entry, header))
    if not found:
        raise UnreadableSource(
            f"{source.path} holds no CSV file and no workbook with the header of the relative value"
            " file. CMS's file of fixed columns (.txt) is not read: load the CSV file beside it."
        )
    return found


def _chosen(files: list[_File], tally: Tally) -> _File:
    """The file to read: since 2026 there is one for each conversion factor."""
    if len(files) == 1:
        return _of_first_factor(files[0])
    others = [file for file in files if _FIRST_FACTOR.search(file.entry.base)]
    if len(others) != 1:
        names = ", ".join(file.entry.name for file in files)
        raise InvalidInput(f"There are several relative value files ({names}): name one of them.")
    for file in files:
        if file is not others[0]:
            tally.remark(
                f"{file.entry.name} was passed over: a row has one conversion factor, and"
                f" that which answers is the one of {others[0].entry.base}."
            )
    return others[0]


def _of_first_factor(file: _File) -> _File:
    """The file, unless it is of the factor that no answer is made from.

    Both files are of one release and one day: the second would take the place of the first.
    """
    base = file.entry.base
    if _OTHER_FACTOR.search(base) and not _FIRST_FACTOR.search(base):
        raise InvalidInput(
            f"{file.entry.label} has the other of two conversion factors (QPP): a row has one, and"
            " that which answers is the one of the nonQPP file. Loaded as well, this file would"
            " take that one's place: load the nonQPP file of the same release."
        )
    return file


def _stated_day(file: _File) -> str | None:
    """The first day that the title tells, or else the name."""
    for text in file.header.above:
        found = _TITLE.search(text)
        month = month_of(found[2]) if found else None
        if found and month:
            return first_of(int(found[1]), month)
    found = _NAME.search(file.entry.name)
    month = month_of(found[2]) if found else None
    if found and month:
        return first_of(2000 + int(found[1]), month)
    found = _LETTERED.search(file.entry.name)
    if found:
        return first_of(2000 + int(found[1]), 1 + 3 * "ABCD".index(found[2].upper()))
    return None


def _columns(file: _File, options: Options, tally: Tally) -> list[tuple[int, str, Mend]]:
    """For each column that is taken its place, its name and how its cells are mended."""
    taken: list[tuple[int, str, Mend]] = []
    for place, name in enumerate(file.header.names):
        if name in COLUMNS:
            taken.append((place, *COLUMNS[name]))
        elif name == DESCRIPTION:
            if options.accept_license:
                taken.append((place, "description", anything))
        elif name and name not in _LAST:
            tally.remark(f"The column '{name}' of {file.entry.base} is not known; it was left out.")
    missing = NEEDED - {name for _, name, _ in taken}
    if missing:
        raise UnreadableSource(
            f"{file.entry.label} has no column for {', '.join(sorted(missing))}; its header reads:"
            f" {', '.join(name for name in file.header.names if name)}."
        )
    return taken


def _rows(file: _File, columns: list[tuple[int, str, Mend]], tally: Tally) -> Iterator[Row]:
    seen: set[tuple[str, str]] = set()
    label = file.entry.label
    for line in rows(file.entry):
        if line.number <= file.header.last or not any(line.cells):
            continue
        tally.rows += 1
        row = _row(line, columns, tally, label)
        if row is None:
            continue
        if row[:2] in seen:
            what = f"{row[0]} with {row[1]}" if row[1] else row[0]
            tally.bad(label, line.number, f"the row of {what} stands there a second time")
            continue
        seen.add(row[:2])
        yield row
    tally.finish()


def _row(line: Line, columns: list[tuple[int, str, Mend]], tally: Tally, label: str) -> Row | None:
    cells = line.cells
    code = code_text(cells[0])
    modifier = cells[1].upper() if len(cells) > 1 else ""
    if not _CODE.fullmatch(code) or not _MODIFIER.fullmatch(modifier):
        tally.bad(label, line.number, f"{cells[0]!r} with {modifier!r} is no code and modifier")
        return None
    values: dict[str, str] = {}
    for place, name, mend in columns:
        if place >= len(cells):
            tally.bad(label, line.number, f"the row of {code} ends before the column {name}")
            return None
        mended = mend(cells[place])
        if mended is None:
            tally.bad(label, line.number, f"the {name} of {code} is {cells[place]!r}")
            return None
        values[name] = mended
    return code, modifier, values
