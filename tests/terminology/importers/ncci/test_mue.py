"""NCCI's limits of units."""

from pathlib import Path

import pytest

from terminology import content
from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from tests.conftest import NO_SHARED, SHARED, require
from tests.terminology.importers.generate import ncci
from tests.terminology.importers.generate.workbook import Cell, workbook
from tests.terminology.importers.packing import write, zipped
from tests.terminology.importers.reading import Write, load, refusal

KIND = "ncci-mue"
NAME = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"
HEAD = "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale"
ANY = Options(threshold=Threshold(share=1))


def test_the_sample_of_the_real_file() -> None:
    path = SHARED / "samples" / "MCR_MUE_PractitionerServices_Eff_07-01-2026.sample.csv"
    require(path.exists(), NO_SHARED)
    whole = load(KIND, path)
    rows = {code: row for code, _, row in whole.tables[0]}
    shipped = {
        row["code"]: {name: row[name] for name in ("mue", "mai", "rationale")}
        for row in content.table("medicare-mue")
        if row["release"] == "2026Q3"
    }
    assert {code: rows[code] for code in shipped} == shipped
    assert whole.problems == []


def test_a_file_with_its_notice_and_header_over_several_lines(put: Write) -> None:
    whole = load(KIND, put(NAME, ncci.limits(30)))
    (head,) = (table.head for table in whole.delivery.tables)
    assert (head.table, head.setting, head.release) == ("medicare-mue", "practitioner", "2026Q3")
    assert (head.effective, head.until, head.whole) == ("2026-07-01", "2026-09-30", True)
    assert head.title == "MUE 2026 Q3"
    assert len(whole.tables[0]) == 30
    assert {row["mai"] for _, _, row in whole.tables[0]} == {"1", "2", "3"}
    assert whole.delivery.notice.endswith("A made-up mark of nobody.")


def test_a_workbook_without_leading_zeros(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["notice"],
        [],
        [*HEAD.split(",")],
        [404, 2, "3 Date of Service Edit: Clinical", "Why"],
    ]
    path = workbook(tmp_path / NAME.replace("csv", "xlsx"), rows)
    expected = {"mue": "2", "mai": "3", "rationale": "Why"}
    assert load(KIND, path).tables == [[("00404", "", expected)]]


def test_settings_side_by_side_in_zips(tmp_path: Path) -> None:
    for name, setting in (
        ("PractitionerServices", "Practitioner Services"),
        ("OutpatientHospitalServices", "Outpatient Hospital Services"),
        ("DMESupplierServices", "DME Supplier Services"),
    ):
        stem = f"MCR_MUE_{name}_Eff_10-01-2026"
        text = ncci.limits(5, setting).encode()
        files = {f"{stem}.csv": text, f"{stem}.xlsx": b"not looked at"}
        write(tmp_path, f"{stem}.zip", zipped(files))
    loaded = load(KIND, tmp_path).delivery.tables
    settings = ["dme-supplier", "outpatient-hospital", "practitioner"]
    assert [table.head.setting for table in loaded] == settings
    assert {table.head.effective for table in loaded} == {"2026-10-01"}


def test_a_setting_without_rows_beside_a_whole_one_is_refused(put: Write) -> None:
    put(NAME, ncci.limits(5))
    other = "MCR_MUE_OutpatientHospitalServices_Eff_07-01-2026.csv"
    folder = put(other, ncci.limits(0, "Outpatient Hospital Services")).parent
    assert f"{other} holds no rows: it was cut short" in refusal(KIND, folder)


def test_the_day_may_be_named(put: Write) -> None:
    path = put("mue.csv", ncci.limits(2))
    assert "Name the first day (--effective 2026-07-01)" in refusal(KIND, path)
    assert load(KIND, path, Options(effective="2026-04-01")).delivery.version == "2026Q2"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("3724,2,3 Date,Why", "'3724' is no code"),
        ("37244,two,3 Date,Why", "the limit of 37244 is 'two', no number of units"),
        ("37244,,3 Date,Why", "the limit of 37244 is '', no number of units"),
        ("37244,2,Clinical,Why", "the adjudication indicator of 37244 is 'Clinical'"),
        ("37244,2,3 Date", "the row of 37244 ends after 3 cells"),
        ("37241,2,3 Date,Why", "the code 37241 stands there a second time"),
    ],
)
def test_a_bad_row_is_counted(put: Write, row: str, reason: str) -> None:
    whole = load(KIND, put(NAME, f"{HEAD}\n37241,2,3 Date,Why\n{row}\n,,,\n"), ANY)
    if reason.startswith("'3724'"):
        # A spreadsheet may have taken the zero off; it is put back.
        assert [code for code, _, _ in whole.tables[0]] == ["37241", "03724"]
        return
    assert whole.problems == [f"{NAME}:3: {reason}"]
    assert len(whole.tables[0]) == 1


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({NAME: HEAD, NAME.replace("07", "10"): HEAD}, "load one release at a time"),
        (
            {"mue_Eff_10-01-2026.csv": HEAD.replace("Practitioner", "Other")},
            "Neither the header nor the name",
        ),
        ({NAME: HEAD.replace("Practitioner", "Medicaid Practitioner")}, "limits of Medicaid"),
        ({"mue.csv": "a,b\n"}, "is not NCCI's limits of units"),
    ],
)
def test_deliveries_that_are_refused(put: Write, files: dict[str, str], message: str) -> None:
    paths = [put(name, f"{text}\n37244,2,3 Date,Why\n") for name, text in files.items()]
    assert message in refusal(KIND, paths[0].parent)
