"""Conditions of conditions, and what each binds."""

import pytest

from terminology.model import Json
from terminology.rules.evaluator import evaluate
from terminology.rules.report import Finding, Report
from terminology.rules.request import Line
from tests.terminology.rules.facts import FakeFacts, book, line, request, rule

FACTS = FakeFacts(
    codes={"37244": ["code"], "1P": ["cat-2"], "2P": ["cat-2"], "59": ["general"]},
    rows={
        ("medicare-fee-schedule", "37244"): {"pctc": "0", "bilat": "", "status": "A"},
        ("medicare-fee-schedule", "37243"): {"pctc": "1", "status": "A"},
    },
)
FALSE: Json = {"modifier": ["00"]}
TRUE: Json = {"setting": ["practitioner"]}
UNKNOWN: Json = {"kind": ["code"]}


def asked(condition: Json, *lines: Line | str, message: str = "x", scope: str = "cpt") -> Report:
    rules = book(rule(condition, message=message, scope=scope))
    return evaluate(request(*lines), FACTS, rules)


def found(condition: Json, *lines: Line | str, message: str = "x", scope: str = "cpt") -> Finding:
    (one,) = asked(condition, *lines, message=message, scope=scope).findings
    return one


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"all": [TRUE, UNKNOWN]}, None),
        ({"all": [UNKNOWN, FALSE]}, False),
        ({"all": [TRUE, TRUE]}, True),
        ({"any": [UNKNOWN, TRUE]}, True),
        ({"any": [FALSE, UNKNOWN]}, None),
        ({"any": [FALSE, FALSE]}, False),
        ({"not": TRUE}, False),
        ({"not": FALSE}, True),
        ({"not": UNKNOWN}, None),
        ({"not": {"not": UNKNOWN}}, None),
    ],
)
def test_the_logic_has_three_values(condition: Json, *, expected: bool | None) -> None:
    report = asked(condition, "99213")
    answer = True if report.findings else None if report.not_checked else False
    assert answer is expected


def test_a_modifier_is_found_once_each_and_where_it_stands() -> None:
    report = asked({"modifier": ["26", "TC"]}, "37244:TC:59:26", message="{modifier}")
    assert [(one.text, one.element, one.index) for one in report.findings] == [
        ("26", "modifier", 2),
        ("TC", "modifier", 0),
    ]


def test_the_first_part_of_an_all_says_what_the_finding_is_about() -> None:
    condition = {"all": [{"row": {"pctc": ["0"]}}, {"modifier": ["59"]}, {"modifier": ["XS"]}]}
    one = found(condition, "37244:XS:59", message="{modifier}", scope="medicare-fee-schedule")
    assert (one.text, one.element, one.index) == ("59", "modifier", 1)


def test_a_set_is_told_in_one_order() -> None:
    for text in ("37244:74:52:73", "37244:52:73:74"):
        one = found({"modifiers": {"of": ["52", "73", "74"]}}, text, message="{modifiers}")
        assert one.text == "52, 73 and 74"
        assert one.index == text.split(":").index("74") - 1


def test_each_modifier_that_is_repeated_is_told_at_its_second_place() -> None:
    report = asked({"repeated-modifier": True}, "37244:LT:59:59:LT", message="{modifier}")
    assert [(one.text, one.index) for one in report.findings] == [("59", 2), ("LT", 3)]


def test_the_position_is_that_of_the_modifier_in_the_text() -> None:
    sent = Line(code="37244", modifiers=("59", "26"), positions=(6, 9))
    assert found({"modifier": ["26"]}, sent).position == 9


def test_a_modifier_that_is_not_loaded_is_told_beside_what_is_found() -> None:
    report = asked({"modifier-kind": ["cat-2"]}, "37244:ZZ:2P:1P", message="{modifier}")
    assert [one.text for one in report.findings] == ["1P", "2P"]
    assert [left.reason for left in report.not_checked] == [
        "the modifier ZZ is not loaded, so it alone could not be checked"
    ]


def test_a_property_that_decided_is_a_fact() -> None:
    facts = FakeFacts(codes={"37244": []}, properties={"37244": {"telemedicine": "false"}})
    condition = {"property": {"telemedicine": ["false"]}}
    rules = book(rule(condition, message="{telemedicine}"))
    (one,) = evaluate(request("37244"), facts, rules).findings
    assert one.facts == {"code": "37244", "telemedicine": "false"}


def test_a_column_that_is_not_stated_is_not_known() -> None:
    for column in ("bilat", "team"):
        condition = {"row": {column: ["0"], "pctc": ["0"]}}
        report = asked(condition, "37244", scope="medicare-fee-schedule")
        assert report.findings == ()
        assert f"does not state {column}" in report.not_checked[0].reason


def test_a_column_that_differs_decides_whatever_another_leaves_out() -> None:
    condition = {"row": {"team": ["0"], "pctc": ["0"]}}
    assert asked(condition, "37243", scope="medicare-fee-schedule") == Report(findings=())


def test_an_empty_column_can_be_asked_for() -> None:
    condition = {"row": {"bilat": [""]}}
    assert asked(condition, "37244", scope="medicare-fee-schedule").findings


def test_a_payers_rule_reads_medicares_indicators() -> None:
    policy = rule({"row": {"pctc": ["0"]}}, scope="payer-policy", payers=[{"name": "A payer"}])
    assert evaluate(request("37244"), FACTS, book(policy)).findings


def test_another_line_is_told_with_its_facts() -> None:
    condition = {"with": {"all": [{"modifier": ["59"]}, {"row": {"pctc": ["1"]}}]}}
    message = "{code} {other_code} {other_modifier} {other_pctc}"
    one = found(condition, "37244", "37243:59", message=message, scope="medicare-fee-schedule")
    assert (one.text, one.line, one.other) == ("37244 37243 59 1", 0, 1)


def test_a_line_is_not_beside_itself() -> None:
    condition = {"with": {"code": ["37244"]}}
    assert [one.line for one in asked(condition, "37244", "99213").findings] == [1]
    assert [one.line for one in asked(condition, "37244", "37244").findings] == [0, 1]


def test_what_is_not_known_of_another_line_is_told() -> None:
    report = asked({"with": {"kind": ["cat-2"]}}, "37244", "99213")
    assert [(left.line, left.reason) for left in report.not_checked] == [
        (0, "99213 is not loaded"),
    ]


def test_a_place_that_was_not_sent_is_not_known() -> None:
    for condition in ({"place": ["21"]}, {"not": {"place": ["21"]}}):
        (left,) = asked(condition, "37244").not_checked
        assert left.reason == "no place of service was sent"
    assert found({"place": ["21"]}, line("37244", place="21"), message="{place}").text == "21"
    assert asked({"place": ["21"]}, line("37244", place="11")) == Report(findings=())
