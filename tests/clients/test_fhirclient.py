"""`fhirclient`, SMART Health IT's client of R4: its models refuse what R4 does not have."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from fhirclient.client import FHIRClient
from fhirclient.models import (
    bundle,
    codesystem,
    documentreference,
    insuranceplan,
    operationdefinition,
    operationoutcome,
    organization,
    parameters,
    procedure,
    provenance,
    questionnaire,
    searchparameter,
    terminologycapabilities,
    valueset,
)
from requests import HTTPError

from tests.clients.asked import CODE, CPT, MODIFIERS, PAYERS, PROCEDURE, USABLE, question

KINDS = {
    each.resource_type: each
    for each in (
        codesystem.CodeSystem,
        documentreference.DocumentReference,
        insuranceplan.InsurancePlan,
        operationdefinition.OperationDefinition,
        organization.Organization,
        provenance.Provenance,
        questionnaire.Questionnaire,
        searchparameter.SearchParameter,
        valueset.ValueSet,
    )
}


@pytest.fixture
def smart(server: str) -> Iterator[Any]:
    client = FHIRClient({"app_id": "proterm_tests", "api_base": f"{server}/r4"})
    client.prepare()
    yield client
    client.server.session.close()


def value_of(answer: Any, name: str) -> Any:
    (found,) = (each for each in answer.parameter if each.name == name)
    held = {key: v for key, v in vars(found).items() if key.startswith("value") and v is not None}
    (value,) = held.values()
    return value


def test_the_capability_statement_is_r4(smart: Any) -> None:
    statement = smart.server.capabilityStatement
    assert statement.fhirVersion == "4.0.1"
    types = {each.type for each in statement.rest[0].resource}
    assert {"CodeSystem", "ValueSet", "InsurancePlan"} <= types


def test_the_terminology_capabilities_are_r4(smart: Any) -> None:
    found = smart.server.request_json("metadata?mode=terminology")
    statement = terminologycapabilities.TerminologyCapabilities(found)
    assert CPT in {each.uri for each in statement.codeSystem}


def test_read(smart: Any) -> None:
    system = codesystem.CodeSystem.read("cpt", smart.server)
    assert system.url == CPT
    assert {each.code for each in system.concept} >= {CODE, "59"}
    assert "American Medical Association" in system.copyright


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_ships_is_r4(smart: Any, kind: str) -> None:
    found = list(KINDS[kind].where(struct={"_count": "20"}).perform_resources_iter(smart.server))
    assert found
    for each in found:
        assert KINDS[kind].read(each.id, smart.server).as_json() == each.as_json()


def test_search(smart: Any) -> None:
    search = insuranceplan.InsurancePlan.where({"coverage-benefit-type": f"{CPT}|{CODE}"})
    plans = list(search.perform_resources_iter(smart.server))
    assert {plan.id for plan in plans} == PAYERS
    owners = {plan.ownedBy.resolved(organization.Organization).name for plan in plans}
    assert len(owners) == 5


def test_paging_by_next_links(smart: Any) -> None:
    search = insuranceplan.InsurancePlan.where(
        {"coverage-benefit-type": f"{CPT}|{CODE}", "_count": "2"}
    )
    pages = list(search.perform_iter(smart.server))
    assert [len(page.entry) for page in pages] == [2, 2, 1]
    assert {entry.resource.id for page in pages for entry in page.entry} == PAYERS


def test_look_up(smart: Any) -> None:
    asked = urlencode({"system": CPT, "code": CODE})
    answer = parameters.Parameters(smart.server.request_json(f"CodeSystem/$lookup?{asked}"))
    assert value_of(answer, "code") == CODE
    assert value_of(answer, "display")


@pytest.mark.parametrize(("value_set", "expected"), [(USABLE, True), (MODIFIERS, False)])
def test_validate_the_code_of_a_procedure(smart: Any, value_set: str, expected: bool) -> None:
    done = procedure.Procedure(PROCEDURE)
    sent = parameters.Parameters(question(value_set, done.code.as_json())).as_json()
    answer = smart.server.post_json("ValueSet/$validate-code", sent).json()
    assert value_of(parameters.Parameters(answer), "result") is expected


def test_expand(smart: Any) -> None:
    found = smart.server.request_json(f"ValueSet/$expand?{urlencode({'url': MODIFIERS})}")
    contained = valueset.ValueSet(found).expansion.contains
    assert {"26", "50", "59"} <= {each.code for each in contained}


def test_a_batch(smart: Any) -> None:
    entry = {"request": {"method": "GET", "url": "CodeSystem/cpt"}}
    sent = {"resourceType": "Bundle", "type": "batch", "entry": [entry]}
    body = bundle.Bundle(sent).as_json()
    # The base itself: urljoin() with no path gives it back.
    answer = smart.server.post_json("./", body).json()
    assert bundle.Bundle(answer).entry[0].resource.url == CPT


def test_an_error_is_an_outcome_in_r4(smart: Any) -> None:
    with pytest.raises(HTTPError) as caught:
        codesystem.CodeSystem.read("none", smart.server)
    outcome = operationoutcome.OperationOutcome(caught.value.response.json())
    assert outcome.issue[0].code == "not-found"
