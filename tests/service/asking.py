"""Requests as tests send them, and what every answer has to hold whatever was asked."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from fhir.resources import get_fhir_model_class
from fhir.resources.R4B import get_fhir_model_class as get_r4b_model_class
from werkzeug.test import TestResponse

from terminology.fhir import xml
from terminology.fhir.versions import FhirVersion

Json = dict[str, Any]
CPT = "http://www.ama-assn.org/go/cpt"
OURS = "https://proterm.example/fhir"
MODIFIERS = f"{OURS}/ValueSet/modifiers-37244"
USABLE = "http://hl7.org/fhir/ValueSet/cpt-usable"
JSON, XML = "application/fhir+json", "application/fhir+xml"
FORM = "application/x-www-form-urlencoded"
BASES = {version.base: version for version in FhirVersion}
LOOKUP = f"CodeSystem/$lookup?system={CPT}&code=37244"
# https://hl7.org/fhir/R5/valueset-issue-type.html, those that an answer of ours can have.
ISSUE_TYPES = frozenset(
    "invalid structure required value not-supported not-found too-long too-costly processing"
    " code-invalid forbidden exception transient".split()
)


def version_of(path: str) -> FhirVersion:
    """The version of a path such as `/r4/metadata`; R5 where it is below no base."""
    return BASES.get(path.lstrip("/").partition("/")[0], FhirVersion.R5)


def resource_of(response: TestResponse, version: FhirVersion) -> Json:
    """The resource of an answer in JSON or XML, in the shape of its version."""
    assert response.mimetype in (JSON, XML), (response.status, response.data[:200])
    if response.mimetype == XML:
        return xml.loads(response.data, version)
    found: Json = json.loads(response.data, parse_float=Decimal)
    return found


def check_model(resource: Json, version: FhirVersion) -> None:
    """Raise unless the resource parses as its model: R5's, or R4B's in both older versions."""
    find = get_fhir_model_class if version is FhirVersion.R5 else get_r4b_model_class
    find(resource["resourceType"]).model_validate(resource)


def check_outcome(response: TestResponse, path: str, *statuses: int) -> Json:
    """The first issue of an answer that has to be an error for people.

    Raises:
        AssertionError: it is none, or not one of `statuses` where some are given.
    """
    status = response.status_code
    assert status in statuses if statuses else 400 <= status < 500, response.data[:500]
    version = version_of(path)
    outcome = resource_of(response, version)
    assert outcome["resourceType"] == "OperationOutcome"
    check_model(outcome, version)
    issue: Json = outcome["issue"][0]
    assert issue["severity"] == "error"
    assert issue["code"] in ISSUE_TYPES, issue
    text = issue["details"]["text"]
    assert len(text.split()) > 2, text
    assert "Traceback" not in text
    return issue


def check_answer(response: TestResponse, path: str) -> None:
    """Raise unless an answer is good FHIR, a success or an error that is the client's."""
    assert response.status_code < 500, response.data[:500]
    if response.status_code >= 400:
        check_outcome(response, path)
    elif response.data and response.status_code != 304:
        version = version_of(path)
        check_model(resource_of(response, version), version)


def query(pairs: list[tuple[str, str]]) -> str:
    """Pairs as a query, every character escaped that is not plain."""
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)


def parameters(*entries: tuple[str, str, Any]) -> Json:
    """A Parameters resource of (name, `valueCode`, value)."""
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": name, key: value} for name, key, value in entries],
    }


def part(answer: Json, name: str) -> Any:
    """The first value of the parameter `name`, None where there is none."""
    for entry in answer["parameter"]:
        if entry["name"] == name:
            return next(value for key, value in entry.items() if key != "name")
    return None
