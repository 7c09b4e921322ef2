"""The CapabilityStatement claims what the registry has, and nothing else."""

from typing import Any

import msgspec
import pytest

from conformance import capability
from conformance.capability import capability_statement, search_includes, search_reverse_includes
from service.negotiation import response_format
from service.search import parse_search
from service.settings import Settings
from terminology.fhir.versions import FhirVersion
from terminology.operations.registry import OPERATIONS
from terminology.store.search.params import SEARCHED_TYPES, parameters_of
from terminology.store.sqlite import SqliteStore

Json = dict[str, Any]
BASE = "http://tx.example/r4"
WITH_OPERATIONS = {operation.resource_type for operation in OPERATIONS}


def claims(version: FhirVersion = FhirVersion.R4, **more: Any) -> Json:
    return capability_statement(version, BASE, SEARCHED_TYPES, "0a1b", **more)


def resources(statement: Json) -> dict[str, Json]:
    return {resource["type"]: resource for resource in statement["rest"][0]["resource"]}


def claimed_operations(statement: Json) -> set[tuple[str, str]]:
    return {
        (name, operation["name"])
        for name, resource in resources(statement).items()
        for operation in resource.get("operation", [])
    }


def test_no_interaction_that_writes_is_claimed() -> None:
    for name, resource in resources(claims()).items():
        if name in SEARCHED_TYPES:
            assert resource["interaction"] == [{"code": "read"}, {"code": "search-type"}]
        else:
            # What is only sent to an operation is not kept, and so can't be read.
            assert set(resource) == {"type", "operation"}


def test_no_operation_is_claimed_that_the_registry_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capability, "OPERATIONS", OPERATIONS[:1])
    assert claimed_operations(claims()) == {("CodeSystem", "lookup")}


def test_a_new_operation_of_the_registry_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    new = msgspec.structs.replace(OPERATIONS[0], name="validate", resource_type="Procedure")
    monkeypatch.setattr(capability, "OPERATIONS", (*OPERATIONS, new))
    assert ("Procedure", "validate") in claimed_operations(claims())


@pytest.mark.parametrize("version", FhirVersion)
def test_the_operations_are_those_of_the_registry(version: FhirVersion) -> None:
    registered = {(operation.resource_type, operation.name) for operation in OPERATIONS}
    assert claimed_operations(claims(version)) == registered


def test_the_search_parameters_are_those_of_the_table() -> None:
    for name, resource in resources(claims()).items():
        found = {each["name"]: each["type"] for each in resource.get("searchParam", ())}
        assert found == {each.name: each.type for each in parameters_of(name).values()}


def test_a_type_that_is_not_loaded_is_not_claimed() -> None:
    statement = capability_statement(FhirVersion.R5, BASE, ["InsurancePlan"], "0a1b")
    assert set(resources(statement)) == {*WITH_OPERATIONS, "InsurancePlan"}


def test_a_type_is_claimed_once() -> None:
    statement = capability_statement(FhirVersion.R5, BASE, ["ValueSet", "ValueSet"], "0a1b")
    assert list(resources(statement)) == sorted(WITH_OPERATIONS)
    assert {"CodeSystem", "ConceptMap", "ValueSet"} <= WITH_OPERATIONS


def test_every_definition_is_one_that_can_be_read(store: SqliteStore) -> None:
    loaded = {head.url for head in store.heads("OperationDefinition")}
    for resource in resources(claims()).values():
        for operation in resource.get("operation", []):
            assert operation["definition"] in loaded


def test_older_versions_name_search_parameters_as_they_define_them() -> None:
    def url(version: FhirVersion, resource_type: str) -> str:
        found = resources(claims(version))[resource_type]["searchParam"]
        definition: str = next(each["definition"] for each in found if each["name"] == "url")
        return definition.rpartition("/")[2]

    assert url(FhirVersion.R5, "ValueSet") == "CanonicalResource-url"
    assert url(FhirVersion.R4B, "ValueSet") == "conformance-url"
    assert url(FhirVersion.R4, "Questionnaire") == "Questionnaire-url"


def test_the_guide_that_a_search_parameter_comes_from_is_named() -> None:
    found = resources(claims())["InsurancePlan"]["searchParam"]
    (definition,) = (e["definition"] for e in found if e["name"] == "coverage-benefit-type")
    assert definition.startswith("http://hl7.org/fhir/us/ndh/")


def test_the_level_of_an_operation_is_told() -> None:
    def told(version: FhirVersion) -> str:
        operations = resources(claims(version))["CodeSystem"]["operation"]
        return next(str(o["documentation"]) for o in operations if o["name"] == "lookup")

    assert "the type only" in told(FhirVersion.R4)
    assert "at an instance" in told(FhirVersion.R5)


@pytest.mark.parametrize("resource_type", SEARCHED_TYPES)
def test_every_claimed_inclusion_is_taken_by_a_search(resource_type: str) -> None:
    pairs = [("_include", value) for value in search_includes(resource_type)]
    pairs += [("_revinclude", value) for value in search_reverse_includes(resource_type)]
    search = parse_search(resource_type, pairs, strict=True, settings=Settings())
    assert len(search.include) + len(search.revinclude) == len(pairs)


def test_a_canonical_is_not_claimed_as_an_inclusion() -> None:
    assert search_includes("CodeSystem") == []
    assert search_includes("InsurancePlan")[0] == "InsurancePlan:owned-by"
    assert "Provenance:target" in search_reverse_includes("ValueSet")


@pytest.mark.parametrize("name", capability.FORMATS)
def test_every_claimed_format_is_spoken(name: str) -> None:
    assert response_format("", name, FhirVersion.R4) in capability.FORMATS


@pytest.mark.parametrize("cors", [True, False])
def test_cors_is_claimed_as_it_is_set(cors: bool) -> None:
    assert claims(cors=cors)["rest"][0]["security"]["cors"] is cors


@pytest.mark.parametrize("version", FhirVersion)
def test_the_head_tells_version_and_place(version: FhirVersion) -> None:
    statement = claims(version)
    assert statement["fhirVersion"] == version.value
    assert statement["implementation"]["url"] == BASE
    assert statement["url"] == f"{BASE}/metadata"
    assert statement["version"].endswith("-r0a1b")
    assert statement["instantiates"] == [
        "http://hl7.org/fhir/CapabilityStatement/terminology-server"
    ]
