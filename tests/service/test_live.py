"""The state that answers: it follows what is activated."""

import gc
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.live import Live
from service.settings import Settings
from terminology.errors import StoreUnavailable
from terminology.store import changes
from tests.service.loading import HCPCS, Shop

CODES = {"A0001": "A lantern"}


@contextmanager
def living(shop: Shop) -> Iterator[Live]:
    """The state over a store; its own thread does not look."""
    live = Live(Settings(data=shop.data))
    live.end()
    try:
        yield live
    finally:
        live.state().store.close()


def test_an_activation_is_taken_up_and_a_state_stays_what_it_was(shop: Shop) -> None:
    with living(shop) as live:
        before = live.state()
        assert not live.look()
        shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
        assert live.look()
        assert live.state().context.code_systems.versions(HCPCS) == ["2026-01"]
        assert before.context.code_systems.versions(HCPCS) == ["2024-07"]
        assert live.state().edition != before.edition


def test_a_store_that_was_restored_is_taken_up(shop: Shop) -> None:
    shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
    with living(shop) as live:
        (shop.data / "catalogue.sqlite3").unlink()
        assert live.look()
        assert live.state().number == 0
        assert live.state().context.code_systems.versions(HCPCS) == ["2024-07"]


def test_trouble_is_logged_once_and_what_served_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> int:
        raise StoreUnavailable("The disk is gone.")

    with living(shop) as live, caplog.at_level(logging.INFO, logger="proterm"):
        monkeypatch.setattr(live._repository, "number", fail)
        for _ in range(3):
            live.look_and_tell()
        said = ["The disk is gone. What was active before goes on to answer."]
        assert [record.getMessage() for record in caplog.records] == said
        assert live.state().store.release
        monkeypatch.undo()
        shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
        live.look_and_tell()
        assert caplog.records[-1].getMessage().startswith("Serving ")


def test_a_database_that_is_not_there_yet_is_waited_for() -> None:
    live = Live(Settings(store="postgresql://proterm@127.0.0.1:1/proterm"))
    live.end()
    with pytest.raises(StoreUnavailable, match="can't be read now"):
        live.state()


def test_forth_and_back(shop: Shop) -> None:
    shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
    with living(shop) as live:
        changes.rollback(live._repository, "a test")
        assert live.look()
        assert live.state().context.code_systems.versions(HCPCS) == ["2024-07"]
        changes.rollback(live._repository, "a test")
        assert live.look()
        assert live.state().context.code_systems.versions(HCPCS) == ["2026-01"]


@pytest.mark.parametrize("is_frozen", [False, True])
def test_the_files_of_a_state_that_was_replaced_are_closed(shop: Shop, is_frozen: bool) -> None:
    def opened() -> list[str]:
        links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        names = [str(link.readlink()) for link in links]
        return [name for name in names if name.startswith(str(shop.data / "releases"))]

    shop.done("load", "hcpcs", str(shop.hcpcs(CODES)))
    live = Live(Settings(data=shop.data, deadline_ms=1))
    live.end()
    assert live.state().context.code_systems.version_meant(HCPCS) == "2026-01"
    assert opened()
    changes.deactivate(live._repository, ["hcpcs-2026-01"], "a test")
    gc.disable()
    if is_frozen:
        gc.freeze()
    try:
        assert live.look()
        time.sleep(0.01)
        live.let_go()
        assert opened() == []
        assert (gc.get_freeze_count() > 0) is is_frozen
    finally:
        gc.unfreeze()
        gc.enable()
