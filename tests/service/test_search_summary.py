"""The tables of summaries, against FHIR's own definitions as fhir.resources has them."""

import pytest
from fhir.resources import get_fhir_model_class

from service.summary import _MANDATORY, _SUMMARY, SUBSETTED, summarised, with_elements
from terminology.store.search.params import SEARCH_PARAMETERS, SEARCHED_TYPES


@pytest.mark.parametrize("resource_type", SEARCHED_TYPES)
def test_summary_elements_are_those_that_fhir_marks(resource_type: str) -> None:
    marked = set(get_fhir_model_class(resource_type).summary_elements_sequence())
    assert marked - {"id", "meta", "implicitRules", "modifierExtension"} == _SUMMARY[resource_type]


@pytest.mark.parametrize("resource_type", SEARCHED_TYPES)
def test_mandatory_elements_are_those_that_fhir_requires(resource_type: str) -> None:
    required = set()
    for name, field in get_fhir_model_class(resource_type).model_fields.items():
        extra = field.json_schema_extra
        if isinstance(extra, dict) and (field.is_required() or extra.get("element_required")):
            required.add(str(field.alias or name))
    assert required - {"recorded"} == _MANDATORY.get(resource_type, frozenset()) - {"recorded"}


@pytest.mark.parametrize("resource_type", SEARCHED_TYPES)
def test_search_parameters_look_at_elements_that_exist(resource_type: str) -> None:
    elements = set(get_fhir_model_class(resource_type).elements_sequence())
    for each in SEARCH_PARAMETERS:
        for path in each.expression.split(" | "):
            of, first = path.split(".")[:2]
            assert of != resource_type or first in elements, path


def test_a_type_without_a_summary_stays_whole() -> None:
    basic = {"resourceType": "Basic", "id": "x"}
    assert summarised(basic, "true") is basic


def test_the_resource_that_is_cut_is_not_changed() -> None:
    payer = {"resourceType": "Organization", "id": "x", "name": "a", "text": {}, "meta": {}}
    before = dict(payer)
    assert "text" not in summarised(payer, "data")
    assert payer == before
    assert payer["meta"] == {}


def test_a_choice_is_named_without_its_type() -> None:
    codes = {"resourceType": "CodeSystem", "id": "x", "versionAlgorithmString": "semver"}
    kept = with_elements(codes, ["versionAlgorithm"])
    assert kept["versionAlgorithmString"] == "semver"
    assert kept["meta"] == {"tag": [SUBSETTED]}
