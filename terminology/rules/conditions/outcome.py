"""What a condition answers of a line: three-valued, with the facts that it found."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from terminology.rules.situation import Situation


class Match(msgspec.Struct, frozen=True):
    """One way in which a condition holds.

    Attributes:
        facts: by the names that a message can use.
        element: of the line: what a finding is about; None where any is as good.
        index: of the modifier among the line's, where the element is `modifier`.
        position: of the fault in the text of the expression, counted from 0.
        other: the index of the second line, where the condition is about two.
        bypassed: whether it is a pair that a modifier takes away.
        note: a sentence that the finding ends with.
    """

    facts: Mapping[str, str] = {}
    element: str | None = None
    index: int | None = None
    position: int | None = None
    other: int | None = None
    bypassed: bool = False
    note: str = ""

    def beside(self, later: "Match") -> "Match":
        """Both of them: where they differ, this one is right."""
        at = self if self.element is not None else later
        return Match(
            {**later.facts, **self.facts},
            at.element,
            at.index,
            at.position,
            later.other if self.other is None else self.other,
            self.bypassed or later.bypassed,
            self.note or later.note,
        )


class Outcome(NamedTuple):
    """True with matches; unknown with a reason and without them; false with neither.

    Matches beside a reason: it holds, and whether it holds in further ways is not known.
    """

    matches: tuple[Match, ...] = ()
    unknown: str | None = None


FALSE = Outcome()
"""The one outcome that is false: compare by identity."""
TRUE = Outcome((Match(),))

Test = Callable[[Situation, int], Outcome]
"""Asks of the line with this index."""


def outcome(matches: list[Match], unknown: str | None = None) -> Outcome:
    """The outcome with these matches and this reason."""
    return Outcome(tuple(matches), unknown) if matches or unknown else FALSE


def unknown(reason: str) -> Outcome:
    """It can't be told."""
    return Outcome((), reason)


class Condition(NamedTuple):
    """A compiled condition.

    Attributes:
        test: asks it of a line.
        binds: the names that every match has among its facts.
        needs: it can hold only where the line has one of these marks, `modifier:26`, `modifiers`,
            `fault:separator` or `beside`; None where it can hold of any line.
        cost: how dear the test is; an `all` asks the cheap ones first.
    """

    test: Test
    binds: frozenset[str] = frozenset()
    needs: frozenset[str] | None = None
    cost: int = 0


READS_ROW = 1
READS_LINES = 2
"""What tests cost that read a table, or the other lines; those of the line alone cost nothing."""
MODIFIERS = "modifiers"
"""The mark of a line that carries any modifier."""
BESIDE = "beside"
"""The mark of a line beside which others of the same day stand."""
