"""Pairs that can't be read, and deliveries that are not whole."""

from pathlib import Path

import pytest

from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from tests.terminology.importers.generate import ncci
from tests.terminology.importers.packing import zipped
from tests.terminology.importers.reading import Write, load, refusal

KIND = "ncci-ptp"
NAME = "ccipra-v322r0-f1.txt"
HEAD = "".join(f"{line}\r\n" for line in ncci.HEADER)
GOOD = "0001A\t0591T\t\t20220101\t*\t1\tWhy\r\n"
LATER = GOOD.replace("0591T", "0592T")
ANY = Options(threshold=Threshold(share=1))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("0001A\t0591T\t\t20220101\t*", "it has 5 columns"),
        ("1A\t0591T\t\t20220101\t*\t1\tWhy", "column 1 is '1A'"),
        ("0001A\tEDITS\t\t20220101\t*\t1\tWhy", "column 2 is 'EDITS'"),
        ("0001A\t0591T\t\t20220231\t*\t1\tWhy", "the effective date is '20220231'"),
        ("0001A\t0591T\t\t*\t*\t1\tWhy", "the effective date is '*'"),
        ("0001A\t0591T\t\t20220101\tnever\t1\tWhy", "the deletion date is 'never'"),
        ("0001A\t0591T\t\t20220101\t*\t2\tWhy", "the modifier is '2'"),
    ],
)
def test_a_bad_row_is_counted_with_file_line_and_reason(put: Write, row: str, reason: str) -> None:
    whole = load(KIND, put(NAME, f"{HEAD}{GOOD}{row}\r\n\r\n{LATER}"), ANY)
    assert whole.problems == [f"{NAME}:6: {reason}"]
    assert len(whole.pairs[0]) == 2


def test_too_many_bad_rows_stop_the_load_at_once(put: Write) -> None:
    path = put(NAME, HEAD + GOOD + "junk\r\n" * 50)
    message = refusal(KIND, path, Options(threshold=Threshold(number=20)))
    assert message.startswith("21 rows can't be read, more than the 20 that are allowed")
    assert f"{NAME}:6: it has 1 columns" in message
    assert "Nothing was loaded" in message


def test_a_share_of_bad_rows_stops_the_load_at_its_end(put: Write) -> None:
    rows = "".join(f"{row}\r\n" for row in ncci.pairs(98))
    path = put(NAME, f"{HEAD}{rows}junk\r\njunk\r\n")
    assert "2 rows can't be read, of 100, more than the 1%" in refusal(KIND, path)
    assert len(load(KIND, path, Options(threshold=Threshold(share=0.02))).pairs[0]) == 98


def test_a_part_that_is_missing(tmp_path: Path) -> None:
    ncci.parts(tmp_path, 40)[1].unlink()
    assert "practitioner pairs of v322r0 lack the parts f2" in refusal(KIND, tmp_path)


def test_two_versions_at_once(tmp_path: Path) -> None:
    ncci.parts(tmp_path, 40)
    ncci.parts(tmp_path, 40, "ccipra-v321r0")
    assert "pairs of v321r0 and v322r0: load one version at a time" in refusal(KIND, tmp_path)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("pairs.txt", Options(), "neither practitioners nor outpatient hospitals"),
        ("practitioner.txt", Options(), "Name the version (--version v322r0)"),
        ("practitioner.txt", Options(version="v322r0"), "(--effective 2026-07-01)"),
        ("ccipra-v329r0-f1.txt", Options(), "(--effective 2026-07-01)"),
        (NAME, Options(effective="soon"), "--effective is 'soon'; write a day as in 2026-07-01"),
        (NAME, Options(effective="2026-02-30"), "--effective is '2026-02-30'"),
    ],
)
def test_what_no_file_tells_is_asked_for(
    put: Write, name: str, options: Options, message: str
) -> None:
    assert message in refusal(KIND, put(name, HEAD + GOOD), options)


@pytest.mark.parametrize("text", ["", "nothing of the kind\r\n", HEAD, GOOD])
def test_a_file_without_header_or_pairs(put: Write, text: str) -> None:
    assert "holds no file with NCCI's header and pairs" in refusal(KIND, put(NAME, text))


def test_another_kind_is_named(put: Write) -> None:
    path = put("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", ncci.limits(3))
    message = refusal(KIND, path)
    assert "is not NCCI's code pairs: it looks like 'ncci-mue'" in message


def test_something_else_is_shown(put: Write) -> None:
    path = put("a.zip", zipped({"readme.txt": b"hello", "b.txt": b""}))
    assert "it holds readme.txt, b.txt" in refusal(KIND, path)


def test_a_byte_of_another_encoding(put: Write) -> None:
    rows = GOOD.replace("Why", "é") * 60_000
    path = put(NAME, (HEAD + rows).encode() + GOOD.replace("Why", "é").encode("cp1252"))
    assert "begins as UTF-8 text, but has the byte" in refusal(KIND, path)


def test_the_same_part_twice(put: Write) -> None:
    put(f"a/{NAME}", HEAD + GOOD)
    folder = put(f"b/{NAME}", HEAD + GOOD).parent.parent
    assert f"a/{NAME} and b/{NAME} are the same part" in refusal(KIND, folder)
