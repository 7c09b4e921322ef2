"""`ValueSet/$validate-code` of a CodeableConcept: one coding inside, and none wrong."""

from typing import Any

from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import ANIMALS, BASE, issues_of, perform, value_of

BIRDS = f"{BASE}/ValueSet/birds"


def validate(context: Context, **sent: Any) -> Json:
    return perform(context, "ValueSet/validate-code", url=BIRDS, **sent)


def test_a_concept_with_one_coding_inside_is_right(zoo: Context) -> None:
    inside, outside = {"system": ANIMALS, "code": "duck"}, {"system": ANIMALS, "code": "stone"}
    sent = {"coding": [outside, inside], "text": "a duck or a stone"}
    found = validate(zoo, codeableConcept=sent)
    assert value_of(found, "result") is True
    assert value_of(found, "code") == "duck"
    assert [issue[:2] for issue in issues_of(found)] == [("information", "this-code-not-in-vs")]
    assert value_of(found, "codeableConcept") == sent


def test_a_concept_with_no_coding_inside_is_wrong(zoo: Context) -> None:
    outside = {"system": ANIMALS, "code": "stone"}
    found = validate(zoo, codeableConcept={"coding": [outside]})
    assert value_of(found, "result") is False
    assert [issue[:2] for issue in issues_of(found)] == [
        ("error", "not-in-vs"),
        ("information", "this-code-not-in-vs"),
    ]
    assert value_of(found, "code") is None


def test_a_wrong_coding_makes_a_concept_wrong_though_another_is_inside(zoo: Context) -> None:
    codings = [{"system": ANIMALS, "code": "duck"}, {"system": ANIMALS, "code": "nothing"}]
    found = validate(zoo, codeableConcept={"coding": codings})
    assert value_of(found, "result") is False
    assert value_of(found, "code") == "duck"
    assert "CodeableConcept.coding[1].code" in str(value_of(found, "issues"))
