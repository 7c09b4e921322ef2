"""HCPCS Level II: the text file, the CSV file and the workbook."""

import csv
import io
from pathlib import Path

import pytest
from fhir.resources.codesystem import CodeSystem

from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from terminology.model import Concept
from tests.conftest import NO_SHARED, SHARED, require
from tests.terminology.importers.generate import hcpcs
from tests.terminology.importers.generate.workbook import Cell, workbook
from tests.terminology.importers.packing import zipped
from tests.terminology.importers.reading import Write, load, recognised, refusal

KIND = "hcpcs"
NAME = "HCPC2026_OCT_ANWEB.txt"
ANY = Options(threshold=Threshold(share=1))
ROW = {
    "HCPC": "A0001",
    "RECID": "3",
    "LONG DESCRIPTION": "Humming of a drum",
    "SHORT DESCRIPTION": "Humming",
    "ADD DT": "20260101",
}


def as_csv(rows: list[list[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def concepts(path: Path, options: Options | None = None) -> dict[str, Concept]:
    (placed,) = load(KIND, path, options).concepts
    assert not any(one.parents for one in placed)
    return {one.concept.code: one.concept for one in placed}


def values(concept: Concept) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for prop in concept.property:
        found.setdefault(prop.code, []).append(prop.text())
    return found


def test_the_sample_of_the_real_file() -> None:
    path = SHARED / "samples" / "HCPC2026_OCT_ANWEB.sample.csv"
    require(path.exists(), NO_SHARED)
    found = concepts(path)
    assert set(found) == {"A1", "AA", "AS", "AM", "JG", "CP"}
    assert found["AA"].display == "Anesthesia services performed personally by anesthesiologist"
    assert found["AA"].designation[0].value == "Anesthesia perf by anesgst"
    assert values(found["AA"])["carriersManual"] == ["3350.5"]
    assert values(found["AM"])["crossReference"] == ["QM"]
    assert values(found["AS"])["processingNote"] == ["0069"]
    assert values(found["JG"])["terminationDate"] == ["2024-12-31"]
    ended = {code for code, concept in found.items() if "inactive" in values(concept)}
    assert ended == {"JG", "CP"}


@pytest.mark.parametrize("hard", [False, True])
def test_text_table_and_workbook_say_the_same(put: Write, *, hard: bool) -> None:
    text = put(f"text/{NAME}", hcpcs.text(hcpcs.rows(200), hard=hard))
    rows = hcpcs.table(hcpcs.rows(200))
    table = put("table/HCPC2026_OCT_ANWEB.csv", as_csv(rows))
    book = workbook(table.with_name("HCPC2026_OCT_ANWEB.xlsx"), [_numbers(row) for row in rows])
    found = concepts(text)
    assert found == concepts(table)
    assert found == concepts(book)
    assert len(found) == 200


def _numbers(row: list[str]) -> list[Cell]:
    return [int(cell) if cell.isdigit() else cell for cell in row]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_text_in_another_encoding_says_the_same(put: Write, encoding: str) -> None:
    text = hcpcs.text(hcpcs.rows(50))
    assert concepts(put(f"a/{NAME}", text.encode(encoding))) == concepts(put(f"b/{NAME}", text))


def test_a_release_is_in_the_name(put: Write) -> None:
    for name, version in (
        ("HCPC2026_JAN_ANWEB_12292025.txt", "2026-01"),
        ("HCPC2025_OCT_ANWEB_v3.txt", "2025-10"),
        ("HCPC2020_ANWEB_w_disclaimer.txt", "2020-01"),
        ("HCPC2018_CONTR_ANWEB.txt", "2018-01"),
    ):
        delivery = load(KIND, put(name, hcpcs.text(iter([ROW])))).delivery
        assert (delivery.version, delivery.effective) == (version, f"{version}-01")


def test_or_named(put: Write) -> None:
    path = put("codes.txt", hcpcs.text(hcpcs.rows(3)))
    assert "Name year and month (--version 2026-10)" in refusal(KIND, path)
    whole = load(KIND, path, Options(version="2026-10", effective="2026-10-05"))
    assert (whole.delivery.version, whole.delivery.effective) == ("2026-10", "2026-10-05")
    assert "quarterly file of HCPCS" in recognised(path)[KIND]


def test_the_head_is_a_code_system_of_fhir_and_defines_its_properties(put: Write) -> None:
    whole = load(KIND, put(NAME, hcpcs.text(hcpcs.rows(300))))
    (system,) = whole.delivery.systems
    CodeSystem.model_validate(system.head)
    defined = {prop["code"]: prop["type"] for prop in system.head["property"]}
    for placed in whole.concepts[0]:
        for prop in placed.concept.property:
            typed = prop.typed_value()
            assert typed is not None
            assert typed[0].lower() == f"value{defined[prop.code]}".lower()


def test_ended_codes_stay_inactive_from_the_day_after_their_last(put: Write) -> None:
    ends = {"A0001": "20260930", "A0002": "20261001", "A0003": ""}
    rows = [ROW | {"HCPC": code, "TERM DT": end} for code, end in ends.items()]
    found = concepts(put(NAME, hcpcs.text(iter(rows))))
    assert values(found["A0001"])["inactive"] == ["true"]
    assert "inactive" not in values(found["A0002"])
    assert values(found["A0002"])["terminationDate"] == ["2026-10-01"]
    assert "inactive" not in values(found["A0003"])


def test_descriptions_of_others_stay_out_unless_the_license_is_accepted(put: Write) -> None:
    rows = [ROW | {"HCPC": code} for code in ("A0001", "D0120", "99999")]
    path = put(NAME, hcpcs.text(iter(rows)))
    whole = load(KIND, path)
    shown = {placed.concept.code: placed.concept.display for placed in whole.concepts[0]}
    assert shown == {"A0001": "Humming of a drum", "D0120": None, "99999": None}
    assert "descriptions of 2 dental and CPT codes were left out" in whole.remarks[0]
    assert concepts(path, Options(accept_license=True))["D0120"].display == "Humming of a drum"


def test_a_release_in_a_zip_with_all_that_lies_beside_it(put: Write) -> None:
    text = hcpcs.text(hcpcs.rows(20)).encode()
    files = {
        NAME: text,
        "HCPC2026_OCT_ANWEB.xlsx": b"not looked at",
        "HCPC2026_OCT_recordlayout.txt": b"FIELD  LEN  BEG  END\r\n",
        "proc_notes_OCT2026.txt": b"0069 a note\r\n",
        "NOC codes_OCT 2026.csv": b"HCPC,LONG\r\n",
    }
    files.pop("HCPC2026_OCT_ANWEB.xlsx")
    whole = load(KIND, put("october-2026-alpha-numeric-hcpcs-file.zip", zipped(files)))
    assert [file.name for file in whole.delivery.files] == [NAME]
    assert len(whole.concepts[0]) == 20


def test_a_notice_above_the_records_is_passed_over(put: Write) -> None:
    notice = "This file is what it is.\r\n\r\n"
    assert len(concepts(put(NAME, notice + hcpcs.text(hcpcs.rows(20))))) == 20
    rows = [["This file is what it is."], *hcpcs.table(hcpcs.rows(20))]
    whole = load(KIND, put("table/HCPC2026_OCT_ANWEB.csv", as_csv(rows)))
    assert whole.delivery.notice == "This file is what it is."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"HCPC": "A001"}, "'A001' is no code and no modifier"),
        ({"RECID": "5"}, "'5' is no kind of record"),
        ({"RECID": "4"}, "it continues 'A0009', which is not the code before it"),
        ({"ADD DT": "20261301"}, "the addedDate of A0009 is '20261301'"),
        ({"ADD DT": ""}, "A0009: it has no day on which it was added, which every code has"),
        ({"ANEST_BU": "x"}, "the anesthesiaBaseUnits of A0009 is 'x'"),
        ({"HCPC": "A0001"}, "A0001 stands there a second time"),
    ],
)
def test_a_bad_record_is_counted(put: Write, change: dict[str, str], reason: str) -> None:
    rows = [ROW, ROW | {"HCPC": "A0009"} | change, ROW | {"HCPC": "A0010"}]
    text = load(KIND, put(NAME, hcpcs.text(iter(rows))), ANY)
    table = load(KIND, put("table/HCPC2026_OCT_ANWEB.csv", as_csv(hcpcs.table(iter(rows)))), ANY)
    assert text.problems == [f"{NAME}:2: {reason}"]
    assert table.problems == [f"HCPC2026_OCT_ANWEB.csv:3: {reason}"]
    assert [placed.concept.code for placed in text.concepts[0]] == ["A0001", "A0010"]


@pytest.mark.parametrize("width", [100, 276, 292])
def test_a_record_that_is_cut_short_is_bad(put: Write, width: int) -> None:
    rows = [ROW | {"HCPC": code, "ACTION CD": "N"} for code in ("A0001", "A0002", "A0003")]
    lines = hcpcs.text(iter(rows)).split("\r\n")
    # Blanks at the end of a line may be left off.
    lines[0], lines[1] = lines[0].rstrip(), lines[1][:width]
    whole = load(KIND, put(NAME, "\n".join(lines)), ANY)
    reason = f"the line has {width} columns and is cut short: the fields end in 293"
    assert whole.problems == [f"{NAME}:2: A0002: {reason}"]
    assert [placed.concept.code for placed in whole.concepts[0]] == ["A0001", "A0003"]


def test_a_row_of_too_few_or_too_many_cells_is_bad(put: Write) -> None:
    made = [ROW | {"HCPC": code, "ACTION CD": "N"} for code in ("A0001", "A0002", "A0003")]
    made.append(ROW | {"HCPC": "A0004", "LONG DESCRIPTION": "Humming"})
    made.append({"HCPC": "A0004", "RECID": "4", "LONG DESCRIPTION": "of a lantern"})
    rows = hcpcs.table(iter(made))
    rows[2] = rows[2][:20]
    rows[3] = [*rows[3][:3], "Humming", "of a drum", *rows[3][4:]]
    rows[5] = rows[5][:4]  # the blank cells of a record that continues may be left off
    whole = load(KIND, put("HCPC2026_OCT_ANWEB.csv", as_csv(rows)), ANY)
    assert whole.problems == [
        "HCPC2026_OCT_ANWEB.csv:3: A0002: the row has 20 cells and the header 48",
        "HCPC2026_OCT_ANWEB.csv:4: A0003: the row has 49 cells and the header 48",
    ]
    shown = {placed.concept.code: placed.concept.display for placed in whole.concepts[0]}
    assert shown == {"A0001": "Humming of a drum", "A0004": "Humming of a lantern"}


def test_a_table_that_is_cut_within_a_cell_is_refused(put: Write) -> None:
    text = as_csv(hcpcs.table(iter([ROW, ROW | {"HCPC": "A0002", "SHORT DESCRIPTION": "a, b"}])))
    message = refusal(KIND, put("HCPC2026_OCT_ANWEB.csv", text[: text.rindex("a, b") + 3]))
    assert message.startswith("HCPC2026_OCT_ANWEB.csv:3: the row that begins here")
    assert "the file was cut short" in message


def test_a_column_without_a_name_and_one_that_stands_there_twice(put: Write) -> None:
    rows = hcpcs.table(hcpcs.rows(20))
    wider = [[*row, *(["", "HCPC"] if n == 0 else ["x"])] for n, row in enumerate(rows)]
    same = concepts(put("a/HCPC2026_OCT_ANWEB.csv", as_csv(rows)))
    assert concepts(put("b/HCPC2026_OCT_ANWEB.csv", as_csv(wider))) == same


def test_two_releases_at_once(put: Write) -> None:
    put(NAME, hcpcs.text(hcpcs.rows(3)))
    folder = put("HCPC2026_JUL_ANWEB.txt", hcpcs.text(hcpcs.rows(3))).parent
    assert "HCPCS files of 2026-07 and 2026-10: load one" in refusal(KIND, folder)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (NAME, "no record\r\n", "is not HCPCS Level II"),
        ("HCPC2026_OCT_ANWEB.csv", "HCPC,RECID\n", "has no column LONG DESCRIPTION, SHORT"),
        (
            "HCPC2026_OCT_ANWEB.csv",
            as_csv(hcpcs.table(iter([]))),
            "holds no rows: it was cut short",
        ),
        (NAME.replace("OCT", "XYZ"), hcpcs.text(iter([ROW])), "Name year and month (--version"),
    ],
)
def test_files_that_are_refused(put: Write, name: str, text: str, message: str) -> None:
    assert message in refusal(KIND, put(name, text))
