"""Order files of ICD-10-PCS and ICD-10-CM: headers, codes, and what is wrong in them."""

from pathlib import Path

import pytest
from fhir.resources.codesystem import CodeSystem

from terminology.importers.delivery import Options, Placed
from terminology.importers.problems import Threshold, TooManyProblems
from tests.terminology.importers.generate import icd10, public
from tests.terminology.importers.packing import zipped
from tests.terminology.importers.reading import Write, load, recognised, refusal

PCS, CM = "icd10pcs", "icd10cm"
PROCEDURES, DIAGNOSES = "icd10pcs_order_2026.txt", "icd10cm_order_2026.txt"
LENIENT = Options(threshold=Threshold(share=1))
TABLE = {"0000001": "Humming of a drum", "0000002": "Tuning of a drum", "0010001": "Folding"}
ROWS: list[icd10.Listed] = [
    ("A00", False, "Lantern"),
    ("A000", True, "Lantern that hums"),
    ("A01", False, "Kite"),
    ("A010", False, "Kite in the rain"),
    ("A0101", False, "Kite in the rain, lost"),
    ("A0101XA", True, "Kite in the rain, lost, at first"),
    ("A019", True, "Kite, not known"),
    ("B99", True, "Drum"),
]


def text(rows: list[icd10.Listed]) -> str:
    return "\r\n".join([*icd10.order(rows), ""])


def placed(kind: str, path: Path, options: Options | None = None) -> dict[str, Placed]:
    (found,) = load(kind, path, options).concepts
    return {one.concept.code: one for one in found}


def parents(found: dict[str, Placed]) -> dict[str, str | None]:
    """The code above each code; a parent comes before its children."""
    codes = list(found)
    above = {}
    for number, (code, one) in enumerate(found.items()):
        assert all(parent < number for parent in one.parents)
        above[code] = codes[one.parents[0]] if one.parents else None
    return above


def true_of(one: Placed) -> set[str]:
    return {prop.code for prop in one.concept.property if prop.value_boolean}


def test_codes_of_procedures_are_below_the_header_of_their_table(put: Write) -> None:
    found = placed(PCS, put(PROCEDURES, text(list(icd10.with_headers(TABLE)))))
    assert list(found) == ["000", "0000001", "0000002", "001", "0010001"]
    assert parents(found)["0000002"] == "000"
    assert parents(found)["001"] is None
    assert true_of(found["000"]) == {"notSelectable"}
    assert true_of(found["0000001"]) == {"billable"}
    assert found["0000001"].concept.display == "Humming of a drum"
    assert found["0000001"].concept.designation == []


def test_codes_of_diagnoses_have_their_point_and_the_longest_header(put: Write) -> None:
    found = placed(CM, put(DIAGNOSES, text(ROWS)))
    assert parents(found) == {
        "A00": None,
        "A00.0": "A00",
        "A01": None,
        "A01.0": "A01",
        "A01.01": "A01.0",
        "A01.01XA": "A01.01",
        "A01.9": "A01",
        "B99": None,
    }
    assert true_of(found["B99"]) == {"billable"}
    assert true_of(found["A01.01"]) == {"notSelectable"}


def test_a_short_description_that_is_another_one_is_a_designation(put: Write) -> None:
    long = "Humming of a drum " * 5
    found = placed(PCS, put(PROCEDURES, text([("000", False, "Drum"), ("0000001", True, long)])))
    (name,) = found["0000001"].concept.designation
    assert name.value == long[:60].strip()
    assert name.use is not None
    assert name.use.display == "Short description"


def test_the_whole_of_icd_10_pcs(tmp_path: Path) -> None:
    codes = public.procedures()
    rows = list(icd10.with_headers(codes))
    found = placed(PCS, icd10.written(tmp_path / PROCEDURES, icd10.order(rows)))
    assert len(codes) == 78_638
    assert {code: one.concept.display for code, one in found.items() if len(code) == 7} == codes
    above = parents(found)
    assert all(above[code] == code[:3] for code in codes)


@pytest.mark.parametrize(
    ("kind", "url", "oid"),
    [
        (PCS, "http://www.cms.gov/Medicare/Coding/ICD10", "2.16.840.1.113883.6.4"),
        (CM, "http://hl7.org/fhir/sid/icd-10-cm", "2.16.840.1.113883.6.90"),
    ],
)
def test_the_head_is_a_code_system_of_fhir(put: Write, kind: str, url: str, oid: str) -> None:
    rows = list(icd10.with_headers(TABLE)) if kind == PCS else ROWS
    whole = load(kind, put(f"{kind}_order_2026.txt", text(rows)))
    (system,) = whole.delivery.systems
    CodeSystem.model_validate(system.head)
    assert (system.head["url"], system.head["version"]) == (url, "2026")
    assert system.head["identifier"][0]["value"] == f"urn:oid:{oid}"
    defined = {prop["code"] for prop in system.head["property"]}
    assert {p.code for one in whole.concepts[0] for p in one.concept.property} <= defined


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("00009 A00", "the line has 9 columns and is cut short"),
        ("00009 A00X9", "the line has 11 columns and is cut short"),
        (f"00009 {'A008':<7} 2 {'A word':<60} A word", "'2' in column 15 is neither 0 nor 1"),
        (f"00009 {'A008':<7} 1 {'A word':<60}", "there is no long description of A008"),
        (f"00009 {'a008':<7} 1 {'A word':<60} A word", "'a008' is no code"),
        (f"00009 {'A000':<7} 1 {'A word':<60} A word", "A000 stands there a second time"),
    ],
)
def test_a_bad_row_is_counted(put: Write, line: str, reason: str) -> None:
    path = put(DIAGNOSES, f"{text(ROWS)}{line}\r\n\r\n")
    whole = load(CM, path, LENIENT)
    assert whole.problems == [f"{DIAGNOSES}:9: {reason}"]
    assert len(whole.concepts[0]) == len(ROWS)
    with pytest.raises(TooManyProblems):
        load(CM, path)


def test_codes_in_the_shape_of_procedures_are_none_of_diagnoses(put: Write) -> None:
    path = put(DIAGNOSES, text([*ROWS, ("0000001", True, "Humming")]))
    assert load(CM, path, LENIENT).problems == [f"{DIAGNOSES}:9: '0000001' is no code"]


def test_files_are_known_by_name_or_by_their_codes(put: Write) -> None:
    tables = text(list(icd10.with_headers(TABLE)))
    assert set(recognised(put("a/icd10pcs-order-2026.txt", tables))) == {PCS}
    assert set(recognised(put("b/order.txt", tables))) == {PCS}
    assert set(recognised(put("c/order.txt", text(ROWS)))) == {CM}
    assert recognised(put("d/icd10cm_codes_2026.txt", "A000    Lantern that hums\r\n" * 9)) == {}
    assert recognised(put("e/notes.txt", "00001 of the words\r\n" * 9)) == {}
    assert "is not ICD-10-PCS: it looks like 'icd10cm'" in refusal(PCS, put("f.txt", text(ROWS)))


def test_addenda_and_papers_beside_it_are_passed_over(put: Write) -> None:
    files = {
        "Code Descriptions/icd10cm_order_2026.txt": text(ROWS).encode(),
        "Code Descriptions/icd10cm_codes_2026.txt": b"A000    Lantern that hums\r\n",
        "Code Descriptions/icd10OrderFiles.pdf": b"%PDF",
        "addenda.zip": zipped({"icd10cm_order_addenda_2026.txt": text(ROWS[:3]).encode()}),
    }
    whole = load(CM, put("2026-code-descriptions.zip", zipped(files)))
    (file,) = whole.delivery.files
    assert file.name == "Code Descriptions/icd10cm_order_2026.txt"
    assert len(whole.concepts[0]) == len(ROWS)


def test_two_order_files_at_once(put: Write) -> None:
    put("a/icd10cm_order_2026.txt", text(ROWS))
    folder = put("icd10cm_order_2026.txt", text(ROWS)).parent
    assert load(CM, folder).delivery.version == "2026"
    put("icd10cm_order_2025.txt", text(ROWS[:-1]))
    assert "load one release at a time" in refusal(CM, folder)


@pytest.mark.parametrize(
    ("name", "version", "effective"),
    [
        ("icd10cm_order_2026.txt", "2026", "2025-10-01"),
        ("icd10cm-order-April-1-2026.txt", "2026-04", "2026-04-01"),
        ("icd10cm-order-April-2025.txt", "2025-04", "2025-04-01"),
        ("april-1-2026-code-descriptions/icd10cm_order_2026.txt", "2026-04", "2026-04-01"),
        ("October 1 2025/icd10cm_order.txt", "2026", "2025-10-01"),
        ("summary 2025/icd10cm_order_2026.txt", "2026", "2025-10-01"),
        ("april-2024/icd10cm_order_2026.txt", "2026", "2025-10-01"),
    ],
)
def test_a_release_is_in_the_names(put: Write, name: str, version: str, effective: str) -> None:
    path = put(name, text(ROWS))
    folder = path.parent.parent if "/" in name else path
    delivery = load(CM, folder).delivery
    assert (delivery.version, delivery.effective) == (version, effective)


@pytest.mark.parametrize(
    ("options", "version", "effective"),
    [
        (Options(version="2026"), "2026", "2025-10-01"),
        (Options(version="2026-04"), "2026-04", "2026-04-01"),
        (Options(effective="2026-04-01"), "2026-04", "2026-04-01"),
        (Options(effective="2025-10-01"), "2026", "2025-10-01"),
        (Options(version="2026", effective="2025-11-01"), "2026", "2025-11-01"),
    ],
)
def test_or_named(put: Write, options: Options, version: str, effective: str) -> None:
    path = put("icd10cm-order.txt", text(ROWS))
    delivery = load(CM, path, options).delivery
    assert (delivery.version, delivery.effective) == (version, effective)


def test_a_release_that_is_not_clear(put: Write) -> None:
    path = put("icd10cm-order.txt", text(ROWS))
    assert "Name it (--version 2026), or the first day (--effective" in refusal(CM, path)
    assert "write a fiscal year as in 2026" in refusal(CM, path, Options(version="FY26"))
    assert "write a day as in 2026-07-01" in refusal(CM, path, Options(effective="2026-13-01"))
