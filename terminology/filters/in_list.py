"""`in`: the property has one of the values of a comma-separated list."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.filters.values import has_value, listed, with_values
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concepts whose property has one of the listed values."""
    return with_values(provider, prop, listed(value))


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept's property has one of the listed values."""
    return has_value(provider, prop, listed(value), placed)
