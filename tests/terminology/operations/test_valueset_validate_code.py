"""`ValueSet/$validate-code`: what is refused, what is outside, and the words of the value set."""

import re
from typing import Any

import pytest

from terminology.errors import InvalidInput, MissingInput, NotFound, ProtermError
from terminology.model import Json
from terminology.operations.context import Context
from terminology.valuesets.scope import CircularReference
from tests.terminology.builders import (
    ANIMALS,
    BASE,
    COLOURS,
    issues_of,
    perform,
    value_of,
)

CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
MODIFIERS = "https://proterm.example/fhir/ValueSet/modifiers-37244"
VS = f"{BASE}/ValueSet/"


def validate(context: Context, url: str = MODIFIERS, **sent: Any) -> Json:
    return perform(context, "ValueSet/validate-code", url=url, **sent)


@pytest.mark.parametrize(
    ("sent", "error", "words"),
    [
        ({"code": "26"}, MissingInput, "'26' needs its code system: send system, or inferSystem"),
        ({"code": "26", "inferSystem": False}, MissingInput, "send system"),
        ({}, MissingInput, "Send a code, a coding or a codeableConcept"),
        ({"coding": {"system": CPT}}, MissingInput, "has no code"),
        ({"codeableConcept": {}}, MissingInput, "has no coding"),
        ({"code": "26", "system": CPT, "coding": {"code": "26"}}, InvalidInput, "not both"),
        ({"url": "urn:gone", "code": "1", "system": CPT}, NotFound, "value Set 'urn:gone'"),
        ({"url": f"{MODIFIERS}|7", "code": "1", "system": CPT}, NotFound, r"37244\|7"),
        ({"valueSetVersion": "7", "code": "1", "system": CPT}, NotFound, r"37244\|7"),
        ({"code": "26", "system": CPT, "useSupplement": ["urn:s"]}, NotFound, "urn:s"),
        ({"code": "xx", "system": CPT, "useSupplement": ["urn:s"]}, NotFound, "urn:s"),
    ],
)
def test_what_is_refused(
    context: Context, sent: Json, error: type[ProtermError], words: str
) -> None:
    with pytest.raises(error, match=words):
        validate(context, **sent)


def test_a_value_set_has_to_be_named(context: Context) -> None:
    with pytest.raises(MissingInput, match="Name the value set: send url"):
        perform(context, "ValueSet/validate-code", code="26", system=CPT)


@pytest.mark.parametrize("code", ["duck", "nothing"])
def test_a_value_set_that_imports_itself_is_refused_whatever_the_code(
    zoo: Context, code: str
) -> None:
    with pytest.raises(CircularReference, match="circle"):
        validate(zoo, f"{VS}circle", code=code, system=ANIMALS)


@pytest.mark.parametrize(
    ("system", "code"),
    [(CPT, "26"), (CPT, "50"), (CPT, "59"), (CPT, "XU"), (HCPCS, "GC"), (CPT, "22")],
)
def test_modifiers_that_go_with_37244(context: Context, system: str, code: str) -> None:
    for sent in (
        {"system": system, "code": code},
        {"coding": {"system": system, "code": code}},
        {"codeableConcept": {"coding": [{"system": system, "code": code}]}},
        {"inferSystem": True, "code": code},
        {"inferSystem": "true", "coding": {"code": code}},
    ):
        found = validate(context, **sent)
        assert value_of(found, "result") is True
        assert value_of(found, "system") == system
        assert value_of(found, "code") == code
        assert issues_of(found) == []


@pytest.mark.parametrize("code", ["P1", "1P", "37244", "95"])
def test_codes_that_are_loaded_but_outside(context: Context, code: str) -> None:
    found = validate(context, system=CPT, code=code)
    assert value_of(found, "result") is False
    sentence = (
        f"The provided code '{CPT}#{code}' was not found in the value set '{MODIFIERS}|1.0.0'"
    )
    assert issues_of(found) == [("error", "not-in-vs", sentence)]
    assert value_of(found, "display")


def test_a_code_that_is_not_loaded_is_outside_and_unknown(context: Context) -> None:
    found = validate(context, "http://hl7.org/fhir/ValueSet/cpt-base", system=CPT, code="99213")
    assert value_of(found, "result") is False
    kinds = {kind: text for _, kind, text in issues_of(found)}
    assert set(kinds) == {"not-in-vs", "invalid-code"}
    assert "not among the 54 codes loaded (fragment of CPT 2026)" in kinds["invalid-code"]


def test_a_foreign_display_is_only_a_warning(context: Context) -> None:
    base = "http://hl7.org/fhir/ValueSet/cpt-base"
    found = validate(context, base, system=CPT, code="37244", display="foreign")
    assert value_of(found, "result") is True
    assert issues_of(found)[0][:2] == ("warning", "display-comment")


@pytest.mark.parametrize("system", ["urn:gone", "cpt", CPT + "/"])
def test_a_system_that_is_not_loaded(context: Context, system: str) -> None:
    found = validate(context, system=system, code="26")
    assert value_of(found, "result") is False
    relative = ["invalid-data"] if ":" not in system else []
    kinds = [kind for _, kind, _ in issues_of(found)]
    assert kinds == ["not-in-vs", *relative, "not-found"]


def test_the_right_code_of_the_wrong_system(context: Context) -> None:
    found = validate(context, system=HCPCS, code="26")
    assert value_of(found, "result") is False
    assert issues_of(found)[0][1] == "not-in-vs"


def test_a_coding_without_a_system(context: Context) -> None:
    found = validate(context, coding={"code": "26"})
    assert value_of(found, "result") is False
    assert [issue[:2] for issue in issues_of(found)] == [
        ("warning", "invalid-data"),
        ("error", "not-in-vs"),
    ]
    assert value_of(found, "system") is None
    assert "Coding has no system" in value_of(found, "message")


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("twice", "b", "has multiple matches: ["),
        ("twice", "nothing", "could not be determined for the code 'nothing'"),
        ("twice", "BLUE", None),
        ("both", "red", None),
    ],
)
def test_a_system_is_inferred_where_it_is_the_only_one(
    zoo: Context, name: str, code: str, words: str | None
) -> None:
    found = validate(zoo, VS + name, code=code, inferSystem=True)
    if words is None:
        assert value_of(found, "system") == COLOURS or "urn:gone" in str(issues_of(found))
        return
    assert value_of(found, "result") is False
    assert value_of(found, "system") is None
    (kind, text), (outside, _) = ((kind, text) for _, kind, text in issues_of(found))
    assert (kind, outside) == ("cannot-infer", "not-in-vs")
    assert words in text


@pytest.mark.parametrize(
    ("name", "system", "words"),
    [
        ("lost", ANIMALS, "value Set '.*/nowhere' could not be found"),
        ("both", "urn:gone", "CodeSystem 'urn:gone' could not be found"),
        ("other", ANIMALS, "version '7' could not be found"),
    ],
)
def test_what_the_value_set_needs_and_is_not_loaded_makes_the_result_false(
    zoo: Context, name: str, system: str, words: str
) -> None:
    for sent in ({"system": system}, {"inferSystem": True}):
        found = validate(zoo, VS + name, code="x", **sent)
        assert value_of(found, "result") is False
        ((severity, kind, text),) = issues_of(found)
        assert (severity, kind) == ("error", "not-found")
        assert re.search(words, text)


@pytest.mark.parametrize(
    ("display", "valid"),
    [("Duck", True), ("Donald", True), ("donald", True), ("Dagobert", True), ("Goose", False)],
)
def test_the_value_set_s_own_words_are_right_too(zoo: Context, display: str, valid: bool) -> None:
    found = validate(zoo, f"{VS}named", system=ANIMALS, code="duck", display=display)
    assert value_of(found, "result") is valid
    assert value_of(found, "display") == "Donald"
    outside = validate(zoo, f"{VS}birds", system=ANIMALS, code="duck", display="Donald")
    assert value_of(outside, "result") is False


@pytest.mark.parametrize("name", ["birds", "named"])
def test_a_supplement_s_names_are_right_when_it_is_asked_for(zoo: Context, name: str) -> None:
    sent = {"system": ANIMALS, "code": "duck", "display": "Bata"}
    kinds = [kind for _, kind, _ in issues_of(validate(zoo, VS + name, **sent))]
    assert "invalid-display" in kinds
    more = f"{BASE}/CodeSystem/more"
    found = validate(zoo, VS + name, useSupplement=[more], **sent)
    assert "invalid-display" not in [kind for _, kind, _ in issues_of(found)]


@pytest.mark.parametrize(
    ("name", "sent", "result", "kinds"),
    [
        ("birds", {"version": "1.0.0"}, True, []),
        ("birds", {"version": "0.9.0"}, True, ["vs-invalid"]),
        ("birds", {"version": "7"}, False, ["vs-invalid", "not-found"]),
        ("pinned", {"version": "1.0.0"}, False, ["not-in-vs", "invalid-code", "vs-invalid"]),
        ("pinned", {"version": "0.9.0"}, False, ["not-in-vs", "invalid-code"]),
        (
            "pinned",
            {"version": "7"},
            False,
            ["not-in-vs", "invalid-code", "vs-invalid", "not-found"],
        ),
    ],
)
def test_the_version_of_a_coding(
    zoo: Context, name: str, sent: Json, result: bool, kinds: list[str]
) -> None:
    coding = {"system": ANIMALS, "code": "duck"} | sent
    found = validate(zoo, VS + name, coding=coding)
    assert value_of(found, "result") is result
    assert [kind for _, kind, _ in issues_of(found)] == kinds
    same = validate(zoo, VS + name, code="duck", system=ANIMALS, systemVersion=sent["version"])
    assert [kind for _, kind, _ in issues_of(same)] == kinds


@pytest.mark.parametrize(("abstract", "valid"), [(None, True), (True, True), (False, False)])
def test_a_code_that_only_groups_others(zoo: Context, abstract: bool | None, valid: bool) -> None:
    sent = {} if abstract is None else {"abstract": abstract}
    found = validate(zoo, f"{VS}birds", system=ANIMALS, code="bird", **sent)
    assert value_of(found, "result") is valid
    assert ("code-rule" in [kind for _, kind, _ in issues_of(found)]) is not valid


def test_an_inactive_code(zoo: Context) -> None:
    found = validate(zoo, f"{VS}birds", system=ANIMALS, code="dodo")
    assert value_of(found, "result") is True
    assert value_of(found, "inactive") is True
    assert [issue[:2] for issue in issues_of(found)] == [("warning", "code-comment")]
    found = validate(zoo, f"{VS}living", system=ANIMALS, code="dodo")
    assert value_of(found, "result") is False
    kinds = sorted((severity, kind) for severity, kind, _ in issues_of(found))
    assert kinds == [("error", "code-rule"), ("error", "not-in-vs"), ("warning", "code-comment")]


def test_case_does_not_count_where_the_code_system_says_so(zoo: Context) -> None:
    found = validate(zoo, f"{VS}both", system=COLOURS, code="BLUE")
    assert value_of(found, "result") is True
    assert value_of(found, "normalized-code") == "Blue"
