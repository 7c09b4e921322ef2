"""An installation with whole code files in it, in a folder or in PostgreSQL, loaded by the command.

PostgreSQL is the one that `BENCHMARK_POSTGRESQL` names, the address of a database; without it what
is measured of it is skipped. What is loaded is kept between the benchmarks of reading where
`BENCHMARK_FILES` names a folder.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.whole import BOOK, LOADED, delivery
from tests.conftest import require

ROOT = Path(__file__).parents[2]
STORES = ["sqlite", "postgresql"]
_LOOK = 0.02
_COMMAND = "from service.cli import main; main()"


class Run(NamedTuple):
    """What one command took."""

    seconds: float
    """By the clock."""
    worked: float
    """Of the processor, the database's own work not among it."""
    megabytes: float
    """Of memory at its most."""


class Installation(NamedTuple):
    """Where the releases are."""

    name: str
    environ: dict[str, str]

    def run(self, *arguments: str) -> Run:
        """Run a command of `proterm` and measure it."""
        environ = {**os.environ, **self.environ, "PYTHONPATH": str(ROOT)}
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", _COMMAND, *arguments], cwd=ROOT, env=environ
        )
        most = 0.0
        while True:
            time.sleep(_LOOK)
            # What the system tells at the end begins with the memory of who started the process.
            most = max(most, _peak(process.pid))
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, arguments
        return Run(time.perf_counter() - start, used.ru_utime + used.ru_stime, most)


def _peak(process: int) -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def installation(name: str, folder: Path) -> Installation:
    """An installation of a kind; a folder is empty, a database as it was left."""
    if name == "sqlite":
        return Installation(name, {"PROTERM_DATA": str(folder / "data")})
    address = os.environ.get("BENCHMARK_POSTGRESQL", "")
    require(address, "BENCHMARK_POSTGRESQL names no database")
    return Installation(name, {"PROTERM_STORE": address, "PROTERM_DATA": str(folder / "none")})


def load(installed: Installation, name: str, folder: Path) -> Run:
    """Load a delivery and tell what it took; what is loaded already takes no time."""
    made = delivery(name, folder)
    # The workbook has pairs of the same version as the text, which is asked about.
    more = ["--no-activate"] if name == BOOK else []
    return installed.run("load", made.kind, str(made.path), "--accept-license", *more)


def with_all(name: str, folder: Path) -> Installation:
    """An installation with all that a measurement of reading asks about."""
    kept = Path(os.environ.get("BENCHMARK_FILES") or folder)
    installed = installation(name, kept)
    for one in LOADED:
        load(installed, one, folder)
    return installed
