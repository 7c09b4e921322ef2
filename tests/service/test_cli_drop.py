"""`proterm drop`: out for good, once nobody can read it; and what there is no way back to then."""

import json
import re

import pytest

from service.state import open_repository
from terminology.errors import StoreUnavailable
from terminology.store import changes
from tests.service.loading import APRIL, Shop, both_stores


@both_stores
class TestRefused:
    def test_a_release_that_was_dropped_can_not_be_gone_back_to(self, loaded: Shop) -> None:
        loaded.done("drop", "hcpcs-2026-01")
        result = loaded.run("rollback")
        assert result.exit_code == 2
        assert re.search(r"active at \d of the history has been dropped since", result.stderr)
        assert loaded.active() == ["hcpcs-2026-04"]

    def test_the_way_that_is_told_after_a_drop_is_one(self, loaded: Shop) -> None:
        loaded.done("load", "hcpcs", str(loaded.hcpcs(APRIL, "JUL")))
        loaded.done("drop", "hcpcs-2026-07")
        loaded.done("load", "hcpcs", str(loaded.hcpcs(APRIL, "OCT")))
        loaded.done("drop", "hcpcs-2026-04")
        refused = " ".join(loaded.run("rollback").stderr.split())
        way = re.search(r"`proterm (rollback --to \d+)` is the next number", refused)
        assert way is not None, refused
        loaded.done(*way[1].split())
        assert loaded.active() == ["hcpcs-2026-01"]
        loaded.done("load", "hcpcs", str(loaded.hcpcs(APRIL, "APR")))
        assert loaded.active() == ["hcpcs-2026-01", "hcpcs-2026-04"]

    def test_a_drop_that_can_not_write_changes_nothing(
        self, loaded: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("terminology.store.embedded._PATIENCE", 0.1)
        monkeypatch.setattr("terminology.store.postgres_writing._PATIENCE", 0.1)
        before = loaded.json("releases", "--history")
        with open_repository(loaded.settings()).writing():
            result = loaded.run("drop", "hcpcs-2026-01")
        assert result.exit_code == 2
        assert "Another process is writing" in result.stderr
        assert loaded.json("releases", "--history") == before

    def test_a_drop_that_loses_the_store_on_the_way_says_what_is_so(
        self, loaded: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lose(*_: object) -> None:
            raise StoreUnavailable("The disk is gone.")

        monkeypatch.setattr("terminology.store.catalogue.Catalogue.remove", lose)
        result = loaded.run("drop", "hcpcs-2026-01")
        assert result.exit_code == 2
        said = " ".join(result.stderr.split())
        assert "hcpcs-2026-01 is not active any more, and could not be removed: The disk is" in said
        assert loaded.active() == ["hcpcs-2026-04"]
        loaded.done("activate", "hcpcs-2026-01")
        assert loaded.active() == ["hcpcs-2026-01", "hcpcs-2026-04"]

    def test_nobody_writes_while_a_drop_waits(
        self, loaded: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("terminology.store.embedded._PATIENCE", 0.1)
        monkeypatch.setattr("terminology.store.postgres_writing._PATIENCE", 0.1)
        repository = open_repository(loaded.settings())
        refused: list[str] = []

        def wait(_: float) -> None:
            with pytest.raises(StoreUnavailable) as error, repository.writing():
                pass
            refused.append(error.value.message)

        changes.drop(repository, "hcpcs-2026-01", "me", wait, longest=9.0)
        assert refused[0].startswith("Another process is writing")
        assert loaded.active() == ["hcpcs-2026-04"]


@both_stores
class TestDrop:
    def test_drop(self, loaded: Shop) -> None:
        said = "hcpcs-2026-01 is not active any more.\nhcpcs-2026-01 is gone.\n"
        assert loaded.done("drop", "hcpcs-2026-01") == said
        assert [one["name"] for one in loaded.json("releases")] == ["hcpcs-2026-04"]
        loaded.done("deactivate", "hcpcs-2026-04")
        assert loaded.done("drop", "hcpcs-2026-04") == "hcpcs-2026-04 is gone.\n"

    def test_drop_waits_for_requests_that_may_still_read(
        self, loaded: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waited: list[float] = []
        monkeypatch.setattr(changes, "GRACE", 7.0)
        monkeypatch.setattr("time.sleep", waited.append)
        result = loaded.run("drop", "hcpcs-2026-04", "--json")
        assert json.loads(result.stdout)["dropped"] == "hcpcs-2026-04"
        assert re.search(r"Waiting [5-7] s for requests that may still read it\.", result.stderr)
        assert len(waited) == 1

    def test_drop_waits_longer_where_requests_may_take_longer(
        self, loaded: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        waited: list[float] = []
        monkeypatch.setattr("time.sleep", waited.append)
        loaded.run("drop", "hcpcs-2026-04", PROTERM_DEADLINE_MS="600000")
        assert len(waited) == 1
        assert 593 < waited[0] <= 595
