"""`=`: the property has this value; on `code` or `concept`, the concept is this one."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.filters.values import has_value, with_values
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concepts whose property is `value`."""
    return with_values(provider, prop, [value])


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept's property is `value`."""
    return has_value(provider, prop, [value], placed)
