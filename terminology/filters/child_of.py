"""`child-of`: the direct children of the concept."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the direct children of the concept `value`."""
    top = provider.find(value)
    return () if top is None else provider.children(top.ordinal)


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept is a direct child of `value`."""
    top = provider.find(value)
    return top is not None and top.ordinal in provider.parents(placed.ordinal)
