"""Conditions on the row that a table has of a line's code."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from terminology.rules.conditions.condition import Condition, Found
from terminology.rules.judged import Judged


def row(value: Mapping[str, Sequence[str]]) -> Condition:
    """The row has one of these values in each column."""
    wanted = {name: frozenset(values) for name, values in value.items()}

    def test(judged: Judged, found: Found) -> bool | None:
        row = judged.row()
        if row is None:
            return None
        if not all(row.get(name, "") in values for name, values in wanted.items()):
            return False
        found.update({name: row[name] for name in wanted})
        found["release"], found["title"] = row["release"], row["title"]
        return True

    return Condition(test, "lines", frozenset(wanted))


def units(value: Mapping[str, str]) -> Condition:
    """Its units are over a column, on the line or together on that day."""
    column, per_day = value["over"], value.get("sum", "line") == "day"

    def test(judged: Judged, found: Found) -> bool | None:
        units = _summed(judged) if per_day else judged.line.units
        if units is None:
            return False
        row = judged.row()
        if row is None:
            return None
        try:
            limit = Decimal(row[column])
        except (KeyError, InvalidOperation):
            judged.note(f"the row of {judged.line.code} has no {column}")
            return None
        found["units"], found["limit"] = f"{units.normalize():f}", f"{limit.normalize():f}"
        found["release"], found["title"] = row["release"], row["title"]
        return units > limit

    return Condition(test, "lines", frozenset({column}), "units")


def _summed(judged: Judged) -> Decimal | None:
    """The units of the code on that day, told at the last line that has any."""
    same = [other for other in judged.others if other.line.code == judged.line.code]
    if judged.line.units is None:
        return None
    if any(other.line.units is not None and other.index > judged.index for other in same):
        return None
    return judged.line.units + sum((o.line.units or Decimal(0) for o in same), Decimal(0))
