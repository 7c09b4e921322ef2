"""NCCI's code pairs, as text and as workbooks, in parts."""

import random
from pathlib import Path

import pytest

from terminology.importers.delivery import Options, PairRow
from terminology.importers.sorting import in_order
from tests.conftest import NO_SHARED, SHARED, require
from tests.terminology.importers.generate import ncci
from tests.terminology.importers.generate.workbook import Cell, workbook
from tests.terminology.importers.packing import write, zipped
from tests.terminology.importers.reading import Write, load, recognised

KIND = "ncci-ptp"
HEAD = "\r\n".join(["CPT only copyright 2025 of nobody.\t\t\t\t\t\t", *ncci.HEADER, ""])
FIRST: PairRow = (
    "0001A",
    "0591T",
    "2022-01-01",
    "2023-12-31",
    "1",
    "CPT Manual or CMS manual coding instruction",
)


def test_the_sample_of_the_real_file() -> None:
    path = SHARED / "samples" / "ccipra-v322r0-f1.sample.txt"
    require(path.exists(), NO_SHARED)
    whole = load(KIND, path)
    (rows,) = whole.pairs
    assert rows[0] == FIRST
    assert len(rows) == 13
    assert [row[2:5] for row in rows if row[:2] == ("13121", "13120")] == [
        ("1996-01-01", "1996-01-01", "9"),
        ("1996-01-01", "", "0"),
    ]
    assert whole.problems == []
    assert "copyright 2025 American Medical Association" in whole.delivery.notice


def test_a_release_of_four_parts_is_whole(tmp_path: Path) -> None:
    ncci.parts(tmp_path, 2_000)
    whole = load(KIND, tmp_path)
    (head,) = (pairs.head for pairs in whole.delivery.pairs)
    assert (head.table, head.setting, head.release) == (KIND, "practitioner", "v322r0")
    assert (head.effective, head.until, head.whole) == ("2026-07-01", "2026-09-30", True)
    assert head.title == "NCCI PTP 2026 Q3"
    (rows,) = whole.pairs
    assert len(rows) == 2_000 == whole.delivery.tally.rows
    assert rows == sorted(rows, key=lambda row: row[:2])
    assert len({row[:2] for row in rows}) < len(rows), "pairs that repeat are kept"
    assert {row[4] for row in rows} == {"0", "1", "9"}
    assert [file.name for file in whole.delivery.files] == [
        f"ccipra-v322r0-f{n}.txt" for n in range(1, 5)
    ]


@pytest.mark.parametrize(
    ("stem", "setting", "effective"),
    [
        ("CCIPRA-V313R0", "practitioner", "2025-10-01"),
        ("ccioph-v320r0", "outpatient-hospital", "2026-01-01"),
    ],
)
def test_setting_and_day_are_in_the_name(
    tmp_path: Path, stem: str, setting: str, effective: str
) -> None:
    ncci.parts(tmp_path, 40, stem)
    (loaded,) = load(KIND, tmp_path).delivery.pairs
    assert (loaded.head.setting, loaded.head.effective) == (setting, effective)


def test_both_settings_are_two_tables_of_one_release(tmp_path: Path) -> None:
    ncci.parts(tmp_path, 40)
    ncci.parts(tmp_path, 80, "ccioph-v322r0")
    whole = load(KIND, tmp_path)
    settings = [loaded.head.setting for loaded in whole.delivery.pairs]
    assert settings == ["outpatient-hospital", "practitioner"]
    assert [len(rows) for rows in whole.pairs] == [80, 40]


def test_parts_come_as_zip_files_with_a_workbook_beside_the_text(tmp_path: Path) -> None:
    for part in ncci.parts(tmp_path, 40):
        files = {part.name: part.read_bytes(), f"{part.stem}.xlsx": b"not looked at"}
        write(tmp_path / "zips", f"medicare-ncci-{part.stem}.zip", zipped(files))
    assert len(load(KIND, tmp_path / "zips").pairs[0]) == 40


def test_a_part_alone_is_an_extract_and_says_so(put: Write) -> None:
    path = put("ccipra-v322r0-f1.txt", f"{HEAD}0001A\t0591T\t\t20220101\t*\t1\tWhy\r\n")
    whole = load(KIND, path)
    assert not whole.delivery.pairs[0].head.whole
    assert "1 of 4 parts: loaded as an extract" in whole.remarks[0]


def test_a_workbook_has_the_same_pairs_as_the_text(tmp_path: Path) -> None:
    (text,) = ncci.parts(tmp_path / ".", 300, number=1)
    book = ncci.book(tmp_path / "ccipra-v322r0-f1.xlsx", 300)
    as_text, as_book = load(KIND, text), load(KIND, book)
    assert sorted(as_book.pairs[0]) == sorted(as_text.pairs[0])
    assert as_book.problems == []
    assert as_book.delivery.notice == as_text.delivery.notice


def test_pairs_out_of_order_are_sorted(put: Write) -> None:
    rows = list(ncci.pairs(500))
    random.Random(7).shuffle(rows)  # noqa: S311 - the same each time
    path = put("ccipra-v322r0-f1.txt", HEAD + "".join(f"{row}\r\n" for row in rows))
    (pairs,) = load(KIND, path).pairs
    assert len(pairs) == 500
    assert pairs == sorted(pairs)


def test_a_row_that_stands_twice_is_taken_once_and_said(put: Write) -> None:
    row, other = "0001A\t0591T\t\t20220101\t*\t1\tWhy", "0001A\t0591T\t*\t20220101\t*\t0\tWhy"
    path = put("ccipra-v322r0-f1.txt", HEAD + "".join(f"{r}\r\n" for r in (row, other, row, row)))
    whole = load(KIND, path)
    assert [pair[4] for pair in whole.pairs[0]] == ["1", "0"]
    assert whole.remarks[1].startswith("2 rows repeat a pair with its dates and indicator")


def test_sorting_may_need_more_than_one_run() -> None:
    rows = [(f"{n * 7919 % 1000:03}", str(n)) for n in range(1000)]
    assert list(in_order(rows, 64)) == sorted(rows) == list(in_order(rows, 5000))


@pytest.mark.parametrize(
    "row",
    [
        "0001A \t 0591T\t\t20220101\t20231231\t1\tCPT Manual or CMS manual coding instruction",
        '"0001A"\t0591T\t\t20220101\t20231231\t1\t"CPT Manual or CMS manual coding instruction"',
    ],
)
def test_blanks_and_quotation_marks_around_cells_fall_off(put: Write, row: str) -> None:
    path = put("ccipra-v322r0-f1.txt", f"{HEAD}0001A\t0010T\t\t20220101\t*\t1\tWhy\r\n{row}\r\n")
    assert load(KIND, path).pairs[0][1] == FIRST


def test_columns_are_found_by_their_names(put: Write) -> None:
    # Files of before 2016 have no rationale.
    head = ["Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier", *ncci.HEADER[1:]]
    cut = [line.rpartition("\t")[0] if n else line for n, line in enumerate(head)]
    text = "\r\n".join([*cut, "0001A\t0591T\t*\t20220101\t20231231\t1", ""])
    assert load(KIND, put("ccipra-v181r0-f1.txt", text)).pairs == [[(*FIRST[:5], "")]]


def test_an_option_names_what_the_name_does_not(put: Write) -> None:
    path = put("practitioner.txt", f"{HEAD}0001A\t0591T\t\t20220101\t*\t1\tWhy\r\n")
    whole = load(KIND, path, Options(version="v322r0", effective="2026-07-01"))
    assert whole.delivery.pairs[0].head.release == "v322r0"
    assert recognised(path) == {KIND: "practitioner.txt has the header of NCCI's pairs"}


def test_a_workbook_may_be_anywhere_in_its_sheet(tmp_path: Path) -> None:
    head: list[list[Cell]] = [[*line.split("\t")] for line in ncci.HEADER]
    rows: list[list[Cell]] = [*head, [1924, 37244, "", 20220101, "*", 1, "Why"]]
    path = workbook(tmp_path / "ccipra-v322r0-f1.xlsx", rows, first=3)
    assert load(KIND, path).pairs == [[("01924", "37244", "2022-01-01", "", "1", "Why")]]
