"""A service on a primary and a replica of it: whatever is lost, no answer is wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from terminology.store import changes
from tests.postgres import Cluster, clusters
from tests.service.watching import (
    load_value_set,
    load_word,
    repository_at,
    told,
    wait_for,
    watching,
)
from tests.serving import serving, wait_until_ready


class Pair(NamedTuple):
    """A primary and its replica, which streams."""

    primary: Cluster
    replica: Cluster

    def start(self) -> None:
        """Start what is stopped, and let the replica catch up."""
        for one in self:
            if not one.is_running:
                one.start()
        if self.replica.execute("SELECT pg_is_wal_replay_paused()") == [(True,)]:
            self.replica.execute("SELECT pg_wal_replay_resume()")
        self.replica.caught_up_with(self.primary)


@pytest.fixture(scope="module")
def made() -> Iterator[Pair]:
    with clusters() as make:
        primary = make("primary")
        yield Pair(primary, primary.replica("replica"))


@pytest.fixture
def pair(made: Pair) -> Pair:
    made.start()
    return made


@pytest.fixture
def settings(pair: Pair, tmp_path: Path) -> dict[str, str]:
    """Of a service with a first release; its address names the replica first."""
    address = pair.replica.address(pair.primary.database(), pair.primary)
    settings = {"PROTERM_STORE": address, "PROTERM_DATA": str(tmp_path / "none")}
    repository = repository_at(**settings)
    load_value_set(repository, tmp_path)
    load_word(repository, tmp_path, "First")
    repository.close()
    pair.replica.caught_up_with(pair.primary)
    return settings


@pytest.fixture
def address(settings: dict[str, str], tmp_path: Path) -> Iterator[str]:
    log = tmp_path / "log.txt"
    with serving(log, **settings) as address:
        wait_until_ready(address, log)
        yield address
    # Whatever happens to a database, none of it is a fault of the service.
    _, fault, told_of_it = log.read_text().partition("Traceback")
    assert not fault, told_of_it[:4000]


def test_losing_the_replica_costs_nothing(pair: Pair, address: str) -> None:
    with watching(address) as clients:
        wait_for(clients, "First")
        pair.replica.stop("immediate")
        wait_for(clients, "First")
        pair.replica.start()
        wait_for(clients, "First")


def test_connections_that_end_are_made_anew_unseen(
    pair: Pair, settings: dict[str, str], address: str
) -> None:
    database = settings["PROTERM_STORE"].partition("?")[0].rpartition("/")[2]
    with watching(address) as clients:
        wait_for(clients, "First")
        ended = 0
        for _ in range(5):
            ended += pair.replica.end_connections(database)
            ended += pair.primary.end_connections(database)
            wait_for(clients, "First")
        assert ended > 5
        assert told(clients)["503"] == 0


def test_restarting_the_primary_costs_nothing_that_is_read(
    pair: Pair, address: str, settings: dict[str, str], tmp_path: Path
) -> None:
    with watching(address) as clients:
        wait_for(clients, "First")
        pair.primary.stop("immediate")
        wait_for(clients, "First")
        pair.primary.start()
        repository = repository_at(**settings)
        load_word(repository, tmp_path, "Second")
        wait_for(clients, "Second")
        repository.close()


def test_without_any_database_all_says_503_and_recovers_by_itself(pair: Pair, address: str) -> None:
    with watching(address) as clients:
        wait_for(clients, "First")
        for mode in ("fast", "immediate"):
            pair.replica.stop(mode)
            pair.primary.stop(mode)
            wait_for(clients, "503")
            assert requests.get(f"{address}/health/ready", timeout=30).status_code == 503
            assert requests.get(f"{address}/health/live", timeout=30).status_code == 200
            pair.primary.start()
            wait_for(clients, "First")
            pair.replica.start()
            wait_for(clients, "First")


def test_a_replica_that_lags_never_tells_of_the_past(
    pair: Pair, address: str, settings: dict[str, str], tmp_path: Path
) -> None:
    repository = repository_at(**settings)
    with watching(address) as clients:
        wait_for(clients, "First")
        pair.replica.execute("SELECT pg_wal_replay_pause()")
        load_word(repository, tmp_path, "Second")
        wait_for(clients, "Second")
        # The rows of the first go on the primary; the replica still has them, and not the second.
        changes.drop(repository, "hcpcs-2026-01", "a test", lambda _: None)
        wait_for(clients, "Second")
        pair.primary.stop("immediate")
        # Whoever has only the replica has nothing to say.
        wait_for(clients, "503")
        pair.replica.execute("SELECT pg_wal_replay_resume()")
        # All that is active was on its way before the primary went, or comes when it is back.
        pair.primary.start()
        wait_for(clients, "Second")
    repository.close()


def test_a_drop_that_a_worker_has_not_heard_of_is_never_an_empty_answer(
    pair: Pair, address: str, settings: dict[str, str], tmp_path: Path
) -> None:
    repository = repository_at(**settings)
    with watching(address) as clients:
        for word in ("Second", "Third", "Fourth"):
            load_word(repository, tmp_path, word)
            older = changes.listed(repository.reading())[-2].name
            changes.drop(repository, older, "a test", lambda _: None)
            wait_for(clients, word)
    repository.close()


def test_a_service_may_start_before_its_database(
    pair: Pair, settings: dict[str, str], tmp_path: Path
) -> None:
    pair.replica.stop("immediate")
    pair.primary.stop("immediate")
    log = tmp_path / "log.txt"
    with serving(log, **settings) as address:
        wait_until_ready(address, log, status=503)
        with watching(address) as clients:
            wait_for(clients, "503")
            page = requests.get(address, timeout=30)
            assert (page.status_code, page.headers["Retry-After"]) == (503, "2")
            pair.primary.start()
            wait_for(clients, "First")
        wait_until_ready(address, log)


def test_a_replica_alone_serves_what_it_has(
    pair: Pair, settings: dict[str, str], tmp_path: Path
) -> None:
    pair.primary.stop("immediate")
    log = tmp_path / "log.txt"
    with serving(log, **settings) as address:
        wait_until_ready(address, log)
        with watching(address) as clients:
            wait_for(clients, "First")


def test_a_replica_that_was_promoted_is_the_primary(tmp_path: Path) -> None:
    with clusters() as make:
        primary = make("first")
        replica = primary.replica("second")
        address = primary.address(primary.database(), replica)
        settings = {"PROTERM_STORE": address, "PROTERM_DATA": str(tmp_path / "none")}
        repository = repository_at(**settings)
        load_value_set(repository, tmp_path)
        load_word(repository, tmp_path, "First")
        replica.caught_up_with(primary)
        replica.stop()
        load_word(repository, tmp_path, "Lost")
        log = tmp_path / "log.txt"
        with serving(log, **settings) as service:
            wait_until_ready(service, log)
            with watching(service) as clients:
                wait_for(clients, "Lost")
                primary.stop("immediate")
                replica.start()
                # It lags behind, and so it seems to be for as long as it is a replica.
                wait_for(clients, "503")
                replica.promote()
                # What was lost with the primary is lost: the service does not wait for it.
                wait_for(clients, "First")
                load_word(repository, tmp_path, "Third")
                wait_for(clients, "Third")
        repository.close()
