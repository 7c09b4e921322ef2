"""`$validate`: which day a resource tells, and what is said where it tells none or half of one."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from terminology.operations.context import Context
from tests.service.asking import Json
from tests.service.claims import (
    DAY,
    MEDICARE,
    NO_SPLIT,
    claim,
    item,
    procedure,
    severities,
    the,
    told,
)

NEITHER = {"extension": [{"url": "http://example.org/why", "valueString": "not told"}]}


@pytest.mark.parametrize(
    ("performed", "release", "said"),
    [
        ({"performedDateTime": "2024"}, "RVU 2024 January", "is a year alone; its first day"),
        ({"performedDateTime": "2024-05"}, "RVU 2024 April", "is a month alone; its first day"),
        ({"performedDateTime": "2024-05-02T01:00:00Z"}, "RVU 2024 April", ""),
        (
            {"performedPeriod": {"start": "2024-02-01", "end": "2024-05-02"}},
            "RVU 2024 January",
            "is a period; the day it starts on, 2024-02-01, was taken",
        ),
        ({"performedPeriod": {"start": "2024-05-02", "end": "2024-05-02"}}, "RVU 2024 April", ""),
    ],
)
def test_the_release_is_that_of_the_day(
    client: FlaskClient, performed: Json, release: str, said: str
) -> None:
    found = told(client, procedure("37244:26", **performed), MEDICARE)
    (finding,) = [issue for issue in found if issue.rule == NO_SPLIT]
    assert release in finding.text
    notes = [issue for issue in found if issue.paths == ("Procedure.performed",)]
    assert [note.severity for note in notes] == (["information"] if said else [])
    assert all(said in note.text for note in notes)


@pytest.mark.parametrize(
    ("performed", "said"),
    [
        ({"performedString": "last summer"}, "is a String, from which no day"),
        ({"performedAge": {"value": 4}}, "is an Age, from which no day"),
        ({"performedRange": {"low": {"value": 4}}}, "is a Range, from which no day"),
        ({"performedPeriod": {"end": "2024-05-02"}}, "a period without a start"),
        ({"_performedDateTime": NEITHER}, "`Procedure.performed` has no value"),
        ({}, ""),
    ],
)
def test_where_no_day_is_told_today_is_taken_and_said(
    client: FlaskClient, performed: Json, said: str
) -> None:
    today = Context.day(None)
    found = told(client, procedure("37244:26", **performed), MEDICARE)
    taken = the(found, "No day of service can be told")
    assert today in taken.text
    assert taken.paths == ("Procedure",)
    assert severities(found, NO_SPLIT) == {"warning"}
    assert not said or the(found, said).paths == ("Procedure.performed",)


def test_the_parameter_decides_where_the_resource_tells_no_day(client: FlaskClient) -> None:
    asked = f"{MEDICARE}&date=2024-05-02"
    found = told(client, procedure("37244:26", performedString="last summer"), asked)
    assert "RVU 2024 April" in next(issue.text for issue in found if issue.rule == NO_SPLIT)
    assert not [issue for issue in found if "rules and tables of" in issue.text]


def test_the_resource_goes_before_the_parameter(client: FlaskClient) -> None:
    asked = f"{MEDICARE}&date=2024-05-02"
    found = told(client, procedure("37244:26", performedDateTime=DAY), asked)
    assert "RVU 2025 October" in next(issue.text for issue in found if issue.rule == NO_SPLIT)


@pytest.mark.parametrize(
    ("base", "name"), [("r4", "performed"), ("r4b", "performed"), ("r5", "occurrence")]
)
def test_each_version_names_the_day_its_way(client: FlaskClient, base: str, name: str) -> None:
    right = procedure("37244:26", **{f"{name}DateTime": "2024-05-02"})
    assert "RVU 2024 April" in told(client, right, MEDICARE, base)[0].text
    other = {"performed": "occurrence", "occurrence": "performed"}[name]
    wrong = procedure("37244:26", **{f"{other}DateTime": "2024-05-02"})
    assert "error" in {issue.severity for issue in told(client, wrong, MEDICARE, base)}


@pytest.mark.parametrize("base", ["r4", "r4b", "r5"])
def test_a_line_without_a_day_has_that_of_the_claim(client: FlaskClient, base: str) -> None:
    billed = {"start": "2024-02-01", "end": "2024-02-29"}
    undated = claim(item(1, "37244", "26", servicedDate=None), billablePeriod=billed)
    found = told(client, undated, MEDICARE, base)
    assert "RVU 2024 January" in next(issue.text for issue in found if issue.rule == NO_SPLIT)
    assert "2024-02-01" in the(found, "`Claim.billablePeriod` is a period").text


def dated(*days: str | None, **more: Any) -> Json:
    codes = ("37244", "37243", "37242")
    lines = (item(n + 1, codes[n], servicedDate=day) for n, day in enumerate(days))
    return claim(*lines, **more)


def test_a_line_without_a_day_has_the_one_of_all_the_others(client: FlaskClient) -> None:
    found = told(client, dated("2024-08-01", None), MEDICARE)
    assert severities(found, "ncci-pair") == {"error"}
    taken = the(found, "the day of the other lines, 2024-08-01, was taken")
    assert (taken.severity, taken.paths) == ("information", ("Claim.item[1]",))
    assert not [issue for issue in found if "rules and tables of" in issue.text]


def test_the_parameter_goes_before_the_day_of_the_others(client: FlaskClient) -> None:
    found = told(client, dated("2024-08-01", None), f"{MEDICARE}&date=2024-08-02")
    assert severities(found, "ncci-pair") == set()
    assert not [issue for issue in found if "was taken" in issue.text]


def test_where_the_others_have_several_days_the_lines_without_one_are_named(
    client: FlaskClient,
) -> None:
    found = told(client, dated("2024-08-01", "2024-08-02", None), MEDICARE)
    taken = the(found, "No day of service can be told")
    assert taken.paths == ("Claim.item[2]",)
    assert Context.day(None) in taken.text


def test_that_a_year_was_sent_as_the_date_is_told(client: FlaskClient) -> None:
    found = told(client, procedure("37244:26"), "?payer=medicare&date=2025")
    said = the(found, "The date 2025 is a year alone; its first day, 2025-01-01, was taken")
    assert (said.severity, said.paths) == ("information", ("date",))
    whole = told(client, procedure("37244:26"), "?payer=medicare&date=2025-01-01")
    assert not [issue for issue in whole if issue.paths == ("date",)]
