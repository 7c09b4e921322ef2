"""Every statement is a good FHIR resource, in each version and format that is served."""

from typing import Any

import pytest
from fhir.resources import get_fhir_model_class
from fhir.resources.R4B import get_fhir_model_class as get_r4b_model_class

from conformance.capability import capability_statement
from conformance.operation_definitions import operation_definitions
from conformance.search_parameters import search_parameters
from conformance.terminology_capabilities import terminology_capabilities
from conformance.versions import versions
from terminology.fhir import xml
from terminology.fhir.convert import from_version, to_version
from terminology.fhir.versions import FhirVersion
from terminology.operations.context import Context
from terminology.store.search.params import SEARCHED_TYPES

Json = dict[str, Any]
BASE = "http://tx.example"
OLDER = (FhirVersion.R4, FhirVersion.R4B)


@pytest.fixture(params=FhirVersion, ids=lambda version: version.base)
def version(request: pytest.FixtureRequest) -> FhirVersion:
    found: FhirVersion = request.param
    return found


@pytest.fixture
def statements(version: FhirVersion, context: Context) -> list[Json]:
    base = f"{BASE}/{version.base}"
    heads = context.code_systems.heads()
    return [
        capability_statement(version, base, SEARCHED_TYPES, "0a1b"),
        terminology_capabilities(version, base, heads, "0a1b", context.limits),
        *operation_definitions(version),
        *search_parameters(),
        versions(version),
    ]


def test_it_parses_as_r5(statements: list[Json]) -> None:
    for resource in statements:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


def test_it_parses_as_r4b_once_written_as_r4(statements: list[Json], version: FhirVersion) -> None:
    for resource in statements if version in OLDER else ():
        older = to_version(resource, version)
        get_r4b_model_class(resource["resourceType"]).model_validate(older)


def test_nothing_is_lost_on_the_way_to_a_version_and_back(
    statements: list[Json], version: FhirVersion
) -> None:
    for resource in statements:
        assert from_version(to_version(resource, version), version) == resource


def test_xml_says_the_same_as_json(statements: list[Json], version: FhirVersion) -> None:
    for resource in statements:
        written = to_version(resource, version)
        assert xml.loads(xml.dumps(written, version), version) == written


def test_names_are_usable_as_identifiers(statements: list[Json]) -> None:
    # The constraint cnl-0 of https://hl7.org/fhir/R5/canonicalresource.html, which warns.
    for resource in statements:
        name = resource.get("name", "X")
        assert name.isalnum(), name
        assert name[0].isupper(), name
