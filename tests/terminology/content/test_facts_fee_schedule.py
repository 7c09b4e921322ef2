"""What the indicators of CMS's fee schedule can hold and mean: facts, each by its own name."""

import pytest

from terminology import content

MEANINGS = {
    (row["indicator"], row["value"]): row["meaning"] for row in content.table(content.MEANINGS)
}
# Counted in CMS's file of July 2024: every value that it holds.
IN_2024C = {
    "pctc": "0 1 2 3 4 5 6 7 8 9",
    "global_days": "000 010 090 MMM XXX YYY ZZZ",
    "mult": "0 2 3 4 5 6 7 9",
    "bilat": "0 1 2 3 9",
    "asst": "0 1 2 9",
    "co_surg": "0 1 2 9",
    "team": "0 1 2 9",
    "status": "A X I E C M R N J P B T",
}


@pytest.mark.parametrize("indicator", IN_2024C)
def test_every_value_that_the_file_holds_has_a_meaning(indicator: str) -> None:
    values = {value for name, value in MEANINGS if name == indicator}
    assert set(IN_2024C[indicator].split()) <= values


@pytest.mark.parametrize("value", ["0", "2", "3", "4", "5"])
def test_pctc_says_that_26_and_tc_can_t_be_used(value: str) -> None:
    assert "26 and TC can't be used" in MEANINGS["pctc", value]


def test_pctc_1_is_a_diagnostic_test_that_is_split() -> None:
    assert "26 and TC can be used" in MEANINGS["pctc", "1"]


def test_pctc_6_allows_26_and_not_tc() -> None:
    assert "26 can be used and TC can't" in MEANINGS["pctc", "6"]


def test_pctc_7_is_therapy_in_private_practice() -> None:
    assert "therapist" in MEANINGS["pctc", "7"]


def test_pctc_8_is_the_interpretation_of_a_smear() -> None:
    assert "smear" in MEANINGS["pctc", "8"]
    assert "TC can't be used" in MEANINGS["pctc", "8"]


@pytest.mark.parametrize(
    ("days", "word"),
    [
        ("000", "same day"),
        ("010", "10 days after"),
        ("090", "the day before to 90 days after"),
        ("MMM", "Maternity"),
        ("XXX", "does not apply"),
        ("YYY", "contractor"),
        ("ZZZ", "add-on"),
    ],
)
def test_the_global_days(days: str, word: str) -> None:
    assert word in MEANINGS["global_days", days]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("0", "No reduction"),
        ("1", "older"),
        ("2", "100 % for the first procedure, 50 % for each further one"),
        ("3", "endoscopies"),
        ("4", "imaging"),
        ("5", "therapy"),
        ("6", "cardiovascular"),
        ("7", "ophthalmology"),
        ("9", "does not apply"),
    ],
)
def test_the_reductions_for_multiple_procedures(value: str, word: str) -> None:
    assert word in MEANINGS["mult", value]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("0", "with 50 or with LT and RT"),
        ("1", "150 % for both sides"),
        ("2", "in the code already"),
        ("3", "100 % for each side"),
        ("9", "does not apply"),
    ],
)
def test_both_sides(value: str, word: str) -> None:
    assert word in MEANINGS["bilat", value]


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("0", "only with documentation"),
        ("1", "never paid: a statutory restriction"),
        ("2", "may be paid"),
        ("9", "does not apply"),
    ],
)
def test_assistants(value: str, word: str) -> None:
    assert word in MEANINGS["asst", value]


@pytest.mark.parametrize("indicator", ["co_surg", "team"])
@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("0", "not permitted"),
        ("1", "with documentation"),
        ("2", "permitted"),
        ("9", "does not apply"),
    ],
)
def test_co_surgeons_and_teams(indicator: str, value: str, word: str) -> None:
    assert word in MEANINGS[indicator, value]


def test_co_surgeons_who_are_permitted_are_of_two_specialties() -> None:
    assert "two specialties" in MEANINGS["co_surg", "2"]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("A", "Active"),
        ("B", "Bundled"),
        ("C", "contractor"),
        ("E", "by regulation"),
        ("I", "Not valid for Medicare"),
        ("J", "Anesthesia"),
        ("M", "Measurement"),
        # One source's short names of these four are shifted by one; CMS's are not.
        ("N", "Not covered"),
        ("P", "Bundled or excluded"),
        ("R", "Restricted"),
        ("T", "only where nothing else is paid"),
        ("X", "by statute"),
    ],
)
def test_the_status_codes(status: str, word: str) -> None:
    assert word in MEANINGS["status", status]
