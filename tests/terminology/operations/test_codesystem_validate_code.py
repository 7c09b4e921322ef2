"""`CodeSystem/$validate-code`: what is refused, what is wrong, what can't be checked."""

from typing import Any

import pytest

from terminology.errors import InvalidInput, MissingInput, NotFound, ProtermError
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import (
    ANIMALS,
    COLOURS,
    issues_of,
    perform,
    value_of,
)

CPT = "http://www.ama-assn.org/go/cpt"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
NOTES = "https://proterm.example/fhir/CodeSystem/cpt-37244-notes"
AGENTS = "https://proterm.example/fhir/CodeSystem/embolic-agents"


def validate(context: Context, **sent: Any) -> Json:
    return perform(context, "CodeSystem/validate-code", **sent)


@pytest.mark.parametrize(
    ("sent", "error", "words"),
    [
        ({}, MissingInput, "Send a code, a coding or a codeableConcept"),
        ({"url": CPT}, MissingInput, "Send a code"),
        ({"code": "37244"}, MissingInput, "'37244' needs its code system: send url"),
        ({"url": CPT, "code": "1", "coding": {"code": "1"}}, InvalidInput, "code and coding"),
        ({"coding": {"code": "1"}, "codeableConcept": {}}, InvalidInput, "not both"),
        ({"coding": {"system": CPT}}, MissingInput, "has no code"),
        ({"codeableConcept": {}}, MissingInput, "has no coding"),
        ({"codeableConcept": {"text": "t"}}, MissingInput, "has no coding"),
        ({"codeableConcept": {"coding": [{"system": CPT}]}}, MissingInput, "has no code"),
        ({"url": CPT, "code": "1", "displayLanguage": "?"}, InvalidInput, "displayLanguage"),
        ({"url": CPT, "code": "37244", "useSupplement": ["urn:s"]}, NotFound, "urn:s"),
        ({"url": CPT, "code": "99213", "useSupplement": ["urn:s"]}, NotFound, "urn:s"),
        ({"url": "urn:gone", "code": "1", "useSupplement": ["urn:s"]}, NotFound, "urn:s"),
    ],
)
def test_what_is_refused(
    context: Context, sent: Json, error: type[ProtermError], words: str
) -> None:
    with pytest.raises(error, match=words):
        validate(context, **sent)


@pytest.mark.parametrize("code", ["99213", "37245", "LX", "99213X", "x" * 4096])
def test_a_cpt_code_that_is_not_loaded_is_false_and_says_what_to_do(
    context: Context, code: str
) -> None:
    found = validate(context, url=CPT, code=code)
    assert value_of(found, "result") is False
    sentence = (
        f"The code '{code}' is not among the 54 codes loaded (fragment of CPT 2026); load a"
        " licensed release to check it"
    )
    assert issues_of(found) == [("error", "invalid-code", sentence)]
    assert value_of(found, "message") == sentence
    assert value_of(found, "code") == code
    assert value_of(found, "system") == CPT
    assert value_of(found, "display") is None


@pytest.mark.parametrize("display", ["foreign", "Vascular embolization", "x" * 5000])
def test_a_display_of_37244_can_not_be_checked(context: Context, display: str) -> None:
    found = validate(context, url=CPT, code="37244", display=display)
    assert value_of(found, "result") is True
    ((severity, kind, text),) = issues_of(found)
    assert (severity, kind) == ("warning", "display-comment")
    assert "the AMA's descriptors are not loaded; display not checked" in text
    assert value_of(found, "message") is None
    (issue,) = value_of(found, "issues")["issue"]
    assert issue["expression"] == ["display"]


def test_our_own_display_of_37244_is_no_issue(context: Context) -> None:
    ours = value_of(validate(context, url=CPT, code="37244"), "display")
    for display in (ours, ours.upper()):
        found = validate(context, url=CPT, code="37244", display=display)
        assert value_of(found, "result") is True
        assert issues_of(found) == []


def test_a_level_ii_code_that_is_not_loaded_may_be_in_another_fragment(context: Context) -> None:
    found = validate(context, url=HCPCS, code="A0021")
    assert value_of(found, "result") is True
    ((severity, kind, text),) = issues_of(found)
    assert (severity, kind) == ("warning", "invalid-code")
    assert "labeled as a fragment" in text
    found = validate(context, url=HCPCS, code="GC", display="foreign")
    assert value_of(found, "result") is True
    assert issues_of(found)[0][:2] == ("warning", "display-comment")


def test_our_own_code_systems_are_complete(context: Context) -> None:
    found = validate(context, url=AGENTS, code="nothing")
    assert value_of(found, "result") is False
    sentence = f"Unknown code 'nothing' in the CodeSystem '{AGENTS}' version '1.0.0'"
    assert issues_of(found) == [("error", "invalid-code", sentence)]


def test_every_loaded_code_is_valid_with_its_display(context: Context) -> None:
    for head in context.code_systems.heads():
        provider = context.code_systems.find(head.url or "", head.version)
        assert provider is not None
        for placed in provider.at(range(provider.size)):
            found = validate(
                context, url=head.url, code=placed.concept.code, display=placed.concept.display
            )
            assert (value_of(found, "result"), issues_of(found)) == (True, [])


@pytest.mark.parametrize("url", ["urn:gone", f"{CPT}/", "cpt"])
def test_a_code_system_that_is_not_loaded(context: Context, url: str) -> None:
    found = validate(context, url=url, code="37244")
    assert value_of(found, "result") is False
    assert value_of(found, "x-caused-by-unknown-system") == url
    ((severity, kind, text),) = issues_of(found)
    assert (severity, kind) == ("error", "not-found")
    assert text == (
        f"A definition for CodeSystem '{url}' could not be found, so the code cannot be validated"
    )


def test_a_supplement_is_no_code_system(context: Context) -> None:
    found = validate(context, url=NOTES, code="37244")
    assert value_of(found, "result") is False
    ((severity, kind, text),) = issues_of(found)
    assert (severity, kind) == ("error", "invalid-data")
    assert (
        text == f"CodeSystem {NOTES} is a supplement, so can't be used as a value in Coding.system"
    )


@pytest.mark.parametrize(
    "sent",
    [
        {"url": CPT, "code": "37244", "version": "2025"},
        {"coding": {"system": CPT, "code": "37244", "version": "2025"}},
        {"coding": {"system": CPT, "code": "37244"}, "version": "2025"},
    ],
)
def test_a_version_that_is_not_loaded(context: Context, sent: Json) -> None:
    found = validate(context, **sent)
    assert value_of(found, "result") is False
    assert value_of(found, "x-caused-by-unknown-system") == f"{CPT}|2025"
    ((_, kind, text),) = issues_of(found)
    assert kind == "not-found"
    assert "version '2025' could not be found" in text
    assert "Valid versions: 2026" in text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"url": CPT, "coding": {"system": HCPCS, "code": "GC"}}, f"is of '{HCPCS}', not of"),
        ({"coding": {"code": "37244"}}, "has no system"),
    ],
)
def test_a_coding_of_another_system(context: Context, sent: Json, words: str) -> None:
    found = validate(context, **sent)
    assert value_of(found, "result") is False
    ((severity, kind, text),) = issues_of(found)
    assert (severity, kind) == ("error", "invalid-data")
    assert words in text


@pytest.mark.parametrize(
    "sent",
    [
        {"url": CPT, "code": "37244"},
        {"url": CPT, "code": "37244", "version": "2026"},
        {"coding": {"system": CPT, "code": "37244"}},
        {"coding": {"system": f"{CPT}|2026", "code": "37244"}},
        {"coding": {"code": "37244"}, "url": CPT},
        {"codeableConcept": {"coding": [{"system": CPT, "code": "37244"}]}},
        {"codeableConcept": {"coding": [{"code": "37244"}], "text": "t"}, "url": CPT},
        {"url": CPT, "code": "37244", "useSupplement": [NOTES], "date": "2026-11-23"},
    ],
)
def test_every_way_of_sending_a_code(context: Context, sent: Json) -> None:
    found = validate(context, **sent)
    assert value_of(found, "result") is True
    assert value_of(found, "version") == "2026"
    assert value_of(found, "code") == "37244"
    assert value_of(found, "display")
    assert issues_of(found) == []
    assert value_of(found, "codeableConcept") == sent.get("codeableConcept")


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        ({"url": CPT, "code": "1"}, "code"),
        ({"coding": {"system": CPT, "code": "1"}}, "Coding.code"),
        ({"codeableConcept": {"coding": [{"code": "37244"}, {"code": "1"}]}, "url": CPT},
         "CodeableConcept.coding[1].code"),
        ({"coding": {"system": "urn:gone", "code": "1"}}, "Coding.system"),
        ({"coding": {"system": CPT, "code": "37244", "display": "foreign"}}, "Coding.display"),
    ],
)  # fmt: skip
def test_each_issue_says_where_it_stands(context: Context, sent: Json, path: str) -> None:
    (issue,) = value_of(validate(context, **sent), "issues")["issue"]
    assert issue["expression"] == [path]
    assert "location" not in issue


def test_one_wrong_coding_makes_a_concept_wrong_and_the_right_one_is_shown(
    context: Context,
) -> None:
    wrong, right = {"system": CPT, "code": "1"}, {"system": HCPCS, "code": "GC"}
    found = validate(context, codeableConcept={"coding": [wrong, right]})
    assert value_of(found, "result") is False
    assert value_of(found, "code") == "GC"
    assert value_of(found, "system") == HCPCS


@pytest.mark.parametrize(
    ("display", "language", "valid"),
    [
        ("Duck", None, True),
        ("dUCK", None, True),
        ("Ente", None, True),
        ("Goose", None, False),
        ("Ente", "de", True),
        ("Duck", "de", False),
        ("Ente", "en", False),
        ("Duck", "fr", True),
    ],
)
def test_displays_are_checked_where_they_are_loaded(
    zoo: Context, display: str, language: str | None, valid: bool
) -> None:
    sent = {"displayLanguage": language} if language else {}
    found = validate(zoo, url=ANIMALS, code="duck", display=display, **sent)
    assert value_of(found, "result") is valid
    if not valid:
        ((severity, kind, text),) = issues_of(found)
        assert (severity, kind) == ("error", "invalid-display")
        assert text.startswith(f"Wrong Display Name '{display}' for {ANIMALS}#duck. Valid display ")
        assert f"(for the language(s) '{language or '--'}')" in text


def test_a_supplement_s_names_are_valid_when_it_is_asked_for(zoo: Context) -> None:
    sent = {"url": ANIMALS, "code": "duck", "display": "Bata"}
    assert value_of(validate(zoo, **sent), "result") is False
    more = "https://test.example/CodeSystem/more"
    assert value_of(validate(zoo, useSupplement=[more], **sent), "result") is True


@pytest.mark.parametrize(("abstract", "valid"), [(None, True), (True, True), (False, False)])
def test_a_code_that_only_groups_others(zoo: Context, abstract: bool | None, valid: bool) -> None:
    sent = {} if abstract is None else {"abstract": abstract}
    found = validate(zoo, url=ANIMALS, code="bird", **sent)
    assert value_of(found, "result") is valid
    assert [kind for _, kind, _ in issues_of(found)] == ([] if valid else ["code-rule"])


def test_an_inactive_code_is_valid_with_a_warning(zoo: Context) -> None:
    found = validate(zoo, url=ANIMALS, code="dodo")
    assert value_of(found, "result") is True
    assert value_of(found, "inactive") is True
    assert issues_of(found) == [
        (
            "warning",
            "code-comment",
            "The concept 'dodo' has a status of retired and inactive and its use should be"
            " reviewed",
        )
    ]
    assert "status of retired" in value_of(found, "message")


def test_case_is_told_where_it_does_not_count(zoo: Context) -> None:
    found = validate(zoo, url=COLOURS, code="BLUE")
    assert value_of(found, "result") is True
    assert value_of(found, "code") == "BLUE"
    assert value_of(found, "normalized-code") == "Blue"
    assert [issue[:2] for issue in issues_of(found)] == [("information", "code-rule")]
    assert value_of(validate(zoo, url=ANIMALS, code="DUCK"), "result") is False
