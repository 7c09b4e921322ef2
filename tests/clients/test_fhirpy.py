"""fhirpy, in its sync and its async client, against the running service."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from tests.clients.asked import (
    BASES,
    CPT,
    DISPLAY,
    KNOWN,
    NOT_NOTED,
    NOTED,
    PAYERS,
    UNKNOWN,
    named,
    procedure_code,
    validation,
)

T = TypeVar("T")


@pytest.fixture(params=BASES)
def base(server: str, request: pytest.FixtureRequest) -> str:
    return f"{server}/{request.param}"


@pytest.fixture
def sync(base: str) -> Any:
    return SyncFHIRClient(base)


def test_the_sync_client_reads_a_payer(sync: Any) -> None:
    payer = sync.reference("InsurancePlan", "aetna").to_resource()
    assert (payer.resource_type, payer.id, payer["name"]) == ("InsurancePlan", "aetna", "Aetna")


def test_the_sync_client_finds_the_five_payers_notes(sync: Any) -> None:
    found = sync.resources("InsurancePlan").search(**NOTED)
    assert sorted(payer.id for payer in found.fetch()) == PAYERS
    assert found.count() == len(PAYERS)


def test_the_sync_client_finds_no_payer_with_a_note_on_an_unknown_code(sync: Any) -> None:
    search = sync.resources("InsurancePlan").search(**NOT_NOTED)
    assert (search.fetch(), search.first(), search.count()) == ([], None, 0)


def test_the_sync_client_follows_the_next_links(sync: Any) -> None:
    search = sync.resources("InsurancePlan").search(**NOTED).limit(2)
    assert len(search.fetch()) == 2
    assert sorted(payer.id for payer in search.fetch_all()) == PAYERS


def test_the_sync_client_looks_up_a_code(sync: Any) -> None:
    params = {"system": CPT, "code": KNOWN}
    answer = sync.execute("CodeSystem/$lookup", method="get", params=params)
    assert named(answer, "display") == DISPLAY


@pytest.mark.parametrize(("code", "result"), [(KNOWN, True), (UNKNOWN, False)])
def test_the_sync_client_validates_the_code_of_a_procedure(
    sync: Any, code: str, result: bool
) -> None:
    answer = sync.resources("CodeSystem").execute("$validate-code", data=_asked(sync, code))
    assert named(answer, "result") is result


def test_the_sync_client_does_not_find_an_unknown_code(sync: Any) -> None:
    params = {"system": CPT, "code": UNKNOWN}
    with pytest.raises(ResourceNotFound) as raised:
        sync.execute("CodeSystem/$lookup", method="get", params=params)
    assert _issue(raised.value)["code"] == "not-found"


def test_the_sync_client_does_not_find_an_unknown_payer(sync: Any) -> None:
    with pytest.raises(ResourceNotFound):
        sync.get("InsurancePlan", "nobody")


def test_the_sync_client_raises_the_outcome_of_a_lookup_without_a_code(sync: Any) -> None:
    with pytest.raises(OperationOutcome) as raised:
        sync.execute("CodeSystem/$lookup", method="get", params={"system": CPT})
    assert raised.value.resource["issue"][0]["severity"] == "error"


def test_the_sync_client_raises_the_outcome_of_an_unknown_parameter_where_it_is_strict(
    base: str,
) -> None:
    strict = SyncFHIRClient(base, extra_headers={"Prefer": "handling=strict"})
    with pytest.raises(OperationOutcome) as raised:
        strict.resources("InsurancePlan").search(colour="green").fetch()
    assert "colour" in str(raised.value)


def test_the_async_client_reads_a_payer(base: str) -> None:
    payer = _run(AsyncFHIRClient(base).reference("InsurancePlan", "aetna").to_resource())
    assert (payer.resource_type, payer.id, payer["name"]) == ("InsurancePlan", "aetna", "Aetna")


def test_the_async_client_finds_the_five_payers_notes(base: str) -> None:
    found = _run(AsyncFHIRClient(base).resources("InsurancePlan").search(**NOTED).fetch())
    assert sorted(payer.id for payer in found) == PAYERS


def test_the_async_client_follows_the_next_links(base: str) -> None:
    async def page() -> tuple[int, list[str]]:
        search = AsyncFHIRClient(base).resources("InsurancePlan").search(**NOTED).limit(2)
        return len(await search.fetch()), [payer.id async for payer in search]

    first, all_of_them = _run(page())
    assert first == 2
    assert sorted(all_of_them) == PAYERS


def test_the_async_client_looks_up_codes_side_by_side(base: str) -> None:
    async def look_up() -> list[Any]:
        client = AsyncFHIRClient(base)
        params = {"system": CPT, "code": KNOWN}
        asked = [client.execute("CodeSystem/$lookup", "get", params=params) for _ in range(8)]
        return await asyncio.gather(*asked)

    assert [named(answer, "display") for answer in _run(look_up())] == [DISPLAY] * 8


@pytest.mark.parametrize(("code", "result"), [(KNOWN, True), (UNKNOWN, False)])
def test_the_async_client_validates_the_code_of_a_procedure(
    base: str, code: str, result: bool
) -> None:
    client = AsyncFHIRClient(base)
    asked = _asked(client, code)
    answer = _run(client.resources("CodeSystem").execute("$validate-code", data=asked))
    assert named(answer, "result") is result


def test_the_async_client_does_not_find_an_unknown_code(base: str) -> None:
    params = {"system": CPT, "code": UNKNOWN}
    with pytest.raises(ResourceNotFound) as raised:
        _run(AsyncFHIRClient(base).execute("CodeSystem/$lookup", "get", params=params))
    assert _issue(raised.value)["code"] == "not-found"


def test_the_async_client_raises_the_outcome_of_a_lookup_without_a_code(base: str) -> None:
    with pytest.raises(OperationOutcome):
        _run(AsyncFHIRClient(base).execute("CodeSystem/$lookup", "get", params={"system": CPT}))


def _asked(client: Any, code: str) -> dict[str, Any]:
    procedure = client.resource(
        "Procedure",
        status="completed",
        subject=client.reference("Patient", "example"),
        code=procedure_code(code),
    )
    return validation(procedure.get_by_path(["code", "coding", {"system": CPT}]))


def _issue(error: Exception) -> Any:
    outcome = json.loads(str(error))
    assert outcome["resourceType"] == "OperationOutcome"
    (issue,) = outcome["issue"]
    return issue


def _run(awaited: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(awaited)
