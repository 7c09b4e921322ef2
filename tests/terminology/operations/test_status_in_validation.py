"""Codes that are inactive, deprecated or abstract, and resources that are not to be relied on."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import (
    code_system,
    codes_of,
    concept,
    include,
    issues_of,
    prop,
    value_of,
    value_set,
)
from tests.terminology.operations.asking import (
    entry_of,
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

TREES = system("trees")
STANDARDS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
DROPPED = "http://hl7.org/fhir/StructureDefinition/valueset-deprecated"
CONCEPT = "http://hl7.org/fhir/concept-properties#"
NOT_IN = "None_of_the_provided_codes_are_in_the_value_set_one"


def standing(status: str) -> Json:
    return {"extension": [{"url": STANDARDS, "valueCode": status}]}


@pytest.fixture
def trees(load: Callable[..., Context]) -> Context:
    made = [
        concept("tree", "Tree", concept("oak", "Oak"), property=[prop("group", valueBoolean=True)]),
        concept("elm", "Elm", property=[prop("status", valueCode="retired")]),
        concept("yew", "Yew", property=[prop("status", valueCode="deprecated")]),
        concept("fir", "Fir", property=[prop("off", valueBoolean=True)]),
        concept("ash", "Ash", property=[prop("status", valueCode="active")]),
    ]
    declared = [
        {"code": "status", "uri": f"{CONCEPT}status", "type": "code"},
        {"code": "group", "uri": f"{CONCEPT}notSelectable", "type": "boolean"},
        {"code": "off", "uri": f"{CONCEPT}inactive", "type": "boolean"},
    ]
    kept = {"code": "oak", "extension": [{"url": DROPPED, "valueBoolean": True}]}
    sets = [
        ours(value_set("all", include(TREES))),
        ours(value_set("active", include(TREES), inactive=False)),
        ours(value_set("inactive", include(TREES), inactive=True)),
        ours(value_set("dropping", {"system": TREES, "concept": [kept, {"code": "ash"}]})),
    ]
    states: list[tuple[str, Json]] = [
        ("draft", {"status": "draft"}),
        ("experimental", {"experimental": True}),
        ("deprecated", standing("deprecated")),
        ("withdrawn", standing("withdrawn")),
    ]
    for name, stated in states:
        sets.append(ours(value_set(f"of-{name}", include(system(name)))))
        sets.append(ours(value_set(f"is-{name}", include(TREES))) | stated)
        sets.append(ours(value_set(f"by-{name}", include(valueSet=[value_set_url(f"is-{name}")]))))
    systems = [ours(code_system(n, [concept("oak", "Oak")])) | stated for n, stated in states]
    return load(ours(code_system("trees", made, property=declared)), *systems, *sets)


@pytest.mark.parametrize("code", ["elm", "fir"])
@pytest.mark.parametrize(("name", "sent"), [("active", {}), ("all", {"activeOnly": True})])
def test_an_inactive_code_where_only_active_ones_are_wanted(
    trees: Context, code: str, name: str, sent: dict[str, Any]
) -> None:
    for form, way in forms({"system": TREES, "code": code}):
        found = validate(trees, name, **way, **sent)
        assert value_of(found, "result") is False
        concept_only = ["TX_GENERAL_CC_ERROR_MESSAGE"] if form == "codeableConcept" else []
        assert messages_of(found) == sorted(
            ["INACTIVE_CONCEPT_FOUND", NOT_IN, "STATUS_CODE_WARNING_CODE", *concept_only]
        )
        if form != "codeableConcept":
            assert value_of(found, "inactive") is True
    assert code not in codes_of(expand(trees, name, **sent))


@pytest.mark.parametrize(("code", "said"), [("elm", "retired and inactive"), ("fir", "inactive")])
@pytest.mark.parametrize("name", ["all", "inactive"])
def test_an_inactive_code_is_right_with_a_warning(
    trees: Context, code: str, said: str, name: str
) -> None:
    found = validate(trees, name, system=TREES, code=code)
    assert value_of(found, "result") is True
    assert value_of(found, "inactive") is True
    text = f"The concept '{code}' has a status of {said} and its use should be reviewed"
    assert issues_of(found) == [("warning", "code-comment", text)]
    assert value_of(found, "message") == text


def test_a_deprecated_code_is_not_inactive(trees: Context) -> None:
    for name in ("all", "active"):
        found = validate(trees, name, system=TREES, code="yew")
        assert value_of(found, "result") is True
        assert value_of(found, "inactive") is None
        assert value_of(found, "status") == "deprecated"
        assert messages_of(found) == ["DEPRECATED_CONCEPT_FOUND"]
    assert "yew" in codes_of(expand(trees, "all", activeOnly=True))


@pytest.mark.parametrize(("abstract", "result"), [(False, False), (True, True), (None, True)])
def test_a_code_that_only_groups(trees: Context, abstract: bool | None, result: bool) -> None:
    sent = {} if abstract is None else {"abstract": abstract}
    found = validate(trees, "all", system=TREES, code="tree", **sent)
    assert value_of(found, "result") is result
    assert messages_of(found) == ([] if result else ["ABSTRACT_CODE_NOT_ALLOWED", NOT_IN])
    assert value_of(validate(trees, "all", system=TREES, code="oak", **sent), "result") is True


def test_what_an_expansion_marks(trees: Context) -> None:
    found = expand(trees, "all")
    marks = {
        code: [name for name in ("abstract", "inactive") if entry_of(found, code).get(name)]
        for code in codes_of(found)
    }
    assert marks == {
        "tree": ["abstract"],
        "oak": [],
        "elm": ["inactive"],
        "yew": [],
        "fir": ["inactive"],
        "ash": [],
    }
    stated = {code: entry_of(found, code).get("property", []) for code in marks}
    assert {code: one[0]["valueCode"] for code, one in stated.items() if one} == {
        "elm": "retired",
        "yew": "deprecated",
        "fir": "inactive",
    }
    assert found["expansion"]["property"] == [{"code": "status", "uri": f"{CONCEPT}status"}]


def test_a_code_that_the_value_set_means_to_drop(trees: Context) -> None:
    found = validate(trees, "dropping", system=TREES, code="oak")
    assert value_of(found, "result") is True
    assert messages_of(found) == ["CONCEPT_DEPRECATED_IN_VALUESET"]
    assert value_of(found, "message") is None
    assert messages_of(validate(trees, "dropping", system=TREES, code="ash")) == []
    kept = entry_of(expand(trees, "dropping"), "oak")["extension"]
    assert kept == [{"url": DROPPED, "valueBoolean": True}]


@pytest.mark.parametrize("status", ["draft", "experimental", "deprecated", "withdrawn"])
def test_a_code_system_s_status_is_told(trees: Context, status: str) -> None:
    found = validate(trees, f"of-{status}", system=system(status), code="oak")
    assert value_of(found, "result") is True
    assert value_of(found, "message") is None
    text = f"Reference to {status} CodeSystem {system(status)}|1.0.0"
    assert issues_of(found) == [("information", "status-check", text)]
    assert "expression" not in issue_of(found, f"MSG_{status.upper()}")
    expansion = expand(trees, f"of-{status}")
    assert values_of(expansion, f"warning-{status}") == [f"{system(status)}|1.0.0"]


@pytest.mark.parametrize("status", ["draft", "experimental", "deprecated", "withdrawn"])
@pytest.mark.parametrize("way", ["is", "by"])
def test_of_value_sets_only_a_withdrawn_one_is_told(trees: Context, status: str, way: str) -> None:
    found = validate(trees, f"{way}-{status}", system=TREES, code="oak")
    assert value_of(found, "result") is True
    told = status == "withdrawn"
    assert messages_of(found) == (["MSG_WITHDRAWN"] if told else [])
    canonical = f"{value_set_url(f'is-{status}')}|1.0.0"
    expansion = expand(trees, f"{way}-{status}")
    assert values_of(expansion, f"warning-{status}") == ([canonical] if told else [])
    assert values_of(expansion, "used-valueset") == ([canonical] if way == "by" else [])
