"""Findings as the issues of an OperationOutcome, each with its rule and its source."""

from collections.abc import Callable, Iterator

from terminology.fhir.outcome import Issue
from terminology.rules.judged import NAMES
from terminology.rules.model import CPT, MEDICARE, URL, Rule, Source
from terminology.rules.report import Finding, NotChecked, Report
from terminology.rules.request import Request
from terminology.rules.severity import Mode, decides, severity_of

Where = Callable[[Finding], str]
"""The FHIRPath of the element that a finding is about."""


def issues_of(
    report: Report, request: Request, mode: Mode, where: Where, line_path: Callable[[int], str]
) -> list[Issue]:
    """Everything that a report says, the gravest scope first as the report has it.

    Args:
        report: of the evaluator.
        request: what was judged.
        mode: who asks; it decides severities.
        where: the FHIRPath of what a finding is about.
        line_path: the FHIRPath of a line, for what was not checked.
    """
    return [
        *(
            finding_issue(finding, mode, request.payer, where(finding))
            for finding in report.findings
        ),
        *(_not_checked(left, request, line_path) for left in report.not_checked),
        *_stale(report),
    ]


def finding_issue(
    finding: Finding, mode: Mode, payer: str | None, path: str, severity: str | None = None
) -> Issue:
    """One finding; its rule is in `details.coding`, and `$lookup` of that explains it."""
    rule = finding.rule
    severity = severity or severity_of(finding, mode, payer)
    is_grammar = rule.scope == CPT
    return Issue(
        severity,
        "code-invalid" if is_grammar and severity == "error" else "business-rule",
        f"{_prefix(finding, mode, payer)}{finding.text}{_position(finding, mode)}"
        f" (source: {citation(rule.sources[0])})",
        (path,) if path else (),
        tx_issue_type="invalid-code" if is_grammar and severity == "error" else None,
        coding={"system": URL, "code": rule.id, "display": rule.title},
    )


def citation(source: Source) -> str:
    """A source in one line: publisher, title, section, date."""
    parts = (source.publisher, source.title, source.section, source.date)
    return ", ".join(part for part in parts if part)


def publishers(rule: Rule) -> str:
    """The payers whose policy a rule is."""
    return ", ".join(payer.name for payer in rule.payers)


def _prefix(finding: Finding, mode: Mode, payer: str | None) -> str:
    rule = finding.rule
    if rule.scope == CPT or decides(finding, payer):
        return ""
    if rule.scope in MEDICARE:
        return "" if mode == "code" else "Would apply under Medicare: "
    return f"Would apply under {publishers(rule)}: "


def _position(finding: Finding, mode: Mode) -> str:
    if mode != "code" or finding.position is None or finding.rule.scope != CPT:
        return ""
    return f" (at character {finding.position + 1})"


def _not_checked(left: NotChecked, request: Request, line_path: Callable[[int], str]) -> Issue:
    path = "" if left.line is None else line_path(left.line)
    name = NAMES[left.scope]
    of = "" if left.line is None else f" for {request.lines[left.line].code}"
    text = f"{name[0].upper()}{name[1:]} {_was(name)} not checked{of}: {left.reason}"
    return Issue("information", "incomplete", text, (path,) if path else ())


def _was(name: str) -> str:
    return "were" if name.endswith(("s", "(MUE)")) else "was"


def _stale(report: Report) -> Iterator[Issue]:
    for release in report.stale:
        text = f"As of {release.title}; no later release loaded"
        yield Issue("information", "informational", text)
