"""Which rules are asked of which line, and what is told of those that could not be."""

from typing import Any

import pytest

from terminology import deadline
from terminology.rules.evaluator import evaluate
from terminology.rules.facts import CodeFacts
from terminology.rules.report import UNREADABLE
from terminology.rules.request import Fault, Line
from tests.terminology.rules.facts import FakeFacts, book, line, request, rule

ROWS = {("medicare-fee-schedule", "37244"): {"pctc": "0"}, ("medicare-mue", "37244"): {"mue": "1"}}
FACTS = FakeFacts(rows=ROWS)
POLICY = {"scope": "payer-policy", "payers": [{"name": "Aetna", "id": "aetna"}]}
FEES = {"scope": "medicare-fee-schedule"}


def fires(*lines: Line | str, of: dict[str, Any], **changed: Any) -> bool:
    return bool(evaluate(request(*lines, **changed), FACTS, book(rule(**of))).findings)


def test_nothing_is_found_of_nothing() -> None:
    report = evaluate(request(), FACTS, book(rule({"modifier": ["26"]})))
    assert (report.findings, report.not_checked, report.stale) == ((), (), ())


def test_findings_are_in_the_order_of_lines_then_of_rules() -> None:
    rules = book(rule({"code": ["37244"]}), rule({"modifier": ["26"]}), rule({"code": ["37243"]}))
    found = evaluate(request("37243:26", "37244:26"), FACTS, rules).findings
    assert [(one.line, one.rule.id) for one in found] == [
        (0, "rule-2"),
        (0, "rule-3"),
        (1, "rule-1"),
        (1, "rule-2"),
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2020-06-30", False), ("2020-07-01", True), ("2020-12-31", True), ("2021-01-01", False)],
)
def test_a_rule_is_asked_on_the_days_of_its_period(day: str, *, expected: bool) -> None:
    period = {"start": "2020-07-01", "end": "2020-12-31"}
    of = {"condition": {"code": ["37244"]}, "period": period}
    assert fires("37244", of=of, day=day) is expected
    assert fires(line("37244", date=day), of=of, day="1999-01-01") is expected


def test_a_row_is_of_the_lines_own_day() -> None:
    rules = book(rule({"row": {"pctc": ["0"]}}, **FEES))
    lines = (line("37244", date="2019-05-01"), line("37244"))
    report = evaluate(request(*lines), FACTS, rules)
    assert [one.line for one in report.findings] == [1]
    assert [(left.line, left.reason) for left in report.not_checked] == [
        (0, "no release of it is loaded for 2019-05-01")
    ]


def test_a_family_is_left_out_for_a_line_once() -> None:
    rules = book(*(rule({"row": {"pctc": [value]}}, **FEES) for value in "0123"))
    report = evaluate(request("99213", "99214"), FACTS, rules)
    assert [(left.scope, left.line) for left in report.not_checked] == [
        ("medicare-fee-schedule", 0),
        ("medicare-fee-schedule", 1),
    ]


def test_only_the_families_that_are_asked_for_are_asked() -> None:
    rules = book(rule({"code": ["37244"]}), rule({"code": ["37244"]}, **FEES))
    for scopes, count in ((None, 2), (frozenset({"cpt"}), 1), (frozenset[str](), 0)):
        assert len(evaluate(request("37244"), FACTS, rules, scopes).findings) == count


@pytest.mark.parametrize(("payer", "expected"), [(None, True), ("aetna", True), ("cigna", False)])
def test_a_policy_is_asked_for_its_payer_or_none(payer: str | None, *, expected: bool) -> None:
    assert fires("37244", of={"condition": {"code": ["37244"]}, **POLICY}, payer=payer) is expected


@pytest.mark.parametrize("payer", [None, "medicare", "aetna", "cigna"])
def test_a_payer_without_a_policy_is_told_of(payer: str | None) -> None:
    rules = book(rule({"code": ["99213"]}, **POLICY))
    left = evaluate(request("37244", payer=payer), FACTS, rules).not_checked
    reasons = ["no policy of 'cigna' is loaded"] if payer == "cigna" else []
    assert [one.reason for one in left] == reasons


def test_text_with_faults_is_judged_by_its_faults_alone() -> None:
    rules = book(
        rule({"fault": ["separator"]}, message="{part} at {position}: {right_form}"),
        rule({"modifier": ["59"]}),
        rule({"row": {"pctc": ["0"]}}, **FEES),
    )
    faults = tuple(
        Fault(name="separator", part=part, position=at) for part, at in (("-", 5), (".", 8))
    )
    sent = Line(code="37244", modifiers=("59", "LT"), positions=(6, 9), faults=faults)
    report = evaluate(request(sent), FACTS, rules)
    assert [(one.text, one.position) for one in report.findings] == [
        ("- at 6: code:modifier", 5),
        (". at 9: code:modifier", 8),
    ]
    assert [(one.scope, one.reason) for one in report.not_checked] == [
        ("medicare-fee-schedule", UNREADABLE)
    ]


def test_a_fault_without_a_rule_is_not_taken_for_right() -> None:
    sent = Line(code="", faults=(Fault(name="new", part="", position=0),))
    report = evaluate(request(sent), FACTS, book(rule({"row": {"pctc": ["0"]}}, **FEES)))
    assert [left.reason for left in report.not_checked] == [UNREADABLE]


def test_a_release_that_decided_after_its_period_is_told_once() -> None:
    rules = book(*(rule({"row": {"pctc": [value]}}, **FEES) for value in "01"))
    for lines, count in ((("37244", "37244:59"), 1), (("99213",), 0)):
        stale = evaluate(request(*lines), FakeFacts(rows=ROWS, stale=True), rules).stale
        assert len(stale) == count


def test_unit_limits_are_those_of_the_setting_and_the_fee_schedule_is_for_all() -> None:
    asked = []

    class Asked(FakeFacts):
        def in_force(self, table: str, setting: str, day: str) -> Any:
            asked.append((table, setting))
            return super().in_force(table, setting, day)

    rules = book(
        rule({"row": {"pctc": ["0"]}}, **FEES),
        rule({"units": {"over": "mue"}}, scope="ncci-mue"),
        rule({"pair": {"indicator": ["0"]}}, scope="ncci-ptp"),
    )
    lines = (line("37244", 1), line("37243", 1))
    evaluate(request(*lines, setting="outpatient-hospital"), Asked(rows=ROWS), rules)
    assert sorted(asked) == [
        ("medicare-fee-schedule", ""),
        ("medicare-mue", "outpatient-hospital"),
        ("ncci-ptp", "outpatient-hospital"),
    ]


def test_a_fact_is_asked_for_once() -> None:
    asked = []

    class Asked(FakeFacts):
        def code(self, code: str) -> CodeFacts | None:
            asked.append(code)
            return super().code(code)

    rules = book(*(rule({"kind": [kind]}) for kind in ("code", "cat-2")))
    evaluate(request("37244", "99213", "37244:26"), Asked(), rules)
    assert asked == ["37244", "99213"]


def test_a_request_ends_with_its_time() -> None:
    deadline.start(-1)
    try:
        with pytest.raises(deadline.TookTooLong):
            fires("37244", of={"condition": {"code": ["37244"]}})
    finally:
        deadline.stop()
