"""Conditions on a line's code."""

import re
from typing import Any

from terminology.rules.codes import CodeRanges, shown
from terminology.rules.conditions.arguments import Unreadable, boolean, named_texts, texts
from terminology.rules.conditions.outcome import (
    FALSE,
    TRUE,
    Condition,
    Match,
    Outcome,
    unknown,
)
from terminology.rules.situation import Situation

_MEMBER = re.compile(r"[0-9A-Z]{5}(-[0-9A-Z]{5})?")
_CATEGORY_2 = re.compile(r"[0-9]{4}F")


def code(value: Any, _scope: str) -> Condition:
    """Its code is named, or is in a range."""
    members = texts(value)
    for member in members:
        if not _MEMBER.fullmatch(member):
            raise Unreadable(
                f"takes codes of five characters and ranges of them, such as 20100-69990, and"
                f" '{member}' is neither"
            )
    ranges = CodeRanges.of(members)

    def test(situation: Situation, index: int) -> Outcome:
        return TRUE if situation.lines[index].code in ranges else FALSE

    return Condition(test)


def kind(value: Any, _scope: str) -> Condition:
    """Its code is of one of these kinds."""
    wanted = frozenset(texts(value))

    def test(situation: Situation, index: int) -> Outcome:
        code = situation.lines[index].code
        known = situation.code(code)
        if known is None:
            return unknown(_not_loaded(code))
        return TRUE if known.kinds & wanted else FALSE

    return Condition(test)


def category_2(value: Any, _scope: str) -> Condition:
    """Its code is one of Category II: four digits and F. With false: it is none."""
    wanted = boolean(value)

    def test(situation: Situation, index: int) -> Outcome:
        is_two = _CATEGORY_2.fullmatch(situation.lines[index].code) is not None
        return TRUE if is_two is wanted else FALSE

    return Condition(test)


def stated_property(value: Any, _scope: str) -> Condition:
    """Its code has these properties; one that is not stated is not known to be false."""
    wanted = named_texts(value)

    def test(situation: Situation, index: int) -> Outcome:
        code = situation.lines[index].code
        known = situation.code(code)
        if known is None:
            return unknown(_not_loaded(code))
        reason, facts = None, {}
        for name, values in wanted.items():
            stated = known.properties.get(name)
            if stated is None:
                reason = reason or f"whether {shown(code)} has the property '{name}' is not loaded"
            elif stated not in values:
                return FALSE
            else:
                facts[name] = stated
        return unknown(reason) if reason else Outcome((Match(facts),))

    return Condition(test, frozenset(wanted))


def _not_loaded(code: str) -> str:
    return f"{shown(code)} is not loaded"
