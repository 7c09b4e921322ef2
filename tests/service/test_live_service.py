"""The service as people run it, while releases are changed: on a folder and on a database."""

from pathlib import Path

import pytest

from terminology.store import changes
from tests.service.watching import (
    load_value_set,
    load_word,
    repository_at,
    told,
    wait_for,
    watching,
)
from tests.serving import serving, wait_until_ready

_SOON = 5.0
"""Seconds in which an activation is taken up by every worker: it looks once a second."""


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """Of a service on a folder, and on a database."""
    named = {"PROTERM_DATA": str(tmp_path / "var")}
    if request.param == "postgresql":
        named["PROTERM_STORE"] = request.getfixturevalue("database")
    return named


def test_releases_are_changed_under_the_clients(settings: dict[str, str], tmp_path: Path) -> None:
    repository = repository_at(**settings)
    load_value_set(repository, tmp_path)
    first = load_word(repository, tmp_path, "First")
    log = tmp_path / "log.txt"
    with serving(log, **settings) as address:
        wait_until_ready(address, log)
        with watching(address) as clients:
            wait_for(clients, "First")
            second = load_word(repository, tmp_path, "Second")
            assert wait_for(clients, "Second") < _SOON
            changes.rollback(repository, "a test")
            assert wait_for(clients, "First") < _SOON
            for _ in range(4):
                changes.activate(repository, [second], "a test")
                wait_for(clients, "First", "Second")
                changes.activate(repository, [first], "a test")
                wait_for(clients, "First", "Second")
            changes.activate(repository, [second], "a test")
            wait_for(clients, "Second")
            # A release that goes while nobody has it any more is missed by nobody.
            changes.drop(repository, first, "a test", lambda _: None)
            wait_for(clients, "Second")
            assert "503" not in told(clients)
    repository.close()
