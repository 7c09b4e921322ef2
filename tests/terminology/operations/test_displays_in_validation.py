"""Displays: wrong ones first, then the languages in which one may be right."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import code_system, concept, include, issues_of, value_of, value_set
from tests.terminology.operations.asking import (
    forms,
    issue_of,
    messages_of,
    ours,
    system,
    validate,
)

TOOLS = system("tools")
PLAIN = system("plain")
WRONG = "Display_Name_for__should_be_one_of__instead_of"
SPACING = "Display_Name_WS_for__should_be_one_of__instead_of"
NONE_WRONG = "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR"
NONE_RIGHT = "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK"
OLD_NAME = "INACTIVE_DISPLAY_FOUND"
WITHDRAWN = {
    "url": "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
    "valueCode": "withdrawn",
}


@pytest.fixture
def tools(load: Callable[..., Context]) -> Context:
    names = [
        {"language": "de", "value": "Hammer (Werkzeug)"},
        {"language": "de-CH", "value": "Hämmerli"},
        {"value": "Mallet"},
        {"language": "en", "value": "Beater", "extension": [WITHDRAWN]},
    ]
    made = [
        concept("hammer", "Claw hammer", designation=names),
        concept("saw", "Hand saw"),
    ]
    return load(
        ours(code_system("tools", made, language="en")),
        ours(code_system("plain", [concept("saw", "Hand saw")])),
        ours(value_set("tools", include(TOOLS), include(PLAIN))),
        ours(value_set("german", include(TOOLS)), language="de"),
    )


def asked(tools: Context, display: str, code: str = "hammer", **sent: Any) -> Json:
    return validate(tools, "tools", system=TOOLS, code=code, display=display, **sent)


def test_a_wrong_display_in_each_way_of_sending_it(tools: Context) -> None:
    coding = {"system": TOOLS, "code": "saw", "display": "Spoon"}
    paths = {
        "code": "display",
        "coding": "Coding.display",
        "codeableConcept": "CodeableConcept.coding[0].display",
    }
    for form, way in forms(coding):
        found = validate(tools, "tools", **way)
        assert value_of(found, "result") is False
        assert messages_of(found) == [WRONG]
        issue = issue_of(found, WRONG)
        assert issue["expression"] == [paths[form]]
        assert (issue["severity"], issue["code"]) == ("error", "invalid")
        assert issue["details"]["text"] == (
            f"Wrong Display Name 'Spoon' for {TOOLS}#saw. Valid display is 'Hand saw' (en)"
            " (for the language(s) '--')"
        )
        assert value_of(found, "message") == issue["details"]["text"]


def test_all_names_are_told_the_display_first(tools: Context) -> None:
    found = asked(tools, "Spoon")
    assert (
        "Valid display is one of 4 choices: 'Claw hammer' (en) or 'Hammer (Werkzeug)' (de) or"
        " 'Hämmerli' (de-CH) or 'Mallet'" in value_of(found, "message")
    )


def test_a_code_system_without_a_language_has_no_word_for_it(tools: Context) -> None:
    for sent in ({}, {"displayLanguage": "fr"}):
        found = validate(tools, "tools", system=PLAIN, code="saw", display="Spoon", **sent)
        assert "Valid display is 'Hand saw' (for the" in value_of(found, "message")
        right = validate(tools, "tools", system=PLAIN, code="saw", display="Hand saw", **sent)
        assert (value_of(right, "result"), issues_of(right)) == (True, [])


@pytest.mark.parametrize(
    ("display", "language", "result", "messages"),
    [
        ("Spoon", "de", False, [WRONG]),
        ("Claw hammer", "de", False, [WRONG]),
        ("Hammer (Werkzeug)", "en", False, [WRONG]),
        ("Hammer (Werkzeug)", "de-CH", False, [WRONG]),
        ("Spoon", None, False, [WRONG]),
        ("Claw hammer", None, True, []),
        ("Hammer (Werkzeug)", None, True, []),
        ("Mallet", "de", True, []),
        ("CLAW HAMMER", "en", True, []),
        ("Hammer (Werkzeug)", "de", True, []),
        ("Hämmerli", "de", True, []),
        ("Hämmerli", "de-CH", True, []),
        ("Claw hammer", "en, de; q=0.4", True, []),
        ("Hammer (Werkzeug)", "en, de; q=0.4", True, []),
        ("Claw  hammer", None, False, [SPACING]),
        (" Claw hammer", "en", False, [SPACING]),
        ("Beater", None, True, [OLD_NAME]),
    ],
)
def test_a_display_and_the_languages_asked_for(
    tools: Context, display: str, language: str | None, result: bool, messages: list[str]
) -> None:
    sent = {"displayLanguage": language} if language else {}
    found = asked(tools, display, **sent)
    assert value_of(found, "result") is result
    assert messages_of(found) == messages
    if not result:
        assert f"(for the language(s) '{language or '--'}')" in value_of(found, "message")


@pytest.mark.parametrize(
    ("display", "result", "message"),
    [("Spoon", False, NONE_WRONG), ("Hand saw", True, NONE_RIGHT)],
)
def test_a_code_without_a_name_in_the_language(
    tools: Context, display: str, result: bool, message: str
) -> None:
    found = asked(tools, display, "saw", displayLanguage="de")
    assert value_of(found, "result") is result
    assert messages_of(found) == [message]
    assert issue_of(found, message)["severity"] == ("information" if result else "error")
    assert "for language(s) 'de'" in value_of(found, "message")
    assert "'Hand saw'" in value_of(found, "message")


@pytest.mark.parametrize("language", ["-", "en,-", "e n", "en; q=2", "en; x=1", "*-", "ä"])
def test_what_is_no_language_is_refused(tools: Context, language: str) -> None:
    if " " not in language and ";" not in language:
        with pytest.raises(InvalidInput, match="Invalid displayLanguage") as caught:
            asked(tools, "Spoon", displayLanguage=language)
        assert caught.value.tx_issue_type == "invalid-display"
        return
    with pytest.raises(InvalidInput):
        asked(tools, "Spoon", displayLanguage=language)


def test_a_name_that_was_given_up_is_right_with_a_comment(tools: Context) -> None:
    found = asked(tools, "Beater")
    assert value_of(found, "display") == "Claw hammer"
    assert issues_of(found) == [
        (
            "warning",
            "display-comment",
            "'Beater' is no longer considered a correct display for code 'hammer' (status ="
            ' deprecated). The correct display is one of "Claw hammer".',
        )
    ]
    assert value_of(found, "message") is None


@pytest.mark.parametrize("sent", [{}, {"displayLanguage": "de"}, {"displayLanguage": "fr"}])
def test_leniently_a_wrong_display_warns(tools: Context, sent: Json) -> None:
    strict = asked(tools, "Spoon", **sent)
    lenient = asked(tools, "Spoon", lenient_display_validation=True, **sent)
    assert value_of(strict, "result") is False
    assert value_of(lenient, "result") is True
    assert messages_of(lenient) == messages_of(strict)
    assert [severity for severity, _, _ in issues_of(lenient)] == ["warning"]
    assert value_of(lenient, "message") == value_of(strict, "message")


@pytest.mark.parametrize(
    ("language", "display"),
    [
        (None, "Claw hammer"),
        ("de", "Hammer (Werkzeug)"),
        ("de-CH", "Hämmerli"),
        ("fr", "Claw hammer"),
        ("fr, de; q=0.1", "Hammer (Werkzeug)"),
    ],
)
def test_the_display_is_answered_in_the_language(
    tools: Context, language: str | None, display: str
) -> None:
    sent = {"displayLanguage": language} if language else {}
    found = validate(tools, "tools", system=TOOLS, code="hammer", **sent)
    assert value_of(found, "display") == display


def test_the_language_of_the_value_set_counts_where_no_other_is_asked_for(tools: Context) -> None:
    found = validate(tools, "german", system=TOOLS, code="hammer")
    assert value_of(found, "display") == "Hammer (Werkzeug)"
    found = validate(tools, "german", system=TOOLS, code="hammer", displayLanguage="en")
    assert value_of(found, "display") == "Claw hammer"
