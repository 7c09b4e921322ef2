"""Conditions on a line's code, the text it was written in, its place and setting."""

from collections.abc import Mapping, Sequence

from terminology.rules.codes import CodeRanges
from terminology.rules.conditions.condition import Condition, Found
from terminology.rules.judged import Judged


def code_in(value: Sequence[str]) -> Condition:
    """Its code is named, or is in a range."""
    ranges = CodeRanges.of(value)
    return Condition(lambda judged, _found: judged.line.code in ranges, "lines")


def kind_of(value: Sequence[str]) -> Condition:
    """Its code is of one of these kinds."""
    wanted = frozenset(value)

    def test(judged: Judged, _found: Found) -> bool | None:
        base = judged.base
        return None if base is None else bool(base.kinds & wanted)

    return Condition(test, "lines")


def category_2(value: bool) -> Condition:
    """Its code is one of Category II: four digits and F."""

    def test(judged: Judged, _found: Found) -> bool | None:
        code = judged.line.code
        is_two = len(code) == 5 and code[4] == "F" and code[:4].isdigit()
        return is_two is value

    return Condition(test, "lines")


def stated_property(value: Mapping[str, Sequence[str]]) -> Condition:
    """Its code has these properties; one that is not stated is not known."""
    wanted = {name: frozenset(values) for name, values in value.items()}

    def test(judged: Judged, _found: Found) -> bool | None:
        base = judged.base
        if base is None:
            return None
        for name, values in wanted.items():
            if name not in base.properties:
                judged.note(f"whether {base.code} is of '{name}' is not loaded")
                return None
            if base.properties[name] not in values:
                return False
        return True

    return Condition(test, "lines")


def fault(value: Sequence[str]) -> Condition:
    """Its text has one of these faults."""
    wanted = frozenset(value)

    def test(judged: Judged, found: Found) -> bool | None:
        fault = judged.line.faults[judged.focus or 0]
        if fault.name not in wanted:
            return False
        found["part"] = fault.part
        found["position"] = str(fault.position + 1)
        found["right_form"] = fault.right_form or ""
        found["#position"] = str(fault.position)
        return True

    return Condition(test, "faults")


def place(value: Sequence[str]) -> Condition:
    """It was done at one of these places."""
    wanted = frozenset(value)

    def test(judged: Judged, found: Found) -> bool | None:
        if judged.line.place is None:
            return False
        found["place"] = judged.line.place
        return judged.line.place in wanted

    return Condition(test, "lines", element="place")


def setting(value: Sequence[str]) -> Condition:
    """It is judged by the tables of one of these settings."""
    wanted = frozenset(value)
    return Condition(lambda judged, _found: judged.request.setting in wanted, "lines")
