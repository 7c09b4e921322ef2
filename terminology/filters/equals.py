"""`=`: the property has this value; on `code` or `concept`, the concept is this one."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.filters.values import CODE_PROPERTIES, values_of
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concepts whose property is `value`."""
    if prop in CODE_PROPERTIES:
        found = provider.find(value)
        return () if found is None else (found.ordinal,)
    return provider.with_property(prop, [value])


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept's property is `value`."""
    return value in values_of(placed.concept, prop)
