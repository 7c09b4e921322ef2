"""Expected responses as a suite has them, about a few colours, and answers that are right."""

from copy import deepcopy
from typing import Any

from conformance.runner.compare import Difference, compare
from conformance.runner.rules import Rules
from conformance.runner.scrub import scrub
from conformance.runner.sorting import sort
from tests.conformance.runner.filling import fill

Json = dict[str, Any]

COLOURS = "https://example.org/colours"
ISSUE_TYPES = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type"
MESSAGE_ID = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"
OFFICIAL = Rules()
STRICT = Rules(strict=True)

VALIDATION: Json = {
    "resourceType": "Parameters",
    "parameter": [
        {"name": "code", "valueCode": "crimson"},
        {
            "name": "issues",
            "resource": {
                "resourceType": "OperationOutcome",
                "issue": [
                    {
                        "$optional-properties$": ["location"],
                        "extension": [
                            {
                                "$optional$": "!colour.example",
                                "url": MESSAGE_ID,
                                "valueString": "Unknown_Colour",
                            }
                        ],
                        "severity": "error",
                        "code": "code-invalid",
                        "details": {
                            "coding": [{"system": ISSUE_TYPES, "code": "invalid-code"}],
                            "text": "$external:1:crimson|colours$",
                        },
                        "location": ["Coding.code"],
                        "expression": ["Coding.code"],
                    }
                ],
            },
        },
        # A message is compared with its sentences sorted.
        {"name": "message", "valueString": "Look again; There is no crimson here"},
        {"name": "result", "valueBoolean": False},
        {"name": "system", "valueUri": COLOURS},
        {"$optional$": "warning:version", "name": "version", "valueString": "1.10"},
    ],
}

EXPANSION: Json = {
    "$optional-properties$": ["id", "date", "compose"],
    "resourceType": "ValueSet",
    "id": "$id$",
    "url": f"{COLOURS}/warm",
    "version": "$version$",
    "status": "active",
    "experimental": False,
    "date": "2026-11-01",
    "expansion": {
        "$optional-properties$": ["offset"],
        "identifier": "$uuid$",
        "timestamp": "$instant$",
        "total": 3,
        "offset": 0,
        "parameter": [
            {"name": "displayLanguage", "valueCode": "$choice:en|en-GB$"},
            {"name": "used-codesystem", "valueUri": f"{COLOURS}|$version$"},
        ],
        "property": [
            {"code": "weight", "uri": "http://hl7.org/fhir/concept-properties#itemWeight"}
        ],
        "contains": [
            {
                "system": COLOURS,
                "code": "orange",
                "display": "Orange",
                "property": [{"code": "weight", "valueDecimal": 6}],
            },
            {
                "system": COLOURS,
                "code": "red",
                "display": "Red",
                "inactive": True,
                "designation": [{"language": "de", "value": "Rot"}],
                "contains": [{"system": COLOURS, "code": "scarlet", "display": "Scarlet"}],
            },
        ],
    },
}

REFUSAL: Json = {
    "resourceType": "OperationOutcome",
    "issue": [
        {
            "severity": "error",
            "code": "too-costly",
            "details": {"text": "$fragments:too many|colours$"},
        }
    ],
}

EXPECTED = {"validation": VALIDATION, "expansion": EXPANSION, "refusal": REFUSAL}


def right(expected: Json, *, optional: bool = True) -> Json:
    """An answer that is right, to be spoilt."""
    return deepcopy(fill(expected, OFFICIAL, optional=optional))


def judge(expected: Json, answer: Json, rules: Rules = OFFICIAL) -> list[Difference]:
    """The way of an answer through all that is done to it."""
    return compare(expected, sort(scrub(answer)), rules)


def at(holder: Any, path: str) -> Any:
    """The value at a path such as `expansion.contains.0.code`."""
    for step in path.split("."):
        holder = holder[int(step)] if step.isdecimal() else holder[step]
    return holder


def put(holder: Json, path: str, value: Any) -> None:
    """Write a value at a path."""
    parent, _, last = path.rpartition(".")
    inner: Any = at(holder, parent) if parent else holder
    inner[int(last) if last.isdecimal() else last] = value


def drop(holder: Json, path: str) -> None:
    """Take away what is at a path."""
    parent, _, last = path.rpartition(".")
    inner: Any = at(holder, parent) if parent else holder
    del inner[int(last) if last.isdecimal() else last]
