"""Conditions on the row that a table has of a line's code."""

from decimal import Context, Decimal, InvalidOperation
from typing import Any

from terminology.rules.codes import shown
from terminology.rules.conditions.arguments import Unreadable, fields, named_texts
from terminology.rules.conditions.outcome import (
    FALSE,
    READS_ROW,
    Condition,
    Match,
    Outcome,
    unknown,
)
from terminology.rules.facts import FEE_SCHEDULE, UNIT_LIMITS, InForce
from terminology.rules.model import FEE_SCHEDULE as FEE_SCHEDULE_SCOPE
from terminology.rules.model import PAYER_POLICY
from terminology.rules.model import UNIT_LIMITS as UNIT_LIMITS_SCOPE
from terminology.rules.report import DOCUMENT
from terminology.rules.situation import Situation

_TABLES = {
    FEE_SCHEDULE_SCOPE: FEE_SCHEDULE,
    UNIT_LIMITS_SCOPE: UNIT_LIMITS,
    # Payers that go by indicators go by Medicare's.
    PAYER_POLICY: FEE_SCHEDULE,
}
_RELEASE = frozenset({"release", "title"})
_SUMS = Context(prec=28, traps=[])
_LONGEST = 12
"""The digits that a number of units is written out with; what is longer is no number of units."""


def row(value: Any, scope: str) -> Condition:
    """The row of the scope's table has one of these values in each column."""
    wanted = named_texts(value)
    table = _TABLES.get(scope)
    if table is None:
        raise Unreadable(f"reads a table, and rules of the scope {scope} have none")

    def test(situation: Situation, index: int) -> Outcome:
        row = situation.row(table, index)
        if isinstance(row, str):
            return unknown(row)
        missing = None
        for column, values in wanted.items():
            stated = row.values.get(column, "")
            if stated not in values:
                if stated:
                    return FALSE
                missing = missing or column
        if missing is not None:
            code = situation.lines[index].code
            return unknown(_not_stated(row.release, code, missing))
        facts = {column: row.values.get(column, "") for column in wanted}
        return Outcome((Match(facts | _told(row.release)),))

    return Condition(test, frozenset(wanted) | _RELEASE, cost=READS_ROW)


def units(value: Any, scope: str) -> Condition:
    """Its units are over a column of the unit limits, on the line or together on the day.

    A line without units is one service where the code stands on further lines of the day; by
    itself nothing is said of its units. The sum of a day is told at the last of its lines.
    """
    given = fields(value, "over", "sum")
    column, summed = given.get("over"), given.get("sum", "line")
    if not isinstance(column, str) or summed not in ("line", "day"):
        raise Unreadable('takes the column as over and "line" or "day" as sum')
    if scope not in (UNIT_LIMITS_SCOPE, PAYER_POLICY):
        raise Unreadable(f"reads the unit limits, which rules of the scope {scope} do not")

    def test(situation: Situation, index: int) -> Outcome:
        total = _summed(situation, index) if summed == "day" else situation.lines[index].units
        if total is None or total.is_nan():
            return FALSE
        row = situation.row(UNIT_LIMITS, index)
        if isinstance(row, str):
            return unknown(row)
        limit = _number(row.values.get(column, ""))
        if limit is None:
            return unknown(_not_stated(row.release, situation.lines[index].code, column))
        if total <= limit:
            return FALSE
        facts = {"units": _text(total), "limit": _text(limit)}
        return Outcome((Match(facts | _told(row.release), "units"),))

    return Condition(test, frozenset({"units", "limit"}) | _RELEASE)


def _summed(situation: Situation, index: int) -> Decimal | None:
    line = situation.lines[index]
    same = situation.of_code(situation.days[index], line.code)
    if len(same) == 1:
        return line.units
    if index != same[-1]:
        return None
    total = Decimal(0)
    for one in same:
        units = situation.lines[one].units
        total = _SUMS.add(total, Decimal(1) if units is None else units)
    return total


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _text(number: Decimal) -> str:
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        return str(number)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _told(release: InForce) -> dict[str, str]:
    return {"release": release.release, "title": release.title, DOCUMENT: release.document}


def _not_stated(release: InForce, code: str, column: str) -> str:
    return f"the row of {shown(code)} in {release.title} does not state {column}"
