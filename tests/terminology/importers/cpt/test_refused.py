"""Deliveries of CPT that are not loaded, and why; rows that are left out, and what is said."""

from pathlib import Path

import pytest

from terminology.importers.delivery import Options
from terminology.importers.problems import (
    LicenseNotAccepted,
    Threshold,
    TooManyProblems,
    UnreadableSource,
)
from tests.terminology.importers.cpt.releases import (
    CODES,
    KIND,
    LENIENT,
    LICENSED,
    changed,
    concepts,
    read,
    refused,
    release,
)
from tests.terminology.importers.generate import cpt
from tests.terminology.importers.packing import zipped
from tests.terminology.importers.reading import Write, load


def test_without_the_license_nothing_is_read_and_the_notice_is_shown(tmp_path: Path) -> None:
    with pytest.raises(LicenseNotAccepted) as error:
        load(KIND, release(tmp_path), Options(version="2026"))
    assert error.value.issue_code == "forbidden"
    assert "say so (--accept-license)" in error.value.message
    assert "Made-up words for tests only; copyright 2025 nobody." in error.value.message
    assert cpt.text(0) not in error.value.message


def test_a_long_notice_is_shown_up_to_a_page(tmp_path: Path) -> None:
    many = changed(cpt.LONG, lambda text: "word " * 2_000 + "\r\n\r\n" + text)
    message = refused(release(tmp_path, many), Options())
    assert 1_500 < len(message) < 2_000
    assert message.endswith(" ...")
    assert len(read(release(tmp_path, many)).delivery.notice) > 10_000


def test_a_folder_without_long_descriptors_is_no_delivery(tmp_path: Path) -> None:
    message = refused(release(tmp_path, {cpt.LONG: None}))
    assert "is not the AMA's delivery of CPT" in message
    assert "Name the right kind" in message


@pytest.mark.parametrize("text", ["", "\r\n\r\n", "A notice\r\n\r\nand no more\r\n"])
def test_long_descriptors_without_a_code(tmp_path: Path, text: str) -> None:
    assert "has no line that begins with a code" in refused(release(tmp_path, {cpt.LONG: text}))


def test_a_file_that_was_cut_short_differs_from_the_others(tmp_path: Path) -> None:
    files = cpt.delivery(300)
    files[cpt.LONG] = files[cpt.LONG][: len(files[cpt.LONG]) // 2]
    path = cpt.written(tmp_path / "cpt-2026", files)
    with pytest.raises(TooManyProblems) as error:
        read(path)
    assert "LONGULT.txt: it has no" in error.value.message
    assert "Nothing was loaded" in error.value.message


def test_a_zip_file_that_was_cut_short(put: Write) -> None:
    packed = zipped({name: text.encode() for name, text in cpt.delivery(100).items()})
    with pytest.raises(UnreadableSource, match="is damaged or was cut short"):
        read(put("cpt-2026.zip", packed[: len(packed) // 2]))


@pytest.mark.parametrize("name", [cpt.LONG, cpt.MEDIUM, cpt.SHORT, cpt.LONG_UPPER])
def test_a_code_that_one_file_lacks_is_told(tmp_path: Path, name: str) -> None:
    def without(text: str) -> str:
        return "".join(line for line in text.splitlines(True) if not line.startswith("20100"))

    path = release(tmp_path, changed(name, without))
    assert f"{name.rpartition('/')[2]}: it has no 20100, which is in" in refused(path)
    assert set(concepts(path, LENIENT)) & {"20100", "99213"} == (
        {"99213"} if name == cpt.LONG else {"20100", "99213"}
    )


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        (cpt.LONG, "9921\ta word", "'9921\\ta word' does not begin with a code"),
        (cpt.LONG, "99214\t ", "there is no text for 99214"),
        (cpt.LONG, "99213\tagain", "99213 stands there a second time"),
        (cpt.CONSUMER, "1\t9921\tword", "'9921' is no code, or has no text"),
        (cpt.CLINICIAN, "1\t99213\t1\t", "'99213' is no code, or has no text"),
        (cpt.LABORATORY, "0002\tword", "'0002' is no code"),
        (cpt.LABORATORY, "0002U\tword", "the row of 0002U has 2 columns"),
        (cpt.DELETED, "1\t9921\t20200101\t1\tword\t", "'9921' is no code and no modifier"),
        (cpt.DELETED, "1\t99214\t20201301\t1\tword\t", "99214 was deleted on '20201301'"),
        (cpt.HISTORY, "20200101\tADDED\t1\t9921\t", "'9921' is no code and no modifier"),
    ],
)
def test_a_row_that_can_not_be_read_is_counted(
    tmp_path: Path, name: str, row: str, reason: str
) -> None:
    path = release(tmp_path, changed(name, lambda text: f"{text}{row}\r\n"))
    whole = read(path, LENIENT)
    line = len((path / name).read_text().splitlines())
    assert whole.problems == [f"{name}:{line}: {reason}"]
    assert set(CODES) < {placed.concept.code for placed in whole.concepts[0]}
    assert reason in refused(path)


def test_up_to_the_threshold_bad_rows_are_left_out(tmp_path: Path) -> None:
    bad = "".join(f"a word {n}\r\n" for n in range(3))
    path = release(tmp_path, changed(cpt.SHORT, lambda text: text + bad))
    assert len(read(path, LENIENT).problems) == 3
    few = Options(accept_license=True, threshold=Threshold(number=2, share=1))
    assert "3 rows can't be read, more than the 2 that are allowed" in refused(path, few)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        (cpt.CONSUMER, "CONSUMER FRIENDLY DESCRIPTOR"),
        (cpt.CLINICIAN, "CLINICIAN DESCRIPTOR"),
        (cpt.DELETED, "DATE DELETED"),
        (cpt.HISTORY, "CHANGE TYPE"),
        (cpt.MODIFIER_HISTORY, "MODIFIER CODE"),
    ],
)
def test_a_table_without_its_header(tmp_path: Path, name: str, column: str) -> None:
    path = release(tmp_path, changed(name, lambda text: text.partition("\n")[2]))
    assert "does not begin with a header that has" in refused(path)
    assert column in refused(path)
    assert "is empty" in refused(release(tmp_path, {name: ""}))


def test_sections_of_the_appendix_in_which_no_modifier_is_found(tmp_path: Path) -> None:
    path = release(tmp_path, {cpt.MODIFIERS: "No heading\r\n\r\n59 A word: a text\r\n"})
    assert read(path, LENIENT).problems == [
        f"{cpt.MODIFIERS}: no modifier was found of the kind '{kind}'"
        for kind in ("physical-status", "cat-1", "cat-2", "hcpcs")
    ]


def test_an_encoding_that_changes_within_a_file(tmp_path: Path) -> None:
    path = release(tmp_path)
    with (path / cpt.LONG).open("ab") as file:
        file.write("99214\tCaf\u00e9 \u0141\r\n".encode("cp1250") + b"99215\t\x81\r\n")
    assert "begins as Windows-1252 text, but has the byte" in refused(path)
    (path / cpt.LONG).write_bytes(b"12345\t\0\0\0")
    assert "is not text: it holds zero bytes" in refused(path)


def test_a_file_that_lies_there_twice_must_say_the_same(tmp_path: Path) -> None:
    path = release(tmp_path)
    (path / "errata").mkdir()
    other = path / "errata" / "longult.TXT"
    other.write_bytes((path / cpt.LONG).read_bytes())
    assert len(concepts(path)) > len(CODES)
    other.write_text("12345\tanother word\n")
    assert "errata/longult.TXT and standard/LONGULT.txt: load one delivery" in refused(path)


def test_the_year_has_to_be_clear(tmp_path: Path) -> None:
    files = cpt.delivery(0, codes=CODES)
    without = files | {cpt.MODIFIERS: files[cpt.MODIFIERS].replace("CPT 2026 codes", "codes")}
    path = cpt.written(tmp_path / "cpt", without)
    assert "Name it (--version 2026)" in refused(path)
    assert read(path, Options(version="2026", accept_license=True)).delivery.version == "2026"
    wrong = Options(version="26", accept_license=True)
    assert "--version is '26'; CPT's versions are years" in refused(path, wrong)
    day = Options(version="2026", effective="1 May", accept_license=True)
    assert "--effective is '1 May'" in refused(path, day)


def test_a_folder_of_one_year_with_an_appendix_of_another(tmp_path: Path) -> None:
    path = cpt.written(tmp_path / "cpt-2025", cpt.delivery(0, 2026, codes=CODES))
    assert "may be CPT of 2025 or 2026" in refused(path)
    assert "Name the right one (--version 2026)" in refused(path, LICENSED)
