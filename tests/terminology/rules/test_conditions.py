"""Each condition: when it holds, when it does not, and when it can't be told."""

from typing import Any

import pytest

from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.rules.evaluator import evaluate
from terminology.rules.facts import Pair
from terminology.rules.report import Report
from terminology.rules.request import Fault
from tests.terminology.rules.facts import FakeFacts, book, line, request, rule

FACTS = FakeFacts(
    codes={"37244": ["code"], "26": ["general"], "1P": ["cat-2"], "0001F": ["cat-2"]},
    rows={
        ("medicare-fee-schedule", "37244"): {"pctc": "0", "bilat": "0"},
        ("medicare-mue", "37244"): {"mue": "2", "mai": "3"},
    },
    properties={"37244": {"telemedicine": "false"}},
    pairs=[Pair("37244", "37243", "1", "")],
)


def asked(condition: Json, *lines: Any, facts: FakeFacts = FACTS, **changed: Any) -> Report:
    return evaluate(request(*lines), facts, book(rule(condition, **changed)))


@pytest.mark.parametrize(
    ("condition", "fires", "passes"),
    [
        ({"modifier": ["26", "TC"]}, "37244:59:26", "37244:59"),
        ({"modifier-kind": ["cat-2"]}, "37244:1P", "37244:26"),
        ({"modifiers": {"of": ["52", "53"]}}, "37244:53:52", "37244:52:59"),
        ({"modifiers": {"at-least": 5}}, "37244:22:51:52:59:LT", "37244:22:51:52:59"),
        ({"repeated-modifier": True}, "37244:59:59", "37244:59:52"),
        ({"code": ["37241-37243", "37244"]}, "37244", "37245"),
        ({"code": ["37241-37243"]}, "37243", "37244"),
        ({"code": ["37241-37243"]}, "37241", "37240"),
        ({"code": ["0001F-0015F"]}, "0002F", "0002T"),
        ({"kind": ["cat-2"]}, "0001F", "37244"),
        ({"category-2": True}, "0001F", "37244"),
        ({"category-2": False}, "37244", "0001F"),
        ({"any": [{"modifier": ["26"]}, {"modifier": ["TC"]}]}, "37244:TC", "37244:59"),
        ({"all": [{"modifier": ["26"]}, {"code": ["37244"]}]}, "37244:26", "37243:26"),
        ({"all": [{"modifier": ["26"]}, {"not": {"code": ["00001"]}}]}, "37244:26", "37244"),
        ({"all": [{"modifier": ["59"]}, {"modifier": ["XS"]}]}, "37244:XS:59", "37244:59"),
        ({"all": [{"modifier": ["58"]}, {"not": {"modifier": ["59"]}}]}, "37244:58", "37244:59:58"),
        ({"not": {"modifier-kind": ["cat-2"]}}, "37244", "37244:1P"),
        ({"repeated-modifier": False}, "37244:59", "37244:59:59"),
    ],
)
def test_a_condition_holds_or_not(condition: Json, fires: str, passes: str) -> None:
    assert len(asked(condition, fires).findings) == 1
    assert asked(condition, passes).findings == ()


@pytest.mark.parametrize(
    ("condition", "of", "reason"),
    [
        ({"kind": ["code"]}, "99213", "99213 is not loaded"),
        ({"modifier-kind": ["cat-2"]}, "37244:ZZ", "modifier ZZ is not loaded"),
        ({"property": {"telemedicine": ["false"]}}, "0001F", "'telemedicine'"),
    ],
)
def test_what_is_not_loaded_is_not_checked(condition: Json, of: str, reason: str) -> None:
    report = asked(condition, of)
    assert report.findings == ()
    (left,) = report.not_checked
    assert left.scope == "cpt"
    assert reason in left.reason


def test_a_property_that_is_stated_decides() -> None:
    assert asked({"property": {"telemedicine": ["false"]}}, "37244").findings
    assert not asked({"property": {"telemedicine": ["true"]}}, "37244").findings


def test_unknown_and_false_is_false() -> None:
    condition = {"all": [{"kind": ["code"]}, {"modifier": ["26"]}]}
    assert asked(condition, "99213").not_checked == ()


def test_a_row_is_read_by_its_columns_and_names_its_release() -> None:
    found = asked(
        {"row": {"pctc": ["0"]}},
        "37244",
        scope="medicare-fee-schedule",
        message="{code} has PC/TC {pctc} in {title}",
    )
    assert found.findings[0].text == "37244 has PC/TC 0 in medicare-fee-schedule R1"


def test_a_code_without_a_row_is_not_checked() -> None:
    report = asked({"row": {"pctc": ["0"]}}, "99213", scope="medicare-fee-schedule")
    assert "no row of 99213" in report.not_checked[0].reason


def test_a_day_before_the_first_release_is_not_checked() -> None:
    rules = book(rule({"row": {"pctc": ["0"]}}, scope="medicare-fee-schedule"))
    report = evaluate(request("37244", day="2019-05-01"), FACTS, rules)
    assert report.not_checked[0].reason == "no release of it is loaded for 2019-05-01"


def test_another_line_of_the_same_day_is_looked_at() -> None:
    condition = {"all": [{"code": ["37244"]}, {"with": {"code": ["37243"]}}]}
    (found,) = asked(condition, "37244", "37243").findings
    assert (found.line, found.other) == (0, 1)
    assert not asked(condition, "37244", line("37243", date="2025-01-01")).findings


def test_a_fault_of_the_text_is_told_with_its_place_and_right_form() -> None:
    fault = Fault(name="separator", part="-", position=5, right_form="37244:59")
    (found,) = asked(
        {"fault": ["separator"]},
        line("37244", faults=(fault,)),
        message="'{part}': write {right_form}",
    ).findings
    assert (found.text, found.position) == ("'-': write 37244:59", 5)


@pytest.mark.parametrize(
    "condition",
    [{}, {"modifer": ["26"]}, {"modifier": 1}, {"all": {"modifier": []}}, {"a": 1, "b": 2}, []],
)
def test_a_condition_that_is_none_is_refused_by_the_rules_name(condition: Any) -> None:
    with pytest.raises(InvalidInput, match="rule-1"):
        book(rule(condition))
