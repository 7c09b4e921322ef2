"""What a report says as the issues of an OperationOutcome, each with its rule and its source."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from terminology.fhir.outcome import Issue
from terminology.rules import facts
from terminology.rules.codes import shown
from terminology.rules.model import (
    CPT,
    FEE_SCHEDULE,
    MEDICARE,
    PAIRS,
    PAYER_POLICY,
    UNIT_LIMITS,
    URL,
    Rule,
    Source,
)
from terminology.rules.report import (
    DOCUMENT,
    NO_PAIR,
    NO_UNITS,
    UNREADABLE,
    Finding,
    NotChecked,
    Report,
)
from terminology.rules.request import Request
from terminology.rules.severity import Mode, decides, severity_of

Where = Callable[[Finding], str]
"""The FHIRPath of the element that a finding is about."""
NAMES = {
    CPT: "CPT's grammar",
    FEE_SCHEDULE: "Medicare's fee schedule",
    PAIRS: "NCCI's procedure pairs",
    UNIT_LIMITS: "NCCI's unit limits (MUE)",
    PAYER_POLICY: "payers' policies",
}
"""The scopes for people, within a sentence."""
_CITED = 1024
"""So many citations are kept: more than the rules that ship have."""
_OF_CLAIMS = frozenset({NO_PAIR, NO_UNITS})
_SCOPE_OF = {
    facts.FEE_SCHEDULE: FEE_SCHEDULE,
    facts.PAIRS: PAIRS,
    facts.UNIT_LIMITS: UNIT_LIMITS,
}
"""The scope whose rules read a table."""
_PLURAL = frozenset({PAIRS, UNIT_LIMITS, PAYER_POLICY})


def issues_of(
    report: Report,
    request: Request,
    mode: Mode,
    where: Where,
    line_path: Callable[[int], str],
    whole: str = "",
) -> list[Issue]:
    """Everything that a report says: its findings, what was not checked, what is no longer new.

    Args:
        report: of the evaluator.
        request: what was judged.
        mode: who asks; it decides severities.
        where: the FHIRPath of what a finding is about; empty for none.
        line_path: the FHIRPath of a line by its index, for what was not checked.
        whole: the FHIRPath of what all lines are in; empty for none.
    """
    return [
        *(
            finding_issue(finding, mode, request.payer, where(finding))
            for finding in report.findings
        ),
        *_not_checked(report, request, mode, line_path, whole),
        *_stale(report, whole or _alone(request, line_path)),
    ]


def finding_issue(
    finding: Finding, mode: Mode, payer: str | None, path: str, severity: str | None = None
) -> Issue:
    """One finding; its rule is in `details.coding`, and `$lookup` of that explains it.

    Args:
        finding: what was found.
        mode: who asks.
        payer: the id of the payer's Organization, None where none is named.
        path: the FHIRPath of what it is about; empty for none.
        severity: of the issue, where the caller knows better than the mode.
    """
    rule = finding.rule
    severity = severity or severity_of(finding, mode, payer)
    refuses = rule.scope == CPT and severity == "error"
    return Issue(
        severity,
        "code-invalid" if refuses else "business-rule",
        f"{_prefix(finding, mode, payer)}{finding.text}{_position(finding)}"
        f" (source: {'; '.join(sources(finding))})",
        _of(path),
        tx_issue_type="invalid-code" if refuses else None,
        coding={"system": URL, "code": rule.id, "display": rule.title},
    )


@lru_cache(_CITED)
def citation(source: Source) -> str:
    """A source in one line: publisher, title, section, date."""
    parts = (source.publisher, source.title, source.section, source.date)
    return ", ".join(part for part in parts if part)


def sources(finding: Finding) -> list[str]:
    """What a finding goes back to: its rule's first source, and the file of the row that fired it.

    The file is that of the release in force, by the DocumentReference that names it.
    """
    document = finding.facts.get(DOCUMENT)
    table = [f"{finding.facts['title']}, DocumentReference/{document}"] if document else []
    return [citation(finding.rule.sources[0]), *table]


def publishers(rule: Rule) -> str:
    """The payers whose policy a rule is."""
    return ", ".join(payer.name for payer in rule.payers)


def _prefix(finding: Finding, mode: Mode, payer: str | None) -> str:
    rule = finding.rule
    if decides(finding, payer):
        return ""
    if rule.scope in MEDICARE:
        return "" if mode == "code" else "Would apply under Medicare: "
    return f"Would apply under {publishers(rule)}: "


def _position(finding: Finding) -> str:
    """Where it stands in an expression; what is wrong with the text itself says so by itself."""
    if finding.position is None or finding.element == "code":
        return ""
    return f" (at character {finding.position + 1})"


def _not_checked(
    report: Report,
    request: Request,
    mode: Mode,
    line_path: Callable[[int], str],
    whole: str,
) -> Iterator[Issue]:
    """One issue for a family and a reason, with all the lines that it is so of.

    That a code is not right keeps many families from it, and is told once. A claim alone can have
    units and a second code, so only there it is told that they are missing.
    """
    alike: dict[tuple[str, str], list[NotChecked]] = {}
    for left in report.not_checked:
        if mode != "claim" and left.reason in _OF_CLAIMS:
            continue
        scope = "" if left.reason == UNREADABLE else left.scope
        alike.setdefault((scope, left.reason), []).append(left)
    for (_, reason), several in alike.items():
        scopes = list(dict.fromkeys(left.scope for left in several))
        lines = list(dict.fromkeys(left.line for left in several if left.line is not None))
        codes = dict.fromkeys(shown(request.lines[line].code) for line in lines)
        of = f" for {', '.join(codes)}" if any(codes) else ""
        # One rule of the grammar that can't be told leaves the others: they were asked.
        how = "not checked in full" if scopes == [CPT] else "not checked"
        text = f"{_named(scopes)} {how}{of}: {reason}"
        paths = tuple(path for line in lines if (path := line_path(line)))
        yield Issue("information", "incomplete", text, paths or _of(whole))


def _named(scopes: list[str]) -> str:
    names = [NAMES[scope] for scope in scopes]
    first = f"{names[0][0].upper()}{names[0][1:]}"
    if len(names) > 1:
        return f"{', '.join((first, *names[1:-1]))} and {names[-1]} were"
    return f"{first} {'were' if scopes[0] in _PLURAL else 'was'}"


def _stale(report: Report, path: str) -> Iterator[Issue]:
    for release in report.stale:
        text = (
            f"{NAMES[_SCOPE_OF[release.table]]}: as of {release.title}; no later release loaded."
            " Whoever runs this service can load one with `proterm load`"
        )
        yield Issue("information", "informational", text, _of(path))


def _alone(request: Request, line_path: Callable[[int], str]) -> str:
    """The FHIRPath of the one line; empty where there are several."""
    return line_path(0) if len(request.lines) == 1 else ""


def _of(path: str) -> tuple[str, ...]:
    return (path,) if path else ()
