"""The filter operators of value sets, one file each: https://hl7.org/fhir/R5/valueset.html#filters.

Every operator has two verbs: `select` enumerates the ordinals that pass, `contains` tests one
concept without enumerating anything.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from terminology import deadline
from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput, NotSupported
from terminology.filters import (
    child_of,
    descendent_leaf,
    descendent_of,
    equals,
    exists,
    generalizes,
    in_list,
    is_a,
    is_not_a,
    not_in_list,
    regex,
)
from terminology.model import Filter
from terminology.tree import PlacedConcept

_Select = Callable[[Provider, str, str], Collection[int]]
_Contains = Callable[[Provider, str, str, PlacedConcept], bool]


class Operator(NamedTuple):
    """The two verbs of a filter operator: (provider, property, value[, concept])."""

    select: _Select
    contains: _Contains


OPERATORS: dict[str, Operator] = {
    "=": Operator(equals.select, equals.contains),
    "is-a": Operator(is_a.select, is_a.contains),
    "descendent-of": Operator(descendent_of.select, descendent_of.contains),
    "is-not-a": Operator(is_not_a.select, is_not_a.contains),
    "regex": Operator(regex.select, regex.contains),
    "in": Operator(in_list.select, in_list.contains),
    "not-in": Operator(not_in_list.select, not_in_list.contains),
    "generalizes": Operator(generalizes.select, generalizes.contains),
    "child-of": Operator(child_of.select, child_of.contains),
    "descendent-leaf": Operator(descendent_leaf.select, descendent_leaf.contains),
    "exists": Operator(exists.select, exists.contains),
}


def select(provider: Provider, condition: Filter) -> Collection[int]:
    """The ordinals of the concepts that pass a filter.

    Raises:
        InvalidInput: the filter has no value, or one that its operator can't read.
        NotSupported: FHIR has no such operator.
    """
    deadline.check()
    own = provider.own_filter(condition)
    if own is not None:
        return own.select()
    return _operator(condition).select(provider, condition.property, _value(provider, condition))


def contains(provider: Provider, condition: Filter, placed: PlacedConcept) -> bool:
    """Whether a concept passes a filter; errors as `select`."""
    value = _value(provider, condition)
    own = provider.own_filter(condition)
    if own is not None:
        return own.contains(placed)
    return _operator(condition).contains(provider, condition.property, value, placed)


def _operator(condition: Filter) -> Operator:
    operator = OPERATORS.get(condition.op)
    if operator is None:
        raise NotSupported(
            f"The filter operator '{condition.op}' on property '{condition.property}' is not one"
            f" of FHIR's: {', '.join(OPERATORS)}.",
            tx_issue_type="vs-invalid",
        )
    return operator


def check(system: str | None, condition: Filter, path: str | None = None) -> None:
    """See that a filter has a value.

    Args:
        system: the code system of the include.
        condition: the filter.
        path: where it stands in the value set.

    Raises:
        InvalidInput: it has none.
    """
    if not condition.value:
        raise InvalidInput(
            f"The system {system} filter with property = {condition.property},"
            f" op = {condition.op} has no value",
            expression=path,
            tx_issue_type="vs-invalid",
        )


def _value(provider: Provider, condition: Filter) -> str:
    check(provider.head.url, condition)
    return condition.value or ""
