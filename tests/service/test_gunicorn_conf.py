"""How the service's settings become gunicorn's."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from service import gunicorn_conf
from service.settings import Settings
from service.state import open_state


class Request:
    """A request as gunicorn hands it to a hook."""

    def __init__(self, number: int) -> None:
        self.req_number = number
        self.closed = False

    def force_close(self) -> None:
        self.closed = True


def configured(monkeypatch: pytest.MonkeyPatch, **environ: str) -> dict[str, Any]:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(gunicorn_conf.__file__))


def test_settings_reach_gunicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    conf = configured(
        monkeypatch, HOST="::1", PORT="81", PROTERM_WORKERS="3", PROTERM_LOG_LEVEL="error"
    )
    assert (conf["bind"], conf["workers"], conf["loglevel"]) == ("[::1]:81", 3, "error")


def test_a_worker_is_given_longer_than_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    conf = configured(monkeypatch, PROTERM_DEADLINE_MS="60000")
    assert conf["timeout"] > 60
    assert conf["graceful_timeout"] > 60


def test_the_store_is_there_before_the_workers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    conf = configured(monkeypatch, PROTERM_DATA=str(tmp_path / "new" / "data"))
    conf["on_starting"](None)
    built = sorted((tmp_path / "new" / "data").iterdir())
    assert [path.name.partition("-")[0] for path in built] == ["shipped"]
    changed = [path.stat().st_mtime_ns for path in built]
    open_state(Settings(data=tmp_path / "new" / "data")).store.close()
    assert [path.stat().st_mtime_ns for path in built] == changed


@pytest.mark.parametrize(("number", "closed"), [(1, False), (249, False), (250, True)])
def test_a_connection_ends_after_many_requests(number: int, closed: bool) -> None:
    request = Request(number)
    gunicorn_conf.pre_request(None, request)
    assert request.closed is closed
