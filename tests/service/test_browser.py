"""A person looks up 37244: the page in a real browser, against the running service.

The browser is driven by chromedriver over WebDriver's own protocol, https://www.w3.org/TR/webdriver2/.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-component-update"
    " --disable-background-networking --disable-sync --disable-dev-shm-usage"
).split()
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of an element's id: https://www.w3.org/TR/webdriver2/#elements."""
NARROW = 320


class Browser:
    """A session of a browser, as far as these tests need one."""

    def __init__(self, driver: str, profile: Path, width: int) -> None:
        options = {
            "binary": CHROMIUM,
            "args": [*FLAGS, f"--user-data-dir={profile}"],
            "mobileEmulation": {"deviceMetrics": {"width": width, "height": 800, "pixelRatio": 1}},
        }
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        self._http = requests.Session()
        self._base = f"{driver}/session"
        self._base += "/" + self._call("POST", "", wanted)["sessionId"]

    def close(self) -> None:
        self._call("DELETE", "")
        self._http.close()

    def open(self, address: str) -> None:
        self._call("POST", "/url", {"url": address})

    def find(self, css: str) -> str:
        found = self._call("POST", "/element", {"using": "css selector", "value": css})
        return str(found[ELEMENT])

    def text(self, css: str) -> str:
        return str(self._call("GET", f"/element/{self.find(css)}/text"))

    def type(self, css: str, text: str) -> None:
        element = self.find(css)
        self._call("POST", f"/element/{element}/clear", {})
        self._call("POST", f"/element/{element}/value", {"text": text})

    def follow(self, css: str, goal: str) -> None:
        """Click what leads to an address that holds `goal`, and wait for the page there."""
        self._call("POST", f"/element/{self.find(css)}/click", {})
        arrived = f"return document.readyState == 'complete' && location.href.includes('{goal}')"
        for _ in range(100):
            if self.run(arrived):
                return
            time.sleep(0.1)
        raise AssertionError(f"{css} did not lead to {goal} in 10 seconds")

    def run(self, script: str) -> Any:
        return self._call("POST", "/execute/sync", {"script": script, "args": []})

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._http.request(method, self._base + path, json=body, timeout=60)
        value = answer.json()["value"]
        assert answer.ok, value
        return value


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def started(command: list[str], ready: str) -> subprocess.Popen[bytes]:
    """A process, once it answers at the address `ready`."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    for _ in range(300):
        try:
            if requests.get(ready, timeout=5).ok:
                return process
        except requests.ConnectionError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"{command[0]} did not answer at {ready} in 30 seconds")


@pytest.fixture(scope="module")
def driver(require: Callable[[object, str], None]) -> Iterator[str]:
    require(CHROMIUM and DRIVER, "chromium and chromedriver are not installed")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = started([str(DRIVER), f"--port={port}"], f"{address}/status")
    yield address
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture(scope="module", params=[NARROW, 1280], ids=["narrow", "wide"])
def browser(
    driver: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Browser]:
    found = Browser(driver, tmp_path_factory.mktemp("profile"), request.param)
    yield found
    found.close()


def test_a_person_looks_up_37244(browser: Browser, server: str) -> None:
    browser.open(f"{server}/")
    browser.type("#code", "37244")
    browser.follow("button", "?code=37244")
    assert "37244" in browser.text("h1")
    assert "bleeding" in browser.text("h1")
    answer = browser.text("main")
    assert "2025D" in answer
    assert "UnitedHealthcare" in answer
    assert "American Medical Association" in answer


def test_a_source_leads_to_its_document(browser: Browser, server: str) -> None:
    browser.open(f"{server}/?code=37244")
    browser.follow("#source-1 a", "/r5/DocumentReference/")
    assert '"resourceType":"DocumentReference"' in browser.text("body").replace(" ", "")


def test_a_wrong_code_is_told_in_a_sentence(browser: Browser, server: str) -> None:
    browser.open(f"{server}/?code=37244")
    browser.type("#code", "99213")
    browser.follow("button", "?code=99213")
    assert "not among the" in browser.text("[role=alert]")


@pytest.mark.parametrize("query", ["", "?code=37244", "?code=" + "9" * 3000])
def test_nothing_is_wider_than_the_screen(browser: Browser, server: str, query: str) -> None:
    browser.open(f"{server}/{query}")
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth")


def test_the_policy_lets_the_page_have_its_style(browser: Browser, server: str) -> None:
    browser.open(f"{server}/")
    assert browser.run("return document.styleSheets.length") == 1
    assert (
        browser.run("return getComputedStyle(document.querySelector('label')).fontWeight") == "600"
    )
