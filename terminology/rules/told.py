"""What a report comes to for people: each finding once, and the families that were checked."""

from collections.abc import Collection, Iterable, Iterator

from terminology.rules.model import PAYER_POLICY, SCOPES
from terminology.rules.report import Finding, Report
from terminology.rules.request import Request
from terminology.rules.severity import MEDICARE_PAYER


def once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, of those of one rule about the same two lines the first.

    A rule that holds of two lines alike holds of each beside the other.
    """
    told: set[tuple[str, frozenset[int]]] = set()
    for finding in findings:
        if finding.other is not None:
            both = finding.rule.id, frozenset((finding.line, finding.other))
            if both in told:
                continue
            told.add(both)
        yield finding


def checked(report: Report, request: Request, scopes: Collection[str]) -> tuple[str, ...]:
    """The families that were checked of every line: those that were asked, and left none out.

    Args:
        report: of the evaluator.
        request: what was judged.
        scopes: the families that were asked.
    """
    left = {one.scope for one in report.not_checked}
    if request.payer == MEDICARE_PAYER:
        # Medicare has no policy beside its own families.
        left.add(PAYER_POLICY)
    return tuple(scope for scope in SCOPES if scope in scopes and scope not in left)
