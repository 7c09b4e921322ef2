"""Why a value set does not hold a code, where the code system can tell more than that it does not.

A value set may ask for what a scope's rules admit, such as what can be reported to Medicare; then
the rule that refuses the code is the answer, and no longer a remark.
"""

from collections.abc import Sequence

from terminology.codesystems.provider import Provider
from terminology.fhir.outcome import Issue
from terminology.model import ValueSet
from terminology.tree import PlacedConcept
from terminology.valuesets.members import compose_of


def with_reasons(
    issues: Sequence[Issue],
    value_set: ValueSet,
    provider: Provider,
    placed: PlacedConcept,
    path: str,
) -> list[Issue]:
    """The issues of a code outside a value set, with the reasons, each in place of its remark."""
    reasons = [
        reason
        for include in compose_of(value_set).include
        if include.system == provider.head.url
        for condition in include.filter
        if (own := provider.own_filter(condition)) is not None
        for reason in own.reasons(placed, path)
    ]
    if not reasons:
        return list(issues)
    refused = [reason.coding for reason in reasons]
    kept = [issue for issue in issues if issue.coding is None or issue.coding not in refused]
    return [*kept, *reasons]
