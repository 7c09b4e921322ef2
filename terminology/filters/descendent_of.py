"""`descendent-of`: anything below the concept, not the concept itself."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of all below the concept `value`."""
    top = provider.find(value)
    return () if top is None else provider.descendants(top.ordinal)


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept is below `value`."""
    top = provider.find(value)
    return top is not None and provider.is_descendant(placed.ordinal, top.ordinal)
