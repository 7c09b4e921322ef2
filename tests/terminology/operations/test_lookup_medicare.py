"""`$lookup` of 37244 on a day: the release in force, and nothing where there was none."""

from typing import Any

import pytest

from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import perform, properties_of, value_of

CPT = "http://www.ama-assn.org/go/cpt"


def on(context: Context, day: str | None, code: str = "37244") -> Json:
    sent = {"date": day} if day else {}
    return perform(context, "CodeSystem/lookup", system=CPT, code=code, **sent)


def parts(found: Json) -> dict[str, Any]:
    """The subproperties of a property by their code."""
    return {
        value_of(p, "code"): value_of(p, "value")
        for p in found["part"]
        if p["name"] == "subproperty"
    }


def fees(found: Json) -> list[Json]:
    return [
        entry
        for entry in found["parameter"]
        if entry["name"] == "property" and value_of(entry, "code").startswith("medicare-")
    ]


@pytest.mark.parametrize("day", ["2019", "2019-12-31", "2019-12-31T23:59:59Z", "0001-01-01"])
def test_before_the_first_release_nothing_is_said(context: Context, day: str) -> None:
    found = on(context, day)
    assert fees(found) == []
    assert properties_of(found, "ncci-mue") == []
    assert value_of(found, "display")


@pytest.mark.parametrize(
    ("day", "release", "effective"),
    [
        ("2020", "2020A", "2020-01-01"),
        ("2022-12-31", "2022A", "2022-01-01"),
        ("2023-01", "2023A", "2023-01-01"),
        ("2023-06-01", "2023A", "2023-01-01"),
        ("2024-03-31", "2024A", "2024-01-01"),
        ("2024-04-01", "2024B", "2024-04-01"),
        ("2025-09-30", "2024B", "2024-04-01"),
        ("2025-10-01", "2025D", "2025-10-01"),
        ("2025-10-01T00:00:00-05:00", "2025D", "2025-10-01"),
        (None, "2025D", "2025-10-01"),
    ],
)
def test_the_fee_schedule_is_the_one_in_force(
    context: Context, day: str | None, release: str, effective: str
) -> None:
    found = fees(on(context, day))
    assert found
    for one in found:
        stated = parts(one)
        assert stated["release"] == release
        assert stated["effective-date"] == effective
        assert stated["source"].startswith("DocumentReference/cms-pprrvu")


def test_the_facts_of_37244(context: Context) -> None:
    # CMS, relative value file of October 2025 (PPRRVU2025_Oct).
    found = {value_of(p, "code"): value_of(p, "value") for p in fees(on(context, "2025-10-01"))}
    assert found["medicare-status"] == "A"
    assert found["medicare-pc-tc"] == "0"
    assert found["medicare-bilateral"] == "0"
    assert str(found["medicare-work-rvu"]) == "13.75"


def test_unit_limits_are_given_for_each_setting(context: Context) -> None:
    limits = properties_of(on(context, "2026-11-23"), "ncci-mue")
    assert [(parts(p)["setting"], parts(p)["release"]) for p in limits] == [
        ("outpatient-hospital", "2024Q3"),
        ("practitioner", "2026Q3"),
    ]
    assert [value_of(p, "value") for p in limits] == [2, 2]


def test_a_code_outside_the_tables_has_no_row(context: Context) -> None:
    assert fees(on(context, None, code="59")) == []
    assert fees(on(context, "2024-06-01", code="37241")) == []
    assert fees(on(context, "2025-12-01", code="37241")) != []


def test_other_code_systems_have_no_tables(context: Context) -> None:
    hcpcs = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    found = perform(context, "CodeSystem/lookup", system=hcpcs, code="GC", date="2025-12-01")
    assert fees(found) == []


@pytest.mark.parametrize(
    ("code", "day", "stated"),
    [
        # 37241 has rows in 2025D alone: a release before that has none of it, and none is lent.
        ("37241", "2025-09-30", set()),
        ("37241", "2025-10-01", {"2025D"}),
        ("37244", "2025-09-30", {"2024B"}),
    ],
)
def test_a_code_that_the_release_in_force_lacks_gets_no_other_release_s_row(
    context: Context, code: str, day: str, stated: set[str]
) -> None:
    assert {parts(found)["release"] for found in fees(on(context, day, code))} == stated
