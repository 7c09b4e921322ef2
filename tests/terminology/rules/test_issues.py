"""A report as issues: whose rule it is, where it comes from, what was not checked."""

import re
from typing import Any

import pytest

from terminology.fhir.outcome import Issue
from terminology.rules.evaluator import evaluate
from terminology.rules.facts import Pair
from terminology.rules.issues import issues_of
from terminology.rules.model import URL
from terminology.rules.report import Finding
from terminology.rules.request import Fault, Line
from terminology.rules.severity import Mode
from tests.terminology.rules.facts import SOURCE, FakeFacts, book, line, request, rule

ROWS = {("medicare-fee-schedule", "37244"): {"pctc": "0"}}
FEES = {"scope": "medicare-fee-schedule"}
POLICY = {"scope": "payer-policy", "payers": [{"name": "Aetna", "id": "aetna"}, {"name": "Moda"}]}
SENT = Line(code="37244", modifiers=("26",), positions=(6,))


def where(found: Finding) -> str:
    return f"Claim.item[{found.line}].modifier[{found.index}]"


def issues(
    *lines: Line | str,
    of: dict[str, Any],
    mode: Mode = "claim",
    payer: str | None = None,
    facts: FakeFacts | None = None,
) -> list[Issue]:
    asked = request(*lines, payer=payer)
    rules = book(rule(**{"condition": {"modifier": ["26"]}, "message": "26 is here.", **of}))
    report = evaluate(asked, facts or FakeFacts(rows=ROWS), rules)
    return issues_of(report, asked, mode, where, lambda index: f"Claim.item[{index}]")


def only(*lines: Line | str, **given: Any) -> Issue:
    (issue,) = issues(*lines, **given)
    return issue


def test_a_finding_names_its_rule_its_source_and_its_place() -> None:
    issue = only("37244:26", of={"title": "No 26", **FEES}, payer="medicare")
    assert issue == Issue(
        "error",
        "business-rule",
        "26 is here. (source: Its publisher, A document)",
        ("Claim.item[0].modifier[0]",),
        coding={"system": URL, "code": "rule-1", "display": "No 26"},
    )


def test_a_source_is_cited_with_section_and_date() -> None:
    entry = rule({"modifier": ["26"]}, sources=[{"key": "a", "section": "40.8"}])
    rules = type(book()).of([{"sources": {"a": SOURCE | {"date": "2024-02"}}, "rules": [entry]}])
    asked = request("37244:26")
    (issue,) = issues_of(evaluate(asked, FakeFacts(), rules), asked, "code", where, str)
    assert issue.text.endswith("(source: Its publisher, A document, 40.8, 2024-02)")


@pytest.mark.parametrize(
    ("of", "lines"),
    [
        ({"condition": {"row": {"pctc": ["0"]}}, **FEES}, ["37244"]),
        ({"condition": {"units": {"over": "mue"}}, "scope": "ncci-mue"}, [line("37244", 3)]),
        ({"condition": {"pair": {"indicator": ["1"]}}, "scope": "ncci-ptp"}, ["37244", "37243"]),
    ],
)
def test_the_file_of_the_row_is_cited_beside_the_rules_source(
    of: dict[str, Any], lines: list[Line | str]
) -> None:
    rows = ROWS | {("medicare-mue", "37244"): {"mue": "2"}}
    facts = FakeFacts(rows=rows, pairs=[Pair("37244", "37243", "1", "")], document="a-file")
    found = next(issue for issue in issues(*lines, of=of, facts=facts) if issue.coding)
    cited = r"\(source: Its publisher, A document; [a-z-]+ R1, DocumentReference/a-file\)$"
    assert re.search(cited, found.text)


def test_an_error_of_cpts_grammar_is_a_wrong_code_and_says_where() -> None:
    issue = only(SENT, of={}, mode="code")
    assert (issue.severity, issue.code) == ("error", "code-invalid")
    assert issue.text.startswith("26 is here. (at character 7) (source:")


def test_a_position_is_told_of_a_modifier_in_an_expression_alone() -> None:
    assert "(at character 7)" in only(SENT, of=FEES, mode="code").text
    assert "(at character 7)" in only(SENT, of={}).text
    assert "character" not in only("37244:26", of={}, mode="code").text


def test_a_fault_of_the_text_tells_its_position_itself() -> None:
    sent = Line(code="37244", faults=(Fault(name="separator", part="-", position=5),))
    of = {"condition": {"fault": ["separator"]}, "message": "'{part}' at {position}."}
    assert only(sent, of=of, mode="code").text.startswith("'-' at 6. (source:")


def test_a_warning_of_cpts_grammar_is_a_business_rule() -> None:
    issue = only(SENT, of={"severity": "warning"}, mode="code")
    assert (issue.severity, issue.code, issue.tx_issue_type) == ("warning", "business-rule", None)


@pytest.mark.parametrize(
    ("of", "mode", "payer", "start"),
    [
        (FEES, "claim", None, "Would apply under Medicare: 26"),
        (FEES, "procedure", "aetna", "Would apply under Medicare: 26"),
        (FEES, "claim", "medicare", "26"),
        (FEES, "code", None, "26"),
        (POLICY, "claim", None, "Would apply under Aetna, Moda: 26"),
        (POLICY, "code", None, "Would apply under Aetna, Moda: 26"),
        (POLICY, "claim", "aetna", "26"),
        ({}, "claim", None, "26"),
    ],
)
def test_it_is_said_whose_rule_it_is(
    of: dict[str, Any], mode: Mode, payer: str | None, start: str
) -> None:
    assert only("37244:26", of=of, mode=mode, payer=payer).text.startswith(f"{start} is here.")


def test_a_pair_that_a_modifier_takes_away_only_informs() -> None:
    pair = {"pair": {"indicator": ["1"], "modifiers": ["59"]}}
    facts = FakeFacts(pairs=[Pair("37244", "37243", "1", "")])
    of = {"condition": pair, "scope": "ncci-ptp", "effect": "not-payable"}
    for text, severity in (("37243", "error"), ("37243:59", "information")):
        issue = only("37244", text, of=of, payer="medicare", facts=facts)
        assert issue.severity == severity


def test_what_was_not_checked_is_told_once_for_all_its_lines() -> None:
    facts = FakeFacts(first_day="2026-01-01")
    of = {"condition": {"row": {"pctc": ["0"]}}, **FEES}
    issue = only("37244", "37243", "37244:59", of=of, facts=facts)
    assert issue == Issue(
        "information",
        "incomplete",
        "Medicare's fee schedule was not checked for 37244, 37243: no release of it is loaded for"
        " 2025-10-15",
        ("Claim.item[0]", "Claim.item[1]", "Claim.item[2]"),
    )


def test_what_is_so_of_the_whole_claim_names_no_line() -> None:
    of = {"condition": {"pair": {"indicator": ["1"]}}, "scope": "ncci-ptp"}
    issue = only("37244", "37243", of=of, facts=FakeFacts(whole=False))
    assert issue.text.startswith("NCCI's procedure pairs were not checked: ")
    assert issue.expression == ()


def test_a_payer_without_a_policy_is_named() -> None:
    assert only("37244", of=POLICY, payer="cigna").text == (
        "Payers' policies were not checked: no policy of 'cigna' is loaded"
    )


def test_a_code_that_is_not_right_leaves_families_out_in_one_issue() -> None:
    sent = Line(code="37244", faults=(Fault(name="separator", part="-", position=5),))
    rules = book(rule({"modifier": ["26"]}, **FEES), rule({"modifier": ["26"]}, scope="ncci-mue"))
    asked = request(sent)
    (issue,) = issues_of(evaluate(asked, FakeFacts(), rules), asked, "code", where, str)
    assert issue.text == (
        "Medicare's fee schedule and NCCI's unit limits (MUE) were not checked for 37244: the code"
        " is not right as it was sent"
    )


def test_an_old_release_is_told_of() -> None:
    of = {"condition": {"row": {"pctc": ["1"]}}, **FEES}
    issue = only("37244", of=of, facts=FakeFacts(rows=ROWS, stale=True))
    assert issue == Issue(
        "information",
        "informational",
        "Medicare's fee schedule: as of medicare-fee-schedule R1; no later release loaded."
        " Whoever runs this service can load one with `proterm load`",
        ("Claim.item[0]",),
    )


def test_a_finding_without_a_place_has_no_expression() -> None:
    asked = request(line("37244:26"))
    report = evaluate(asked, FakeFacts(), book(rule({"modifier": ["26"]})))
    (issue,) = issues_of(report, asked, "code", lambda _: "", lambda _: "")
    assert issue.expression == ()


@pytest.mark.parametrize(("mode", "told"), [("code", 0), ("procedure", 0), ("claim", 2)])
def test_that_units_and_a_second_code_are_missing_is_told_of_a_claim(mode: Mode, told: int) -> None:
    asked = request("37244")
    limit = rule({"units": {"over": "mue"}}, scope="ncci-mue")
    pair = rule({"pair": {"indicator": ["1"]}}, scope="ncci-ptp")
    report = evaluate(asked, FakeFacts(rows=ROWS), book(limit, pair))
    found = issues_of(report, asked, mode, where, lambda index: f"Claim.item[{index}]", "Claim")
    texts = [
        ("NCCI's procedure pairs were not checked: no two codes are on one day", ("Claim",)),
        (
            "NCCI's unit limits (MUE) were not checked for 37244: no units were sent",
            ("Claim.item[0]",),
        ),
    ]
    assert [(issue.text, issue.expression) for issue in found] == texts[:told]
