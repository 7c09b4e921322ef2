"""Medicare's relative value file."""

from pathlib import Path

import pytest

from terminology import content
from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from tests.conftest import NO_SHARED, SHARED, require
from tests.terminology.importers.generate import rvu
from tests.terminology.importers.generate.workbook import Cell, workbook
from tests.terminology.importers.packing import zipped
from tests.terminology.importers.reading import Write, load, recognised, refusal

KIND = "mpfs"
NAME = "PPRRVU2026_Jul_nonQPP.csv"
ANY = Options(threshold=Threshold(share=1))


def changed(text: str, row: int, column: int, cell: str) -> str:
    """The file with another cell in a row of it, both from 0."""
    lines = text.split("\r\n")
    cells = lines[row].split(",")
    # The description of a generated row has a comma in it.
    cells[column if column < 3 else column + 1] = cell
    lines[row] = ",".join(cells)
    return "\r\n".join(lines)


def test_the_sample_of_the_real_file() -> None:
    path = SHARED / "samples" / "PPRRVU2025_Oct.sample.csv"
    require(path.exists(), NO_SHARED)
    whole = load(KIND, path)
    rows = {(code, modifier): row for code, modifier, row in whole.tables[0]}
    assert len(rows) == 149 == whole.delivery.tally.rows
    assert whole.problems == whole.remarks == []
    for shipped in content.table("medicare-fee-schedule"):
        if shipped["release"] == "2025D":
            row = rows[shipped["code"], shipped["modifier"]]
            assert {name: shipped[name] for name in row if name in shipped} == {
                name: row[name] for name in row if name in shipped
            }
    assert rows["75625", "26"]["work_rvu"] == "1.44"
    assert rows["75625", "TC"]["supervision"] == "03"
    assert rows["45378", "53"]["facility_total"] == "2.75"


def test_the_release_is_in_the_title(put: Write) -> None:
    whole = load(KIND, put("PPRRVU.csv", rvu.text(40)))
    (head,) = (table.head for table in whole.delivery.tables)
    assert (head.table, head.setting, head.release) == ("medicare-fee-schedule", "", "2026C")
    assert (head.title, head.effective, head.until) == ("RVU 2026 July", "2026-07-01", "2026-09-30")
    assert whole.delivery.notice.startswith("Made-up words for tests only; copyright 2025")
    modifiers = [modifier for _, modifier, _ in whole.tables[0]]
    assert {modifier: modifiers.count(modifier) for modifier in {*modifiers}} == {
        "": 32,
        "26": 4,
        "TC": 4,
    }


@pytest.mark.parametrize(
    ("name", "release"),
    [
        ("PPRRVU24_JAN.csv", "2024A"),
        ("PPRRVU2025_Oct.csv", "2025D"),
        ("PPRRVU2026_Apr_nonQPP.csv", "2026B"),
        ("rvu26c/pprrvu.csv", "2026C"),
    ],
)
def test_or_in_the_name(put: Write, name: str, release: str) -> None:
    whole = load(
        KIND, put(name, rvu.text(3, "A title that tells nothing")).parents[name.count("/")]
    )
    assert whole.delivery.version == release


def test_or_named(put: Write) -> None:
    path = put("fees.csv", rvu.text(3, "A title that tells nothing"))
    assert "Name the first day (--effective 2026-01-01)" in refusal(KIND, path)
    assert load(KIND, path, Options(effective="2026-01-01")).delivery.version == "2026A"
    assert recognised(path)[KIND] == "fees.csv has the header of the relative value file"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_columns_are_found_by_name_whatever_stands_between(put: Write, end: str) -> None:
    (older,) = load(KIND, put("older.csv", rvu.text(25, end=end))).tables
    whole = load(KIND, put("newer.csv", rvu.text(25, pricing=True, end=end)))
    assert [(c, m, row | {"pricing": "1"}) for c, m, row in older] == whole.tables[0]
    assert whole.remarks == []


def test_descriptions_stay_out_unless_the_license_is_accepted(put: Write) -> None:
    path = put(NAME, rvu.text(5))
    assert all("description" not in row for _, _, row in load(KIND, path).tables[0])
    (rows,) = load(KIND, path, Options(accept_license=True)).tables
    assert rows[0][2]["description"] == "Smoothing of the north lantern number 0, by hand"


def test_a_workbook_gets_its_zeros_back_and_loses_its_noise(tmp_path: Path) -> None:
    title: list[Cell] = ["", "", "2020 National Physician Fee Schedule October Release"]
    head: list[list[Cell]] = [[*row] for row in rvu.header()]
    row: list[Cell] = [404, 26, "words", "A", "", 13.75, 185.76999999999998, "", 4.3, "NA", 1, 2]
    row += [3, 0, 0, 0.1, 0, 0, 2, 0, 1, 0, 0, 1990, 36.089599999999997, 9, 0, 99, 0, 0, 0]
    (rows,) = load(KIND, workbook(tmp_path / "PPRRVU20_OCT.xlsx", [title, *head, row])).tables
    ((code, modifier, found),) = rows
    assert (code, modifier) == ("00404", "26")
    assert (
        found
        | {
            "global_days": "000",
            "supervision": "09",
            "non_facility_pe_rvu": "185.77",
            "facility_pe_rvu": "4.30",
            "mp_rvu": "1.00",
            "conversion_factor": "36.0896",
            "endo_base": "01990",
            "pctc": "0",
        }
        == found
    )


def test_the_file_of_one_factor_is_chosen_and_said(put: Write) -> None:
    other = NAME.replace("nonQPP", "QPP")
    files = {NAME: rvu.text(5).encode(), other: rvu.text(5).encode()}
    extra = {"GPCI2026.csv": b"a,b\n", "OPPSCAP_Jul.csv": b"HCPCS,MOD,PROCSTAT\n0,1,2\n"}
    whole = load(KIND, put("rvu26c.zip", zipped(files | extra)))
    assert [file.name for file in whole.delivery.files] == [NAME]
    assert whole.remarks[0].startswith(f"{other} was passed over: a row has one conversion factor")


@pytest.mark.parametrize("name", ["PPRRVU2026_Jul_QPP.csv", "RVU26C/PPRRVU2026_Jul-qpp.csv"])
def test_the_file_of_the_other_factor_is_refused_by_itself(put: Write, name: str) -> None:
    # It would take the place of the release that was read from the file beside it.
    message = refusal(KIND, put(name, rvu.text(5)))
    assert "has the other of two conversion factors" in message
    assert "load the nonQPP file" in message


def test_a_header_without_rows_is_refused(put: Write) -> None:
    assert "holds no rows: it was cut short" in refusal(KIND, put(NAME, rvu.text(0)))


def test_all_rows_may_not_be_bad_whatever_is_allowed(put: Write) -> None:
    text = "\r\n".join(
        ["x" + line if line[:1] == "0" else line for line in rvu.text(3).split("\r\n")]
    )
    assert "which are all that there are" in refusal(KIND, put(NAME, text), ANY)


def test_unknown_columns_are_said(put: Write) -> None:
    text = rvu.text(3, pricing=True).replace(",PRIC,", ",NEW,")
    assert load(KIND, put(NAME, text)).remarks == [
        f"The column 'NEW IND' of {NAME} is not known; it was left out."
    ]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        (0, "total", "'total' with '' is no code and modifier"),
        (1, "TC26", "with 'TC26' is no code and modifier"),
        (5, "n/a", "the work_rvu of 00105 is 'n/a'"),
        (5, "1e400", "the work_rvu of 00105 is '1e400'"),
        (14, "90 days", "the global_days of 00105 is '90 days'"),
        (3, "Active", "the status of 00105 is 'Active'"),
    ],
)
def test_a_bad_row_is_counted(put: Write, column: int, cell: str, reason: str) -> None:
    whole = load(KIND, put(NAME, changed(rvu.text(6), 11, column, cell)), ANY)
    assert len(whole.problems) == 1
    assert whole.problems[0].startswith(f"{NAME}:12: ")
    assert whole.problems[0].endswith(reason)
    assert len(whole.tables[0]) == 5


def test_short_rows_and_codes_that_come_again_are_counted(put: Write) -> None:
    lines = rvu.text(5).split("\r\n")
    text = "\r\n".join([*lines[:-1], lines[-2], "99999,,words,A", ",,,"])
    assert load(KIND, put(NAME, text), ANY).problems == [
        f"{NAME}:14: the row of 00110 stands there a second time",
        f"{NAME}:15: the row of 99999 ends before the column not_used",
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("PPRRVU2026_Jul.txt", "37244 and so on", "file of fixed columns (.txt) is not read"),
        (NAME, "HCPCS,MOD\n37244,\n", "holds no CSV file and no workbook with the header"),
        (NAME, rvu.text(3).replace("PCTC", "ABC"), "has no column for pctc"),
        ("a.csv", "a,b\n", "is not Medicare's physician fee schedule"),
    ],
)
def test_files_that_are_refused(put: Write, name: str, text: str, message: str) -> None:
    assert message in refusal(KIND, put(name, text))


def test_two_quarters_at_once(put: Write) -> None:
    put("PPRRVU2026_Apr.csv", rvu.text(2))
    folder = put("PPRRVU2026_Jul.csv", rvu.text(2)).parent
    assert "several relative value files (PPRRVU2026_Apr.csv, " in refusal(KIND, folder)
