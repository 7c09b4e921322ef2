"""CSV files and workbooks as rows of text."""

from pathlib import Path

import pytest

from terminology.importers import grids
from terminology.importers.guard import Limits
from terminology.importers.problems import UnreadableSource
from terminology.importers.source import open_source
from tests.terminology.importers.conftest import OnlyEntry
from tests.terminology.importers.generate.workbook import workbook
from tests.terminology.importers.packing import write, zipped


def rows(path: Path) -> list[tuple[int, list[str]]]:
    with open_source(path) as source:
        (entry,) = source.entries()
        return [(line.number, line.cells) for line in grids.rows(entry)]


def test_a_csv_row_has_the_line_that_it_begins_in(tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", b'\xef\xbb\xbf"Notice\r\nof two lines",\r\n\r\n 37244 ,2\r\n')
    assert rows(path) == [(1, ["Notice\r\nof two lines", ""]), (3, []), (4, ["37244", "2"])]


def test_a_csv_file_may_be_cut_by_tabs(tmp_path: Path) -> None:
    assert rows(write(tmp_path, "a.csv", b"a\tb,c\td\n")) == [(1, ["a", "b,c", "d"])]


def test_a_quotation_mark_that_is_not_closed_is_found(tmp_path: Path) -> None:
    content = b'a,b\n"oops,1\n' + b"x,y\n" * 300
    with pytest.raises(UnreadableSource, match=r"a\.csv:2: a quotation mark opens here"):
        rows(write(tmp_path, "a.csv", content))
    with pytest.raises(UnreadableSource, match=r"a\.csv:2: a quotation mark opens here"):
        rows(write(tmp_path, "a.csv", content + b"x,y\n" * 100_000))


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ('2,"whole"\n3,"cut sho', "a.csv:3: .* not closed where the file ends"),
        ('2,"whole"\n3,"never closed\n4,b\n5,c\n', "a.csv:3: .* not closed where the file ends"),
        ('2,"one lacks\n3,"whole"\n', "a.csv:2: .* quotation mark within a quoted cell"),
        ('2,"a 5" needle"\n', "a.csv:2: .* quotation mark within a quoted cell"),
    ],
)
def test_quotation_marks_that_don_t_pair_up(tmp_path: Path, rest: str, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=reason):
        rows(write(tmp_path, "a.csv", f"a,b\n{rest}".encode()))


def test_quotation_marks_that_are_sound(tmp_path: Path) -> None:
    content = b'"a ""b"" c",5" needle,"d"\r\n"e"'
    assert rows(write(tmp_path, "a.csv", content)) == [
        (1, ['a "b" c', '5" needle', "d"]),
        (2, ["e"]),
    ]


def test_a_workbook_s_cells_are_the_text_of_the_csv_file(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["HCPCS", None, " x "], [404, 32.3465, "0404"], [0.5]])
    assert rows(path) == [
        (1, ["HCPCS", "", "x"]),
        (2, ["404", "32.3465", "0404"]),
        (3, ["0.5", "", ""]),
    ]


def test_rows_of_a_workbook_keep_their_numbers_below_empty_ones(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["a"], [], ["b"]], first=4)
    assert [line for line in rows(path) if any(line[1])] == [(4, ["a"]), (6, ["b"])]


def test_a_workbook_in_a_zip(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", [["a"]]).read_bytes()
    assert rows(write(tmp_path, "b.zip", zipped({"a.xlsx": book}))) == [(1, ["a"])]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"text", zipped({"a": b"no workbook"})])
def test_a_damaged_workbook(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableSource, match=r"a\.xlsx is damaged"):
        rows(write(tmp_path, "a.xlsx", content))


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="protected by a password"):
        rows(write(tmp_path, "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"))


def test_an_empty_workbook(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="no sheet with rows"):
        rows(workbook(tmp_path / "a.xlsx", []))


def test_a_workbook_that_is_a_zip_bomb(tmp_path: Path, only: OnlyEntry) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x" * 1_000]] * 1_000)
    with pytest.raises(UnreadableSource, match="looks like a zip bomb"):
        list(grids.rows(only(path), Limits(ratio=20, free=1_000)))


@pytest.mark.parametrize(
    ("text", "code"),
    [("404", "00404"), ("1924", "01924"), ("37244", "37244"), ("A1", "A1"), ("26", "26")],
)
def test_codes_get_their_zeros_back(text: str, code: str) -> None:
    assert grids.code_text(text) == code
