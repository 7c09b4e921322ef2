"""What a condition is written with: read strictly, refused in words."""

from typing import Any


class Unreadable(ValueError):
    """A condition is not of its form; the text goes on after the condition's name."""


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts, at least one; the empty text is one."""
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise Unreadable('takes a list of texts, at least one, such as ["26", "TC"]')
    return tuple(dict.fromkeys(value))


def named_texts(value: Any) -> dict[str, frozenset[str]]:
    """An object of lists of texts, at least one."""
    if not isinstance(value, dict) or not value:
        raise Unreadable('takes an object of lists, at least one, such as {"pctc": ["0"]}')
    return {name: frozenset(texts(values)) for name, values in value.items()}


def boolean(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Unreadable("takes true or false")
    return value


def fields(value: Any, *names: str) -> dict[str, Any]:
    """An object with no other fields than these."""
    if not isinstance(value, dict):
        raise Unreadable(f"takes an object with {', '.join(names)}")
    others = sorted(set(value) - set(names))
    if others:
        raise Unreadable(f"has no field '{others[0]}'; there are {', '.join(names)}")
    return value
