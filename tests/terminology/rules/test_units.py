"""Units over a limit: on a line, and together on a day."""

from decimal import Decimal
from typing import Any

import pytest

from terminology.rules.evaluator import evaluate
from terminology.rules.report import NO_UNITS, NotChecked, Report
from terminology.rules.request import Line
from tests.terminology.rules.facts import FakeFacts, book, line, request, rule

FACTS = FakeFacts(
    rows={
        ("medicare-mue", "37244"): {"mue": "2", "mai": "3"},
        ("medicare-mue", "37243"): {"mue": "1", "mai": "3"},
        ("medicare-mue", "75894"): {"mue": "", "mai": "3"},
        ("medicare-mue", "75898"): {"mue": "many", "mai": "3"},
    }
)
MESSAGE = "{units} over {limit} in {title}"


def judged(*lines: Line | str, summed: str = "line", **changed: Any) -> Report:
    condition = {"units": {"over": "mue", "sum": summed}}
    rules = book(rule(condition, scope="ncci-mue", message=MESSAGE, **changed))
    return evaluate(request(*lines), FACTS, rules)


@pytest.mark.parametrize(("units", "fires"), [(2, False), (3, True), (None, False)])
def test_units_over_the_limit_of_the_row(units: int | None, *, fires: bool) -> None:
    found = judged(line("37244", units)).findings
    assert [(one.text, one.element) for one in found] == (
        [("3 over 2 in medicare-mue R1", "units")] if fires else []
    )


def test_units_of_a_day_are_summed_and_told_once_at_the_last_line() -> None:
    lines = (line("37244", 2), line("37243", 1), line("37244", 1), line("37243"))
    found = judged(*lines, summed="day").findings
    assert [(one.line, one.facts["units"]) for one in found] == [(2, "3"), (3, "2")]


def test_units_of_two_days_are_not_summed() -> None:
    lines = (line("37244", 2), line("37244", 1, date="2025-10-16"))
    assert judged(*lines, summed="day").findings == ()


def test_units_of_lines_are_not_summed_where_each_line_has_its_limit() -> None:
    assert judged(line("37244", 2), line("37244", 2)).findings == ()


def test_a_code_on_two_lines_without_units_is_two_services() -> None:
    (found,) = judged("37243", "37243", summed="day").findings
    assert found.facts["units"] == "2"


def test_one_line_without_units_was_not_checked() -> None:
    report = judged("99213", summed="day")
    assert report == Report(
        findings=(), not_checked=(NotChecked(scope="ncci-mue", reason=NO_UNITS, line=0),)
    )


def test_units_without_a_row_are_not_checked_and_not_permitted() -> None:
    (left,) = judged(line("99213", 1)).not_checked
    assert "no row of 99213" in left.reason
    assert "no permission" in left.reason


@pytest.mark.parametrize("code", ["75894", "75898"])
def test_a_limit_that_is_no_number_is_not_known(code: str) -> None:
    report = judged(line(code, 9))
    assert report.findings == ()
    assert (
        report.not_checked[0].reason == f"the row of {code} in medicare-mue R1 does not state mue"
    )


@pytest.mark.parametrize(
    ("units", "told"),
    [("2.50", "2.5"), ("30", "30"), ("1E+3", "1000"), ("1E+999999", "1E+999999"), ("NaN", None)],
)
def test_units_are_told_as_people_write_them(units: str, told: str | None) -> None:
    asked = Line(code="37244", units=Decimal(units))
    found = judged(asked).findings
    assert [one.facts["units"] for one in found] == ([] if told is None else [told])


def test_units_without_end_can_be_summed() -> None:
    huge = Line(code="37244", units=Decimal("9E+999999"))
    (found,) = judged(huge, huge, summed="day").findings
    assert found.facts["units"] == "Infinity"
