"""Whole code files loaded by the command: how many concepts and pairs a second, with what memory.

Start and what ships are taken off: a command that lists what is loaded is timed beside them.
"""

from pathlib import Path

import pytest

from tests.benchmarks.installed import STORES, installation, loads
from tests.benchmarks.whole import CODES, PAIRS, ROWS

COUNTS = {
    "icd10pcs": 79_543,
    "icd10cm": 98_466,
    "cpt": CODES,
    "mpfs": ROWS,
    "ncci-ptp": PAIRS,
}
BOUNDS = {"icd10pcs": 15_000, "ncci-ptp": 100_000}
MEGABYTES = 400


@pytest.mark.parametrize("store", STORES)
def test_loads(store: str, tmp_path: Path) -> None:
    installed = installation(store, tmp_path)
    installed.run("releases")
    start = installed.run("releases")
    slow = {}
    for kind, run in loads(installed, tmp_path):
        rate = COUNTS[kind] / (run.seconds - start.seconds)
        print(
            f"\n{store} {kind}: {COUNTS[kind]:,} in {run.seconds - start.seconds:.1f} s,"
            f" {rate:,.0f} a second; {run.megabytes:.0f} MB"
        )
        assert run.megabytes < MEGABYTES
        if rate < BOUNDS.get(kind, 0):
            slow[kind] = rate
    assert not slow
