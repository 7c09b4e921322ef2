"""The table of outputs against real answers: nothing undescribed, nothing that never comes."""

from collections.abc import Iterator
from typing import Any

import pytest

from conformance.outputs import PROPERTY_TYPES, Output, outputs_of
from terminology.operations.context import Context
from terminology.operations.registry import OPERATIONS, Operation

Json = dict[str, Any]
CPT = "http://www.ama-assn.org/go/cpt"
COLOURS = "https://example.org/colours"
USABLE = "http://hl7.org/fhir/ValueSet/cpt-usable"
CONCEPT = {"coding": [{"system": CPT, "code": "37244"}], "text": "Closing a bleeding vessel"}
FARBEN = "http://example.org/farben"
TO_GERMAN = {
    "resourceType": "ConceptMap",
    "url": "http://example.org/to-german",
    "status": "active",
    "group": [
        {
            "source": COLOURS,
            "target": FARBEN,
            "element": [{"code": "red", "target": [{"code": "rot", "relationship": "equivalent"}]}],
        }
    ],
}
IN_COLOURS = {
    "resourceType": "ValueSet",
    "status": "active",
    "compose": {"include": [{"system": COLOURS}]},
}
UNKNOWN = {
    "resourceType": "ValueSet",
    "status": "active",
    "compose": {"include": [{"system": "http://example.org/none"}]},
}
SPOKEN = {
    "resourceType": "Parameters",
    "parameter": [{"name": "coding", "valueCoding": {"system": CPT, "code": "37244"}}],
}

ELIGIBILITY = {
    "resourceType": "CoverageEligibilityRequest",
    "status": "active",
    "purpose": ["benefits"],
    "patient": {"reference": "Patient/1"},
    "created": "2026-11-23",
    "insurer": {"reference": "Organization/medicare"},
    "item": [{"productOrService": CONCEPT}],
}

REQUESTS: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("CodeSystem", "lookup"): [
        {"system": CPT, "code": "37244", "date": "2025-12-01"},
        {"system": CPT, "code": "59"},
        {"system": COLOURS, "code": "red", "property": "*"},
        {"system": COLOURS, "code": "red", "useSupplement": f"{COLOURS}-fr"},
        {"system": COLOURS, "version": "1.9", "code": "red"},
    ],
    ("CodeSystem", "validate-code"): [
        {"url": CPT, "code": "37244", "display": "Something else"},
        {"url": COLOURS, "code": "RED"},
        {"url": COLOURS, "code": "puce"},
        {"url": "http://example.org/none", "code": "1"},
        {"url": COLOURS, "version": "3", "code": "red"},
        {"codeableConcept": CONCEPT},
        {"url": COLOURS, "code": "mauve"},
    ],
    ("ValueSet", "validate-code"): [
        {"url": USABLE, "system": CPT, "code": "37244"},
        {"url": USABLE, "system": COLOURS, "code": "RED"},
        {"url": USABLE, "system": COLOURS, "code": "puce"},
        {"url": USABLE, "system": "http://example.org/none", "code": "1"},
        {"url": USABLE, "codeableConcept": CONCEPT},
        {"valueSet": UNKNOWN, "system": "http://example.org/none", "code": "1"},
        {"valueSet": IN_COLOURS, "system": COLOURS, "code": "mauve"},
    ],
    ("ValueSet", "expand"): [{"url": USABLE, "count": 2}],
    ("CodeSystem", "subsumes"): [{"system": COLOURS, "codeA": "red", "codeB": "scarlet"}],
    ("ConceptMap", "translate"): [
        {"sourceCode": "red", "system": COLOURS, "tx-resource": TO_GERMAN},
        {
            "targetCode": "rot",
            "targetSystem": FARBEN,
            "tx-resource": TO_GERMAN,
        },
        {"sourceCode": "puce", "system": COLOURS},
    ],
    ("CoverageEligibilityRequest", "submit"): [{"resource": ELIGIBILITY}],
    ("Procedure", "validate"): [{"resource": {"resourceType": "Procedure"}}],
    ("Claim", "validate"): [{"resource": {"resourceType": "Claim"}, "payer": "medicare"}],
    ("ValueSet", "batch-validate-code"): [{"url": USABLE, "validation": SPOKEN}],
}


def test_every_operation_is_asked() -> None:
    assert set(REQUESTS) == {(operation.resource_type, operation.name) for operation in OPERATIONS}


@pytest.fixture(
    params=OPERATIONS, ids=lambda operation: f"{operation.resource_type}-{operation.name}"
)
def operation(request: pytest.FixtureRequest) -> Operation:
    found: Operation = request.param
    return found


@pytest.fixture
def answers(operation: Operation, context: Context) -> list[list[Json]]:
    asked = REQUESTS[operation.resource_type, operation.name]
    made = [perform(operation, context, sent) for sent in asked]
    if operation.output != "Parameters":
        return [[{"name": "return", "resource": resource}] for resource in made]
    return [resource["parameter"] for resource in made]


def perform(operation: Operation, context: Context, sent: dict[str, Any]) -> Json:
    request = operation.schema.read({name: [value] for name, value in sent.items()}, strict=True)
    return operation.perform(request, context)


TYPES = {"Element": PROPERTY_TYPES, "Resource": ("Parameters", "OperationOutcome")}


def type_of(parameter: Json) -> str:
    if "resource" in parameter:
        return str(parameter["resource"]["resourceType"])
    (key,) = (key.lstrip("_") for key in parameter if key.lstrip("_").startswith("value"))
    kind = key.removeprefix("value")
    return kind if kind in ("Coding", "CodeableConcept") else kind[0].lower() + kind[1:]


def wrong(found: list[Json], table: tuple[Output, ...], where: str) -> Iterator[str]:
    """What the answer has that the table has not, or otherwise."""
    known = {output.name: output for output in table}
    names = [parameter["name"] for parameter in found]
    for output in table:
        if output.required and output.name not in names:
            yield f"{where}{output.name} is missing"
        if not output.repeats and names.count(output.name) > 1:
            yield f"{where}{output.name} repeats"
    for parameter in found:
        at, described = f"{where}{parameter['name']}", known.get(parameter["name"])
        if described is None:
            yield f"{at} is not described"
        elif described.parts:
            yield from wrong(parameter["part"], described.parts, f"{at}.")
        elif type_of(parameter) not in TYPES.get(described.type, (described.type,)):
            yield f"{at} is a {type_of(parameter)}"


def paths_of_answers(found: list[Json], where: str = "") -> Iterator[str]:
    for parameter in found:
        yield where + parameter["name"]
        yield from paths_of_answers(parameter.get("part", []), f"{where}{parameter['name']}.")


def paths_of_table(table: tuple[Output, ...], where: str = "") -> Iterator[str]:
    for output in table:
        yield where + output.name
        yield from paths_of_table(output.parts, f"{where}{output.name}.")


def test_the_check_sees_what_is_wrong() -> None:
    table = (Output("a", "code", "", required=True), Output("b", "", "", parts=()))
    extra = {"name": "c", "valueCode": "x"}
    assert list(wrong([extra], table, "")) == ["a is missing", "c is not described"]
    twice = [{"name": "a", "valueString": "x"}] * 2
    assert list(wrong(twice, table, "")) == ["a repeats", "a is a string", "a is a string"]


def test_nothing_is_answered_that_is_not_described(
    operation: Operation, answers: list[list[Json]]
) -> None:
    found = [line for answer in answers for line in wrong(answer, outputs_of(operation), "")]
    assert found == []


def test_nothing_is_described_that_is_never_answered(
    operation: Operation, answers: list[list[Json]]
) -> None:
    seen = {path for answer in answers for path in paths_of_answers(answer)}
    assert set(paths_of_table(outputs_of(operation))) - seen == set()
