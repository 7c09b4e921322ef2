"""What is said to be checked was, and what was not is said to be not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.rules.facts import FEE_SCHEDULE, PAIRS, UNIT_LIMITS
from terminology.rules.model import SCOPES
from terminology.rules.report import NO_PAIR, NO_UNITS, Report
from terminology.rules.request import OUTPATIENT_HOSPITAL, PRACTITIONER, Line, Request
from terminology.rules.told import checked
from tests.terminology.rules.shipped import DAY, IN_2024, Asked, line

READ = {"medicare-fee-schedule": FEE_SCHEDULE, "ncci-mue": UNIT_LIMITS, "ncci-ptp": PAIRS}
LONG_AGO = "2018-03-01"
MEDICARE = "medicare"


def told(ask: Asked, *lines: Line, payer: str | None = MEDICARE) -> tuple[set[str], Report]:
    """The families that were checked of lines, and the report."""
    report = ask(*lines, payer=payer)
    request = Request(lines=lines, day=DAY, payer=payer)
    return set(checked(report, request, SCOPES)), report


def reasons(report: Report, scope: str) -> set[str]:
    return {left.reason for left in report.not_checked if left.scope == scope}


def test_without_a_release_and_without_units_no_limit_was_checked(ask: Asked) -> None:
    old = (line("37244:59", date=LONG_AGO), line("37243", date=LONG_AGO))
    families, report = told(ask, *old)
    assert families == {"cpt"}
    for scope in READ:
        assert reasons(report, scope) == {f"no release of it is loaded for {LONG_AGO}"}


def test_two_days_make_no_pair_and_each_day_has_its_own_release(ask: Asked) -> None:
    families, report = told(ask, line("37244", date=DAY), line("37243", date=LONG_AGO))
    assert families == {"cpt"}
    assert reasons(report, "ncci-ptp") == {NO_PAIR}
    assert reasons(report, "ncci-mue") == {NO_UNITS, f"no release of it is loaded for {LONG_AGO}"}


def test_of_one_line_without_units_neither_limits_nor_pairs_were_checked(ask: Asked) -> None:
    families, report = told(ask, line("37244"))
    assert families == {"cpt", "medicare-fee-schedule"}
    assert reasons(report, "ncci-mue") == {NO_UNITS}
    assert reasons(report, "ncci-ptp") == {NO_PAIR}


@pytest.mark.parametrize(
    "lines",
    [(line("37244", 2), line("37243", 1)), (line("37244"), line("37244:76"), line("37243", 1))],
)
def test_with_units_and_a_second_code_all_were(ask: Asked, lines: tuple[Line, ...]) -> None:
    families, report = told(ask, *lines)
    assert families == {"cpt", *READ}
    assert report.not_checked == ()


lines = st.builds(
    line,
    st.sampled_from(["37244", "37243:59", "37242", "99213:25", "37244-59", "37244:93"]),
    units=st.none() | st.integers(0, 4),
    date=st.none() | st.sampled_from([DAY, IN_2024, LONG_AGO, "2020-06-01"]),
    place=st.none() | st.just("21"),
)
payers = st.none() | st.sampled_from([MEDICARE, "hmsa", "aetna"])
settings = st.sampled_from([PRACTITIONER, OUTPATIENT_HOSPITAL])


@given(
    asked=st.lists(lines, min_size=1, max_size=4),
    payer=payers,
    setting=settings,
    scopes=st.sets(st.sampled_from(SCOPES)),
)
def test_checked_and_not_checked_are_complementary(
    ask: Asked, asked: list[Line], payer: str | None, setting: str, scopes: set[str]
) -> None:
    request = Request(lines=tuple(asked), day=DAY, payer=payer, setting=setting)
    report = ask(*asked, payer=payer, setting=setting, scopes=frozenset(scopes))
    was, left = set(checked(report, request, scopes)), {one.scope for one in report.not_checked}
    own = {"payer-policy"} if payer == MEDICARE else set()
    assert was.isdisjoint(left)
    assert was | left | own == scopes | own


@given(asked=st.lists(lines, min_size=1, max_size=4), payer=payers, setting=settings)
def test_a_family_without_a_release_on_a_day_was_never_checked(
    ask: Asked, asked: list[Any], payer: str | None, setting: str
) -> None:
    request = Request(lines=tuple(asked), day=DAY, payer=payer, setting=setting)
    was = checked(ask(*asked, payer=payer, setting=setting), request, SCOPES)
    for scope, table in READ.items():
        of = "" if table == FEE_SCHEDULE else setting
        days = {one.date or DAY for one in asked}
        if any(ask.facts.in_force(table, of, day) is None for day in days):
            assert scope not in was
