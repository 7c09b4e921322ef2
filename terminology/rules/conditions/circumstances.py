"""Conditions on the text that a line was written in, and on its place and setting."""

from typing import Any

from terminology.rules.codes import shown
from terminology.rules.conditions.arguments import texts
from terminology.rules.conditions.outcome import (
    FALSE,
    Condition,
    Match,
    Outcome,
    outcome,
    unknown,
)
from terminology.rules.situation import Situation

_RIGHT_FORM = "code:modifier"
"""What to write where the text does not tell which code is meant."""


def fault(value: Any, _scope: str) -> Condition:
    """Its text has one of these faults; it holds for each. `position` is counted from 1."""
    wanted = frozenset(texts(value))

    def test(situation: Situation, index: int) -> Outcome:
        return outcome(
            [
                Match(
                    {
                        "part": shown(fault.part),
                        "position": str(fault.position + 1),
                        "right_form": shown(fault.right_form or _RIGHT_FORM),
                    },
                    "code",
                    position=fault.position,
                )
                for fault in situation.lines[index].faults
                if fault.name in wanted
            ]
        )

    binds = frozenset({"part", "position", "right_form"})
    return Condition(test, binds, frozenset(f"fault:{name}" for name in wanted))


def place(value: Any, _scope: str) -> Condition:
    """It was done at one of these places; not known where none was sent."""
    wanted = frozenset(texts(value))

    def test(situation: Situation, index: int) -> Outcome:
        place = situation.lines[index].place
        if place is None:
            return unknown("no place of service was sent")
        return Outcome((Match({"place": place}, "place"),)) if place in wanted else FALSE

    return Condition(test, frozenset({"place"}))


def setting(value: Any, _scope: str) -> Condition:
    """It is judged by the tables of one of these settings."""
    wanted = frozenset(texts(value))

    def test(situation: Situation, _index: int) -> Outcome:
        setting = situation.request.setting
        return Outcome((Match({"setting": setting}),)) if setting in wanted else FALSE

    return Condition(test, frozenset({"setting"}))
