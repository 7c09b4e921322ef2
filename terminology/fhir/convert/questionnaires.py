"""Questionnaire: R4's item types choice and open-choice are R5's coding with an answerConstraint.

https://hl7.org/fhir/R5/questionnaire.html; R5's constraint that nothing says is optionsOnly.
"""

from terminology.fhir.convert.datatypes import ATTACHMENT, canonical
from terminology.fhir.convert.engine import Shape
from terminology.fhir.convert.steps import change
from terminology.fhir.json import Json

_OPEN = "optionsOrString"


def _type_down(value: Json) -> Json:
    if value.get("type") != "coding":
        return value
    if value.get("answerConstraint") == _OPEN and "_answerConstraint" not in value:
        return change(value, "answerConstraint", type="open-choice")
    return change(value, type="choice")


def _type_up(value: Json) -> Json:
    if value.get("type") == "choice":
        return change(value, type="coding")
    if value.get("type") == "open-choice":
        return change(value, type="coding", answerConstraint=_OPEN)
    return value


_ITEM = Shape(
    "Questionnaire.item",
    r5={"disabledDisplay": "Code", "answerConstraint": "Code"},
    inside={"initial": Shape("Questionnaire.item.initial", inside={"valueAttachment": ATTACHMENT})},
    down=_type_down,
    up=_type_up,
)
_ITEM.inside["item"] = _ITEM

QUESTIONNAIRE = canonical("Questionnaire", inside={"item": _ITEM})
