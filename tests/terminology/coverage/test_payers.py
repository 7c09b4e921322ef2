"""A payer by each of its names, and by none."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.coverage.payers import Payers
from terminology.store.sqlite import SqliteStore
from tests.terminology.builders import store_of

NUMBER = {"system": "urn:example:payers", "value": "00042"}
OWNER = {
    "resourceType": "Organization",
    "id": "wren",
    "name": "Wren",
    "identifier": [NUMBER, {"value": "W1"}],
}
ALONE = {"resourceType": "Organization", "id": "alone"}


def plan(plan_id: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "InsurancePlan", "id": plan_id, "name": f"Plan {plan_id}"} | more


OWNED_BY_WREN = {"ownedBy": {"reference": "Organization/wren"}}
RESOURCES = (
    OWNER,
    ALONE,
    plan("wren-b", **OWNED_BY_WREN, url="https://example.org/plans/b", version="2"),
    plan("wren-a", **OWNED_BY_WREN, identifier=[{"system": "urn:example:plans", "value": "A"}]),
    plan("orphan"),
    plan("elsewhere", ownedBy={"reference": "Organization/not-loaded"}),
    plan("displayed", ownedBy={"display": "Somebody"}),
)


@pytest.fixture
def payers(tmp_path: Path) -> Payers:
    return Payers(store_of(tmp_path, *RESOURCES))


@pytest.mark.parametrize(
    "text",
    [
        "wren",
        "Organization/wren",
        "Organization/wren/_history/3",
        "urn:example:payers|00042",
        "|W1",
    ],
)
def test_an_organization_by_each_of_its_names(payers: Payers, text: str) -> None:
    found = payers.find(text)
    assert found is not None
    assert (found.id, found.name) == ("wren", "Wren")
    assert found.organization == OWNER
    assert [each["id"] for each in found.plans] == ["wren-a", "wren-b"]


@pytest.mark.parametrize(
    ("text", "plan_id"),
    [
        ("wren-a", "wren-a"),
        ("InsurancePlan/wren-b", "wren-b"),
        ("urn:example:plans|A", "wren-a"),
        ("https://example.org/plans/b", "wren-b"),
        ("https://example.org/plans/b|2", "wren-b"),
    ],
)
def test_a_plan_stands_for_its_owner_and_for_itself(
    payers: Payers, text: str, plan_id: str
) -> None:
    found = payers.find(text)
    assert found is not None
    assert (found.id, found.name) == ("wren", "Wren")
    assert [each["id"] for each in found.plans] == [plan_id]


@pytest.mark.parametrize("plan_id", ["orphan", "elsewhere", "displayed"])
def test_a_plan_whose_owner_is_not_loaded_is_its_own_payer(payers: Payers, plan_id: str) -> None:
    found = payers.find(plan_id)
    assert found is not None
    assert (found.id, found.name, found.organization) == (plan_id, f"Plan {plan_id}", None)


def test_an_organization_without_a_name_or_a_plan(payers: Payers) -> None:
    found = payers.find("alone")
    assert found is not None
    assert (found.name, found.plans) == ("alone", ())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "|",
        "Wren",
        "WREN",
        "Organization/nobody",
        "Organization/wren-a",
        "InsurancePlan/wren",
        "Patient/wren",
        "00042",
        "|00042",
        "urn:example:payers|",
        "urn:example:payers|42",
        "urn:example:plans|a",
        "urn:example:plans|00042",
        "https://example.org/plans/c",
        "https://example.org/Organization/wren",
        "W1",
    ],
)
def test_what_names_nobody(payers: Payers, text: str) -> None:
    assert payers.find(text) is None


@given(st.text(max_size=80))
def test_no_text_is_an_error(shipped_store: SqliteStore, text: str) -> None:
    found = Payers(shipped_store).find(text)
    assert found is None or found.id in text


@pytest.mark.parametrize("payer", ["medicare", "aetna", "bcbs", "cigna", "uhc"])
def test_the_payers_that_ship(shipped_store: SqliteStore, payer: str) -> None:
    by_plan = Payers(shipped_store).find(f"InsurancePlan/{payer}")
    by_owner = Payers(shipped_store).find(f"Organization/{payer}")
    assert by_plan == by_owner == Payers(shipped_store).find(payer)
    assert by_plan is not None
    assert by_plan.id == payer


@pytest.mark.parametrize("text", ["wren", "WREN", "Wren", " wren", "urn:example:payers|00042"])
def test_a_person_may_write_an_id_in_any_case_or_the_name(payers: Payers, text: str) -> None:
    found = payers.asked(text)
    assert found is not None
    assert found.id == "wren"


@pytest.mark.parametrize("text", ["wre", "URN:EXAMPLE:PAYERS|00042", "organization/wren", ""])
def test_only_an_id_and_a_name_are_read_in_any_case(payers: Payers, text: str) -> None:
    assert payers.asked(text) is None
