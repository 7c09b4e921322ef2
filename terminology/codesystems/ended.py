"""Codes that have ended: when, what they were, and in which release they are to be found."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from terminology.fhir.outcome import Issue
from terminology.model import CodeSystem, Concept
from terminology.tree import PlacedConcept, property_codes

_INSTRUCTION = "instruction"
"""The property of CPT's deleted codes that says what to report in their place."""


class Searched(Protocol):
    """As much of a provider as is asked here."""

    head: CodeSystem

    def find(self, code: str) -> PlacedConcept | None:
        """The concept of a code."""


class Released(NamedTuple):
    """A release of a code system, and from when it is in force."""

    effective: str
    provider: Searched


def ending_codes(head: CodeSystem) -> frozenset[str]:
    """The properties that say when a code ended, those with FHIR's URI of that meaning.

    https://hl7.org/fhir/R5/codesystem-concept-properties.html: retirementDate.
    """
    codes = property_codes(head.property, "retirementDate")
    return codes & {definition.code for definition in head.property}


def ending(head: CodeSystem, concept: Concept, day: str, path: str) -> Issue | None:
    """What is to be said of a code that has ended, None of one of which no end is stated.

    Args:
        head: its code system.
        concept: the code.
        day: that is asked about, `YYYY-MM-DD`.
        path: the FHIRPath of the code.
    """
    codes = ending_codes(head)
    ends = [prop for prop in concept.property if prop.code in codes]
    if not ends:
        return None
    meanings = {definition.code: definition.description for definition in head.property}
    stated = ends[0].text() or ""
    meaning = meanings.get(ends[0].code) or ends[0].code
    named = f"'{concept.code}' ({concept.display})" if concept.display else f"'{concept.code}'"
    text = f"The code {named} has an end: {_lowered(meaning)}: {stated}"
    instructions = (prop.text() for prop in concept.property if prop.code == _INSTRUCTION)
    text += "".join(f". {instruction}" for instruction in instructions)
    kind = "before its end" if day <= stated else "after its end"
    text += f". The day asked about, {day}, is {kind}." if day != stated else "."
    return Issue("information", "informational", text, (path,))


def elsewhere(code: str, head: CodeSystem, releases: Sequence[Released]) -> str | None:
    """In which other release a code is that this one has not, in a sentence.

    Args:
        code: the code.
        head: of the release that has it not.
        releases: all releases of the code system, in the order of their days.
    """
    versions = [one.provider.head.version for one in releases]
    here = versions.index(head.version) if head.version in versions else len(releases)
    for index in range(here - 1, -1, -1):
        found = releases[index].provider.find(code)
        if found is not None:
            ended = _day_before(releases[index + 1].effective)
            return f"{_was(found.concept, 'was', versions[index])} until {ended}."
    for one in releases[here + 1 :]:
        found = one.provider.find(code)
        if found is not None:
            version = one.provider.head.version
            return f"{_was(found.concept, 'is', version)} from {one.effective}."
    return None


def _was(concept: Concept, verb: str, version: str | None) -> str:
    named = f", as '{concept.display}'," if concept.display else ""
    return f"It {verb} in version '{version}'{named}"


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
