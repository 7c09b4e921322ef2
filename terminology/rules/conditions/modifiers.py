"""Conditions on the modifiers of a line."""

from collections.abc import Mapping, Sequence
from typing import Any

from terminology.rules.conditions.condition import Condition, Found
from terminology.rules.judged import Judged


def modifier(value: Sequence[str]) -> Condition:
    """It carries one of these modifiers; of several, each is asked about by itself."""
    wanted = frozenset(value)

    def test(judged: Judged, found: Found) -> bool | None:
        if judged.focus is None:
            carried = [m for m in judged.line.modifiers if m in wanted]
        else:
            carried = [m for m in (judged.line.modifiers[judged.focus],) if m in wanted]
        if carried:
            found.setdefault("modifier", carried[0])
        return bool(carried)

    return Condition(test, wanted, element="modifier")


def modifier_kind(value: Sequence[str]) -> Condition:
    """It carries a modifier of one of these kinds."""
    wanted = frozenset(value)

    def test(judged: Judged, found: Found) -> bool | None:
        modifier = judged.line.modifiers[judged.focus or 0]
        known = judged.code(modifier)
        if known is None:
            judged.note(f"modifier {modifier} is not loaded")
            return None
        if known.kinds & wanted:
            found.setdefault("modifier", modifier)
            return True
        return False

    return Condition(test, "any_modifier", element="modifier")


def modifiers(value: Mapping[str, Any]) -> Condition:
    """It carries at least so many different modifiers, of a list where one is given."""
    wanted = frozenset(value["of"]) if "of" in value else None
    least = int(value.get("at-least", 2))

    def test(judged: Judged, found: Found) -> bool | None:
        carried = [
            m
            for i, m in enumerate(judged.line.modifiers)
            if (wanted is None or m in wanted) and m not in judged.line.modifiers[:i]
        ]
        if len(carried) < least:
            return False
        ordered = sorted(carried)
        found["modifiers"] = " and ".join(
            [", ".join(ordered[:-1]), ordered[-1]] if ordered[1:] else ordered
        )
        found.setdefault("modifier", carried[-1])
        return True

    return Condition(test, "lines", element="modifier")


def repeated_modifier(value: bool) -> Condition:
    """A modifier stands twice; each that does is asked about by itself."""

    def test(judged: Judged, found: Found) -> bool | None:
        modifiers = judged.line.modifiers
        asked = modifiers if judged.focus is None else (modifiers[judged.focus],)
        repeated = sorted({modifier for modifier in asked if modifiers.count(modifier) > 1})
        if repeated:
            found["modifier"] = repeated[0]
            found["#index"] = str(modifiers.index(repeated[0], modifiers.index(repeated[0]) + 1))
        return bool(repeated) is value

    return Condition(test, "any_modifier", element="modifier")
