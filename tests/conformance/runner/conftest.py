"""A suite of our own in a folder, and a server that answers it right."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from terminology.fhir.json import encode
from tests.conformance.runner.samples import COLOURS, EXPANSION, REFUSAL, VALIDATION, right
from tests.conformance.runner.serving import Fake, serving

Json = dict[str, Any]

SYSTEM: Json = {
    "resourceType": "CodeSystem",
    "url": COLOURS,
    "title": "Colours",
    "title:de": "Farben",
    "status": "active",
    "content": "complete",
    "versionAlgorithmString": "semver",
}


def parameters(*pairs: tuple[str, str, Any]) -> Json:
    """A Parameters resource of names, kinds and values."""
    items = [{"name": name, f"value{kind}": value} for name, kind, value in pairs]
    return {"resourceType": "Parameters", "parameter": items}


FILES: dict[str, Json] = {
    "system.json": SYSTEM,
    "parameters-default.json": parameters(("uuid", "Uuid", "urn:uuid:0")),
    "other-profile.json": parameters(("mode", "Code", "x")),
    "expand.json": parameters(("url", "Uri", f"{COLOURS}/warm"), ("activeOnly", "Boolean", "true")),
    "validate.json": parameters(("url", "Uri", COLOURS), ("inferSystem", "Boolean", True)),
    "expansion.json": EXPANSION,
    "validation.json": VALIDATION,
    "refusal.json": REFUSAL,
}


def entry(name: str, operation: str, response: str, **fields: Any) -> Json:
    return {"name": name, "operation": operation, "response": response, **fields}


EXPAND = entry("warm", "expand", "expansion.json", request="expand.json")
TOO_MANY = entry("all", "validate-code", "refusal.json", request="validate.json")
TOO_MANY["http-code"] = "4xx"
VALIDATE = entry("crimson", "cs-validate-code", "validation.json", request="validate.json")
ELSEWHERE = entry("elsewhere", "expand", "expansion.json", request="expand.json", mode="snomed")

SUITES: list[Json] = [
    {"name": "colours", "mode": "general", "setup": ["system.json"], "tests": [EXPAND, VALIDATE]},
    {"name": "limits", "tests": [TOO_MANY, ELSEWHERE]},
    {"name": "big", "mode": "snomed", "setup": ["missing.json"], "tests": [EXPAND]},
]


def write(folder: Path, suites: list[Json], files: dict[str, Json] | None = None) -> Path:
    """A suite in a folder, its index with a byte order mark as the true one has."""
    for name, resource in (FILES if files is None else files).items():
        (folder / name).write_bytes(encode(resource))
    (folder / "test-cases.json").write_bytes(b"\xef\xbb\xbf" + encode({"suites": suites}))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The suite of our own."""
    return write(tmp_path, SUITES)


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A server of FHIR R5 that passes every test of the suite."""
    with serving() as server:
        server.speaks("5.0.0")
        server.tell("/ValueSet/$expand", right(EXPANSION))
        server.tell("/CodeSystem/$validate-code", right(VALIDATION))
        server.tell("/ValueSet/$validate-code", right(REFUSAL), 422)
        yield server
