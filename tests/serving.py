"""The service as people run it: a process of its own over what ships, for the tests that ask it.

A folder of tests that needs it imports the fixtures in its conftest.py.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

_PATIENCE = 30.0
"""Seconds that the service may take to start on a machine that is busy."""


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder, in which the first application builds the store."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def server(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `proterm serve` in a process of its own, such as `http://127.0.0.1:40123`."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with serving(log, PROTERM_DATA=str(data_folder)) as address:
        wait_until_ready(address, log)
        yield address


@contextmanager
def serving(log: Path, **settings: str) -> Iterator[str]:
    """The address of `proterm serve` with two workers, which may not answer yet.

    Args:
        log: the file that it logs into.
        settings: by the names of their variables.
    """
    port = free_port()
    given = {"HOST": "127.0.0.1", "PORT": str(port), "PROTERM_WORKERS": "2", **settings}
    inherited = {name: v for name, v in os.environ.items() if not name.startswith("PROTERM_")}
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=inherited | given,
            cwd=Path(__file__).parents[1],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.returncode != 0:
        pytest.fail(f"The service did not stop cleanly ({process.returncode}):\n{log.read_text()}")


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def wait_until_ready(address: str, log: Path, status: int = 200) -> None:
    """Wait until the service says that it is ready, or that it is not."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            if requests.get(f"{address}/health/ready", timeout=5).status_code == status:
                return
        except requests.ConnectionError:
            time.sleep(0.05)
    pytest.fail(f"The service did not answer as it should:\n{log.read_text()}")
