"""What ships is valid FHIR in every version, and passes through XML and R4 unchanged."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import terminology
from terminology.fhir.convert import from_version, to_version
from terminology.fhir.json import Json, decode, encode
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml import dumps, loads

FILES = sorted((Path(terminology.__file__).parent / "content" / "resources").glob("*.json"))
PACKAGES = {FhirVersion.R4B: "fhir.resources.R4B", FhirVersion.R5: "fhir.resources"}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def resource(request: pytest.FixtureRequest) -> Json:
    return decode(request.param.read_bytes())


def test_there_is_content() -> None:
    assert FILES


@pytest.mark.parametrize("version", PACKAGES)
def test_it_is_a_valid_resource_of_the_version(resource: Json, version: FhirVersion) -> None:
    package: Any = import_module(PACKAGES[version])
    model = package.get_fhir_model_class(resource["resourceType"])
    model.model_validate_json(encode(to_version(resource, version)))


def test_it_comes_back_from_r4(resource: Json) -> None:
    assert from_version(to_version(resource, FhirVersion.R4), FhirVersion.R4) == resource


@pytest.mark.parametrize("version", FhirVersion)
def test_it_comes_back_from_xml(resource: Json, version: FhirVersion) -> None:
    converted = to_version(resource, version)
    assert loads(dumps(converted, version), version) == converted
