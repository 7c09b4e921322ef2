"""What each value of Medicare's indicators means for a modifier: facts, each by its own name.

No code that ships has most of the values, so the tests state the row.
"""

import pytest

from tests.terminology.rules.shipped import Asked, line

INVALID, NOT_PAYABLE, DOCUMENTS = "invalid", "not-payable", "needs-documentation"
NO_EFFECT, INFORMS = "no-payment-effect", "information"


@pytest.mark.parametrize("indicator", ["0", "2", "3", "4", "5", "9"])
@pytest.mark.parametrize("modifier", ["26", "TC"])
def test_26_and_tc_can_t_be_used(ask: Asked, indicator: str, modifier: str) -> None:
    (effect,) = ask.indicator(f"X0001:{modifier}", pctc=indicator).values()
    assert effect == INVALID


@pytest.mark.parametrize("modifier", ["26", "TC"])
def test_pctc_1_allows_26_and_tc(ask: Asked, modifier: str) -> None:
    assert ask.indicator(f"75726:{modifier}", pctc="1") == {}


@pytest.mark.parametrize("indicator", ["6", "8"])
def test_pctc_6_and_8_allow_26_and_not_tc(ask: Asked, indicator: str) -> None:
    assert ask.indicator("X0001:26", pctc=indicator) == {}
    (effect,) = ask.indicator("X0001:TC", pctc=indicator).values()
    assert effect == INVALID


def test_pctc_7_says_nothing_of_26_and_tc(ask: Asked) -> None:
    assert ask.indicator("X0001:26", pctc="7") == {}


@pytest.mark.parametrize("place", ["19", "21", "22"])
def test_pctc_5_is_not_paid_for_a_patient_of_a_hospital(ask: Asked, place: str) -> None:
    rows = {"medicare-fee-schedule": {"X0001": {"pctc": "5"}}}
    done = line("X0001", place=place)
    assert ask.medicare(done, rows=rows) == {"mpfs-incident-to-in-hospital": NOT_PAYABLE}
    assert ask.medicare(line("X0001", place="11"), rows=rows) == {}
    assert ask.medicare(line("37244", place=place)) == {}


def test_pctc_5_is_not_checked_where_no_place_is_told(ask: Asked) -> None:
    row = {"status": "A", "pctc": "5"}
    report = ask("X0001", rows={"medicare-fee-schedule": {"X0001": row}})
    assert report.findings == ()
    assert "no place of service was sent" in [left.reason for left in report.not_checked]


def test_each_value_of_pctc_has_a_rule_of_its_own(ask: Asked) -> None:
    rules = [set(ask.indicator("X0001:TC", pctc=value)) for value in "02345689"]
    assert len(set.union(*rules)) == len(rules)


def test_bilateral_0_pays_once_with_50(ask: Asked) -> None:
    assert ask.indicator("X0001:50", bilat="0") == {"mpfs-bilateral-paid-once": NO_EFFECT}


def test_bilateral_0_pays_once_with_lt_and_rt(ask: Asked) -> None:
    assert ask.indicator("X0001:LT:RT", bilat="0") == {"mpfs-both-sides-paid-once": NO_EFFECT}


def test_bilateral_1_pays_150_percent(ask: Asked) -> None:
    assert ask.indicator("36245:50", bilat="1") == {"mpfs-bilateral-half-more": INFORMS}


def test_bilateral_2_is_for_both_sides_already(ask: Asked) -> None:
    assert ask.indicator("75822:50", bilat="2") == {"mpfs-bilateral-included": NO_EFFECT}


def test_bilateral_3_pays_each_side_in_full(ask: Asked) -> None:
    assert ask.indicator("X0001:50", bilat="3") == {"mpfs-bilateral-each-side": INFORMS}


def test_bilateral_9_does_not_apply(ask: Asked) -> None:
    assert ask.indicator("G0269:50", bilat="9") == {"mpfs-bilateral-not-applicable": INVALID}


def test_multiple_0_has_no_reduction(ask: Asked) -> None:
    assert ask.indicator("99213:51", mult="0") == {"mpfs-multiple-none": NO_EFFECT}


def test_multiple_2_is_the_standard_reduction(ask: Asked) -> None:
    assert ask.indicator("36200:51", mult="2") == {"mpfs-multiple-standard": INFORMS}


@pytest.mark.parametrize("indicator", ["1", "3", "4", "5", "6", "7"])
def test_other_multiples_have_a_reduction_of_their_own(ask: Asked, indicator: str) -> None:
    assert ask.indicator("X0001:51", mult=indicator) == {"mpfs-multiple-special": INFORMS}


def test_multiple_9_does_not_apply(ask: Asked) -> None:
    assert ask.indicator("G0269:51", mult="9") == {"mpfs-multiple-not-applicable": INVALID}


@pytest.mark.parametrize("modifier", ["80", "81", "82", "AS"])
@pytest.mark.parametrize(
    ("indicator", "expected"), [("0", DOCUMENTS), ("1", NOT_PAYABLE), ("2", None), ("9", INVALID)]
)
def test_assistants_by_indicator(
    ask: Asked, modifier: str, indicator: str, expected: str | None
) -> None:
    found = list(ask.indicator(f"X0001:{modifier}", asst=indicator).values())
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [("0", NOT_PAYABLE), ("1", DOCUMENTS), ("2", INFORMS), ("9", INVALID)],
)
def test_two_surgeons_by_indicator(ask: Asked, indicator: str, expected: str) -> None:
    assert list(ask.indicator("X0001:62", co_surg=indicator).values()) == [expected]


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [("0", NOT_PAYABLE), ("1", DOCUMENTS), ("2", INFORMS), ("9", INVALID)],
)
def test_a_team_by_indicator(ask: Asked, indicator: str, expected: str) -> None:
    assert list(ask.indicator("X0001:66", team=indicator).values()) == [expected]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("A", None),
        ("B", NOT_PAYABLE),
        ("C", DOCUMENTS),
        ("E", NOT_PAYABLE),
        ("I", INVALID),
        ("J", None),
        ("M", INFORMS),
        ("N", NOT_PAYABLE),
        ("P", NOT_PAYABLE),
        ("R", DOCUMENTS),
        ("T", INFORMS),
        ("X", NOT_PAYABLE),
    ],
)
def test_the_status_of_a_code(ask: Asked, status: str, expected: str | None) -> None:
    found = list(ask.indicator("X0001", status=status).values())
    assert found == ([expected] if expected else [])


def test_global_000_is_the_day_alone(ask: Asked) -> None:
    for modifier in ("58", "78", "79"):
        found = ask.indicator(f"X0001:{modifier}", global_days="000")
        assert found == {"mpfs-return-same-day": INFORMS}


@pytest.mark.parametrize("days", ["010", "090"])
def test_78_pays_the_operation_alone(ask: Asked, days: str) -> None:
    found = ask.indicator("X0001:78", global_days=days)
    assert found == {"mpfs-return-operation-only": INFORMS}
    assert ask.indicator("X0001:58", global_days=days) == {}


def test_global_xxx_does_not_apply(ask: Asked) -> None:
    found = ask.indicator("X0001:79", global_days="XXX")
    assert found == {"mpfs-return-no-global": INFORMS}


@pytest.mark.parametrize("days", ["MMM", "YYY", "ZZZ"])
def test_other_globals_say_nothing_of_58_78_and_79(ask: Asked, days: str) -> None:
    assert ask.indicator("X0001:78", global_days=days) == {}


def test_invalid_not_payable_and_without_effect_are_three_things(ask: Asked) -> None:
    assert ask.medicare("37244:26") == {"mpfs-pctc-no-split": INVALID}
    assert ask.medicare("37244:80") == {"mpfs-assistant-never-paid": NOT_PAYABLE}
    assert ask.medicare("37244:50") == {"mpfs-bilateral-paid-once": NO_EFFECT}
