"""What a delivery of CPT becomes: codes with all their descriptors, modifiers, deleted codes."""

from pathlib import Path

import pytest
from fhir.resources.codesystem import CodeSystem

from terminology.importers.delivery import Options
from tests.terminology.importers.cpt.releases import (
    CODES,
    KIND,
    LENIENT,
    changed,
    concepts,
    names,
    read,
    release,
    values,
)
from tests.terminology.importers.generate import cpt
from tests.terminology.importers.generate.words import NOTICE
from tests.terminology.importers.generate.workbook import Cell, workbook
from tests.terminology.importers.packing import zipped
from tests.terminology.importers.reading import Write, recognised


def test_a_code_has_its_long_descriptor_and_all_the_others(tmp_path: Path) -> None:
    found = concepts(release(tmp_path))
    code, long = found["99213"], cpt.text(CODES.index("99213"))
    assert code.display == long
    assert names(code) == {
        "upper": [long.upper()],
        "med": [long.upper()[:48].strip()],
        "short": [long.upper()[:28].strip()],
        "consumer": [f"For all: {long}"],
        "clinician": [f"For some 0: {long}"],
    }
    assert names(found["0042T"])["clinician"] == [
        f"For some {n}: {cpt.text(CODES.index('0042T'))}" for n in (0, 1)
    ]
    assert {name.language for name in code.designation} == {"en"}


def test_properties_are_those_of_hl7s_page(tmp_path: Path) -> None:
    found = concepts(release(tmp_path))
    kinds = {code: values(found[code])["kind"] for code in CODES}
    assert kinds == {code: ["cat-2" if code == "0001F" else "code"] for code in CODES}
    for concept in found.values():
        assert values(concept)["modifier"] == ["true" if len(concept.code) == 2 else "false"]
        assert values(concept)["modified"] == ["false"]
        assert "telemedicine" not in values(concept)


def test_the_notice_is_kept_whatever_its_length(tmp_path: Path) -> None:
    for above in ("", "12345 Nowhere Street\r\n60600 Nowhere\r\n\r\n", "One line\r\n" * 40):
        path = release(tmp_path, {cpt.LONG: above + cpt.delivery(0, codes=CODES)[cpt.LONG]})
        whole = read(path)
        assert NOTICE.format(year=2025) in whole.delivery.notice
        assert whole.delivery.notice.endswith("12345 Nowhere Street\n60600 Nowhere")
        shown = {placed.concept.code: placed.concept.display for placed in whole.concepts[0]}
        assert shown["12345"] == cpt.text(CODES.index("12345"))
        assert "60600" not in shown
        assert not whole.problems


def test_a_file_without_a_notice_and_one_without_a_line_between(tmp_path: Path) -> None:
    bare = changed(cpt.LONG, lambda text: text[text.index("0001F") :])
    delivery = read(release(tmp_path, bare)).delivery
    assert delivery.notice == ""
    assert delivery.systems[0].head["copyright"].endswith(" of the American Medical Association.")
    close = changed(cpt.LONG, lambda text: "A notice\r\n" + text[text.index("0001F") :])
    whole = read(release(tmp_path, close))
    assert whole.delivery.notice == "A notice"
    assert set(CODES) < {placed.concept.code for placed in whole.concepts[0]}


@pytest.mark.parametrize("repeated", [False, True])
def test_the_older_form_of_the_long_descriptors(tmp_path: Path, *, repeated: bool) -> None:
    texts = {code: cpt.text(n) for n, code in enumerate(CODES)}
    old = cpt.wrapped(texts, repeated=repeated)
    assert len(old.splitlines()) > len(texts) + 6
    path = release(tmp_path, {cpt.LONG: None, cpt.WRAPPED: old})
    assert {code: concepts(path)[code].display for code in CODES} == texts


def test_the_tab_form_is_taken_where_both_lie_there(tmp_path: Path) -> None:
    old = cpt.wrapped(dict.fromkeys(CODES, "Another word"))
    path = release(tmp_path, {cpt.WRAPPED: old})
    assert concepts(path)["99213"].display == cpt.text(CODES.index("99213"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    added = "99214\tDrum of Andr\u00e9\u2019s\r\n"
    files = cpt.delivery(0, codes=CODES)
    files[cpt.LONG] += added
    path = cpt.written(tmp_path / "cpt-2026", files, encoding)
    assert concepts(path, LENIENT)["99214"].display == "Drum of Andr\u00e9\u2019s"


def test_modifiers_have_the_kinds_of_their_sections(tmp_path: Path) -> None:
    found = concepts(release(tmp_path))
    modifiers = {code: values(c)["kind"] for code, c in found.items() if len(code) == 2}
    for code in cpt.GENERAL.split():
        assert modifiers[code][0] == "general"
    assert modifiers["59"] == ["general", "cat-1"]
    assert modifiers["22"] == ["general"]
    assert modifiers["73"] == ["cat-1"]
    assert modifiers["P3"] == ["physical-status"]
    assert modifiers["1P"] == ["cat-2"]
    assert modifiers["XS"] == modifiers["LT"] == ["hcpcs"]
    every = " ".join((cpt.GENERAL, cpt.STATUS, cpt.HOSPITAL, cpt.PERFORMANCE, cpt.LEVEL_2))
    assert set(modifiers) == set(every.split())


def test_a_modifiers_name_and_what_the_appendix_says_of_it(tmp_path: Path) -> None:
    lines = [
        "59 Humming of a Drum, By",
        "Hand: Whenever it",
        "76 Times",
        "",
        "10 or more.",
        "",
        "22 ",
    ]
    first = "\r\n".join(lines)
    modul = changed(cpt.MODIFIERS, lambda old: old.replace("22 ", first, 1))
    found = concepts(release(tmp_path, modul))
    assert found["59"].display == "Humming of a Drum, By Hand"
    assert found["59"].definition == "Whenever it 76 Times 10 or more."
    assert "10" not in found
    assert found["1P"].definition == "Reasons include:\nOf one kind\nOf another"
    assert found["P1"].definition is None
    assert "note on some" not in (found["XU"].display or "")


def test_deleted_codes_stay_as_inactive_ones(tmp_path: Path) -> None:
    files = cpt.delivery(200)
    files[cpt.DELETED] += "9\t99499\t20270101\t1\tA word\t\r\n8\t21\t20080101\t1\tA word\t\r\n"
    found = concepts(cpt.written(tmp_path / "cpt-2026", files))
    old = values(found["00001"])
    assert (old["inactive"], old["deletion"]) == (["true"], ["Pre-1982"])
    assert found["00001"].display is None
    gone = values(found["00002"])
    assert (gone["inactive"], gone["deletionDate"]) == (["true"], ["1990-01-01"])
    assert gone["instruction"] == ["(00002 was deleted. To report, use 00100)"]
    assert "inactive" not in values(found["99499"])
    assert values(found["21"])["modifier"] == ["true"]
    assert values(found["21"])["inactive"] == ["true"]


def test_a_code_that_is_listed_is_not_deleted(tmp_path: Path) -> None:
    again = changed(cpt.DELETED, lambda text: text + "1\t99213\t20200101\t1\tA word\t\r\n")
    assert "inactive" not in values(concepts(release(tmp_path, again))["99213"])


def test_of_several_ends_of_a_code_the_last_is_told(tmp_path: Path) -> None:
    ends = "".join(f"1\t99499\t{day}\t1\tWord {day}\t\r\n" for day in ("20200101", "20100101"))
    path = release(tmp_path, changed(cpt.DELETED, lambda text: text + ends))
    assert values(concepts(path)["99499"])["deletionDate"] == ["2020-01-01"]


def test_when_codes_and_modifiers_were_added_and_changed(tmp_path: Path) -> None:
    found = concepts(release(tmp_path))
    assert values(found["0001F"])["addedDate"] == ["1990-01-01"]
    assert values(found["0001F"])["changedDate"] == ["2026-01-01"]
    assert "changedDate" not in values(found["0001U"])
    assert values(found["59"])["addedDate"] == ["2008-01-01"]


def test_history_that_is_cut_by_bars(tmp_path: Path) -> None:
    text = cpt.delivery(0, codes=CODES)[cpt.DELETED].replace("\t", "|")
    bars = cpt.DELETED.replace("_tab", "_pipe")
    path = release(tmp_path, {cpt.DELETED: None, bars: text})
    assert values(concepts(path)["00001"])["deletion"] == ["Pre-1982"]
    with_both = release(tmp_path, {bars: "not read"})
    assert values(concepts(with_both)["00001"])["deletion"] == ["Pre-1982"]


def test_laboratory_analyses(tmp_path: Path) -> None:
    more = "0999U\tA word\tMED\tSHORT\t\t\t7/1/2026\t10/1/2026\tKite\tA laboratory\t\r\n"
    header = "Code\tLong\tMedium\tShort\tx\ty\tReleased\tEffective\r\n"
    path = release(tmp_path, changed(cpt.LABORATORY, lambda text: header + text + more))
    found = concepts(path)
    assert values(found["0001U"])["proprietaryName"] == ["Lantern 0001U"]
    assert values(found["0001U"])["effectiveDate"] == ["2025-10-01"]
    assert values(found["0001U"])["manufacturer"] == ["A maker"]
    assert found["0999U"].display == "A word"
    assert names(found["0999U"]) == {"med": ["MED"], "short": ["SHORT"]}
    assert values(found["0999U"])["effectiveDate"] == ["2026-10-01"]
    assert "manufacturer" not in values(found["0999U"])


def test_orthopoxvirus_codes(tmp_path: Path) -> None:
    codes = {"standard/OrthopoxvirusCodes.txt": "A heading\r\n12345\tA word\r\n"}
    found = concepts(release(tmp_path, codes))
    assert values(found["12345"])["orthopox"] == ["true"]
    assert "orthopox" not in values(found["12346"])


def test_tables_as_workbooks(tmp_path: Path) -> None:
    path = release(tmp_path, {cpt.CONSUMER: None})
    header = ["Concept Id", "CPT Code", "Consumer Friendly Descriptor"]
    rows: list[list[Cell]] = [[*header], [1, "99213", "A word for all"], [2, 12345, "Another"]]
    (path / cpt.CONSUMER).parent.mkdir()
    workbook(path / cpt.CONSUMER.replace(".txt", ".xlsx"), rows)
    found = concepts(path)
    assert names(found["99213"])["consumer"] == ["A word for all"]
    assert names(found["12345"])["consumer"] == ["Another"]


def test_files_that_are_not_there_are_told(tmp_path: Path) -> None:
    files = {cpt.LONG: cpt.delivery(0, codes=CODES)[cpt.LONG]}
    path = cpt.written(tmp_path / "cpt-2026", files)
    whole = read(path)
    assert [placed.concept.code for placed in whole.concepts[0]] == list(CODES)
    told = " ".join(whole.remarks)
    for part in ("no MEDU.txt", "no SHORTU.txt", "no LONGUT.txt", "no MODUL.txt", "deleted codes"):
        assert part in told
    assert [file.name for file in whole.delivery.files] == [cpt.LONG]


@pytest.mark.parametrize("name", ["cpt-2026.zip", "AMA/CPT/20260101/standard.zip"])
def test_a_delivery_in_zips_within_a_zip(put: Write, name: str) -> None:
    files = {name: text.encode() for name, text in cpt.delivery(0, codes=CODES).items()}
    standard = {n.partition("/")[2]: c for n, c in files.items() if n.startswith(cpt.STANDARD)}
    link = {n: c for n, c in files.items() if not n.startswith(cpt.STANDARD)}
    path = put(name, zipped({"Standard.zip": zipped(standard), "CPT 2026 Link.zip": zipped(link)}))
    assert "LONGULT.txt is named as the AMA names" in recognised(path)[KIND]
    whole = read(path)
    assert whole.delivery.version == "2026"
    assert len(whole.delivery.files) == len(files)
    assert {placed.concept.code for placed in whole.concepts[0]} > set(CODES)


@pytest.mark.parametrize(
    ("folder", "year"), [("20260101", 2026), ("20250901", 2026), ("CPT 2024 Q2", 2024)]
)
def test_the_year_is_in_the_names_of_folders_or_in_the_appendix(
    tmp_path: Path, folder: str, year: int
) -> None:
    path = cpt.written(tmp_path / folder, cpt.delivery(0, year, codes=CODES))
    delivery = read(path).delivery
    assert (delivery.version, delivery.effective) == (str(year), f"{year}-01-01")
    later = Options(accept_license=True, effective=f"{year}-04-01")
    assert read(path, later).delivery.effective == f"{year}-04-01"


def test_the_head_is_a_code_system_of_fhir_and_defines_its_properties(tmp_path: Path) -> None:
    whole = read(cpt.written(tmp_path / "cpt-2026", cpt.delivery(400)))
    (system,) = whole.delivery.systems
    CodeSystem.model_validate(system.head)
    said, _, notice = system.head["copyright"].partition("\n\nThe notice of the files reads:\n\n")
    assert said.startswith("CPT \u00a9 Copyright 2026 American Medical Association. All rights")
    assert said.endswith("are registered trademarks of the American Medical Association.")
    assert NOTICE.format(year=2025) in notice
    assert notice == whole.delivery.notice
    assert system.head["content"] == "complete"
    defined = {prop["code"]: prop["type"] for prop in system.head["property"]}
    for placed in whole.concepts[0]:
        assert placed.parents == ()
        for prop in placed.concept.property:
            typed = prop.typed_value()
            assert typed is not None
            assert typed[0].lower() == f"value{defined[prop.code]}".lower()


def test_a_release_of_full_size_is_read_whole(tmp_path: Path) -> None:
    files = cpt.delivery(11_000)
    assert files == cpt.delivery(11_000)
    assert files != cpt.delivery(11_000, seed=1)
    whole = read(cpt.written(tmp_path / "cpt-2026", files))
    (placed,) = whole.concepts
    assert not whole.problems
    active = [p for p in placed if "inactive" not in values(p.concept)]
    assert len([p for p in active if len(p.concept.code) == 5]) == 11_000
