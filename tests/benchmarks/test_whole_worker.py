"""What a worker holds of its own after many lookups, and how soon a second start answers."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pytest
import requests

from tests.benchmarks.installed import ROOT, STORES, Installation, with_all
from tests.serving import free_port
from tests.terminology.importers.generate import public

SYSTEM = "http://www.cms.gov/Medicare/Coding/ICD10"
ASKED = f"/r4/CodeSystem/$lookup?system={SYSTEM}&code="
COMMAND = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
LOOKUPS = 20_000
WORKERS = 2
MEGABYTES = 40
SECONDS = 2.0
STARTS = 5


class Served(NamedTuple):
    """A service in a process of its own."""

    address: str
    process: int
    seconds: float
    """How long it took to its first answer."""


@contextmanager
def served(installed: Installation) -> Iterator[Served]:
    """The service as people start it, from its first answer on."""
    port = free_port()
    environ = installed.environ | {
        "PATH": "/usr/bin:/bin",
        "PORT": str(port),
        "PROTERM_WORKERS": str(WORKERS),
        "PROTERM_LOG_LEVEL": "error",
    }
    address, start = f"http://127.0.0.1:{port}", time.perf_counter()
    process = subprocess.Popen(COMMAND, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                url = f"{address}{ASKED}{next(iter(public.procedures()))}"
                assert requests.get(url, timeout=5).status_code == 200
                break
            except requests.ConnectionError:
                time.sleep(0.01)
        yield Served(address, process.pid, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait(20)


def private(process: int) -> float:
    """The memory that a process shares with none, in megabytes."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    found = re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+) kB", text, re.MULTILINE)
    return sum(map(int, found)) / 1024


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    return [
        int(number)
        for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


@pytest.mark.parametrize("store", STORES)
def test_memory_of_a_worker(store: str, tmp_path: Path) -> None:
    installed = with_all(store, tmp_path)
    codes = sorted(public.procedures())
    with served(installed) as service, requests.Session() as session:
        workers = children(service.process)
        assert len(workers) == WORKERS
        before = [private(worker) for worker in workers]
        for n in range(LOOKUPS * WORKERS):
            code = codes[n * 7919 % len(codes)]
            assert session.get(f"{service.address}{ASKED}{code}").status_code == 200
        after = [private(worker) for worker in workers]
    for told, held in (("at the start", before), ("after the lookups", after)):
        print(f"\n{store}: {', '.join(f'{mb:.0f} MB' for mb in held)} a worker {told}")
    assert max(after) < MEGABYTES


@pytest.mark.parametrize("store", STORES)
def test_second_start(store: str, tmp_path: Path) -> None:
    installed = with_all(store, tmp_path)
    took = []
    for _ in range(STARTS):
        with served(installed) as service:
            took.append(service.seconds)
    print(f"\n{store}: second start to first answer {median(took):.2f} s (median of {STARTS})")
    assert median(took) < SECONDS
