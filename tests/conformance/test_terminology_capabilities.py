"""The TerminologyCapabilities: every code system that answers, and what an expansion takes."""

from typing import Any

import pytest

from conformance.terminology_capabilities import terminology_capabilities
from terminology.fhir.versions import FhirVersion
from terminology.model import CodeSystem, PropertyDefinition
from terminology.operations.context import Context, Limits
from terminology.operations.registry import OPERATIONS
from terminology.store.search.params import parameters_of

Json = dict[str, Any]
BASE = "http://tx.example/r5"
COLOURS = "https://example.org/colours"


def claims(*heads: CodeSystem, limits: Limits | None = None) -> Json:
    return terminology_capabilities(FhirVersion.R5, BASE, heads, "0a1b", limits)


def head(version: str | None = None, **more: Any) -> CodeSystem:
    return CodeSystem(**({"url": COLOURS, "version": version, "content": "complete"} | more))


@pytest.mark.parametrize("content", ["supplement", "not-present", "example", None])
def test_what_cannot_answer_for_a_code_is_not_claimed(content: str | None) -> None:
    assert claims(head("1", content=content))["codeSystem"] == []


def test_a_code_system_without_url_is_not_claimed() -> None:
    assert claims(head("1", url=None))["codeSystem"] == []


def test_a_single_code_system_without_version_has_no_version_code() -> None:
    (found,) = claims(head())["codeSystem"]
    assert found["version"] == [{"isDefault": True, "compositional": False}]


def test_the_default_is_the_version_that_answers_unasked() -> None:
    (found,) = claims(head("1.9"), head("1.10"))["codeSystem"]
    defaults = {version["code"]: version["isDefault"] for version in found["version"]}
    assert defaults == {"1.10": True, "1.9": False}


def test_the_version_in_force_may_be_another_than_the_latest() -> None:
    heads = (head("2026"), head("2027", content="fragment"))
    found = terminology_capabilities(
        FhirVersion.R5, BASE, heads, "0a1b", answering={COLOURS: "2026"}.get
    )
    (system,) = found["codeSystem"]
    assert [(each["code"], each["isDefault"]) for each in system["version"]] == [
        ("2026", True),
        ("2027", False),
    ]
    assert system["content"] == "complete"


def test_the_content_is_that_of_the_default_version() -> None:
    (found,) = claims(head("2", content="fragment"), head("1"))["codeSystem"]
    assert found["content"] == "fragment"


def test_a_grammar_is_not_claimed_before_it_is_understood() -> None:
    (found,) = claims(head("1", compositional=True))["codeSystem"]
    assert found["version"][0]["compositional"] is False


def test_languages_and_properties_are_those_of_the_code_system() -> None:
    declared = [PropertyDefinition(code="kind"), PropertyDefinition(code="modifier")]
    (found,) = claims(head("1", language="en", property=declared))["codeSystem"]
    assert found["version"][0]["language"] == ["en"]
    assert found["version"][0]["property"] == ["kind", "modifier"]


def test_every_code_system_that_answers_is_claimed_in_every_version(context: Context) -> None:
    systems = context.code_systems
    found = claims(*systems.heads())["codeSystem"]
    assert len(found) > 5
    claimed = {each["uri"]: {v.get("code") for v in each["version"]} for each in found}
    assert set(claimed) == {each.url for each in systems.heads()}
    for url, versions in claimed.items():
        assert versions == set(systems.versions(url))


def test_the_claimed_default_is_the_one_the_engine_takes(context: Context) -> None:
    systems = context.code_systems
    every = terminology_capabilities(
        FhirVersion.R5, BASE, systems.heads(), "0a1b", answering=systems.version_meant
    )
    for each in every["codeSystem"]:
        (default,) = (v for v in each["version"] if v["isDefault"])
        provider = systems.find(each["uri"])
        assert provider is not None
        assert default.get("code") == provider.head.version


def test_the_parameters_are_those_that_an_expansion_reads() -> None:
    (expand,) = (operation for operation in OPERATIONS if operation.name == "expand")
    names = [each["name"] for each in claims()["expansion"]["parameter"]]
    assert names == sorted(expand.schema.described())
    assert not set(names) & set(expand.schema.refused)


@pytest.mark.parametrize(
    ("element", "operation"), [("translation", "translate"), ("closure", "closure")]
)
def test_an_operation_is_claimed_only_where_it_is_served(element: str, operation: str) -> None:
    assert (element in claims()) is (operation in {each.name for each in OPERATIONS})


def test_code_search_is_claimed_only_where_it_is_served() -> None:
    assert ("codeSearch" in claims()) is ("code" in parameters_of("ValueSet"))


def test_subsumption_is_claimed_only_where_it_is_served() -> None:
    (found,) = claims(head("1"))["codeSystem"]
    assert ("subsumption" in found) is ("subsumes" in {each.name for each in OPERATIONS})


def test_the_bounds_are_told() -> None:
    text = claims(limits=Limits(expansion=77, page=88))["description"]
    assert "77 codes" in text
    assert "88" in text
