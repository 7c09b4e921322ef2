"""Whole code files loaded by the command: how many concepts and rows a second, with what memory.

Start is taken off: a command that lists what is loaded is timed beside them.
"""

from pathlib import Path

import pytest

from tests.benchmarks.installed import STORES, installation, load
from tests.benchmarks.whole import BOOK, LOADED, RESOURCE, delivery

COUNTS = {
    "icd10pcs": 79_543,
    "icd10cm, list": 98_466,
    "cpt": 11_518,
    "hcpcs": 8_400,
    "mpfs": 19_000,
    "ncci-mue": 14_700,
    "ncci-ptp": 2_500_000,
    RESOURCE: 78_638,
    BOOK: 625_000,
}
BOUNDS = {"icd10pcs": 15_000, "ncci-ptp": 100_000, RESOURCE: 7_000}
MEGABYTES = 400
"""While a line file is loaded; resources and workbooks are read whole."""


@pytest.mark.parametrize("store", STORES)
def test_loads(store: str, tmp_path: Path) -> None:
    installed = installation(store, tmp_path)
    installed.run("releases")
    start = installed.run("releases")
    slow = {}
    for name in (*LOADED, RESOURCE, BOOK):
        size = sum(f.stat().st_size for f in _files(delivery(name, tmp_path).path)) / 1e6
        run = load(installed, name, tmp_path)
        seconds = run.seconds - start.seconds
        rate = COUNTS[name] / seconds
        print(
            f"\n{store} {name}: {COUNTS[name]:,} in {seconds:.1f} s, {rate:,.0f} a second by the"
            f" clock; {run.megabytes:.0f} MB for {size:.0f} MB of files"
        )
        assert run.megabytes < MEGABYTES or name in (RESOURCE, BOOK)
        if rate < BOUNDS.get(name, 0):
            slow[name] = rate
    assert not slow


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
