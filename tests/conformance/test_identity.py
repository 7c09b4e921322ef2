"""The names and versions that every statement repeats are those of the project."""

import datetime
import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

from conformance import identity

ROOT = Path(__file__).resolve().parents[2]
TOKEN = re.compile(r"[0-9a-zA-Z_][0-9a-zA-Z_.-]*")
"""What HL7's tests take for the version of a statement."""


def test_code_that_is_not_installed_still_has_a_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(identity, "version", missing)
    assert TOKEN.fullmatch(identity.software_version())


def test_the_version_is_the_one_of_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert identity.software_version() == project["version"]


def test_the_day_of_the_release_is_a_day() -> None:
    day = datetime.date.fromisoformat(identity.RELEASED)
    assert day.isoformat() == identity.RELEASED


@pytest.mark.parametrize("release", ["0a1b", "0123456789"])
def test_the_version_of_a_statement_changes_with_the_content(release: str) -> None:
    made = identity.statement("CapabilityStatement", "X", "x", "http://x.example", release)
    assert TOKEN.fullmatch(made["version"])
    assert release in made["version"]
