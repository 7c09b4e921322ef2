"""HL7 Terminology as it is published, loaded whole: what nobody here wrote is served."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from tests.service.loading import Shop, both_stores

PAGE = 400
# What a value set needs that is not loaded: another code system, or another value set.
MISSING = re.compile(
    r"A definition for (CodeSystem|the value Set) '([^']+)'( version '[^']+')? could not be found"
)


@pytest.fixture
def client(shop: Shop, shared: Path) -> FlaskClient:
    """The service with all of it loaded."""
    told = shop.json("load", "fhir", str(shared / "tho"))
    assert told["problems"] == []
    assert told["counts"]["CodeSystem"] + told["counts"]["ValueSet"] == 628
    return create_app(shop.settings()).test_client()


def value_sets(client: FlaskClient) -> list[dict[str, Any]]:
    found = client.get("/r5/ValueSet?_count=1000&_elements=url,version").get_json()
    assert found["total"] == len(found["entry"])
    return [entry["resource"] for entry in found["entry"]]


def pages(client: FlaskClient, path: str) -> Iterator[dict[str, Any]]:
    """The pages of an expansion, one after the other."""
    offset, total = 0, 1
    while offset < total:
        answer = client.get(f"{path}?count={PAGE}&offset={offset}")
        assert answer.status_code == 200, answer.text
        expansion = answer.get_json()["expansion"]
        total = expansion["total"]
        yield expansion
        offset += PAGE


@both_stores
def test_every_value_set_that_can_be_expanded_is(client: FlaskClient) -> None:
    loaded = client.get("/r5/CodeSystem?_count=1000&_elements=url").get_json()["entry"]
    urls = {entry["resource"].get("url") for entry in loaded}
    expanded = 0
    for value_set in value_sets(client):
        path = f"/r5/ValueSet/{value_set['id']}/$expand"
        answer = client.get(path)
        if answer.status_code == 404:
            # Only for want of something that is really not here, with its name.
            text = answer.get_json()["issue"][0]["details"]["text"]
            named = MISSING.search(text)
            assert named is not None, text
            assert named[2] not in urls or named[3], text
            continue
        if answer.status_code == 200:
            expansion = answer.get_json()["expansion"]
            codes = _codes(expansion.get("contains", []))
            assert len(codes) == expansion["total"], path
        else:
            assert "too-costly" in answer.text, answer.text
            codes = [code for page in pages(client, path) for code in _codes(page["contains"])]
        assert len(set(codes)) == len(codes), path
        expanded += 1
    assert expanded >= 300


def _codes(entries: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for entry in entries:
        if "code" in entry:
            found.append((entry["system"], entry.get("version", ""), entry["code"]))
        found += _codes(entry.get("contains", []))
    return found
