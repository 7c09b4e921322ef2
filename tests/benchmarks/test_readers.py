"""Readers of whole deliveries alone, without a store: rows a second of processor time, and memory.

Each reads in a process of its own, so that the memory is the reader's.
"""

import re
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import pytest

from terminology.importers import registry
from terminology.importers.delivery import Options
from terminology.importers.source import open_source
from tests.terminology.importers.generate.whole import MADE

BOUNDS = {"ncci-ptp": 200_000, "icd10pcs": 100_000, "icd10cm, list": 40_000}
ROUNDS = 3


class Took(NamedTuple):
    """One reading.

    Attributes:
        rows: concepts, rows and pairs together.
        worked: seconds of the processor.
        waited: seconds by the clock.
        memory: the most that the process held, in MB.
    """

    rows: int
    worked: float
    waited: float
    memory: int


def read(kind: str, path: Path) -> Took:
    """Read a delivery to its end and keep nothing of it."""
    begun, start = time.process_time(), time.perf_counter()
    with open_source(path) as source:
        delivery = registry.read(kind, source, Options(accept_license=True))
        parts = chain(
            (system.concepts for system in delivery.systems),
            (table.rows for table in delivery.tables),
            (pairs.rows for pairs in delivery.pairs),
        )
        rows = sum(1 for part in parts for _ in part)
    assert delivery.tally.count == 0
    worked, waited = time.process_time() - begun, time.perf_counter() - start
    return Took(rows, worked, waited, _peak())


def _peak() -> int:
    # What getrusage tells begins with the memory of the process that started this one.
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) // 1024


@pytest.mark.parametrize("name", MADE)
def test_a_reader(tmp_path: Path, name: str) -> None:
    kind, make = MADE[name]
    start = time.perf_counter()
    path = make(tmp_path)
    made = time.perf_counter() - start
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as process:
        rounds = [process.submit(read, kind, path).result() for _ in range(ROUNDS)]
    best = min(rounds, key=lambda took: took.worked)
    rate = best.rows / best.worked
    print(
        f"\n{name}: {best.rows:,} rows, {rate:,.0f} a second of the processor,"
        f" {best.rows / best.waited:,.0f} by the clock; {best.memory} MB; made in {made:.1f} s"
    )
    assert rate >= BOUNDS.get(name, 0)
