"""What is not loaded, not meant or not named: code systems, value sets, systems of codes."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import NotFound
from terminology.model import Json
from terminology.operations.context import Context
from terminology.valuesets.scope import CircularReference
from tests.terminology.builders import (
    code_system,
    codes_of,
    concept,
    include,
    issues_of,
    value_of,
    value_set,
)
from tests.terminology.operations.asking import (
    expand,
    forms,
    issue_of,
    messages_of,
    ours,
    system,
    validate,
    value_set_url,
    values_of,
)

FRUIT, ROOTS, HERBS = system("fruit"), system("roots"), system("herbs")
GONE = system("gone")
NOT_IN = "None_of_the_provided_codes_are_in_the_value_set_one"
NO_CODING = "TX_GENERAL_CC_ERROR_MESSAGE"


def importing(*names: str, **more: Any) -> Json:
    return include(valueSet=[value_set_url(name) for name in names], **more)


@pytest.fixture
def garden(load: Callable[..., Context]) -> Context:
    inner = {
        "resourceType": "ValueSet",
        "id": "inner",
        "status": "active",
        "compose": {"include": [include(FRUIT, "fig")]},
    }
    return load(
        ours(code_system("fruit", [concept("fig", "Fig"), concept("a", "Apple")])),
        ours(code_system("roots", [concept("yam", "Yam"), concept("a", "Arrowroot")])),
        ours(
            code_system("herbs", [concept("dill"), concept("Sage")], caseSensitive=False),
            content="fragment",
        ),
        ours(code_system("more", [], content="supplement"), supplements=FRUIT),
        ours(value_set("fruit", include(FRUIT))),
        ours(value_set("both", include(FRUIT), include(ROOTS))),
        ours(value_set("herbs", include(HERBS))),
        ours(value_set("picked", include(HERBS, "dill"))),
        ours(value_set("lost", include(GONE))),
        ours(value_set("partly", include(FRUIT), include(GONE))),
        ours(value_set("importing", importing("fruit"))),
        ours(value_set("nowhere", importing("not-here"))),
        ours(value_set("circle", include(FRUIT), importing("round"))),
        ours(value_set("round", importing("circle"))),
        ours(value_set("holding", include(valueSet=["#inner"])), contained=[inner]),
        ours(value_set("empty-handed", include(valueSet=["#inner"]))),
    )


@pytest.mark.parametrize(
    ("url", "message", "unknown"),
    [
        (GONE, ["UNKNOWN_CODESYSTEM"], True),
        ("fruit", ["Terminology_TX_System_Relative", "UNKNOWN_CODESYSTEM"], True),
        (value_set_url("both"), ["Terminology_TX_System_ValueSet2"], False),
        (system("more"), ["CODESYSTEM_CS_NO_SUPPLEMENT"], False),
    ],
)
def test_a_system_that_can_t_be_one(
    garden: Context, url: str, message: list[str], unknown: bool
) -> None:
    for form, way in forms({"system": url, "code": "fig"}):
        found = validate(garden, "fruit", **way)
        assert value_of(found, "result") is False
        whole = [NO_CODING] if form == "codeableConcept" else []
        assert messages_of(found) == sorted([NOT_IN, *whole, *message]), form
        assert values_of(found, "x-unknown-system") == ([url] if unknown else [])
        assert values_of(found, "x-caused-by-unknown-system") == []


def test_a_system_that_the_value_set_needs_and_is_not_loaded(garden: Context) -> None:
    for _, way in forms({"system": GONE, "code": "fig"}):
        for name in ("lost", "partly"):
            found = validate(garden, name, **way)
            assert value_of(found, "result") is False
            assert messages_of(found) == ["UNKNOWN_CODESYSTEM"]
            assert values_of(found, "x-caused-by-unknown-system") == [GONE]
            assert values_of(found, "x-unknown-system") == []
    with pytest.raises(NotFound, match=f"'{GONE}' could not be found, so the value set cannot"):
        expand(garden, "partly")


def test_another_version_that_is_not_loaded(garden: Context) -> None:
    found = validate(garden, "fruit", system=ROOTS, systemVersion="9", code="yam")
    assert value_of(found, "result") is False
    assert NOT_IN in messages_of(found)
    assert "UNKNOWN_CODESYSTEM_VERSION" in messages_of(found)
    assert values_of(found, "x-unknown-system") == [f"{ROOTS}|9"]


def test_an_unknown_code(garden: Context) -> None:
    for form, way in forms({"system": FRUIT, "code": "nut", "display": "Nut"}):
        found = validate(garden, "fruit", **way)
        assert value_of(found, "result") is False
        whole = [NO_CODING] if form == "codeableConcept" else []
        assert messages_of(found) == sorted([NOT_IN, *whole, "Unknown_Code_in_Version"])
        text = issue_of(found, NOT_IN)["details"]["text"]
        assert text == (
            f"The provided code '{FRUIT}#nut ('Nut')' was not found in the value set"
            f" '{value_set_url('fruit')}|1.0.0'"
        )
        assert issue_of(found, NOT_IN)["severity"] == ("information" if whole else "error")


def test_a_code_of_another_fragment_may_be_right(garden: Context) -> None:
    found = validate(garden, "herbs", system=HERBS, code="mint")
    assert value_of(found, "result") is True
    assert messages_of(found) == ["UNKNOWN_CODE_IN_FRAGMENT"]
    assert value_of(found, "message") is None
    picked = validate(garden, "picked", system=HERBS, code="mint")
    assert value_of(picked, "result") is False


def test_a_fragment_says_so_in_its_expansion(garden: Context) -> None:
    found = expand(garden, "herbs")
    marks = {e["url"].rpartition("/")[2]: e for e in found["expansion"]["extension"]}
    assert marks["valueset-unclosed"]["valueBoolean"] is True
    reason = f"This extension is based on a fragment of the code system {HERBS}"
    assert marks["valueset-unclosed-reason"]["valueString"] == reason
    assert values_of(found, "used-fragment") == [f"{HERBS}|1.0.0"]
    assert "extension" not in expand(garden, "fruit")["expansion"]


@pytest.mark.parametrize("code", ["sage", "SAGE", "Sage"])
def test_case_where_it_does_not_count(garden: Context, code: str) -> None:
    found = validate(garden, "herbs", system=HERBS, code=code)
    assert value_of(found, "result") is True
    assert value_of(found, "code") == code
    same = code == "Sage"
    assert value_of(found, "normalized-code") == (None if same else "Sage")
    assert messages_of(found) == ([] if same else ["CODE_CASE_DIFFERENCE"])
    assert value_of(found, "message") is None


def test_case_where_it_counts(garden: Context) -> None:
    assert value_of(validate(garden, "fruit", system=FRUIT, code="FIG"), "result") is False


def test_an_import_that_is_not_loaded(garden: Context) -> None:
    found = validate(garden, "nowhere", system=FRUIT, code="fig")
    assert value_of(found, "result") is False
    ((severity, kind, text),) = issues_of(found)
    assert (severity, kind) == ("error", "not-found")
    url = value_set_url("not-here")
    assert text == f"A definition for the value Set '{url}' could not be found"
    with pytest.raises(NotFound, match="not-here"):
        expand(garden, "nowhere")


@pytest.mark.parametrize("name", ["circle", "round"])
def test_an_import_that_comes_back_to_itself(garden: Context, name: str) -> None:
    for code in ("fig", "nut"):
        for url in (FRUIT, ROOTS, GONE):
            with pytest.raises(CircularReference, match=f"pointing to .*{name}"):
                validate(garden, name, system=url, code=code)
    with pytest.raises(CircularReference, match="with pathway"):
        validate(garden, name, code="fig", inferSystem=True)
    with pytest.raises(CircularReference, match="with pathway"):
        expand(garden, name)


def test_a_contained_value_set_is_imported_by_its_fragment(garden: Context) -> None:
    assert codes_of(expand(garden, "holding")) == ["fig"]
    assert values_of(expand(garden, "holding"), "used-valueset") == []
    assert value_of(validate(garden, "holding", system=FRUIT, code="fig"), "result") is True
    assert value_of(validate(garden, "holding", system=FRUIT, code="a"), "result") is False
    with pytest.raises(NotFound, match="contains no value set '#inner'"):
        expand(garden, "empty-handed")
    missing = validate(garden, "empty-handed", system=FRUIT, code="fig")
    assert value_of(missing, "result") is False


def test_no_system_is_inferred_where_none_holds_the_code(garden: Context) -> None:
    found = validate(garden, "both", code="nut", inferSystem=True)
    assert value_of(found, "result") is False
    assert messages_of(found) == sorted([NOT_IN, "UNABLE_TO_INFER_CODESYSTEM"])
    assert "'#nut'" in issue_of(found, NOT_IN)["details"]["text"]
    assert value_of(found, "system") is None


def test_no_system_is_inferred_where_several_hold_the_code(garden: Context) -> None:
    found = validate(garden, "both", code="a", inferSystem=True)
    assert value_of(found, "result") is False
    message = "Unable_to_resolve_system__value_set_has_multiple_matches"
    assert messages_of(found) == sorted([NOT_IN, message])
    assert f"[{FRUIT}, {ROOTS}]" in issue_of(found, message)["details"]["text"]
    assert value_of(found, "system") is None


def test_what_can_t_be_inferred_since_a_system_is_not_loaded_is_told(garden: Context) -> None:
    found = validate(garden, "partly", code="nut", inferSystem=True)
    assert value_of(found, "result") is False
    assert messages_of(found) == ["UNKNOWN_CODESYSTEM"]
    assert values_of(found, "x-caused-by-unknown-system") == [GONE]


@pytest.mark.parametrize("name", ["both", "importing"])
def test_the_one_system_that_holds_the_code_is_inferred(garden: Context, name: str) -> None:
    found = validate(garden, name, code="fig", inferSystem=True)
    assert value_of(found, "result") is True
    assert value_of(found, "system") == FRUIT
    assert value_of(found, "display") == "Fig"
