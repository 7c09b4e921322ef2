"""What every provider says of a concept: its state, and the sentence of a code it does not have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from terminology.codesystems.provider import Provider
from terminology.codesystems.supplement import SupplementedProvider
from terminology.model import CodeSystem, Json
from tests.terminology.builders import code_system, concept, in_memory, prop, stored

Make = Callable[[Json], Provider]
STANDARDS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
FHIR = "http://hl7.org/fhir/concept-properties#"


@pytest.fixture(params=["resource", "stored", "supplemented"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    """A function from a CodeSystem resource to a provider of each kind."""
    if request.param == "resource":
        return in_memory
    if request.param == "stored":
        return lambda resource: stored(tmp_path, resource)
    return lambda resource: SupplementedProvider(in_memory(resource), [CodeSystem(url="urn:s")])


def test_a_code_that_is_not_here(make: Make) -> None:
    issue = make(code_system("c", [concept("a")])).unknown_code("b", "Coding.code")
    assert (issue.severity, issue.code, issue.tx_issue_type) == (
        "error", "code-invalid", "invalid-code",
    )  # fmt: skip
    assert issue.text == (
        "Unknown code 'b' in the CodeSystem 'https://test.example/CodeSystem/c' version '1.0.0'"
    )
    assert issue.expression == ("Coding.code",)


def test_a_code_that_is_not_in_this_fragment_may_be_in_another(make: Make) -> None:
    fragment = make(code_system("c", [concept("a")], content="fragment"))
    issue = fragment.unknown_code("b", "code")
    assert issue.severity == "warning"
    assert "labeled as a fragment" in issue.text


@pytest.mark.parametrize(
    ("sensitive", "found"), [(True, None), (None, None), (False, "a"), ("absent", None)]
)
def test_case_counts_unless_the_code_system_says_that_it_does_not(
    make: Make, sensitive: bool | str | None, found: str | None
) -> None:
    system = code_system("c", [concept("a"), concept("B")])
    if sensitive == "absent":
        del system["caseSensitive"]
    else:
        system["caseSensitive"] = sensitive
    provider = make(system)
    placed = provider.find("A")
    assert (placed and placed.concept.code) == found
    assert provider.same_code("a", "A") == (found is not None)
    assert provider.find("B") is not None


@pytest.mark.parametrize(
    ("properties", "declared", "inactive", "status"),
    [
        ([], [], False, None),
        ([prop("inactive", valueBoolean=True)], [], True, None),
        ([prop("inactive", valueBoolean=False)], [], False, None),
        ([prop("inactive", valueCode="true")], [], True, None),
        ([prop("status", valueCode="retired")], [], True, "retired"),
        ([prop("status", valueCode="withdrawn")], [], True, "withdrawn"),
        ([prop("status", valueCode="deprecated")], [], False, "deprecated"),
        ([prop("status", valueCode="active")], [], False, "active"),
        ([prop("state", valueCode="retired")], [("state", "status")], True, "retired"),
        ([prop("status", valueCode="retired")], [("state", "status")], False, None),
        ([prop("gone", valueBoolean=True)], [("gone", "inactive")], True, None),
        ([prop("gone", valueBoolean=True)], [], False, None),
    ],
)
def test_whether_a_concept_is_inactive(
    make: Make,
    properties: list[Json],
    declared: list[tuple[str, str]],
    inactive: bool,
    status: str | None,
) -> None:
    definitions = [
        {"code": code, "uri": FHIR + meaning, "type": "code"} for code, meaning in declared
    ]
    system = code_system(
        "c", [concept("x"), concept("a", property=properties)], property=definitions
    )
    provider = make(system)
    (_, placed) = provider.at([0, 1])
    assert provider.is_inactive(placed.concept) is inactive
    assert provider.inactive() == (frozenset({1}) if inactive else frozenset())
    assert provider.status(placed.concept) == status


def test_a_standards_status_is_a_status(make: Make) -> None:
    extension = [{"url": STANDARDS, "valueCode": "deprecated"}]
    provider = make(code_system("c", [concept("a", extension=extension)]))
    (placed,) = provider.at([0])
    assert provider.status(placed.concept) == "deprecated"
    assert not provider.is_inactive(placed.concept)


@pytest.mark.parametrize(
    ("value", "abstract"),
    [({"valueBoolean": True}, True), ({"valueBoolean": False}, False), ({}, False)],
)
@pytest.mark.parametrize("code", ["notSelectable", "not-selectable"])
def test_a_concept_that_only_groups_others_is_abstract(
    make: Make, code: str, value: dict[str, Any], abstract: bool
) -> None:
    declared = [{"code": "not-selectable", "uri": FHIR + "notSelectable", "type": "boolean"}]
    concepts = [concept("a", property=[prop(code, **value)])]
    provider = make(code_system("c", concepts, property=declared))
    (placed,) = provider.at([0])
    assert provider.is_abstract(placed.concept) is abstract


def test_whose_descriptors_are_not_loaded(make: Make) -> None:
    url = "https://proterm.example/fhir/StructureDefinition/descriptors-not-loaded"
    assert make(code_system("c", [])).descriptors_not_loaded is None
    marked = code_system("c", [], extension=[{"url": url, "valueString": "the owner"}])
    assert make(marked).descriptors_not_loaded == "the owner"


def test_a_provider_reads_the_same_from_a_resource_and_from_the_store(
    tmp_path: Path, animals: Json
) -> None:
    one, other = in_memory(animals), stored(tmp_path, animals)
    assert one.size == other.size
    assert one.has_hierarchy is other.has_hierarchy is True
    assert one.head == other.head
    assert one.canonical == other.canonical
    for placed, read in zip(one.at(range(one.size)), other.at(range(other.size)), strict=True):
        assert read == placed._replace(concept=msgspec.structs.replace(placed.concept, concept=[]))
    for code in ("animal", "duck", "stone"):
        near, beside = one.neighbours(code), other.neighbours(code)
        assert near is not None
        assert beside is not None
        assert near[1:] == beside[1:]
        assert near.placed.ordinal == beside.placed.ordinal
    assert other.neighbours("nothing") is None
    for text in ("du", "ente", "a o", "", "aaaa", "!", "an", "ani", "nothing", "duck ente"):
        assert list(one.search(text)) == list(other.search(text))
        assert one.codes(text) == other.codes(text)
    for code in ("size", "tint", "call", "nothing"):
        assert sorted(one.property_values(code)) == sorted(other.property_values(code))
