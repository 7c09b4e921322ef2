"""CSV files and workbooks as rows of text: what every spreadsheet-like file is read through."""

import csv
import io
import math
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any, NamedTuple

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from terminology.importers.archives import entries_of_zip
from terminology.importers.entry import Entry
from terminology.importers.guard import Budget, Limits, damaged
from terminology.importers.problems import UnreadableSource

WORKBOOKS = (".xlsx", ".xlsm")
GRIDS = (".csv", *WORKBOOKS)
# A notice of a page in one cell is fine; a quotation mark that nobody closed takes the whole file.
_LONGEST_RECORD = 200
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Line(NamedTuple):
    """A row: the line or row of the file that it begins in, from 1, and its cells, stripped."""

    number: int
    cells: list[str]


def rows(entry: Entry, limits: Limits | None = None) -> Iterator[Line]:
    """The rows of a CSV file or of the first sheet of a workbook that has any.

    Args:
        entry: the file, a workbook if it is named so.
        limits: for what comes out of a workbook, which is a zip file.

    Raises:
        UnreadableSource: it is damaged or no text, or its quotation marks don't pair up.
    """
    if entry.base.lower().endswith(WORKBOOKS):
        return _rows_of_workbook(entry, limits or Limits())
    return _rows_of_csv(entry)


def is_grid(entry: Entry) -> bool:
    """Whether a file's name is that of a CSV file or a workbook."""
    return entry.base.lower().endswith(GRIDS)


def _rows_of_csv(entry: Entry) -> Iterator[Line]:
    start = entry.start()
    delimiter = "\t" if start.count(b"\t") > start.count(b",") else ","
    with entry.text(newline="") as text:
        # Lenient, it would take what lies behind a quotation mark that is not closed for one cell.
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        before = 0
        try:
            for cells in reader:
                if reader.line_num - before > _LONGEST_RECORD:
                    raise _unclosed(entry, before + 1)
                yield Line(before + 1, [cell.strip() for cell in cells])
                before = reader.line_num
        except csv.Error as error:
            if reader.line_num - before > _LONGEST_RECORD or "field larger" in str(error):
                raise _unclosed(entry, before + 1) from None
            raise _misquoted(entry, before + 1, str(error)) from None
        except UnicodeDecodeError as error:
            raise entry.undecodable(error) from None


def _misquoted(entry: Entry, line: int, reason: str) -> UnreadableSource:
    at = f"{entry.label}:{line}: the row that begins here"
    if "unexpected end of data" in reason:
        return UnreadableSource(
            f"{at} has a quotation mark that is not closed where the file ends: the file was cut"
            " short, or the mark is missing. Fetch it again."
        )
    if "expected after" in reason:
        return UnreadableSource(
            f"{at} has a quotation mark within a quoted cell: one is missing before it, or it has"
            " to be written twice. The rows after it can't be told apart."
        )
    return UnreadableSource(f"{at} can't be read: {reason}.")


def _unclosed(entry: Entry, line: int) -> UnreadableSource:
    return UnreadableSource(
        f"{entry.label}:{line}: a quotation mark opens here and is not closed within"
        f" {_LONGEST_RECORD} lines, so that the rows after it can't be told apart."
    )


def _rows_of_workbook(entry: Entry, limits: Limits) -> Iterator[Line]:
    packed = entry.read()
    if packed.startswith(_OLD_EXCEL):
        raise UnreadableSource(
            f"{entry.label} is protected by a password, or an old Excel file (.xls) in spite of its"
            " name. Save it as XLSX or CSV, without a password."
        )
    _check(packed, entry.label, limits)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(packed)) as book:
            sheet = _first_with_rows(book)
            if sheet is None:
                raise UnreadableSource(f"{entry.label} has no sheet with rows.")
            # Rows above the first that holds something come too, so that they can be counted.
            for number, cells in enumerate(sheet.iter_rows(), 1):
                yield Line(number, [_text(cell) for cell in cells])
    except CalamineError as error:
        raise damaged(entry.label, error) from None


def _check(packed: bytes, label: str, limits: Limits) -> None:
    """Unpack it once to nowhere: the reader of workbooks knows no limits."""
    with ExitStack() as stack:
        budget = Budget(limits)
        for part in entries_of_zip(io.BytesIO(packed), label, "", budget, stack):
            with part.open() as stream:
                while stream.read(1 << 20):
                    pass


def _first_with_rows(book: CalamineWorkbook) -> CalamineSheet | None:
    for found in book.sheets_metadata:
        if found.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(found.name)
            if sheet.height:
                return sheet
    return None


def _text(cell: Any) -> str:
    """A cell as its text would stand in the publisher's CSV file."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        return str(int(cell)) if math.isfinite(cell) and cell == int(cell) else repr(cell)
    if isinstance(cell, date | datetime):
        return f"{cell:%Y%m%d}"
    return str(cell)


def plain(text: str) -> str:
    """A column's name without case, punctuation and line breaks, `CO-SURG` as `CO SURG`."""
    return re.sub(r"[^A-Z0-9*]+", " ", text.upper()).strip()


def code_text(text: str) -> str:
    """A procedure code as it is: a spreadsheet takes `00404` for a number and writes 404."""
    return text.zfill(5) if text.isdigit() and 2 < len(text) < 5 else text
