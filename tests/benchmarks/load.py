"""Load on a service under gunicorn, made by wrk (Debian's package of that name)."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import requests

from tests.conftest import require

CONNECTIONS = 16
SECONDS = 5
WORKERS = 2
ROUNDS = 5
ROOT = Path(__file__).parents[2]


class Load(NamedTuple):
    """What wrk measured in one run."""

    per_second: float
    p99_ms: float


@contextmanager
def serving(application: str, environ: dict[str, str]) -> Iterator[str]:
    """An application under gunicorn with the service's own configuration; gives its address."""
    require(shutil.which("wrk") is not None, "wrk is not installed (Debian: apt-get install wrk)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "-c", "python:service.gunicorn_conf", application]
    values = environ | {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PROTERM_WORKERS": str(WORKERS),
        "PROTERM_LOG_LEVEL": "error",
        "PATH": "/usr/bin:/bin",
    }
    process = subprocess.Popen(command, cwd=ROOT, env=values)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def measured(
    url: str,
    script: str | None = None,
    folder: Path | None = None,
    connections: int = CONNECTIONS,
) -> Load:
    """One run of wrk, for five seconds.

    Args:
        url: what is asked, or the service's address where a script makes the requests.
        script: Lua for wrk that chooses each request.
        folder: where the script is put.
        connections: how many there are at once.
    """
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
    if script is not None and folder is not None:
        file = folder / "requests.lua"
        file.write_text(script)
        command += ["-s", str(file)]
    text = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in text, text
    assert "Socket errors" not in text, text
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    assert rate is not None, text
    assert p99 is not None, text
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
    return Load(float(rate[1]), float(p99[1]) * unit)


class Ratio(NamedTuple):
    """How an operation stands to the route with prebuilt bytes, medians over the rounds."""

    rate: float
    p99: float


def beside_prebuilt(environ: dict[str, str], script: str, folder: Path, name: str) -> Ratio:
    """An operation and the prebuilt bytes of one of its answers, measured in turn.

    Args:
        environ: of the service: its store, and the address whose answer is prebuilt.
        script: Lua for wrk that asks the operation, each time for something else.
        folder: for the script.
        name: of what is measured, for the printed lines.
    """
    rates, tails = [], []
    with serving("tests.benchmarks.app:app", environ) as address:
        measured(f"{address}/prebuilt")  # warms up
        for _ in range(ROUNDS):
            prebuilt = measured(f"{address}/prebuilt")
            made = measured(address, script, folder)
            rates.append(made.per_second / prebuilt.per_second)
            tails.append(made.p99_ms / prebuilt.p99_ms)
            print(
                f"prebuilt {prebuilt.per_second:7.0f}/s p99 {prebuilt.p99_ms:6.2f} ms   "
                f"{name} {made.per_second:7.0f}/s p99 {made.p99_ms:6.2f} ms"
            )
    found = Ratio(median(rates), median(tails))
    print(f"{name}: {found.rate:.2f} of the rate, {found.p99:.2f} of the p99 (medians)")
    return found


def asking(address: str, codes: Sequence[str]) -> str:
    """Lua for wrk that asks an address for one code after the other, far apart."""
    listed = ",".join(f'"{code}"' for code in codes)
    return f"""
local codes = {{{listed}}}
local n = 0
function request()
  n = (n + 7919) % #codes
  return wrk.format("GET", "{address}" .. codes[n + 1])
end
"""


def over(store: Path, asked: str) -> dict[str, str]:
    """The environment of a service over the file of a store.

    Args:
        store: the file.
        asked: the address whose answer is prebuilt.
    """
    return {"BENCHMARK_STORE": str(store), "BENCHMARK_ASKED": asked}


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            if requests.get(f"{address}/health/ready", timeout=1).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            pass
        time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")
