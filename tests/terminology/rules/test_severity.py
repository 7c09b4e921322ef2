"""How grave a finding is, by who asks and who pays."""

import pytest

from terminology.rules.evaluator import evaluate
from terminology.rules.issues import issues_of
from terminology.rules.severity import Mode, severity_of
from tests.terminology.rules.facts import FakeFacts, book, request, rule

FIRES = {"modifier": ["26"]}


def severity(mode: Mode, payer: str | None, **changed: object) -> str:
    rules = book(rule(FIRES, **changed))
    (found,) = evaluate(request("37244:26"), FakeFacts(), rules).findings
    return severity_of(found, mode, payer)


@pytest.mark.parametrize(
    ("mode", "payer", "effect", "expected"),
    [
        ("code", None, "invalid", "warning"),
        ("code", None, "not-payable", "warning"),
        ("code", None, "needs-documentation", "warning"),
        ("code", None, "no-payment-effect", "information"),
        ("procedure", None, "invalid", "information"),
        ("procedure", "medicare", "invalid", "warning"),
        ("procedure", "medicare", "needs-documentation", "warning"),
        ("claim", None, "not-payable", "information"),
        ("claim", "aetna", "not-payable", "information"),
        ("claim", "medicare", "invalid", "error"),
        ("claim", "medicare", "not-payable", "error"),
        ("claim", "medicare", "needs-documentation", "warning"),
        ("claim", "medicare", "no-payment-effect", "information"),
    ],
)
def test_medicares_rules(mode: Mode, payer: str | None, effect: str, expected: str) -> None:
    assert severity(mode, payer, scope="medicare-fee-schedule", effect=effect) == expected


@pytest.mark.parametrize("mode", ["code", "procedure", "claim"])
def test_cpts_grammar_decides_everywhere(mode: Mode) -> None:
    assert severity(mode, None) == "error"
    assert severity(mode, "medicare", severity="warning") == "warning"


@pytest.mark.parametrize(("payer", "expected"), [(None, "information"), ("aetna", "error")])
def test_a_policy_decides_for_its_payer(payer: str | None, expected: str) -> None:
    policy = {"scope": "payer-policy", "payers": [{"name": "Aetna", "id": "aetna"}]}
    assert severity("claim", payer, **policy) == expected


def test_a_policy_is_not_asked_for_another_payer() -> None:
    policy = {"scope": "payer-policy", "payers": [{"name": "Aetna", "id": "aetna"}]}
    asked = request("37244:26", payer="cigna")
    assert evaluate(asked, FakeFacts(), book(rule(FIRES, **policy))).findings == ()


def test_an_issue_names_its_rule_its_source_and_whose_it_is() -> None:
    rules = book(rule(FIRES, scope="medicare-fee-schedule", message="26 can't stand"))
    asked = request("37244:26")
    report = evaluate(asked, FakeFacts(stale=True), rules)
    (issue,) = issues_of(report, asked, "claim", lambda _: "Claim.item[0].modifier[0]", str)
    assert issue.severity == "information"
    assert issue.text == (
        "Would apply under Medicare: 26 can't stand (source: Its publisher, A document)"
    )
    assert issue.expression == ("Claim.item[0].modifier[0]",)
    assert issue.coding is not None
    assert issue.coding["code"] == "rule-1"
