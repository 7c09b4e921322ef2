"""`descendent-leaf`: what is below the concept and has nothing below itself."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.filters import descendent_of
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the leaves below the concept `value`."""
    below = descendent_of.select(provider, prop, value)
    return [ordinal for ordinal in below if not provider.children(ordinal)]


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept is a leaf below `value`."""
    leaf = not provider.children(placed.ordinal)
    return leaf and descendent_of.contains(provider, prop, value, placed)
