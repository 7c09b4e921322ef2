"""fhirclient's models, made from R4's own definitions: they refuse what R4 does not have.

fhir.resources has no models of R4, so that this is where R4 itself is checked.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from fhirclient.client import FHIRClient
from fhirclient.models.bundle import Bundle
from fhirclient.models.codesystem import CodeSystem
from fhirclient.models.parameters import Parameters
from fhirclient.models.terminologycapabilities import TerminologyCapabilities
from fhirclient.models.valueset import ValueSet

from terminology.store.search.params import SEARCHED_TYPES
from tests.clients.asked import CPT

USABLE = "http://hl7.org/fhir/ValueSet/cpt-usable"
MODIFIERS = "https://proterm.example/fhir/ValueSet/modifiers-37244"


@pytest.fixture
def smart(server: str) -> Iterator[Any]:
    found = FHIRClient(settings={"app_id": "proterm-tests", "api_base": f"{server}/r4"}).server
    yield found
    found.session.close()


@pytest.mark.parametrize("kind", SEARCHED_TYPES)
def test_all_that_ships_is_r4(smart: Any, kind: str) -> None:
    model = getattr(import_module(f"fhirclient.models.{kind.lower()}"), kind)
    for found in model.where(struct={"_count": "20"}).perform_resources_iter(smart):
        assert model.read(found.id, smart).as_json() == found.as_json()


def test_the_terminology_capabilities_are_r4(smart: Any) -> None:
    found = TerminologyCapabilities(smart.request_json("metadata?mode=terminology"))
    assert CPT in {each.uri for each in found.codeSystem}


@pytest.mark.parametrize("asked", ["", "&includeDesignations=true&property=kind", "&count=2"])
def test_an_expansion_is_r4(smart: Any, asked: str) -> None:
    found = ValueSet(smart.request_json(f"ValueSet/$expand?url={MODIFIERS}{asked}"))
    assert found.expansion.contains


@pytest.mark.parametrize(("value_set", "expected"), [(USABLE, True), (MODIFIERS, False)])
def test_the_code_of_a_procedure_against_a_value_set(
    smart: Any, value_set: str, expected: bool
) -> None:
    concept = {"coding": [{"system": CPT, "code": "37244"}]}
    entries = [
        {"name": "url", "valueUri": value_set},
        {"name": "codeableConcept", "valueCodeableConcept": concept},
    ]
    asked = Parameters({"resourceType": "Parameters", "parameter": entries}).as_json()
    answer = Parameters(smart.post_json("ValueSet/$validate-code", asked).json())
    (result,) = (each.valueBoolean for each in answer.parameter if each.name == "result")
    assert result is expected


def test_a_batch_is_r4(smart: Any) -> None:
    entries = [{"request": {"method": "GET", "url": url}} for url in ("CodeSystem/cpt", "none")]
    asked = Bundle({"resourceType": "Bundle", "type": "batch", "entry": entries})
    # A path that is empty it would not send; this is the base with a slash.
    answer = Bundle(smart.post_json("./", asked.as_json()).json())
    assert isinstance(answer.entry[0].resource, CodeSystem)
    assert answer.entry[1].response.outcome.issue[0].code == "not-found"
