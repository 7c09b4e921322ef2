"""What rules found, and what they could not check."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from terminology.rules.facts import InForce

if TYPE_CHECKING:
    from terminology.rules.model import Rule


UNREADABLE = "the code is not right as it was sent"
"""The reason why other families than CPT's grammar were not checked for a text with faults."""
DOCUMENT = "document"
"""The name among the facts of a finding of the id of its table's DocumentReference."""
NO_UNITS = "no units were sent"
"""The reason why limits of units were not: the code stands on one line of its day, without any."""
NO_PAIR = "no two codes are on one day"
"""The reason why pairs were not."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that fired.

    Attributes:
        rule: which one.
        text: its message, filled in.
        line: the index of the line it is about.
        element: of the line: `code`, `modifier`, `units`, `date` or `place`.
        index: of the modifier among the line's, where the element is `modifier`.
        position: of the fault in the text of an expression, counted from 0.
        other: the index of the second line, where the rule is about two.
        facts: what fired it, by name: `pctc`: `0`, `release`: `2025D`, ...
        bypassed: whether it is a pair that a modifier on one of the lines takes away; the finding
            then only informs.
    """

    rule: "Rule"
    text: str
    line: int
    element: str
    index: int | None = None
    position: int | None = None
    other: int | None = None
    facts: Mapping[str, str] = {}
    bypassed: bool = False


class NotChecked(msgspec.Struct, frozen=True, kw_only=True):
    """A family of rules that could not be checked, and why.

    `line` is the index of the line, None where it is so of all. `reason` ends a sentence that names
    the family and the code: "Medicare's fee schedule was not checked for 99213: RVU 2025 October as
    loaded has no row of 99213".
    """

    scope: str
    reason: str
    line: int | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of the evaluator, in the order of lines, then of rules.

    `stale` are the releases that decided although their own period is over.
    """

    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...] = ()
    stale: tuple[InForce, ...] = ()
