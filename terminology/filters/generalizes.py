"""`generalizes`: the concept itself and anything above it."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concept `value` and of all above it."""
    bottom = provider.find(value)
    if bottom is None:
        return ()
    found: set[int] = set()
    pending = [bottom.ordinal]
    while pending:
        ordinal = pending.pop()
        if ordinal not in found:
            found.add(ordinal)
            pending.extend(provider.parents(ordinal))
    return sorted(found)


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept is `value` or above it."""
    bottom = provider.find(value)
    if bottom is None:
        return False
    same = bottom.ordinal == placed.ordinal
    return same or provider.is_descendant(bottom.ordinal, placed.ordinal)
