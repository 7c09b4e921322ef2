"""`is-a`: the concept itself or anything below it."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.filters import descendent_of
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concept `value` and of all below it."""
    top = provider.find(value)
    return () if top is None else sorted({top.ordinal, *provider.descendants(top.ordinal)})


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept is `value` or below it."""
    top = provider.find(value)
    if top is None:
        return False
    return top.ordinal == placed.ordinal or descendent_of.contains(provider, prop, value, placed)
