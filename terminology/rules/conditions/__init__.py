"""The declarative conditions of rules, each compiled once into a test of one line.

A test is three-valued: it holds, it does not, or it can't be told since a fact is not loaded; then
`Judged.unknown` says which. What a test binds (`{modifier}`, `{units}`, ...) fills the message.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from terminology.errors import InvalidInput
from terminology.rules.conditions import lines, modifiers, rows
from terminology.rules.conditions.condition import Condition as Condition
from terminology.rules.conditions.condition import Found, Trigger
from terminology.rules.judged import Judged
from terminology.rules.pairs import pair_test

BOUND = frozenset(
    "code modifier modifiers part position right_form units limit column1 column2 indicator"
    " rationale bypass other_code place release title".split()
)
"""The names that tests bind, beside the columns of rows."""


def compile_condition(condition: Any, named: str) -> Condition:
    """The condition of a rule, compiled.

    Args:
        condition: as the rule has it, decoded.
        named: the id of the rule, for the message of an error.

    Raises:
        InvalidInput: it is none; the message says where.
    """
    if not isinstance(condition, dict) or len(condition) != 1:
        raise InvalidInput(f"The rule '{named}' has a condition that is no object of one name.")
    ((operator, value),) = condition.items()
    try:
        if operator in _OF_LISTS:
            return _OF_LISTS[operator]([compile_condition(part, named) for part in value])
        if operator in _OF_ONE:
            return _OF_ONE[operator](compile_condition(value, named))
        if operator in _OPERATORS:
            return _OPERATORS[operator](value)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        text = f"The rule '{named}' has a condition '{operator}' that can't be read: {error!r}."
        raise InvalidInput(text) from None
    known = sorted((*_OF_LISTS, *_OF_ONE, *_OPERATORS))
    raise InvalidInput(
        f"The rule '{named}' has the condition '{operator}'; there are {', '.join(known)}."
    )


def _all(parts: Sequence[Condition]) -> Condition:
    tests = [part.test for part in parts]

    def test(judged: Judged, found: Found) -> bool | None:
        result: bool | None = True
        for one in tests:
            answer = one(judged, found)
            if answer is False:
                return False
            if answer is None:
                result = None
        return result

    first = min(parts, key=lambda part: _RANK[_kind(part.trigger)])
    element = next((part.element for part in parts if part.element != "code"), "code")
    return Condition(test, first.trigger, _columns(parts), element)


def _any(parts: Sequence[Condition]) -> Condition:
    tests = [part.test for part in parts]

    def test(judged: Judged, found: Found) -> bool | None:
        result: bool | None = False
        for one in tests:
            bound: Found = {}
            answer = one(judged, bound)
            if answer:
                found.update(bound)
                return True
            if answer is None:
                result = None
        return result

    element = parts[0].element if len({part.element for part in parts}) == 1 else "code"
    return Condition(test, _union([part.trigger for part in parts]), _columns(parts), element)


def _not(inner: Condition) -> Condition:
    def test(judged: Judged, _found: Found) -> bool | None:
        answer = inner.test(judged, {})
        return None if answer is None else not answer

    return Condition(test, "lines")


def _with(inner: Condition) -> Condition:
    def test(judged: Judged, found: Found) -> bool | None:
        result: bool | None = False
        for other in judged.others:
            other.scope, other.focus = judged.scope, None
            answer = inner.test(other, {})
            if answer:
                found["other_code"], found["#other"] = other.line.code, str(other.index)
                return True
            if answer is None:
                judged.note(other.reason)
                result = None
        return result

    return Condition(test, "lines")


def _pair(value: Mapping[str, Any]) -> Condition:
    return Condition(pair_test(value), "pairs")


_OF_LISTS: dict[str, Callable[[Sequence[Condition]], Condition]] = {"all": _all, "any": _any}
_OF_ONE: dict[str, Callable[[Condition], Condition]] = {"not": _not, "with": _with}
_OPERATORS: dict[str, Callable[[Any], Condition]] = {
    "modifier": modifiers.modifier,
    "modifier-kind": modifiers.modifier_kind,
    "modifiers": modifiers.modifiers,
    "repeated-modifier": modifiers.repeated_modifier,
    "code": lines.code_in,
    "kind": lines.kind_of,
    "category-2": lines.category_2,
    "property": lines.stated_property,
    "fault": lines.fault,
    "place": lines.place,
    "setting": lines.setting,
    "row": rows.row,
    "units": rows.units,
    "pair": _pair,
}
_RANK = {"faults": 0, "pairs": 1, "modifier": 2, "any_modifier": 3, "lines": 4}
"""Which part of an `all` can rule out most lines without being asked."""


def _kind(trigger: Trigger) -> str:
    return trigger if isinstance(trigger, str) else "modifier"


def _union(triggers: Sequence[Trigger]) -> Trigger:
    sets = [trigger for trigger in triggers if isinstance(trigger, frozenset)]
    if len(sets) == len(triggers):
        return frozenset().union(*sets)
    return triggers[0] if len(set(triggers)) == 1 else "lines"


def _columns(parts: Sequence[Condition]) -> frozenset[str]:
    return frozenset[str]().union(*(part.columns for part in parts))
