"""`in`: the property has one of the values of a comma-separated list."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.filters.values import CODE_PROPERTIES, listed, values_of
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concepts whose property has one of the listed values."""
    if prop in CODE_PROPERTIES:
        found = (provider.find(code) for code in listed(value))
        return sorted({placed.ordinal for placed in found if placed is not None})
    return provider.with_property(prop, listed(value))


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept's property has one of the listed values."""
    wanted = listed(value)
    return any(text in wanted for text in values_of(placed.concept, prop))
