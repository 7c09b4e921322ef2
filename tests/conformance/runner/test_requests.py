"""A test as an HTTP request."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from conformance.runner.requests import OPERATIONS, Request, Requests
from conformance.runner.rules import SuiteError
from conformance.runner.suite import Case, Library
from terminology.fhir.json import Json, decode
from terminology.fhir.versions import FhirVersion
from tests.conformance.runner.samples import COLOURS

CASE = Case(
    suite="colours",
    name="warm",
    operation="expand",
    request="expand.json",
    response="expansion.json",
    profile="other-profile.json",
    setup=("system.json",),
    http_code="2xx",
    headers=(("Accept-Language", "de"),),
)


def make(folder: Path, case: Case = CASE, version: FhirVersion = FhirVersion.R5) -> Request:
    return Requests(Library(folder), version).make(case)


def sent(request: Request) -> list[Json]:
    assert request.body is not None
    parameters: list[Json] = decode(request.body)["parameter"]
    return parameters


def test_setup_stands_between_the_request_and_its_profile(folder: Path) -> None:
    request = make(folder)
    assert request.path == "ValueSet/$expand"
    names = [parameter["name"] for parameter in sent(request)]
    assert names == ["url", "activeOnly", "tx-resource", "mode"]
    assert request.headers == {"X-Request-Id": "txTests:colours/warm", "Accept-Language": "de"}


def test_what_is_sent_is_fhir(folder: Path) -> None:
    _, active, resource, _ = sent(make(folder))
    assert active == {"name": "activeOnly", "valueBoolean": True}
    assert resource["resource"]["title"] == "Colours"
    assert "title:de" not in resource["resource"]


@pytest.mark.parametrize("version", [FhirVersion.R4, FhirVersion.R4B])
def test_older_versions_get_what_they_can_read(folder: Path, version: FhirVersion) -> None:
    resource = sent(make(folder, version=version))[2]["resource"]
    assert "versionAlgorithmString" not in resource
    assert "versionAlgorithm" in str(resource["extension"])
    plain = sent(make(folder, version=FhirVersion.R5))[2]["resource"]
    assert plain["versionAlgorithmString"] == "semver"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_has_its_path(folder: Path, operation: str) -> None:
    request = make(folder, replace(CASE, operation=operation))
    assert request.body
    assert request.path == OPERATIONS[operation]


@pytest.mark.parametrize(
    ("operation", "path"), [("metadata", "metadata"), ("term-caps", "metadata?mode=terminology")]
)
def test_statements_are_got(folder: Path, operation: str, path: str) -> None:
    request = make(folder, replace(CASE, operation=operation, request=""))
    assert (request.path, request.body) == (path, None)


@pytest.mark.parametrize("operation", ["validate-code", "cs-validate-code"])
def test_plain_validations_are_got_with_a_query(folder: Path, operation: str) -> None:
    case = replace(CASE, operation=operation, setup=(), request="validate.json")
    request = make(folder, case)
    path, _, query = request.path.partition("?")
    assert (path, request.body) == (OPERATIONS[operation], None)
    assert parse_qsl(query) == [("url", COLOURS), ("inferSystem", "true"), ("mode", "x")]
    assert make(folder, replace(case, operation="expand")).body


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"operation": "subsume"}, "operation subsume is none that this runner knows"),
        ({"request": ""}, "the test has no request"),
        ({"request": "missing.json"}, "missing.json can't be read"),
        ({"setup": ("missing.json",)}, "missing.json can't be read"),
        ({"profile": "missing.json"}, "missing.json can't be read"),
        ({"request": "odd.json"}, "odd.json is no Parameters"),
    ],
)
def test_a_fault_of_the_suite(folder: Path, fields: Json, message: str) -> None:
    (folder / "odd.json").write_text('{"resourceType": "X", "parameter": "x"}')
    with pytest.raises(SuiteError, match=message):
        make(folder, replace(CASE, **fields))


def test_a_name_never_breaks_a_header(folder: Path) -> None:
    request = make(folder, replace(CASE, name="é\r\nX-Other: 1"))
    assert request.headers["X-Request-Id"].isascii()
    assert "\n" not in request.headers["X-Request-Id"]
