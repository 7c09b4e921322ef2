"""Clients that ask a running service without a pause, and tell what they were answered.

Each release that they ask about is told by its texts: all of them begin with one word. So an answer
that is mixed of two releases, or lacks a part of one, can be seen.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from service.settings import Settings
from service.state import open_repository
from terminology.importers.delivery import Options
from terminology.importers.loading import Order, load
from terminology.store.repository import Repository
from tests.service.loading import HCPCS
from tests.terminology.importers.generate.hcpcs import table

CODES = [f"A{number:04}" for number in range(1, 41)]
VALUE_SET = {
    "resourceType": "ValueSet",
    "id": "all-hcpcs",
    "url": f"{HCPCS}/vs",
    "version": "1",
    "status": "active",
    "compose": {"include": [{"system": HCPCS}]},
}
_EXPAND = f"/r4/ValueSet/$expand?url={HCPCS}/vs&count={len(CODES)}"
_BATCH = {
    "resourceType": "Bundle",
    "type": "batch",
    "entry": [
        {"request": {"method": "GET", "url": f"CodeSystem/$lookup?system={HCPCS}&code={code}"}}
        for code in CODES[::8]
    ],
}
_PAUSE = 0.002


def load_word(repository: Repository, folder: Path, word: str) -> str:
    """Load the codes with texts that begin with a word, and activate them; the release's name."""
    rows = table(
        {
            "HCPC": code,
            "SEQNUM": "00100",
            "RECID": "3",
            "LONG DESCRIPTION": f"{word} {code}",
            "SHORT DESCRIPTION": word,
            "ADD DT": "20200101",
            "ACT EFF DT": "20200101",
        }
        for code in CODES
    )
    path = folder / word / "HCPC2026_JAN_ANWEB.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\r\n".join([*(",".join(row) for row in rows), ""]))
    return load(repository, Order("hcpcs", path, Options(), "a test")).release.name


def load_value_set(repository: Repository, folder: Path) -> None:
    """Load the value set of all codes."""
    path = folder / "vs.json"
    path.write_text(json.dumps(VALUE_SET))
    load(repository, Order("fhir", path, Options(), "a test"))


def repository_at(**settings: str) -> Repository:
    """The repository that a service with these settings has."""
    return open_repository(Settings.from_env(settings))


class Client:
    """A client in a thread of its own.

    Attributes:
        told: how often each word was answered, and each status that is no 200.
        wrong: the answers that should not have been.
    """

    def __init__(self, address: str, ended: threading.Event) -> None:
        self.told: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._address = address
        self._ended = ended
        self._session = requests.Session()
        self.thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        asked: tuple[Callable[[], requests.Response], ...] = (
            lambda: self._session.get(f"{self._address}{_EXPAND}", timeout=30),
            lambda: self._session.post(f"{self._address}/r4", json=_BATCH, timeout=30),
        )
        with self._session:
            while not self._ended.is_set():
                for ask in asked:
                    try:
                        self._judge(ask())
                    except requests.RequestException as error:
                        self.wrong.append(repr(error))
                time.sleep(_PAUSE)

    def _judge(self, answer: requests.Response) -> None:
        if answer.status_code == 503 and answer.headers.get("Retry-After"):
            self.told["503"] += 1
            return
        if answer.status_code != 200:
            self.wrong.append(f"{answer.status_code} {answer.text[:300]}")
            return
        found = answer.json()
        if found["resourceType"] == "ValueSet":
            texts, count = [one["display"] for one in found["expansion"]["contains"]], len(CODES)
        else:
            # Each entry of a batch has an outcome of its own.
            done = [one for one in found["entry"] if one["response"]["status"] != "503"]
            texts, count = [_display(one) for one in done], len(done)
            if not done:
                self.told["503"] += 1
        words = {text.split()[0] for text in texts}
        if len(words) > 1 or len(texts) != count:
            self.wrong.append(f"{words} {texts}"[:300])
        self.told.update(words)


def _display(entry: dict[str, dict[str, object]]) -> str:
    if entry["response"]["status"] != "200":
        return f"{entry['response']['status']} of an entry"
    parameters: list[dict[str, str]] = entry["resource"]["parameter"]  # type: ignore[assignment]
    return next(one["valueString"] for one in parameters if one["name"] == "display")


@contextmanager
def watching(address: str, number: int = 3) -> Iterator[list[Client]]:
    """Clients that ask while the block runs; afterwards none of them was answered wrongly."""
    ended = threading.Event()
    clients = [Client(address, ended) for _ in range(number)]
    for client in clients:
        client.thread.start()
    try:
        yield clients
    finally:
        ended.set()
        for client in clients:
            client.thread.join()
    wrong = [answer for client in clients for answer in client.wrong]
    assert wrong == [], f"{len(wrong)} wrong answers: {wrong[:5]}"


def told(clients: list[Client]) -> Counter[str]:
    """What all of them were told."""
    return sum((client.told for client in clients), Counter())


def wait_for(clients: list[Client], *words: str, seconds: float = 15.0) -> float:
    """Wait until each of the clients is told nothing but these words; how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        for client in clients:
            client.told.clear()
        time.sleep(0.3)
        each = [set(client.told) for client in clients]
        if all(one and one <= set(words) for one in each):
            return time.monotonic() - began
    instead = [f"{dict(client.told)} {client.wrong[:3]}" for client in clients]
    pytest.fail(f"not told {words} but {instead} within {seconds} s")
