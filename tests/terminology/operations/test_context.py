"""The day that a request is about."""

from datetime import date

import pytest

from terminology.operations.context import Context


@pytest.mark.parametrize(
    ("requested", "day"),
    [
        ("2023", "2023-01-01"),
        ("2023-06", "2023-06-01"),
        ("2023-06-30", "2023-06-30"),
        ("2023-06-30T23:59:59-05:00", "2023-06-30"),
    ],
)
def test_a_year_or_a_month_stands_for_its_first_day(requested: str, day: str) -> None:
    assert Context.day(requested) == day


def test_without_a_date_it_is_today() -> None:
    before = date.today()  # noqa: DTZ011 - as the service has it
    assert before.isoformat() <= Context.day(None) <= date.today().isoformat()  # noqa: DTZ011
