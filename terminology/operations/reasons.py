"""Why a value set does not hold a code, where the code system can tell more than that it does not.

A value set may ask for what a scope's rules admit, such as what can be reported to Medicare; then
the rule that refuses the code is the answer, and no longer a remark.
"""

from collections.abc import Iterator, Sequence

from terminology.codesystems.provider import OwnFilter, Provider
from terminology.fhir.outcome import Issue
from terminology.model import ValueSet
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
    """What is left open of a code that a value set holds since no rule of a scope refuses it."""
    filters = _own_filters(value_set, provider)
    return [issue for own in filters for issue in own.reservations(placed, path)]


def _own_filters(value_set: ValueSet, provider: Provider) -> Iterator[OwnFilter]:
    for include in compose_of(value_set).include:
        if include.system == provider.head.url:
            for condition in include.filter:
                own = provider.own_filter(condition)
                if own is not None:
                    yield own
