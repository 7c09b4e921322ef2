"""`exists`: the property has any value (`true`) or none (`false`)."""

from collections.abc import Collection

from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput
from terminology.filters.values import all_values, values_of
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concepts that have the property, or of those that don't."""
    wanted = _wanted(prop, value)
    having = {ordinal for ordinal, _ in all_values(provider, prop)}
    return [ordinal for ordinal in range(provider.size) if (ordinal in having) is wanted]


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept has the property, or has it not."""
    return bool(values_of(placed.concept, prop)) is _wanted(prop, value)


def _wanted(prop: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise InvalidInput(
            f"The filter 'exists' on property '{prop}' takes true or false, not '{value}'.",
            tx_issue_type="vs-invalid",
        )
    return value == "true"
