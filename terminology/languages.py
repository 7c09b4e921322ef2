"""Which name of a concept a reader of certain languages is given.

A language range is written as in HTTP's Accept-Language (RFC 9110, 12.5.4), and a tag matches a
range that it begins with: `de` admits `de-CH`. See `displayLanguage` in
https://hl7.org/fhir/R5/operation-valueset-expand.html.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from terminology.errors import InvalidInput
from terminology.model import Concept, Designation

_RANGE = re.compile(r"\*|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


class InvalidLanguage(InvalidInput):
    """A text that names no languages."""

    issue_code = "processing"


class Languages(NamedTuple):
    """The languages a reader wants, best first; `text` is what was sent."""

    text: str
    ranges: tuple[str, ...]
    strict: bool
    """Whether nothing else will do: `*` was given the weight 0."""

    def admits(self, tag: str | None) -> bool:
        """Whether a name in this language is one of those wanted."""
        return tag is not None and any(matches(tag, wanted) for wanted in self.ranges)


def matches(tag: str, wanted: str) -> bool:
    """Whether a language tag is within a range."""
    if wanted == "*":
        return True
    tag, wanted = tag.casefold(), wanted.casefold()
    return tag == wanted or tag.startswith(f"{wanted}-")


@lru_cache(maxsize=256)
def parse(text: str) -> Languages:
    """The languages of `displayLanguage` or of an Accept-Language header.

    Raises:
        InvalidInput: a part of it is no language range.
    """
    weighted: list[tuple[float, str]] = []
    strict = False
    # An empty element of a list counts for nothing (RFC 9110, 5.6.1); a list of them is no list.
    for part in [p for p in text.split(",") if p.strip()] or [text]:
        tag, _, parameter = part.strip().partition(";")
        tag = tag.strip()
        if not _RANGE.fullmatch(tag):
            raise InvalidLanguage(
                f"Invalid displayLanguage: '{text[:60]}'", tx_issue_type="invalid-display"
            )
        weight = _weight(parameter.strip(), text)
        if weight > 0:
            weighted.append((weight, tag))
        elif tag == "*":
            strict = True
    weighted.sort(key=lambda one: -one[0])
    return Languages(text, tuple(tag for _, tag in weighted), strict)


def _weight(parameter: str, text: str) -> float:
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    try:
        weight = float(value) if name.strip() in ("q", "Q") else -1.0
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise InvalidLanguage(
            f"Invalid displayLanguage: '{text[:60]}'", tx_issue_type="invalid-display"
        )
    return weight


def display_of(concept: Concept, base: str | None, languages: Languages | None) -> str | None:
    """The name of a concept for a reader.

    Args:
        concept: the concept with all its designations.
        base: the language of its display.
        languages: what the reader wants; None takes the display.

    Returns:
        The first name in the best language; where none is, the display, or None if the reader
        wants nothing else.
    """
    if languages is None:
        return concept.display
    for wanted in languages.ranges:
        if base is not None and concept.display is not None and matches(base, wanted):
            return concept.display
        found = _designation(concept.designation, wanted)
        if found is not None:
            return found.value
    if languages.strict and base is not None:
        return None
    return concept.display


def _designation(designations: Sequence[Designation], wanted: str) -> Designation | None:
    if wanted == "*":
        return None
    return next((d for d in designations if d.language and matches(d.language, wanted)), None)
