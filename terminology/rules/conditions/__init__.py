"""The declarative conditions of rules, each compiled once into a test of one line.

A test is three-valued: the condition holds, with the facts that fill a message; it does not; or it
can't be told, since a fact is not loaded. docs/rules.md lists the conditions. One file holds the
operators of one subject; each reads what it is written with and gives a `Condition`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from terminology.errors import InvalidInput
from terminology.rules.conditions import circumstances, codes, combined, modifiers, pairs, rows
from terminology.rules.conditions.arguments import Unreadable
from terminology.rules.conditions.outcome import Condition

_OF_MANY: dict[str, Callable[[Sequence[Condition]], Condition]] = {
    "all": combined.all_of,
    "any": combined.any_of,
}
_OF_ONE: dict[str, Callable[[Condition], Condition]] = {
    "not": combined.not_of,
    "with": combined.with_other,
}
_OF_LINE: dict[str, Callable[[Any, str], Condition]] = {
    "modifier": modifiers.modifier,
    "modifier-kind": modifiers.modifier_kind,
    "modifiers": modifiers.modifiers,
    "repeated-modifier": modifiers.repeated_modifier,
    "code": codes.code,
    "kind": codes.kind,
    "category-2": codes.category_2,
    "property": codes.stated_property,
    "fault": circumstances.fault,
    "place": circumstances.place,
    "setting": circumstances.setting,
    "row": rows.row,
    "units": rows.units,
    "pair": pairs.pair,
}
OPERATORS = (*_OF_MANY, *_OF_ONE, *_OF_LINE)
"""The names of the conditions."""


def compile_condition(condition: Any, scope: str) -> Condition:
    """A condition as a rule has it, compiled.

    Args:
        condition: decoded.
        scope: of the rule; it decides which table is read.

    Raises:
        InvalidInput: it is none; the message says what is wrong with which part of it.
    """
    if not isinstance(condition, dict) or len(condition) != 1:
        raise InvalidInput('A condition is an object of one name, such as {"modifier": ["26"]}.')
    ((operator, value),) = condition.items()
    try:
        if operator in _OF_MANY:
            if not isinstance(value, list) or not value:
                raise Unreadable("takes a list of conditions, at least one")
            return _OF_MANY[operator]([compile_condition(part, scope) for part in value])
        if operator in _OF_ONE:
            return _OF_ONE[operator](compile_condition(value, scope))
        if operator in _OF_LINE:
            return _OF_LINE[operator](value, scope)
    except Unreadable as error:
        raise InvalidInput(f"The condition '{operator}' {error}.") from None
    raise InvalidInput(f"There is no condition '{operator}', but {', '.join(OPERATORS)}.")
