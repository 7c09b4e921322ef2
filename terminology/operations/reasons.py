"""Why a value set does not hold a code, where the code system can tell more than that it does not.

A value set may ask for what a scope's rules admit, such as what can be reported to Medicare; then
the rule that refuses the code is the answer, and no longer a remark.
"""

from collections.abc import Iterator, Sequence

import msgspec

from terminology.codesystems.cpt.filters import CptFilter
from terminology.codesystems.provider import OwnFilter, Provider
from terminology.fhir.outcome import Issue
from terminology.model import ValueSet
from terminology.rules.issues import issues_of
from terminology.rules.model import MEDICARE
from terminology.rules.request import Line, Request
from terminology.tree import PlacedConcept
from terminology.valuesets.members import compose_of


def reasons_of(
    value_set: ValueSet, provider: Provider, placed: PlacedConcept, path: str
) -> list[Issue]:
    """The reasons why a value set does not hold a code, each an error; none where it has none."""
    filters = _own_filters(value_set, provider)
    return [reason for own in filters for reason in own.reasons(placed, path)]


def with_reasons(issues: Sequence[Issue], reasons: Sequence[Issue]) -> list[Issue]:
    """The issues of a code outside a value set, with the reasons, each in place of its remark."""
    if not reasons:
        return list(issues)
    refused = [reason.coding for reason in reasons]
    kept = [issue for issue in issues if issue.coding is None or issue.coding not in refused]
    return [*kept, *reasons]


def reservations_of(
    value_set: ValueSet, provider: Provider, placed: PlacedConcept, path: str
) -> list[Issue]:
    """What is left open of a code that a value set holds since no rule of a scope refuses it.

    A rule whose table is not loaded for the day refuses nothing, which is no permission.
    """
    return [
        issue
        for own in _own_filters(value_set, provider)
        if isinstance(own, CptFilter) and own.ranges is None
        for issue in _left(own, placed.concept.code, path)
    ]


def _left(own: CptFilter, code: str, path: str) -> list[Issue]:
    report = own.provider.report(code)
    left = tuple(one for one in report.not_checked if one.scope in MEDICARE)
    report = msgspec.structs.replace(report, findings=(), not_checked=left)
    # The report was made on the filter's own day.
    request = Request(lines=(Line(code=code.partition(":")[0]),), day="")
    return issues_of(report, request, "code", lambda _: path, lambda _: path)


def _own_filters(value_set: ValueSet, provider: Provider) -> Iterator[OwnFilter]:
    for include in compose_of(value_set).include:
        if include.system == provider.head.url:
            for condition in include.filter:
                own = provider.own_filter(condition)
                if own is not None:
                    yield own
