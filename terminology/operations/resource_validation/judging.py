"""The lines of a resource under the rules, as issues with the FHIRPath of each element."""

from collections.abc import Iterator, Sequence

import msgspec

from terminology.codesystems.catalog import CodeSystems
from terminology.fhir.outcome import Issue
from terminology.operations.resource_validation.codes import merged
from terminology.operations.resource_validation.lines import Read, Reported
from terminology.operations.resource_validation.payer import Paying
from terminology.rules.evaluator import evaluate
from terminology.rules.issues import NAMES, finding_issue, issues_of
from terminology.rules.model import CPT, PAYER_POLICY, SCOPES
from terminology.rules.report import Finding, Report
from terminology.rules.request import Line, Request
from terminology.rules.severity import Mode
from terminology.rules.told import checked, once


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules say of a resource.

    Attributes:
        issues: findings, then what was not checked.
        checked: the families whose rules were asked of every line, for people.
    """

    issues: list[Issue]
    checked: tuple[str, ...] = ()


def judge(read: Read, mode: Mode, paying: Paying, day: str, systems: CodeSystems) -> Judged:
    """Ask the rules of all lines.

    Args:
        read: the lines.
        mode: `procedure` or `claim`.
        paying: the payer.
        day: of the lines without one, `YYYY-MM-DD`.
        systems: what is loaded.

    Raises:
        TookTooLong: the request's time is over.
    """
    scopes = systems.rules.scopes - read.setting.left
    findings: list[Issue] = []
    rest: list[Issue] = []
    asked = set(scopes)
    whole = mode.capitalize()
    for lines in read.groups:
        request = Request(
            lines=tuple(reported.line for reported in lines),
            day=day,
            payer=paying.id,
            setting=read.setting.name,
        )
        facts = systems.on(_day_of(lines) or day).facts
        report = evaluate(request, facts, systems.rules, scopes)
        asked &= set(checked(report, request, scopes))
        findings += _findings(report, lines, mode, paying.id)
        findings += _of_modifiers(lines, mode, day, systems)
        places = [reported.line.path for reported in lines]
        rest += issues_of(_rest(report, paying), request, mode, _nowhere, places.__getitem__, whole)
    families = tuple(NAMES[scope] for scope in SCOPES if scope in asked)
    return Judged(issues=[*findings, *merged(rest)], checked=families if read.groups else ())


def _day_of(lines: Sequence[Reported]) -> str | None:
    """The first day of service: the releases of code systems on it are those of all lines."""
    return min((one.line.date for one in lines if one.line.date), default=None)


def _rest(report: Report, paying: Paying) -> Report:
    """What is to be told beside the findings; of a payer that is not known it is told already."""
    left = report.not_checked
    if paying.issues:
        left = tuple(one for one in left if one.scope != PAYER_POLICY or one.line is not None)
    return msgspec.structs.replace(report, findings=(), not_checked=left)


def _findings(
    report: Report, lines: Sequence[Reported], mode: Mode, payer: str | None
) -> Iterator[Issue]:
    for finding in once(report.findings):
        issue = finding_issue(finding, mode, payer, "")
        paths = [lines[finding.line].path_of(finding)]
        if finding.other is not None:
            paths.append(lines[finding.other].code_path)
        yield msgspec.structs.replace(issue, expression=tuple(dict.fromkeys(paths)))


def _of_modifiers(
    lines: Sequence[Reported], mode: Mode, day: str, systems: CodeSystems
) -> Iterator[Issue]:
    """What CPT's grammar says of modifiers that stand by themselves and can't be any."""
    wrong = [(reported, *each) for reported in lines for each in reported.faults]
    if not wrong:
        return
    alone = tuple(Line(code=reported.line.code, faults=(fault,)) for reported, fault, _ in wrong)
    request = Request(lines=alone, day=day)
    facts = systems.on(day).facts
    report = evaluate(request, facts, systems.rules, frozenset({CPT}))
    for finding in report.findings:
        yield finding_issue(finding, mode, None, wrong[finding.line][2])


def _nowhere(_: Finding) -> str:
    return ""
