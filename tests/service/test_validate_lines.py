"""`Claim/$validate`: details, units and places."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.service.asking import Json
from tests.service.claims import MEDICARE, NO_SPLIT, claim, concept, item, severities, the, told

POS = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
UNITS = "mue-over-day-clinical"
QUANTITY = "Claim.item[0].quantity"


def part(sequence: int, code: str, *modifiers: str, **more: Any) -> Json:
    """A detail or a sub-detail, which have no day of their own."""
    return item(sequence, code, *modifiers, servicedDate=None, **more)


@pytest.mark.parametrize("base", ["r4", "r4b", "r5"])
def test_details_are_lines_of_the_day_of_their_item(client: FlaskClient, base: str) -> None:
    inner = part(1, "37242", "26")
    group = item(1, "37244", detail=[part(1, "37243", subDetail=[inner])])
    found = told(client, claim(group), MEDICARE, base)
    detail = "Claim.item[0].detail[0]"
    pairs = {issue.paths[0]: issue.paths[1] for issue in found if issue.rule == "ncci-pair"}
    code = "productOrService.coding[0].code"
    assert pairs == {
        f"{detail}.{code}": f"Claim.item[0].{code}",
        f"{detail}.subDetail[0].{code}": f"Claim.item[0].{code}",
    }
    (split,) = [issue for issue in found if issue.rule == NO_SPLIT]
    assert split.paths == (f"{detail}.subDetail[0].modifier[0]",)


def test_units_of_a_detail_count_with_those_of_items(client: FlaskClient) -> None:
    group = item(1, "37244", detail=[part(1, "37244", "59", quantity={"value": 2})])
    found = told(client, claim(group), MEDICARE)
    (over,) = [issue for issue in found if issue.rule == UNITS]
    assert over.text.startswith("3 units of 37244")
    assert over.paths == ("Claim.item[0].detail[0].quantity",)


def test_an_item_may_group_details_without_a_code_in_r5(client: FlaskClient) -> None:
    group = item(1, "", productOrService=None, detail=[part(1, "37244", "26")])
    found = told(client, claim(group), MEDICARE, "r5")
    assert {(issue.severity, issue.rule) for issue in found if issue.rule} == {("error", NO_SPLIT)}


@pytest.mark.parametrize(
    ("quantity", "found"),
    [
        ({"value": 2}, set()),
        ({"value": 2.0, "unit": "units"}, set()),
        ({"value": 2.5}, {"error"}),
        ({"value": 3, "system": "http://unitsofmeasure.org", "code": "1"}, {"error"}),
        ({"value": 1e30}, {"error"}),
    ],
)
def test_units_are_held_to_the_limit(client: FlaskClient, quantity: Json, found: set[str]) -> None:
    issues = told(client, claim(item(1, "37244", quantity=quantity)), MEDICARE)
    assert severities(issues, UNITS) == found
    assert not [issue for issue in issues if "no number of units" in issue.text]


@pytest.mark.parametrize(
    "quantity",
    [
        {"value": 0},
        {"value": -3},
        {"unit": "units"},
        {"value": 30, "unit": "min"},
        {"value": 9, "comparator": ">"},
    ],
)
def test_what_is_no_number_of_units_is_told_and_not_judged(
    client: FlaskClient, quantity: Json
) -> None:
    issues = told(client, claim(item(1, "37244", quantity=quantity)), MEDICARE)
    said = the(issues, "is no number of units above zero")
    assert (said.severity, said.paths) == ("information", (QUANTITY,))
    assert "one unit was taken for this one in their sum" in said.text
    assert "NCCI's unit limits (MUE)" not in issues[0].text
    assert severities(issues, UNITS) == set()


def test_units_below_zero_take_nothing_from_other_lines(client: FlaskClient) -> None:
    back = item(2, "37244", "59", quantity={"value": -2})
    issues = told(client, claim(item(1, "37244", quantity={"value": 3}), back), MEDICARE)
    assert severities(issues, UNITS) == {"error"}


def test_lines_without_units_count_as_one_each(client: FlaskClient) -> None:
    lines = [item(n, "37244", modifier) for n, modifier in ((1, "RT"), (2, "LT"), (3, "59"))]
    (over,) = [i for i in told(client, claim(*lines), MEDICARE) if i.rule == UNITS]
    assert over.text.startswith("3 units of 37244")


def test_a_place_that_is_none_of_cms_is_told(client: FlaskClient) -> None:
    at = "Claim.item[0].location"
    wrong = item(1, "37244", locationCodeableConcept=concept("ward", POS))
    said = the(told(client, claim(wrong), MEDICARE), "'ward'")
    assert (said.severity, said.paths) == ("warning", (at,))
    other = item(1, "37244", locationCodeableConcept=concept("11", "http://example.org/places"))
    said = the(told(client, claim(other), MEDICARE), "no place of service of CMS")
    assert (said.severity, said.paths) == ("information", (at,))
    right = item(1, "37244", locationCodeableConcept=concept("21", POS))
    assert not [i for i in told(client, claim(right), MEDICARE) if at in i.paths]
