"""The rows of NCCI's code pairs: millions, so nothing is done twice that can be done once."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from msgspec import Struct

from terminology.importers.dates import iso
from terminology.importers.delivery import PairRow
from terminology.importers.entry import Entry
from terminology.importers.grids import WORKBOOKS, Line, code_text, plain, rows
from terminology.importers.problems import Tally

_HEAD = 200
"""Within so many lines the pairs begin."""
_AS_PUBLISHED = (0, 1, 3, 4, 5, 6)
_MARKS = ("0", "1", "9")
_COUNTED = 1 << 12
"""So many rows are counted at a time; who watches a load sees them."""
_TAILS = 200_000
"""So many different ends of rows are remembered; a real file has a few thousand."""
_TITLE = "COLUMN1 COLUMN2 EDITS"


class Layout(Struct, frozen=True):
    """Where things stand in a file of pairs.

    Attributes:
        columns: of column one, column two, effective day, deletion day, modifier indicator and
            rationale; the last is -1 where the file has none, as those before 2016.
        first: the line of the first pair, from 1.
        notice: the text above the header.
    """

    columns: tuple[int, ...]
    first: int
    notice: str


def layout_of(entry: Entry) -> Layout | None:
    """Find the header of a file of pairs by its names, None where it has no such header."""
    head: list[Line] = []
    for line in islice(_lines(entry), _HEAD):
        if _is_pair(line.cells):
            columns = _columns(head)
            notice = "\n".join(_above_header(head))
            return None if columns is None else Layout(columns, line.number, notice)
        head.append(line)
    return None


def _lines(entry: Entry) -> Iterator[Line]:
    if entry.base.lower().endswith(WORKBOOKS):
        return rows(entry)
    return (
        Line(number, [cell.strip() for cell in text.split("\t")]) for number, text in entry.lines()
    )


def _is_pair(cells: list[str]) -> bool:
    return len(cells) > 1 and all(_code(cell) for cell in cells[:2])


def _above_header(head: list[Line]) -> Iterator[str]:
    for line in head:
        if line.cells and plain(line.cells[0]) == "COLUMN 1":
            return
        text = " ".join(cell for cell in line.cells if cell)
        if text and plain(text) != _TITLE:
            yield text


def _columns(head: list[Line]) -> tuple[int, ...] | None:
    width = max((len(line.cells) for line in head), default=0)
    names = [
        plain(" ".join(line.cells[n] for line in head if n < len(line.cells))) for n in range(width)
    ]
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: "COLUMN 1" in name,
        lambda name: name.startswith("COLUMN 2"),
        lambda name: name.startswith("EFFECTIVE"),
        lambda name: name.startswith("DELETION"),
        lambda name: name.startswith("MODIFIER"),
        lambda name: name.endswith("RATIONALE"),
    )
    found = [next((n for n, name in enumerate(names) if test(name)), -1) for test in tests]
    return tuple(found) if min(found[:-1]) >= 0 else None


def pairs_of(entry: Entry, layout: Layout, tally: Tally) -> Iterator[PairRow]:
    """The pairs of a file in its order; rows that are none are counted in the tally."""
    parser = _Parser(entry.label, layout, tally)
    if layout.columns == _AS_PUBLISHED and not entry.base.lower().endswith(WORKBOOKS):
        yield from _of_published_text(entry, layout, tally, parser)
        return
    for line in _lines(entry):
        if line.number >= layout.first:
            tally.rows += 1
            row = parser.row(line.number, line.cells)
            if row is not None:
                yield row


def _of_published_text(
    entry: Entry, layout: Layout, tally: Tally, parser: "_Parser"
) -> Iterator[PairRow]:
    """The pairs of a text file that has CMS's columns.

    A code is five characters and a tab, and what stands after both codes is the same in many
    rows: so both are looked up as they are cut, and parsed where they are met first.
    """
    codes: dict[str, str] = {}
    tails: dict[str, tuple[str, str, str, str]] = {}
    with entry.text() as text:
        counted = number = layout.first - 1
        try:
            for number, line in enumerate(islice(text, counted, None), layout.first):
                if number % _COUNTED == 0:
                    tally.rows += number - counted
                    counted = number
                one, two, tail = codes.get(line[:6]), codes.get(line[6:12]), tails.get(line[12:])
                if one is not None and two is not None and tail is not None:
                    yield (one, two, *tail)
                    continue
                row = parser.row(number, line.rstrip("\n").split("\t"))
                if row is not None:
                    yield row
                    codes[f"{row[0]}\t"], codes[f"{row[1]}\t"] = row[0], row[1]
                    if len(tails) < _TAILS and line[5:12:6] == "\t\t":
                        tails[line[12:]] = row[2:]
        except UnicodeDecodeError as error:
            raise entry.undecodable(error) from None
        finally:
            tally.rows += number - counted


class _Parser:
    """Makes pairs of cells, and counts those that are none."""

    def __init__(self, label: str, layout: Layout, tally: Tally) -> None:
        self._label = label
        self._tally = tally
        self._columns = layout.columns
        self._texts: dict[str, str] = {}

    def row(self, number: int, cells: list[str]) -> PairRow | None:
        """The pair in a row, None where it has none; a blank row is no problem."""
        *columns, why = self._columns
        if len(cells) <= max(self._columns):
            if any(cell.strip() for cell in cells):
                self._tally.bad(self._label, number, f"it has {len(cells)} columns")
            return None
        one, two, start, end, mark = (cells[column].strip(' "') for column in columns)
        text = cells[why].strip(' "') if why >= 0 else ""
        deleted = "" if end in ("", "*") else iso(end)
        row = (_code(one), _code(two), iso(start), deleted, mark if mark in _MARKS else None)
        if None in row:
            self._tally.bad(self._label, number, _reason(row, (one, two, start, end, mark)))
            return None
        # A rationale is one of a few; each is kept once.
        return (*row, self._texts.setdefault(text, text))  # type: ignore[return-value]


def _reason(row: tuple[str | None, ...], cells: tuple[str, ...]) -> str:
    names = ("column 1", "column 2", "the effective date", "the deletion date", "the modifier")
    wrong = next(n for n, part in enumerate(row) if part is None)
    return f"{names[wrong]} is {cells[wrong]!r}"


def _code(text: str) -> str | None:
    """A procedure code, None where the text is none."""
    code = code_text(text)
    whole = len(code) == 5 and code.isascii() and code.isalnum() and code[1:4].isdigit()
    return code if whole and code == code.upper() else None


def is_sorted(parts: Iterable[tuple[Entry, Layout]]) -> bool:
    """Whether files of text, one after the other, have their pairs in the order of both codes."""
    last = ""
    for entry, layout in parts:
        if layout.columns != _AS_PUBLISHED:
            return False
        with entry.text() as text:
            try:
                for line in islice(text, layout.first - 1, None):
                    key = line[:12]
                    if key < last or line[5:12:6] != "\t\t":
                        if line.strip():
                            return False
                    else:
                        last = key
            except UnicodeDecodeError as error:
                raise entry.undecodable(error) from None
    return True
