"""`is-not-a`: neither the concept itself nor anything below it."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.filters import is_a
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of all that is neither the concept `value` nor below it."""
    excluded = frozenset(is_a.select(provider, prop, value))
    return [ordinal for ordinal in range(provider.size) if ordinal not in excluded]


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept is neither `value` nor below it."""
    return not is_a.contains(provider, prop, value, placed)
