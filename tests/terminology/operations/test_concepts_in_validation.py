"""Codeable concepts: one coding has to be in the value set, and none may be wrong."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import InvalidInput, MissingInput
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import code_system, concept, include, value_of, value_set
from tests.terminology.operations.asking import (
    issue_of,
    messages_of,
    ours,
    system,
    validate,
    values_of,
)

INK, PEN = system("ink"), system("pen")
NOT_IN = "None_of_the_provided_codes_are_in_the_value_set_one"
NO_CODING = "TX_GENERAL_CC_ERROR_MESSAGE"
WRONG = "Display_Name_for__should_be_one_of__instead_of"
IN: Json = {"system": INK, "code": "blue"}
OUT: Json = {"system": PEN, "code": "quill"}
BAD: Json = {"system": PEN, "code": "brush"}
NAMED_WRONG: Json = IN | {"display": "Red"}
LOST: Json = {"system": system("gone"), "code": "x"}
BARE: Json = {"code": "blue"}


@pytest.fixture
def desk(load: Callable[..., Context]) -> Context:
    return load(
        ours(code_system("ink", [concept("blue", "Blue"), concept("red", "Red")])),
        ours(code_system("pen", [concept("quill", "Quill")])),
        ours(value_set("ink", include(INK))),
    )


def asked(desk: Context, *codings: Json, **sent: Any) -> Json:
    return validate(desk, "ink", codeableConcept={"coding": list(codings), "text": "x"}, **sent)


@pytest.mark.parametrize(
    ("codings", "result", "messages"),
    [
        ([OUT], False, [NOT_IN, NO_CODING]),
        ([OUT, BAD], False, [NOT_IN, NOT_IN, NO_CODING, "Unknown_Code_in_Version"]),
        ([BAD], False, [NOT_IN, NO_CODING, "Unknown_Code_in_Version"]),
        ([LOST], False, [NOT_IN, NO_CODING, "UNKNOWN_CODESYSTEM"]),
        ([IN, BAD], False, [NOT_IN, "Unknown_Code_in_Version"]),
        ([BAD, IN], False, [NOT_IN, "Unknown_Code_in_Version"]),
        ([NAMED_WRONG], False, [WRONG]),
        ([IN, NAMED_WRONG], False, [WRONG]),
        ([NAMED_WRONG, OUT], False, [WRONG, NOT_IN]),
        ([IN, LOST], False, [NOT_IN, "UNKNOWN_CODESYSTEM"]),
        ([IN, OUT | {"display": "Feather"}], False, [WRONG, NOT_IN]),
        ([IN], True, []),
        ([IN, OUT], True, [NOT_IN]),
        ([OUT, IN], True, [NOT_IN]),
        ([IN, {"system": INK, "code": "red"}], True, []),
    ],
)
def test_a_mix_of_codings(
    desk: Context, codings: list[Json], result: bool, messages: list[str]
) -> None:
    found = asked(desk, *codings)
    assert value_of(found, "result") is result
    assert messages_of(found) == messages
    sent = value_of(found, "codeableConcept")
    assert sent == {"coding": codings, "text": "x"}
    inside = [c for c in codings if c["system"] == INK]
    assert value_of(found, "code") == (inside[0]["code"] if inside else None)
    assert value_of(found, "system") == (INK if inside else None)


def test_each_coding_outside_is_told_where_it_stands(desk: Context) -> None:
    found = asked(desk, IN, OUT)
    issue = issue_of(found, NOT_IN)
    assert issue["severity"] == "information"
    assert issue["details"]["coding"][0]["code"] == "this-code-not-in-vs"
    assert issue["expression"] == ["CodeableConcept.coding[1].code"]
    assert value_of(found, "message") is None
    none = asked(desk, OUT)
    assert "expression" not in issue_of(none, NO_CODING)
    assert issue_of(none, NO_CODING)["details"]["coding"][0]["code"] == "not-in-vs"


def test_a_coding_without_a_system(desk: Context) -> None:
    for sent in ({"coding": BARE}, {"codeableConcept": {"coding": [BARE]}}):
        found = validate(desk, "ink", **sent)
        assert value_of(found, "result") is False
        assert "Coding_has_no_system__cannot_validate" in messages_of(found)
        assert value_of(found, "system") is None
    beside = asked(desk, IN, BARE)
    assert value_of(beside, "result") is True


@pytest.mark.parametrize(
    ("codings", "result", "messages"),
    [
        ([NAMED_WRONG], True, []),
        ([IN, BAD], True, [NOT_IN]),
        ([IN, LOST], True, [NOT_IN]),
        ([BAD], False, [NOT_IN, NO_CODING]),
        ([OUT, LOST], False, [NOT_IN, NOT_IN, NO_CODING]),
    ],
)
def test_nothing_but_membership(
    desk: Context, codings: list[Json], result: bool, messages: list[str]
) -> None:
    found = asked(desk, *codings, valueset_membership_only=True)
    assert value_of(found, "result") is result
    assert messages_of(found) == messages
    assert values_of(found, "x-unknown-system") == []


def test_what_can_t_be_asked(desk: Context) -> None:
    with pytest.raises(MissingInput, match="has no coding"):
        asked(desk)
    with pytest.raises(MissingInput, match="has no code"):
        asked(desk, {"system": INK})
    with pytest.raises(InvalidInput, match="not both"):
        asked(desk, IN, coding=IN)
    with pytest.raises(MissingInput, match="Send a code"):
        validate(desk, "ink")
    with pytest.raises(MissingInput, match="needs its code system"):
        validate(desk, "ink", code="blue")
