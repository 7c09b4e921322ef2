"""NCCI's pairs with 37244: facts, each by its own name."""

from collections import Counter

import pytest

from terminology import content
from terminology.rules.issues import sources
from terminology.rules.report import Finding
from tests.terminology.rules.shipped import IN_2024, Asked, line

PAIRS = frozenset({"ncci-ptp"})
HOSPITAL = "outpatient-hospital"


def pair(ask: Asked, *lines: str, setting: str = "practitioner") -> Finding:
    (found,) = ask(*lines, day=IN_2024, setting=setting, scopes=PAIRS).findings
    return found


def never(ask: Asked, code: str) -> bool:
    return pair(ask, "37244:59", code).rule.id == "ncci-pair-never"


@pytest.mark.parametrize("code", ["37241", "37242", "37243"])
@pytest.mark.parametrize("setting", ["practitioner", HOSPITAL])
def test_37244_tops_its_family_and_a_modifier_may_bypass(
    ask: Asked, code: str, setting: str
) -> None:
    found = pair(ask, code, "37244", setting=setting)
    assert found.rule.id == "ncci-pair"
    assert (found.facts["column1"], found.facts["column2"]) == ("37244", code)
    assert "instruction" in found.text
    assert (found.line, found.other) == (0, 1)


@pytest.mark.parametrize(
    ("first", "second"), [("37243", "37242"), ("37243", "37241"), ("37242", "37241")]
)
def test_the_rest_of_the_family_are_pairs_whose_indicator_is_not_loaded(
    ask: Asked, first: str, second: str
) -> None:
    found = pair(ask, second, first)
    assert found.rule.id == "ncci-pair-indicator-unknown"
    assert (found.facts["column1"], found.facts["column2"]) == (first, second)


@pytest.mark.parametrize("modifier", ["59", "XE", "XP", "XS", "XU", "LT", "58", "78", "79"])
def test_a_modifier_on_column_two_bypasses_the_pair_and_is_named(ask: Asked, modifier: str) -> None:
    found = pair(ask, "37244", f"37243:{modifier}")
    assert found.bypassed
    assert f"{modifier} on 37243" in found.text


@pytest.mark.parametrize("modifier", ["59", "XE", "XP", "XS", "XU"])
def test_59_and_x_modifiers_count_on_column_one_too_since_july_2019(
    ask: Asked, modifier: str
) -> None:
    assert f"{modifier} on 37244" in pair(ask, f"37244:{modifier}", "37243").text


@pytest.mark.parametrize("modifier", ["LT", "58", "78", "91"])
def test_other_modifiers_count_on_column_two_alone(ask: Asked, modifier: str) -> None:
    assert not pair(ask, f"37244:{modifier}", "37243").bypassed


@pytest.mark.parametrize("modifier", ["22", "26", "50", "51", "52", "76", "80", "GC"])
def test_no_other_modifier_bypasses_a_pair(ask: Asked, modifier: str) -> None:
    assert not pair(ask, "37244", f"37243:{modifier}").bypassed


@pytest.mark.parametrize("code", ["75894", "75898", "76000", "77001", "77002", "76942"])
def test_imaging_is_bundled_and_may_be_bypassed(ask: Asked, code: str) -> None:
    assert pair(ask, "37244", code).rule.id == "ncci-pair"


@pytest.mark.parametrize("code", [*map(str, range(36221, 36227)), *map(str, range(36251, 36255))])
def test_catheters_with_their_angiography_are_bundled(ask: Asked, code: str) -> None:
    assert pair(ask, "37244", code).rule.id == "ncci-pair"


@pytest.mark.parametrize("code", [*map(str, range(36215, 36219)), *map(str, range(36245, 36249))])
def test_selective_catheters_are_no_pair(ask: Asked, code: str) -> None:
    report = ask("37244", code, day=IN_2024, scopes=PAIRS)
    assert report.findings == ()


@pytest.mark.parametrize("code", ["99213", "99232", "99291"])
def test_visits_are_bundled_and_may_be_bypassed(ask: Asked, code: str) -> None:
    assert pair(ask, "37244", code).rule.id == "ncci-pair-visit"
    assert pair(ask, "37244", f"{code}:25").bypassed


@pytest.mark.parametrize("modifier", ["24", "25", "57"])
def test_a_visit_is_told_to_have_a_modifier_of_visits_that_no_rule_refuses(
    ask: Asked, modifier: str
) -> None:
    advice = pair(ask, "37244", "99213").text
    assert modifier in advice
    assert "59" not in advice
    assert not ask.ids(f"99213:{modifier}", day=IN_2024) & {"cpt-59-on-a-visit"}
    assert pair(ask, "37244", f"99213:{modifier}").bypassed


@pytest.mark.parametrize("code", ["01916", "01924", "01925", "01926"])
def test_anesthesia_by_the_same_clinician_is_never_paid_beside(ask: Asked, code: str) -> None:
    assert never(ask, code)


@pytest.mark.parametrize("code", ["99155", "99156", "99157"])
def test_sedation_is_never_paid_beside(ask: Asked, code: str) -> None:
    assert never(ask, code)


@pytest.mark.parametrize("code", ["62320", "64400"])
def test_nerve_blocks_and_epidurals_are_never_paid_beside(ask: Asked, code: str) -> None:
    assert never(ask, code)


@pytest.mark.parametrize("code", ["37211", "37212", "37213", "37214", "61645"])
def test_lysis_is_bundled_as_more_extensive(ask: Asked, code: str) -> None:
    assert "ore extensive" in pair(ask, "37244", code).text


@pytest.mark.parametrize("code", ["49185", "61623"])
def test_some_codes_of_column_two_are_mutually_exclusive(ask: Asked, code: str) -> None:
    assert "Mutually exclusive" in pair(ask, "37244", code).text


@pytest.mark.parametrize("code", ["61624", "61626", "61710"])
@pytest.mark.parametrize("setting", ["practitioner", HOSPITAL])
def test_37244_is_column_two_of_three_codes_of_the_head(
    ask: Asked, code: str, setting: str
) -> None:
    found = pair(ask, "37244", code, setting=setting)
    assert (found.facts["column1"], found.facts["column2"]) == (code, "37244")
    assert "Mutually exclusive" in found.text


@pytest.mark.parametrize(
    ("setting", "bypassable", "not_bypassable"), [("practitioner", 259, 78), (HOSPITAL, 266, 10)]
)
def test_the_pairs_of_37244_as_column_one(
    setting: str, bypassable: int, not_bypassable: int
) -> None:
    found = Counter(
        row["indicator"]
        for row in content.table("ncci-ptp")
        if (row["setting"], row["column1"], row["deleted"]) == (setting, "37244", "")
    )
    assert found == {"1": bypassable, "0": not_bypassable}


def test_codes_of_two_days_are_no_pair(ask: Asked) -> None:
    lines = line("37244", date="2024-08-01"), line("37243", date="2024-08-02")
    assert ask(*lines, scopes=PAIRS).findings == ()


@pytest.mark.parametrize("code", ["99217", "99241"])
def test_a_pair_that_was_deleted_before_is_no_pair(ask: Asked, code: str) -> None:
    assert ask("37244", code, day=IN_2024, scopes=PAIRS).findings == ()


def test_pairs_of_other_codes_are_not_checked_and_said_so(ask: Asked) -> None:
    report = ask("99213", "93000", day=IN_2024, scopes=PAIRS)
    assert report.findings == ()
    assert [missing.scope for missing in report.not_checked] == ["ncci-ptp"]


def test_before_2024_q3_no_pair_is_checked(ask: Asked) -> None:
    report = ask("37244", "37243", day="2024-06-30", scopes=PAIRS)
    assert report.findings == ()
    assert [missing.scope for missing in report.not_checked] == ["ncci-ptp"]


@pytest.mark.parametrize("indicator", ["1", "0"])
def test_59_bypasses_every_pair_with_indicator_1_and_none_with_0(
    ask: Asked, indicator: str
) -> None:
    rows = [
        row
        for row in content.table("ncci-ptp")
        if (row["setting"], row["column1"], row["deleted"]) == ("practitioner", "37244", "")
    ]
    codes = [row["column2"] for row in rows if row["indicator"] == indicator]
    assert len(codes) == {"1": 259, "0": 78}[indicator]
    for code in codes:
        found = pair(ask, "37244", f"{code}:59")
        assert found.bypassed is (indicator == "1"), code


def test_angiography_and_venography_are_bundled_and_may_be_bypassed(ask: Asked) -> None:
    codes = {
        row["column2"]
        for row in content.table("ncci-ptp")
        if (row["setting"], row["column1"], row["deleted"]) == ("practitioner", "37244", "")
        and "75600" <= row["column2"] <= "75899"
    }
    assert {"75726", "75774", "75820", "75894", "75898"} <= codes
    for code in sorted(codes):
        assert pair(ask, "37244", code).rule.id == "ncci-pair", code


def test_the_extract_does_not_say_since_when_a_pair_is_in_force_and_nor_do_we(ask: Asked) -> None:
    assert "Since when the pair is in force is not loaded" in pair(ask, "37244", "37243").text


def test_a_pair_cites_the_extract_that_it_was_read_from(ask: Asked) -> None:
    assert sources(pair(ask, "37244", "37243"))[-1] == (
        "NCCI PTP 2024 Q3, DocumentReference/cms-ncci-ptp-2024q3-extract"
    )
