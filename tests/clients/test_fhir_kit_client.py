"""`fhir-kit-client` of npm, where Node is present: one script asks, the tests look at what it got."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clients.asked import CODE, CPT, PAYERS, Json, values

NODE = Path(__file__).parent / "node"
VERSIONS = {"r4": "4.0.1", "r4b": "4.3.0", "r5": "5.0.0"}


@pytest.fixture(scope="module", params=VERSIONS)
def answers(
    request: pytest.FixtureRequest, server: str, require: Callable[[object, str], None]
) -> Json:
    node = shutil.which("node")
    require(node, "Node is not installed")
    require((NODE / "node_modules").is_dir(), f"npm ci has not been run in {NODE}")
    command = [node or "node", "ask.js", f"{server}/{request.param}"]
    done = subprocess.run(
        command, cwd=NODE, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    found: Json = json.loads(done.stdout)
    return found | {"base": request.param, "server": server}


def test_the_capability_statement(answers: Json) -> None:
    assert answers["statement"]["fhirVersion"] == VERSIONS[answers["base"]]


def test_read(answers: Json) -> None:
    assert answers["read"]["url"] == CPT


def test_search(answers: Json) -> None:
    for found in (answers["plans"], answers["posted"]):
        assert found["total"] == 5
        assert {entry["resource"]["id"] for entry in found["entry"]} == PAYERS
    assert answers["owner"]["resourceType"] == "Organization"


def test_paging_by_links(answers: Json) -> None:
    pages = [[entry["resource"]["id"] for entry in page["entry"]] for page in answers["pages"]]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {each for page in pages for each in page} == PAYERS
    assert [entry["resource"]["id"] for entry in answers["back"]["entry"]] == pages[0]


def test_look_up(answers: Json) -> None:
    assert values(answers["lookup"])["code"] == CODE
    assert values(answers["lookup"])["display"]


def test_validate_the_code_of_a_procedure(answers: Json) -> None:
    assert values(answers["valid"])["result"] is True
    assert values(answers["invalid"])["result"] is False


def test_expand_an_instance(answers: Json) -> None:
    contained = {each["code"] for each in answers["expansion"]["expansion"]["contains"]}
    assert {"26", "50", "59"} <= contained


def test_a_batch(answers: Json) -> None:
    assert answers["batch"]["entry"][0]["resource"]["url"] == CPT


def test_an_error_is_an_outcome(answers: Json) -> None:
    assert answers["missing"]["status"] == 404
    assert answers["missing"]["body"]["resourceType"] == "OperationOutcome"
