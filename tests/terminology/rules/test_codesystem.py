"""The rules as a code system, which must be good in every FHIR version that is served."""

import json
from typing import Any

import pytest
from fhir.resources import get_fhir_model_class
from fhir.resources.R4B import get_fhir_model_class as get_r4b_model_class

from terminology.fhir.convert import to_version
from terminology.fhir.versions import FhirVersion
from terminology.rules.book import RuleBook
from terminology.rules.codesystem import as_code_system
from terminology.rules.model import URL
from tests.terminology.rules.facts import SOURCE, rule

CONDITION = {"modifier": ["26", "TC"]}
RULE = rule(
    CONDITION,
    scope="payer-policy",
    payers=[{"name": "Aetna", "id": "aetna"}, {"name": "Moda"}],
    period={"start": "2019-07-01"},
    sources=["a", {"key": "b", "section": "40.8"}],
    message="No {modifier}.",
)
SOURCES = {"a": SOURCE, "b": SOURCE | {"date": "2024-02", "document": "cms-cr-11168"}}
SYSTEM = as_code_system(RuleBook.of([{"sources": SOURCES, "rules": [RULE]}]))


def stated(code: str) -> list[Any]:
    (concept,) = SYSTEM["concept"]
    return [
        value
        for prop in concept["property"]
        for name, value in prop.items()
        if prop["code"] == code and name.startswith("value")
    ]


@pytest.mark.parametrize("version", [FhirVersion.R4, FhirVersion.R4B])
def test_it_parses_as_r4b_as_it_is_and_once_written(version: FhirVersion) -> None:
    for resource in (SYSTEM, to_version(SYSTEM, version)):
        get_r4b_model_class("CodeSystem").model_validate(resource)


def test_it_parses_as_r5() -> None:
    get_fhir_model_class("CodeSystem").model_validate(SYSTEM)


def test_a_system_without_rules_is_good_too() -> None:
    empty = as_code_system(RuleBook.of([]))
    get_fhir_model_class("CodeSystem").model_validate(empty)
    assert empty["count"] == 0


def test_its_head_says_what_it_is() -> None:
    assert (SYSTEM["id"], SYSTEM["url"], SYSTEM["content"]) == ("coding-rules", URL, "complete")
    assert SYSTEM["count"] == len(SYSTEM["concept"]) == 1


def test_a_rule_explains_itself() -> None:
    (concept,) = SYSTEM["concept"]
    assert (concept["code"], concept["display"]) == ("a-rule", "A rule")
    assert concept["definition"] == "What it is for."
    assert stated("scope") == ["payer-policy"]
    assert stated("effect") == ["invalid"]
    assert stated("severity") == ["error"]
    assert stated("payer") == ["Aetna", "Moda"]
    assert stated("period-start") == ["2019-07-01"]
    assert stated("period-end") == []
    assert stated("message") == ["No {modifier}."]
    assert json.loads(stated("condition")[0]) == CONDITION


def test_a_rule_cites_each_source_and_the_document_that_ships_for_it() -> None:
    (concept,) = SYSTEM["concept"]
    plain, shipped = [prop for prop in concept["property"] if prop["code"] == "source"]
    assert plain == {
        "code": "source",
        "valueString": "Its publisher, A document, https://example.org/a",
    }
    assert shipped == {
        "code": "source",
        "valueString": "Its publisher, A document, 40.8, 2024-02, https://example.org/a",
        "extension": [
            {
                "url": "https://proterm.example/fhir/StructureDefinition/source",
                "valueReference": {"reference": "DocumentReference/cms-cr-11168"},
            }
        ],
    }


def test_every_property_is_declared_with_its_type_and_meaning() -> None:
    declared = {prop["code"]: prop for prop in SYSTEM["property"]}
    assert all(prop["uri"].startswith(URL) and prop["description"] for prop in declared.values())
    (concept,) = SYSTEM["concept"]
    for prop in concept["property"]:
        kind = declared[prop["code"]]["type"]
        assert f"value{kind[0].upper()}{kind[1:]}" in prop
