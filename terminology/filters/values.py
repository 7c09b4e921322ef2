"""What the operators share: a concept's values of a property, and lists of values."""

from terminology.model import Concept

CODE_PROPERTIES = frozenset({"code", "concept"})
"""The names under which a filter speaks of the concept itself."""


def values_of(concept: Concept, prop: str) -> list[str]:
    """The concept's values of a property as text; its code where the filter speaks of that."""
    if prop in CODE_PROPERTIES:
        return [concept.code]
    if prop == "display":
        return [] if concept.display is None else [concept.display]
    return [text for p in concept.property if p.code == prop and (text := p.text()) is not None]


def listed(value: str) -> list[str]:
    """The members of the comma-separated list of an `in` or `not-in` filter."""
    return [member for part in value.split(",") if (member := part.strip())]
