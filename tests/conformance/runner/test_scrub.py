"""What an answer may have besides what is compared."""

from typing import Any

import pytest

from conformance.runner.scrub import MANAGED, scrub
from tests.conformance.runner.samples import MESSAGE_ID, Json

OWN = {"url": "https://example.org/own", "valueString": "x"}
URN = {"url": "urn:oid:1.2.3", "valueString": "x"}
KEPT = {"url": MESSAGE_ID, "valueString": "x"}
PART = {"url": "part", "valueString": "x"}


def value_set(**fields: Any) -> Json:
    return {"resourceType": "ValueSet", **fields}


def outcome(*issues: Json) -> Json:
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


@pytest.mark.parametrize(
    "kind", ["ValueSet", "OperationOutcome", "CapabilityStatement", "TerminologyCapabilities"]
)
def test_text_and_meta_go(kind: str) -> None:
    answer = {"resourceType": kind, "text": {"status": "generated"}, "meta": {}, "id": "x"}
    assert scrub(answer) == {"resourceType": kind, "id": "x"}


def test_extensions_that_are_not_compared_go_everywhere() -> None:
    answer = value_set(
        extension=[OWN, KEPT, URN],
        contact=[{"name": "x", "extension": [OWN]}],
        _name={"extension": [OWN]},
        _alias=[None, {"extension": [OWN]}],
        _other=[None, {"extension": [KEPT]}],
        expansion={"contains": [{"code": "a", "extension": [OWN]}], "extension": [OWN]},
        contained=[value_set(extension=[OWN, PART])],
    )
    assert scrub(answer) == value_set(
        extension=[KEPT],
        contact=[{"name": "x"}],
        _other=[None, {"extension": [KEPT]}],
        expansion={"contains": [{"code": "a"}]},
        contained=[value_set(extension=[PART])],
    )


def test_inside_of_compose_extensions_stay() -> None:
    include = [{"system": "x", "extension": [OWN]}]
    answer = value_set(compose={"extension": [OWN], "include": include})
    assert scrub(answer) == value_set(compose={"include": include})
    assert scrub(value_set(compose={"include": include})) == value_set(compose={"include": include})


@pytest.mark.parametrize("empty", [[], {}, "", None])
def test_what_came_empty_is_not_hidden(empty: Any) -> None:
    assert scrub(value_set(expansion={"contains": empty})) == value_set(
        expansion={"contains": empty}
    )
    assert scrub(value_set(extension=empty)) == value_set(extension=empty)


def test_diagnostics_go_and_issues_that_have_nothing_else() -> None:
    issue = {"severity": "error", "details": {"text": "x"}}
    asked = {"details": {}, "diagnostics": "X-Request-Id: 7"}
    answer = outcome(issue | {"diagnostics": "stack"}, {"diagnostics": "stack"}, asked)
    assert scrub(answer) == outcome(issue, asked)
    assert scrub(outcome({"diagnostics": "stack"})) == {"resourceType": "OperationOutcome"}


def test_parameters_are_scrubbed_within() -> None:
    answer = {
        "resourceType": "Parameters",
        "meta": {},
        "parameter": [
            {"name": "diagnostics", "valueString": "x"},
            {"name": "issues", "resource": outcome({"details": {}, "extension": [OWN]})},
            {
                "name": "validation",
                "resource": {
                    "resourceType": "Parameters",
                    "parameter": [{"name": "diagnostics"}, {"name": "result"}],
                },
            },
            {"name": "result", "extension": [OWN], "valueBoolean": True},
        ],
    }
    assert scrub(answer) == {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "issues", "resource": outcome({"details": {}})},
            {
                "name": "validation",
                "resource": {"resourceType": "Parameters", "parameter": [{"name": "result"}]},
            },
            {"name": "result", "extension": [OWN], "valueBoolean": True},
        ],
    }


def test_text_only() -> None:
    answer = outcome({"diagnostics": "x", "extension": [OWN]}) | {"meta": {}}
    assert scrub(answer | {"text": {}}, text_only=True) == answer


def test_other_resources_stay() -> None:
    answer = {"resourceType": "Bundle", "text": {}, "meta": {}}
    assert scrub(answer) == answer


def test_the_extensions_that_are_compared() -> None:
    assert len(MANAGED) == 23
    assert all(url.startswith("http://hl7.org/fhir/") for url in MANAGED)
