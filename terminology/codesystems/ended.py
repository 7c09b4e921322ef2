"""Codes that have ended: when, what they were, and in which release they are to be found."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from terminology.fhir.outcome import Issue
from terminology.model import CodeSystem, Concept
from terminology.tree import PlacedConcept

RETIREMENT = "http://hl7.org/fhir/concept-properties#retirementDate"
LAST_DAY = "https://proterm.example/fhir/concept-properties#last-day"
_INSTRUCTION = "instruction"
"""The property of CPT's deleted codes that says what to report in their place."""


class Searched(Protocol):
    """As much of a provider as is asked here."""

    head: CodeSystem

    def find(self, code: str) -> PlacedConcept | None:
        """The concept of a code."""


class Released(NamedTuple):
    """A release of a code system."""

    effective: str | None
    """From when it is in force, where that is known."""
    provider: Searched


def ending_codes(head: CodeSystem) -> frozenset[str]:
    """The properties that say when a code ended: those whose URI has that meaning.

    FHIR's own (https://hl7.org/fhir/R5/codesystem-concept-properties.html) is the day of its end,
    on which the code is not used any more; CMS's of HCPCS Level II is the last day on which it is.
    """
    return frozenset(d.code for d in head.property if d.uri in (RETIREMENT, LAST_DAY))


def is_over(head: CodeSystem, concept: Concept, day: str) -> bool | None:
    """Whether a code has ended by a day, `YYYY-MM-DD`; None where no end of it is stated.

    An end that is a year or a month is over when that is.
    """
    uris = {definition.code: definition.uri for definition in head.property}
    for prop in concept.property:
        uri = uris.get(prop.code)
        if uri in (LAST_DAY, RETIREMENT):
            stated = prop.text() or ""
            of_day = day[: len(stated)]
            is_day = len(stated) == len(day)
            return of_day > stated or (of_day == stated and is_day and uri == RETIREMENT)
    return None


def ending(head: CodeSystem, concept: Concept, day: str, path: str) -> Issue | None:
    """What is to be said of a code that has ended, None of one of which no end is stated.

    Args:
        head: its code system.
        concept: the code.
        day: that is asked about, `YYYY-MM-DD`.
        path: the FHIRPath of the code.
    """
    over = is_over(head, concept, day)
    if over is None:
        return None
    codes = ending_codes(head)
    end = next(prop for prop in concept.property if prop.code in codes)
    meanings = {definition.code: definition.description for definition in head.property}
    meaning = meanings.get(end.code) or end.code
    named = f"'{concept.code}' ({concept.display})" if concept.display else f"'{concept.code}'"
    text = f"The code {named} has an end: {_lowered(meaning)}: {end.text()}"
    instructions = (prop.text() for prop in concept.property if prop.code == _INSTRUCTION)
    text += "".join(f". {(instruction or '').rstrip('.')}" for instruction in instructions)
    text += f". The day asked about, {day}, is {'after' if over else 'before'} its end."
    return Issue("information", "informational", text, (path,))


def elsewhere(code: str, head: CodeSystem, releases: Sequence[Released]) -> str | None:
    """In which other release a code is that this one has not, in a sentence.

    Args:
        code: the code.
        head: of the release that has it not.
        releases: all releases of the code system, in the order of their days.
    """
    dated = [one for one in releases if one.effective]
    versions = [one.provider.head.version for one in dated]
    here = versions.index(head.version) if head.version in versions else len(dated)
    for index in range(here - 1, -1, -1):
        found = dated[index].provider.find(code)
        if found is not None:
            after = dated[index + 1].effective if index + 1 < len(dated) else None
            until = f" until {_day_before(after)}" if after else ""
            return f"{_was(found.concept, 'was', versions[index])}{until}"
    for one in dated[here + 1 :]:
        found = one.provider.find(code)
        if found is not None:
            version = one.provider.head.version
            return f"{_was(found.concept, 'is', version)} from {one.effective}"
    for one in releases:
        found = None if one.effective else one.provider.find(code)
        if found is not None and one.provider.head.version != head.version:
            version = one.provider.head.version
            return f"{_was(found.concept, 'is', version)} which tells no day: ask for that version"
    return None


def _was(concept: Concept, verb: str, version: str | None) -> str:
    named = f", as '{concept.display}'," if concept.display else ""
    return f"It {verb} in version '{version}'{named}"


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
