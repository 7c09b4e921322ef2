"""Browsers of other origins: what they may call, and what they may read of the answer."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from tests.service.asking import LOOKUP

EHR = "https://ehr.example"
PATHS = ("/r4/metadata", f"/r4/{LOOKUP}", "/r5/CodeSystem/cpt", "/r4/nowhere", "/health/ready")


@pytest.fixture
def listed(data_folder: Path) -> FlaskClient:
    """A service that names the origins that may call it."""
    settings = Settings(data=data_folder, cors_origins=(EHR, "http://localhost:3000"))
    return create_app(settings).test_client()


@pytest.fixture
def closed(data_folder: Path) -> FlaskClient:
    """A service that no page of another origin may call."""
    return create_app(replace(Settings(data=data_folder), cors_origins=())).test_client()


@pytest.mark.parametrize("path", PATHS)
def test_any_origin_may_read_by_default(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": EHR})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", PATHS)
def test_who_names_no_origin_is_told_nothing(client: FlaskClient, path: str) -> None:
    assert not [name for name, _ in client.get(path).headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", PATHS)
def test_only_a_listed_origin_may_read(listed: FlaskClient, path: str) -> None:
    answer = listed.get(path, headers={"Origin": EHR})
    assert answer.headers["Access-Control-Allow-Origin"] == EHR
    assert "Origin" in ", ".join(answer.headers.getlist("Vary"))
    for other in ("https://ehr.example.evil.example", "http://ehr.example", "null", "", "*"):
        answer = listed.get(path, headers={"Origin": other})
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_cache_can_tell_origins_apart(listed: FlaskClient) -> None:
    for origin in ({}, {"Origin": "https://other.example"}, {"Origin": EHR}):
        answer = listed.get("/r4/metadata", headers=origin)
        assert "Origin" in ", ".join(answer.headers.getlist("Vary"))


@pytest.mark.parametrize("path", PATHS)
def test_none_may_read_where_none_is_set(closed: FlaskClient, path: str) -> None:
    for answer in (
        closed.get(path, headers={"Origin": EHR}),
        closed.options(path, headers={"Origin": EHR, "Access-Control-Request-Method": "GET"}),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/r4", {"POST"}),
        ("/r4/metadata", {"GET", "HEAD"}),
        ("/r4/CodeSystem/$lookup", {"GET", "HEAD", "POST"}),
        ("/r4/CodeSystem/_search", {"GET", "HEAD", "POST"}),
        ("/r5/CodeSystem/cpt/$lookup", {"GET", "HEAD", "POST"}),
    ],
)
def test_preflight(client: FlaskClient, path: str, methods: set[str]) -> None:
    asked = {
        "Origin": EHR,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, prefer",
    }
    answer = client.options(path, headers=asked)
    assert answer.status_code == 200
    assert answer.data == b""
    assert "Content-Type" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == methods | {"OPTIONS"}
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    for name in ("content-type", "prefer", "if-none-match", "accept"):
        assert name in allowed
    assert set(answer.headers["Allow"].split(", ")) == methods | {"OPTIONS"}


def test_options_without_an_origin_just_lists_the_methods(client: FlaskClient) -> None:
    answer = client.options("/r4/metadata")
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_options_of_no_address_is_not_found(client: FlaskClient) -> None:
    answer = client.options("/r4/nowhere", headers={"Origin": EHR})
    assert answer.status_code == 404
