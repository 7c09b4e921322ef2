"""`fhirpy` reads, searches, looks up and validates, waiting for answers or not."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from tests.clients.asked import (
    CODE,
    CPT,
    MODIFIERS,
    PAYERS,
    PROCEDURE,
    USABLE,
    question,
    values,
)

BASES = ("r4", "r4b", "r5")
LOOKUP = {"system": CPT, "code": CODE}


@pytest.fixture(params=BASES)
def base(request: pytest.FixtureRequest, server: str) -> str:
    return f"{server}/{request.param}"


@pytest.fixture
def client(base: str) -> Any:
    return SyncFHIRClient(base, requests_config={"timeout": 10})


def test_read(client: Any) -> None:
    system = client.reference("CodeSystem", "cpt").to_resource()
    assert system.url == CPT
    assert system.copyright
    assert {c["code"] for c in system.concept} >= {CODE, "59"}
    plan = client.get("InsurancePlan", "medicare")
    assert plan.get_by_path(["ownedBy", "reference"]) == "Organization/medicare"


def test_search(client: Any) -> None:
    plans = client.resources("InsurancePlan").search(coverage_benefit_type=f"{CPT}|{CODE}")
    assert plans.count() == 5
    assert {plan.id for plan in plans.fetch()} == PAYERS
    assert (
        not client.resources("InsurancePlan").search(coverage_benefit_type=f"{CPT}|99999").fetch()
    )
    owners = plans.include("InsurancePlan", "owned-by").fetch_raw()
    kinds = [entry.resource.resourceType for entry in owners.entry]
    assert kinds.count("Organization") == kinds.count("InsurancePlan") == 5
    first = client.resources("InsurancePlan").search(name__exact=plans.first()["name"]).first()
    assert first.id in PAYERS


def test_paging_by_next_links(client: Any) -> None:
    plans = client.resources("InsurancePlan").search(coverage_benefit_type=f"{CPT}|{CODE}")
    assert [plan.id for plan in plans.limit(2).fetch_all()] == [p.id for p in plans.fetch()]
    everything = client.resources("ValueSet").limit(3).fetch_all()
    assert len({each.id for each in everything}) == client.resources("ValueSet").count()


def test_elements(client: Any) -> None:
    heads = client.resources("CodeSystem").elements("url", "version").fetch()
    assert all("concept" not in head for head in heads)


def test_look_up(client: Any) -> None:
    by_get = client.execute("CodeSystem/$lookup", method="get", params=LOOKUP)
    sent = {
        "resourceType": "Parameters",
        "parameter": [{"name": "system", "valueUri": CPT}, {"name": "code", "valueCode": CODE}],
    }
    by_post = client.execute("CodeSystem/$lookup", method="post", data=sent)
    assert by_get == by_post
    assert values(by_get)["code"] == CODE
    assert values(by_get)["display"]


@pytest.mark.parametrize(("value_set", "expected"), [(USABLE, True), (MODIFIERS, False)])
def test_validate_the_code_of_a_procedure(client: Any, value_set: str, expected: bool) -> None:
    procedure = client.resource("Procedure", **PROCEDURE)
    answer = client.execute("ValueSet/$validate-code", data=question(value_set, procedure["code"]))
    assert values(answer)["result"] is expected
    checked = client.resource("ValueSet", id="cpt-usable").execute(
        "$validate-code", method="get", params=LOOKUP
    )
    assert values(checked)["result"] is True


def test_expand(client: Any) -> None:
    found = client.execute("ValueSet/$expand", method="get", params={"url": MODIFIERS})
    assert {"26", "50", "59"} <= {each.code for each in found.expansion.contains}


def test_errors_are_the_clients_own_exceptions(client: Any) -> None:
    with pytest.raises(ResourceNotFound):
        client.reference("CodeSystem", "none").to_resource()
    with pytest.raises(OperationOutcome) as caught:
        client.execute("CodeSystem/$lookup", method="get", params={"code": CODE})
    assert caught.value.resource["issue"][0]["code"] == "required"
    with pytest.raises(OperationOutcome) as caught:
        client.resource("Organization", name="Another payer").save()
    assert caught.value.resource["issue"][0]["code"] == "not-supported"


def test_asynchronously(base: str) -> None:
    async def ask() -> None:
        client = AsyncFHIRClient(base)
        system = await client.reference("CodeSystem", "cpt").to_resource()
        assert system.url == CPT
        plans = client.resources("InsurancePlan").search(coverage_benefit_type=f"{CPT}|{CODE}")
        assert {plan.id async for plan in plans.limit(2)} == PAYERS
        asked: list[Callable[[], Coroutine[Any, Any, Any]]] = [
            lambda: client.execute("CodeSystem/$lookup", method="get", params=LOOKUP),
            lambda: client.execute(
                "ValueSet/$validate-code", data=question(USABLE, PROCEDURE["code"])
            ),
        ]
        looked_up, *validated = await asyncio.gather(*(each() for each in asked for _ in range(8)))
        assert values(looked_up)["code"] == CODE
        assert values(validated[-1])["result"] is True
        with pytest.raises(ResourceNotFound):
            await client.reference("CodeSystem", "none").to_resource()

    asyncio.run(ask())
