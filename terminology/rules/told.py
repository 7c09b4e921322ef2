"""What a report comes to for people: each finding once, and the families that were checked."""

from collections.abc import Collection, Iterable, Iterator

from terminology.rules.model import PAIRS, PAYER_POLICY, SCOPES, UNIT_LIMITS
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
    """The families that were asked of every line and have something to say of such a request.

    Args:
        report: of the evaluator.
        request: what was judged.
        scopes: the families that were asked.
    """
    left = {one.scope for one in report.not_checked} | _silent(request)
    return tuple(scope for scope in SCOPES if scope in scopes and scope not in left)


def _silent(request: Request) -> set[str]:
    """The families that say nothing of a request, whatever its codes."""
    found = {PAYER_POLICY} if request.payer == MEDICARE_PAYER else set()
    if len({line.code for line in request.lines}) < 2:
        found.add(PAIRS)
    if len(request.lines) < 2 and all(line.units is None for line in request.lines):
        found.add(UNIT_LIMITS)
    return found
