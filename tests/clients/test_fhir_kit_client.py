"""fhir-kit-client, for Node, against the running service; node/client.mjs does the asking."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.clients.asked import DISPLAY, KNOWN, PAYERS, UNKNOWN
from tests.conftest import require

FOLDER = Path(__file__).with_name("node")
VERSIONS = {"r4": "4.0.1", "r4b": "4.3.0", "r5": "5.0.0"}
NOT_FOUND = {"status": 404, "issue": "not-found"}


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def found(server: str, version: str) -> dict[str, Any]:
    require(shutil.which("node"), "Node is not installed")
    require((FOLDER / "node_modules" / "fhir-kit-client").is_dir(), f"run npm ci in {FOLDER}")
    ran = _run(f"{server}/{version}")
    assert ran.returncode == 0, ran.stderr
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def test_it_reads_the_capability_statement(found: dict[str, Any], version: str) -> None:
    assert found["fhirVersion"] == VERSIONS[version]


def test_it_reads_a_payer(found: dict[str, Any]) -> None:
    assert found["read"] == "Aetna"


def test_it_finds_the_five_payers_notes(found: dict[str, Any]) -> None:
    assert sorted(found["search"]) == PAYERS


def test_it_finds_no_payer_with_a_note_on_an_unknown_code(found: dict[str, Any]) -> None:
    assert found["searchForNone"] == []


def test_it_follows_the_next_links(found: dict[str, Any]) -> None:
    assert [len(page) for page in found["pages"]] == [2, 2, 1]
    assert sorted(payer for page in found["pages"] for payer in page) == PAYERS


def test_it_looks_up_a_code(found: dict[str, Any]) -> None:
    assert found["display"] == DISPLAY


def test_it_validates_the_code_of_a_procedure(found: dict[str, Any]) -> None:
    assert found["valid"] == {KNOWN: True, UNKNOWN: False}


def test_it_does_not_find_an_unknown_code(found: dict[str, Any]) -> None:
    assert found["unknownCode"] == NOT_FOUND


def test_it_does_not_find_an_unknown_payer(found: dict[str, Any]) -> None:
    assert found["unknownPayer"] == NOT_FOUND


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))
    assert lock["packages"]["node_modules/fhir-kit-client"]["version"] == "2.0.3"
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


def _run(base: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "client.mjs", base],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
