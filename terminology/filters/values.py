"""What the operators share: a concept's values of a property, and lists of values."""

from collections.abc import Collection, Iterable, Sequence

from terminology.codesystems.provider import Provider
from terminology.model import Concept
from terminology.tree import PlacedConcept

CODE_PROPERTIES = frozenset({"code", "concept"})
"""The names under which a filter speaks of the concept itself."""
_READ = CODE_PROPERTIES | {"display"}
"""What stands in the concept itself and not in a property of it."""
_BATCH = 1000


def values_of(concept: Concept, prop: str) -> list[str]:
    """The concept's values of a property as text; its code where the filter speaks of that."""
    if prop in CODE_PROPERTIES:
        return [concept.code]
    if prop == "display":
        return [] if concept.display is None else [concept.display]
    return [text for p in concept.property if p.code == prop and (text := p.text()) is not None]


def all_values(provider: Provider, prop: str) -> Iterable[tuple[int, str]]:
    """Each (ordinal, value as text) that `values_of` gives of any concept."""
    if prop not in _READ:
        return provider.property_values(prop)
    return (
        (placed.ordinal, text)
        for start in range(0, provider.size, _BATCH)
        for placed in provider.at(range(start, min(start + _BATCH, provider.size)))
        for text in values_of(placed.concept, prop)
    )


def with_values(provider: Provider, prop: str, values: Sequence[str]) -> Collection[int]:
    """The ordinals of the concepts that have one of the values."""
    if prop in CODE_PROPERTIES:
        found = (provider.find(code) for code in values)
        return sorted({placed.ordinal for placed in found if placed is not None})
    if prop in _READ:
        return sorted({o for o, text in all_values(provider, prop) if text in values})
    return provider.with_property(prop, values)


def has_value(
    provider: Provider, prop: str, values: Collection[str], placed: PlacedConcept
) -> bool:
    """Whether the concept is one of those that `with_values` gives."""
    if prop in CODE_PROPERTIES:
        return any(provider.same_code(code, placed.concept.code) for code in values)
    return any(text in values for text in values_of(placed.concept, prop))


def listed(value: str) -> list[str]:
    """The members of the comma-separated list of an `in` or `not-in` filter."""
    return [member for part in value.split(",") if (member := part.strip())]
