"""fhirclient, the SMART client for Python with the models of R4, against the running service."""

from typing import Any

import pytest
import requests
from fhirclient.client import FHIRClient
from fhirclient.models.codeableconcept import CodeableConcept
from fhirclient.models.coding import Coding
from fhirclient.models.fhirreference import FHIRReference
from fhirclient.models.insuranceplan import InsurancePlan
from fhirclient.models.operationoutcome import OperationOutcome
from fhirclient.models.parameters import Parameters, ParametersParameter
from fhirclient.models.procedure import Procedure
from fhirclient.server import FHIRNotFoundException

from tests.clients.asked import CPT, DISPLAY, KNOWN, NOT_NOTED, NOTED, PAYERS, UNKNOWN


@pytest.fixture
def smart(server: str) -> Any:
    return FHIRClient(settings={"app_id": "proterm-tests", "api_base": f"{server}/r4"}).server


def test_it_prepares_itself_by_the_capability_statement(server: str) -> None:
    client = FHIRClient(settings={"app_id": "proterm-tests", "api_base": f"{server}/r4"})
    assert client.prepare()
    assert client.server.capabilityStatement.fhirVersion == "4.0.1"


def test_it_reads_a_payer(smart: Any) -> None:
    payer = InsurancePlan.read("aetna", smart)
    assert (payer.id, payer.name) == ("aetna", "Aetna")


def test_it_finds_the_five_payers_notes(smart: Any) -> None:
    found = InsurancePlan.where(NOTED).perform_resources_iter(smart)
    assert sorted(payer.id for payer in found) == PAYERS


def test_it_finds_no_payer_with_a_note_on_an_unknown_code(smart: Any) -> None:
    assert not list(InsurancePlan.where(NOT_NOTED).perform_resources_iter(smart))


def test_it_follows_the_next_links(smart: Any) -> None:
    pages = list(InsurancePlan.where(NOTED | {"_count": "2"}).perform_iter(smart))
    assert [len(page.entry) for page in pages] == [2, 2, 1]
    assert {page.total for page in pages} == {5}
    assert sorted(entry.resource.id for page in pages for entry in page.entry) == PAYERS


def test_it_looks_up_a_code(smart: Any) -> None:
    answer = Parameters.read_from(f"CodeSystem/$lookup?system={CPT}&code={KNOWN}", smart)
    assert _named(answer, "display").valueString == DISPLAY


@pytest.mark.parametrize(("code", "result"), [(KNOWN, True), (UNKNOWN, False)])
def test_it_validates_the_code_of_a_procedure(smart: Any, code: str, result: bool) -> None:
    asked = Parameters()
    asked.parameter = [
        _parameter("url", valueUri=CPT),
        _parameter("coding", valueCoding=_procedure(code).code.coding[0]),
    ]
    answer = smart.post_json("CodeSystem/$validate-code", asked.as_json())
    assert _named(Parameters(answer.json()), "result").valueBoolean is result


def test_it_does_not_find_an_unknown_code(smart: Any) -> None:
    with pytest.raises(FHIRNotFoundException) as raised:
        smart.request_json(f"CodeSystem/$lookup?system={CPT}&code={UNKNOWN}")
    (issue,) = OperationOutcome(raised.value.response.json()).issue
    assert (issue.code, UNKNOWN in issue.details.text) == ("not-found", True)


def test_it_does_not_find_an_unknown_payer(smart: Any) -> None:
    with pytest.raises(FHIRNotFoundException):
        InsurancePlan.read("nobody", smart)


def test_it_is_told_that_a_lookup_needs_a_code(smart: Any) -> None:
    with pytest.raises(requests.HTTPError) as raised:
        smart.request_json(f"CodeSystem/$lookup?system={CPT}")
    assert raised.value.response.status_code == 400
    (issue,) = OperationOutcome(raised.value.response.json()).issue
    assert issue.severity == "error"


def _procedure(code: str) -> Any:
    coding = Coding()
    coding.system, coding.code = CPT, code
    procedure = Procedure()
    procedure.status = "completed"
    procedure.subject = FHIRReference({"reference": "Patient/example"})
    procedure.code = CodeableConcept()
    procedure.code.coding = [coding]
    return Procedure(procedure.as_json())


def _parameter(name: str, **values: Any) -> Any:
    parameter = ParametersParameter({"name": name})
    for key, value in values.items():
        setattr(parameter, key, value)
    return parameter


def _named(parameters: Any, name: str) -> Any:
    (found,) = (p for p in parameters.parameter if p.name == name)
    return found
