"""Elements of a resource that nobody has checked: what is not of its type is not there."""

from typing import Any

from terminology.fhir.outcome import Issue
from terminology.model import Json


def text(holder: Any, name: str) -> str | None:
    """A text that is not empty."""
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, str) and value else None


def an_object(holder: Any, name: str) -> Json:
    """An object; an empty one where there is none."""
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def objects(holder: Any, name: str) -> list[tuple[int, Json]]:
    """The objects of a list, each with its index."""
    value = holder.get(name) if isinstance(holder, dict) else None
    listed = value if isinstance(value, list) else []
    return [(index, item) for index, item in enumerate(listed) if isinstance(item, dict)]


def codings(holder: Any, name: str) -> list[tuple[int, str | None, str]]:
    """(index, system, code) of each coding of a CodeableConcept that has a code."""
    found = objects(an_object(holder, name), "coding")
    read = [(index, text(coding, "system"), text(coding, "code")) for index, coding in found]
    return [(index, system, code) for index, system, code in read if code is not None]


def left(sentence: str, *paths: str, severity: str = "information") -> Issue:
    """The issue of what was not checked."""
    return Issue(severity, "incomplete", sentence, paths)
