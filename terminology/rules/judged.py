"""One line under judgment: what it carries, what is known of it, and what a rule looked at."""

from collections.abc import Mapping, Sequence

from terminology.rules.facts import (
    FEE_SCHEDULE,
    PAIRS,
    UNIT_LIMITS,
    CodeFacts,
    Facts,
    InForce,
    Pair,
)
from terminology.rules.model import FEE_SCHEDULE as FEE_SCHEDULE_SCOPE
from terminology.rules.model import PAIRS as PAIRS_SCOPE
from terminology.rules.model import UNIT_LIMITS as UNIT_LIMITS_SCOPE
from terminology.rules.request import Line, Request

TABLES = {
    FEE_SCHEDULE_SCOPE: FEE_SCHEDULE,
    PAIRS_SCOPE: PAIRS,
    UNIT_LIMITS_SCOPE: UNIT_LIMITS,
}
"""The table that a scope's rules read."""
NAMES = {
    "cpt": "CPT's grammar",
    FEE_SCHEDULE_SCOPE: "Medicare's fee schedule",
    PAIRS_SCOPE: "NCCI's procedure pairs",
    UNIT_LIMITS_SCOPE: "NCCI's unit limits (MUE)",
    "payer-policy": "the payers' policies",
}
"""The scopes for people."""
_SETTINGS = frozenset({PAIRS, UNIT_LIMITS})
"""The tables that CMS publishes for each setting apart."""


class Judged:
    """A line with its facts, each fetched at most once.

    Args:
        request: all lines.
        index: of the one under judgment.
        facts: what is known.
    """

    def __init__(self, request: Request, index: int, facts: Facts) -> None:
        self.request = request
        self.index = index
        self.line: Line = request.lines[index]
        self.facts = facts
        self.day = self.line.date or request.day
        self.others: Sequence[Judged] = ()
        """The other lines of the same day."""
        self.read: dict[InForce, None] = {}
        """The releases that were read."""
        self.scope = ""
        self.focus: int | None = None
        """The index of the modifier that a rule is asked about."""
        self.pair: tuple[Pair, Judged] | None = None
        """The pair that a rule is asked about, with the line of its column one."""
        self.unknown: str | None = None
        """Why a condition could not be told, the first reason."""
        self._rows: dict[str, Mapping[str, str] | None] = {}
        self._codes: dict[str, CodeFacts | None] = {}

    def code(self, code: str) -> CodeFacts | None:
        """What is loaded of a code."""
        if code not in self._codes:
            self._codes[code] = self.facts.code(code)
        return self._codes[code]

    @property
    def base(self) -> CodeFacts | None:
        """What is loaded of the line's own code; that it is not is kept as a reason."""
        known = self.code(self.line.code)
        if known is None:
            self.note(f"{self.line.code} is not loaded")
        return known

    def row(self) -> Mapping[str, str] | None:
        """The row of the line's code in the scope's table; why there is none is kept."""
        table = TABLES[self.scope]
        if table not in self._rows:
            release = self.release(table)
            setting = self.setting(table)
            row = self.facts.row(release, setting, self.line.code) if release else None
            self._rows[table] = row
        row = self._rows[table]
        if row is None:
            self.note(self._no_row(table))
        return row

    def release(self, table: str) -> InForce | None:
        """The release of a table in force on the line's day."""
        release = self.facts.in_force(table, self.setting(table), self.day)
        if release is not None:
            self.read[release] = None
        return release

    def setting(self, table: str) -> str:
        """The setting by which a table is asked."""
        return self.request.setting if table in _SETTINGS else ""

    @property
    def reason(self) -> str:
        """Why something could not be told."""
        return self.unknown or "a fact that it needs is not loaded"

    def note(self, reason: str) -> None:
        """Keep why something could not be told."""
        self.unknown = self.unknown or reason

    def _no_row(self, table: str) -> str:
        release = self.release(table)
        if release is None:
            return f"no release of it is loaded for {self.day}"
        reason = f"{release.title} as loaded has no row of {self.line.code}"
        if table == UNIT_LIMITS:
            reason += ", and CMS keeps some limits unpublished, so that is no permission"
        return reason
