"""`$lookup` at two connections while another client pages through a large expansion."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.installed import STORES, with_all
from tests.benchmarks.load import asking, measured, serving
from tests.terminology.importers.generate import public

SYSTEM = "http://www.cms.gov/Medicare/Coding/ICD10"
ASKED = f"/r4/CodeSystem/$lookup?system={SYSTEM}&code="
ROUNDS = 5
MILLISECONDS = 5.0
_PAGER = """
import json, sys, requests
address, system = sys.argv[1:]
session = requests.Session()
compose = {"include": [{"system": system}]}
value_set = {"resourceType": "ValueSet", "status": "active", "compose": compose}
page = 0
while True:
    sent = [
        {"name": "valueSet", "resource": value_set},
        {"name": "count", "valueInteger": 10000},
        {"name": "offset", "valueInteger": page % 7 * 10000},
    ]
    body = json.dumps({"resourceType": "Parameters", "parameter": sent})
    headers = {"Content-Type": "application/fhir+json"}
    answer = session.post(f"{address}/r4/ValueSet/$expand", data=body, headers=headers)
    assert len(answer.content) > 500_000, answer.text[:500]
    page += 1
    print(page, flush=True)
"""


@contextmanager
def paging(address: str) -> Iterator[None]:
    """Another client that asks for one page of 10,000 codes after the other."""
    command = [sys.executable, "-c", _PAGER, address, SYSTEM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pager:
        assert pager.stdout is not None
        assert pager.stdout.readline() == "1\n"
        yield
        assert pager.poll() is None
        pager.terminate()
        print(f"{len(pager.stdout.read().split())} pages meanwhile")


@pytest.mark.parametrize("store", STORES)
def test_a_lookup_beside_a_pager(store: str, tmp_path: Path) -> None:
    installed = with_all(store, tmp_path)
    codes = sorted(public.procedures())
    script = asking(ASKED, codes[::8])
    environ = installed.environ | {"BENCHMARK_ASKED": f"{ASKED}{codes[0]}"}
    tails = []
    with serving("tests.benchmarks.app:app", environ) as address, paging(address):
        for _ in range(ROUNDS):
            took = measured(address, script, tmp_path, connections=2)
            print(f"{store} $lookup {took.per_second:7.0f}/s p99 {took.p99_ms:6.2f} ms")
            tails.append(took.p99_ms)
    assert store != "sqlite" or median(tails) < MILLISECONDS
