"""`$versions`: what one endpoint understands."""

import pytest

from conformance.versions import versions
from service.negotiation import NotAcceptable, response_format
from terminology.fhir.versions import FhirVersion

R4, R4B, R5 = FhirVersion


def told(default: FhirVersion, *supported: FhirVersion) -> tuple[list[str], list[str]]:
    found = versions(default, supported)["parameter"]
    assert all(set(each) == {"name", "valueCode"} for each in found)
    return (
        [each["valueCode"] for each in found if each["name"] == "version"],
        [each["valueCode"] for each in found if each["name"] == "default"],
    )


def test_a_version_that_was_named_twice_is_told_once() -> None:
    assert told(R4, R4, R4) == (["4.0"], ["4.0"])


def test_the_default_is_among_the_versions() -> None:
    assert told(R4, R5) == (["5.0", "4.0"], ["4.0"])


@pytest.mark.parametrize("endpoint", FhirVersion)
def test_an_endpoint_tells_just_what_it_can_be_asked_for(endpoint: FhirVersion) -> None:
    spoken = []
    for version in FhirVersion:
        try:
            response_format(f"application/fhir+json; fhirVersion={version.mime}", None, endpoint)
        except NotAcceptable:
            continue
        spoken.append(version.mime)
    assert told(endpoint) == (spoken, [endpoint.mime])
