"""Where a coding stands to a value set, as it was found."""

from enum import Enum
from typing import NamedTuple

from terminology.fhir.outcome import Issue
from terminology.operations.validation import Checked


class Place(Enum):
    """Where a coding stands to a value set."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNDECIDED = "undecided"
    """Something that would decide it is not loaded."""


class Found(NamedTuple):
    """What was found of a coding."""

    checked: Checked
    place: Place
    reasons: tuple[Issue, ...] = ()
    """Of a coding outside: why, where the code system can tell more than that it is."""
