"""Conditions of conditions: all, any, not, and with another line of the day."""

from collections.abc import Sequence
from typing import NamedTuple

from terminology.rules.codes import shown
from terminology.rules.conditions.outcome import (
    BESIDE,
    FALSE,
    MODIFIERS,
    READS_LINES,
    TRUE,
    Condition,
    Match,
    Outcome,
    outcome,
    unknown,
)
from terminology.rules.situation import Situation


def all_of(parts: Sequence[Condition]) -> Condition:
    """Every part holds; where parts hold in several ways, it holds in each combination."""
    by_cost = sorted(range(len(parts)), key=lambda place: parts[place].cost)
    tests = [(place, parts[place].test) for place in by_cost]

    def test(situation: Situation, index: int) -> Outcome:
        found = [TRUE] * len(tests)
        for place, one in tests:
            answer = one(situation, index)
            if answer is FALSE:
                return FALSE
            found[place] = answer
        return _joined(found)

    binds = frozenset[str]().union(*(part.binds for part in parts))
    needs = min((part.needs for part in parts), key=_breadth)
    return Condition(test, binds, needs, max(part.cost for part in parts))


def _joined(found: Sequence[Outcome]) -> Outcome:
    """All of them, in the order in which they are written; none is false."""
    matches = found[0].matches
    for one in found[1:]:
        if one is not TRUE:
            matches = tuple(a.beside(b) for a in matches for b in one.matches)
    return Outcome(matches, next((one.unknown for one in found if one.unknown), None))


def any_of(parts: Sequence[Condition]) -> Condition:
    """A part holds: the first that does tells how."""
    tests = [part.test for part in parts]

    def test(situation: Situation, index: int) -> Outcome:
        reason = None
        for one in tests:
            found = one(situation, index)
            if found.matches:
                return found
            reason = reason or found.unknown
        return unknown(reason) if reason else FALSE

    binds = frozenset.intersection(*(part.binds for part in parts))
    needs = [part.needs for part in parts if part.needs is not None]
    narrow = frozenset[str]().union(*needs) if len(needs) == len(parts) else None
    return Condition(test, binds, narrow, max(part.cost for part in parts))


def not_of(part: Condition) -> Condition:
    """The part does not hold; not known where that is not."""

    def test(situation: Situation, index: int) -> Outcome:
        found = part.test(situation, index)
        if found.matches:
            return FALSE
        return unknown(found.unknown) if found.unknown else TRUE

    return Condition(test, cost=part.cost)


class _Other(NamedTuple):
    line: int
    outcome: Outcome


def with_other(part: Condition) -> Condition:
    """The part holds of another line of the same day; its facts are named `other_...`."""

    def test(situation: Situation, index: int) -> Outcome:
        day = situation.days[index]
        key = id(part), day
        others = situation.memo.get(key)
        if others is None:
            asked = (_Other(one, part.test(situation, one)) for one in situation.on_day(day))
            others = situation.memo[key] = [one for one in asked if one.outcome is not FALSE]
        reason = None
        for line, found in others:
            if line != index and found.matches:
                return outcome([_of_other(situation, line, found.matches[0])])
            if line != index:
                reason = reason or found.unknown
        return unknown(reason) if reason else FALSE

    binds = frozenset({"other_code"} | {f"other_{name}" for name in part.binds})
    return Condition(test, binds, frozenset({BESIDE}), READS_LINES)


def _of_other(situation: Situation, line: int, match: Match) -> Match:
    facts = {f"other_{name}": value for name, value in match.facts.items()}
    facts["other_code"] = shown(situation.lines[line].code)
    return Match(facts, other=line)


def _breadth(needs: frozenset[str] | None) -> int:
    """How many lines have such a mark, roughly: the narrowest part of an `all` is asked for."""
    if needs is None:
        return 3
    if MODIFIERS in needs:
        return 2
    return 1 if BESIDE in needs else 0
