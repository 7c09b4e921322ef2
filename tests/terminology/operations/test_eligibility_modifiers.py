"""`CoverageEligibilityRequest/$submit`: modifiers beside a code say the same as an expression."""

import pytest

from terminology.operations.context import Context
from tests.terminology.coverage.test_eligibility_payers import MEDICARE
from tests.terminology.operations.test_eligibility_submit import CPT, ask, item


@pytest.mark.parametrize(
    ("code", "modifiers", "rule"),
    [
        ("37244", ["1P"], "cpt-category-2-modifier"),
        ("37244", ["59", "LT", "59"], "cpt-duplicate-modifier"),
        ("37244:52", ["53"], "cpt-52-with-53"),
        ("37244", ["lt"], "cpt-lower-case"),
    ],
)
def test_modifiers_beside_a_code_are_refused_as_in_an_expression(
    context: Context, code: str, modifiers: list[str], rule: str
) -> None:
    beside = [{"coding": [{"system": CPT, "code": modifier}]} for modifier in modifiers]
    answer = ask(context, MEDICARE, item(code, modifier=beside))
    whole = ask(context, MEDICARE, item(":".join([code, *modifiers])))
    assert answer["outcome"] == whole["outcome"] == "error"
    (error,) = answer["error"]
    assert error["code"]["coding"][1]["code"] == rule
    assert error["code"] == whole["error"][0]["code"]
    assert error["expression"] == ["CoverageEligibilityRequest.item[0].modifier"]


@pytest.mark.parametrize("modifiers", [["59"], ["LT", "59"], ["ZQ"], ["26"]])
def test_modifiers_beside_a_code_that_the_grammar_allows_change_nothing(
    context: Context, modifiers: list[str]
) -> None:
    beside = [{"coding": [{"code": modifier}]} for modifier in modifiers]
    answer = ask(context, MEDICARE, item("37244", modifier=beside))
    assert answer["outcome"] == "complete"
    assert "error" not in answer
