"""`not-in`: the property has none of the values of a list; a concept without it passes."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.filters import in_list
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concepts whose property has none of the listed values."""
    excluded = frozenset(in_list.select(provider, prop, value))
    return [ordinal for ordinal in range(provider.size) if ordinal not in excluded]


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept's property has none of the listed values."""
    return not in_list.contains(provider, prop, value, placed)
