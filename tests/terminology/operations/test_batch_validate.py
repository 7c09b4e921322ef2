"""`$batch-validate-code`: each validation has its own answer, or its own error."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import InvalidInput, MissingInput, ProtermError
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import ANIMALS, BASE, include, perform, value_of, value_set

URL = f"{BASE}/ValueSet/few"
DUCK = {"system": ANIMALS, "code": "duck"}


@pytest.fixture
def zoo(load: Callable[..., Context], animals: Json) -> Context:
    return load(animals, value_set("few", include(ANIMALS, "duck", "dodo")))


def one(**sent: Any) -> Json:
    kinds = {"coding": "valueCoding", "url": "valueUri", "codeableConcept": "valueCodeableConcept"}
    entries = [
        {"name": name, kinds.get(name, "valueBoolean" if value is True else "valueString"): value}
        for name, value in sent.items()
    ]
    return {"resourceType": "Parameters", "parameter": entries}


def answers(context: Context, *validations: Json, **shared: Any) -> list[Json]:
    found = perform(context, "ValueSet/batch-validate-code", validation=list(validations), **shared)
    assert {p["name"] for p in found["parameter"]} == {"validation"}
    return [p["resource"] for p in found["parameter"]]


@pytest.mark.parametrize(
    "sent", [{}, {"validation": []}, {"coding": DUCK, "url": URL}]
)  # fmt: skip
def test_no_validation(zoo: Context, sent: dict[str, Any]) -> None:
    with pytest.raises(MissingInput, match="Send a validation"):
        perform(zoo, "ValueSet/batch-validate-code", **sent)


@pytest.mark.parametrize("value", ["text", 1, {}, {"resourceType": 3}, [1]])
def test_a_validation_that_is_no_resource(zoo: Context, value: Any) -> None:
    with pytest.raises(InvalidInput, match="'validation'"):
        perform(zoo, "ValueSet/batch-validate-code", url=URL, validation=[value])


def test_a_wrong_shared_parameter_is_the_request_s_error(zoo: Context) -> None:
    with pytest.raises(ProtermError, match="'activeOnly'"):
        answers(zoo, one(coding=DUCK), url=URL, activeOnly="perhaps")


def test_each_has_its_own_error_in_their_order(zoo: Context) -> None:
    found = answers(
        zoo,
        one(),
        one(coding=DUCK),
        one(coding=DUCK, url="urn:gone"),
        {"resourceType": "Patient"},
        one(coding=DUCK, activeOnly="perhaps"),
        one(coding={"system": ANIMALS, "code": "otter"}),
        one(coding=DUCK, context="x"),
        url=URL,
    )
    kinds = [resource["resourceType"] for resource in found]
    outcome, parameters = "OperationOutcome", "Parameters"
    assert kinds == [outcome, parameters, outcome, outcome, outcome, parameters, outcome]
    assert value_of(found[1], "result") is True
    assert value_of(found[5], "result") is False
    text = found[0]["issue"][0]["details"]["text"]
    assert text.startswith("Unable to find code to validate (looked for coding | codeableConcept")


def test_a_validation_s_parameters_go_before_the_shared_ones(zoo: Context) -> None:
    wrong = DUCK | {"display": "Goose"}
    strict, lenient, elsewhere = answers(
        zoo,
        {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "coding", "valueCoding": wrong},
                {"name": "lenient-display-validation", "valueBoolean": False},
            ],
        },
        one(coding=wrong),
        one(coding=DUCK, url=f"{BASE}/ValueSet/gone"),
        url=URL,
        lenient_display_validation=True,
    )
    assert value_of(strict, "result") is False
    assert value_of(lenient, "result") is True
    assert elsewhere["resourceType"] == "OperationOutcome"


def test_a_shared_resource_is_seen_by_all(zoo: Context) -> None:
    brought = value_set("few", include(ANIMALS, "otter"))
    found = answers(
        zoo,
        one(coding=DUCK),
        one(coding={"system": ANIMALS, "code": "otter"}),
        url=URL,
        tx_resource=[brought],
    )
    assert [value_of(resource, "result") for resource in found] == [False, True]
