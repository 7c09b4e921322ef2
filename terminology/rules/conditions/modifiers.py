"""Conditions on the modifiers of a line.

Each finds the same whatever the order in which they were sent: that carries no meaning
(https://terminology.hl7.org/CPT.html).
"""

from typing import Any

from terminology.rules.conditions.arguments import Unreadable, boolean, fields, texts
from terminology.rules.conditions.outcome import (
    FALSE,
    MODIFIERS,
    TRUE,
    Condition,
    Match,
    Outcome,
    outcome,
)
from terminology.rules.situation import Situation

_MODIFIER = frozenset({"modifier"})


def modifier(value: Any, _scope: str) -> Condition:
    """It carries one of these modifiers; it holds for each of them."""
    wanted = texts(value)

    def test(situation: Situation, index: int) -> Outcome:
        carried = situation.lines[index].modifiers
        return outcome([_match(carried, one) for one in wanted if one in carried])

    return Condition(test, _MODIFIER, _marks(wanted))


def modifier_kind(value: Any, _scope: str) -> Condition:
    """It carries a modifier of one of these kinds; it holds for each of them."""
    wanted = frozenset(texts(value))

    def test(situation: Situation, index: int) -> Outcome:
        carried = situation.lines[index].modifiers
        matches, reason = [], None
        for one in sorted(set(carried)):
            known = situation.code(one)
            if known is None:
                reason = (
                    reason or f"the modifier {one} is not loaded, so it alone could not be checked"
                )
            elif known.kinds & wanted:
                matches.append(_match(carried, one))
        return outcome(matches, reason)

    return Condition(test, _MODIFIER, frozenset({MODIFIERS}))


def modifiers(value: Any, _scope: str) -> Condition:
    """It carries at least so many different modifiers, of a list where one is given."""
    given = fields(value, "of", "at-least")
    wanted = frozenset(texts(given["of"])) if "of" in given else None
    least = given.get("at-least", 2)
    if not isinstance(least, int) or isinstance(least, bool) or least < 1:
        raise Unreadable("takes a number of at least 1 as at-least")

    def test(situation: Situation, index: int) -> Outcome:
        carried = situation.lines[index].modifiers
        if len(carried) < least:
            return FALSE
        found = sorted({one for one in carried if wanted is None or one in wanted})
        if len(found) < least:
            return FALSE
        facts = {"modifiers": _listed(found), "modifier": found[-1]}
        return Outcome((Match(facts, "modifier", carried.index(found[-1])),))

    needs = frozenset({MODIFIERS}) if wanted is None else _marks(wanted)
    return Condition(test, frozenset({"modifier", "modifiers"}), needs)


def repeated_modifier(value: Any, _scope: str) -> Condition:
    """A modifier stands twice; it holds for each that does. With false: none does."""
    if not boolean(value):
        return Condition(_none_repeated)
    return Condition(_repeated, _MODIFIER, frozenset({MODIFIERS}))


def _none_repeated(situation: Situation, index: int) -> Outcome:
    carried = situation.lines[index].modifiers
    return TRUE if len(set(carried)) == len(carried) else FALSE


def _repeated(situation: Situation, index: int) -> Outcome:
    carried = situation.lines[index].modifiers
    if len(set(carried)) == len(carried):
        return FALSE
    twice = sorted({one for one in carried if carried.count(one) > 1})
    return outcome(
        [
            Match({"modifier": one}, "modifier", carried.index(one, carried.index(one) + 1))
            for one in twice
        ]
    )


def _match(carried: tuple[str, ...], one: str) -> Match:
    return Match({"modifier": one}, "modifier", carried.index(one))


def _marks(wanted: Any) -> frozenset[str]:
    return frozenset(f"modifier:{one}" for one in wanted)


def _listed(found: list[str]) -> str:
    head = ", ".join(found[:-1])
    return f"{head} and {found[-1]}" if head else found[-1]
