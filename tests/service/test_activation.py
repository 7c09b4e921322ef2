"""Releases are changed while requests are answered: none fails, none is mixed of two releases."""

import json
import threading
import time

import pytest
from flask import Flask

from service.app import create_app
from tests.service.loading import HCPCS, Shop, both_stores

NUMBERS = range(1, 61)
EXPAND = f"/r4/ValueSet/$expand?url={HCPCS}/vs&count=60"
VALUE_SET = {
    "resourceType": "ValueSet",
    "id": "all-hcpcs",
    "url": f"{HCPCS}/vs",
    "version": "1",
    "status": "active",
    "compose": {"include": [{"system": HCPCS}]},
}
CHANGES = 6


def texts(word: str) -> dict[str, str]:
    """Codes whose texts all say which release they are of."""
    return {f"A{number:04}": f"{word} {number}" for number in NUMBERS}


@pytest.fixture
def loaded(shop: Shop) -> Shop:
    """Two loads of the same release, which take each other's place, and a value set over them."""
    (shop.folder / "vs.json").write_text(json.dumps(VALUE_SET))
    shop.done("load", "fhir", str(shop.folder / "vs.json"))
    for word in ("First", "Second"):
        shop.done("load", "hcpcs", str(shop.hcpcs(texts(word))))
    assert shop.active()[1:] == ["hcpcs-2026-01.2"]
    return shop


class Asking:
    """A client in a thread of its own, which asks without a pause."""

    def __init__(self, app: Flask, ended: threading.Event) -> None:
        self.seen: set[str] = set()
        self.wrong: list[object] = []
        self._client = app.test_client()
        self._ended = ended
        self.thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._ended.is_set():
            answer = self._client.get(EXPAND)
            if answer.status_code != 200:
                self.wrong.append((answer.status_code, answer.data))
                return
            listed = json.loads(answer.data)["expansion"]["contains"]
            words = {one["display"].split()[0] for one in listed}
            if len(words) != 1 or len(listed) != len(NUMBERS):
                self.wrong.append(listed)
                return
            self.seen |= words


@both_stores
def test_no_request_fails_and_no_answer_is_mixed(loaded: Shop) -> None:
    app = create_app(loaded.settings())
    ended = threading.Event()
    clients = [Asking(app, ended) for _ in range(3)]
    for client in clients:
        client.thread.start()
    try:
        for number in range(CHANGES):
            started = time.monotonic()
            name, word = (
                ("hcpcs-2026-01", "First") if number % 2 == 0 else ("hcpcs-2026-01.2", "Second")
            )
            loaded.done("activate", name)
            _wait_for(app, word)
            assert time.monotonic() - started < 10, "it takes more than seconds to be taken up"
    finally:
        ended.set()
        for client in clients:
            client.thread.join()
    assert [client.wrong for client in clients] == [[], [], []]
    assert {*clients[0].seen, *clients[1].seen, *clients[2].seen} == {"First", "Second"}


def _wait_for(app: Flask, word: str) -> None:
    until = time.monotonic() + 20
    lookup = f"/r4/CodeSystem/$lookup?system={HCPCS}&code=A0001"
    while time.monotonic() < until:
        if f"{word} 1" in app.test_client().get(lookup).text:
            return
        time.sleep(0.05)
    pytest.fail(f"{word} was not taken up")
