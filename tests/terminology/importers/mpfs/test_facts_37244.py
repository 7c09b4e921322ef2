"""37244 in CMS's own file of October 2025, and the layout of that file: facts by their names."""

import csv

import pytest

from terminology.importers.mpfs.columns import COLUMNS
from tests.conftest import NO_SHARED, SHARED, require
from tests.terminology.importers.reading import load

SAMPLE = SHARED / "samples" / "PPRRVU2025_Oct.sample.csv"
FAMILY = ("37241", "37242", "37243", "37244")
Row = dict[str, str]


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], Row]:
    require(SAMPLE.exists(), NO_SHARED)
    return {(code, modifier): row for code, modifier, row in load("mpfs", SAMPLE).tables[0]}


@pytest.fixture(scope="module")
def lines() -> list[list[str]]:
    require(SAMPLE.exists(), NO_SHARED)
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize(
    ("column", "held"),
    [
        ("status", "A"),
        ("pctc", "0"),
        ("global_days", "000"),
        ("pre_op", "0.00"),
        ("intra_op", "0.00"),
        ("post_op", "0.00"),
        ("mult", "2"),
        ("bilat", "0"),
        ("asst", "1"),
        ("co_surg", "0"),
        ("team", "0"),
        ("supervision", "09"),
        ("imaging_family", "99"),
        ("work_rvu", "13.75"),
        ("conversion_factor", "32.3465"),
    ],
)
def test_a_column_of_37244(rows: dict[tuple[str, str], Row], column: str, held: str) -> None:
    assert rows["37244", ""][column] == held


def test_the_assistant_indicator_is_read_a_code_at_a_time(
    rows: dict[tuple[str, str], Row],
) -> None:
    assert [rows[code, ""]["asst"] for code in FAMILY] == ["1", "0", "1", "1"]


def test_37244_has_no_row_of_26_tc_or_53(rows: dict[tuple[str, str], Row]) -> None:
    assert [modifier for code, modifier in rows if code == "37244"] == [""]


def test_there_are_31_columns_in_2025(lines: list[list[str]]) -> None:
    assert {len(line) for line in lines[9:]} == {31}
    assert len(COLUMNS) == 31 - len(("HCPCS", "MOD", "DESCRIPTION")) + len(("PRIC IND",))


def test_the_header_is_stacked_over_four_rows_and_data_start_in_row_11(
    lines: list[list[str]],
) -> None:
    at = lines[9].index("RVU")
    assert [line[at].strip() for line in lines[6:10]] == ["", "", "WORK", "RVU"]
    assert lines[9][0].strip() == "HCPCS"
    assert len(lines[10][0]) == 5
