"""The reader of FHIR files alone: concepts a second, and memory for each megabyte of a file.

Each file is read in a process of its own, whose memory is that of the one file.
"""

import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from terminology.fhir.json import Json, encode
from terminology.fhir.structure import structure_issues
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml import dumps
from terminology.importers import registry
from terminology.importers.delivery import Options
from terminology.importers.source import open_source

CONCEPTS = 100_000


def made_up() -> Json:
    """A code system whose concepts say what those in use say."""
    head: Json = {
        "resourceType": "CodeSystem",
        "id": "made-up",
        "url": "http://codes.example/made-up",
        "status": "active",
        "content": "complete",
        "property": [{"code": "kind", "type": "string"}, {"code": "parent", "type": "code"}],
    }
    return head | {"concept": [_concept(number) for number in range(CONCEPTS)]}


def _concept(number: int) -> Json:
    parent = [{"code": "parent", "valueCode": f"C{number // 10}"}] if number else []
    return {
        "code": f"C{number}",
        "display": f"Concept number {number} of all",
        "definition": "Some words that define it, at the length that is usual.",
        "designation": [{"language": "de", "value": f"Begriff {number}"}],
        "property": [{"code": "kind", "valueString": "made up"}, *parent],
    }


def peak() -> float:
    """The most memory that this process has had so far, in megabytes; Linux tells it."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / 1e6


def measured(path: Path) -> tuple[float, float]:
    """The seconds of a processor that a file takes to be read, and the megabytes of memory."""
    # The definitions of FHIR are loaded once, whatever is read.
    head = {"resourceType": "CodeSystem", "status": "active", "content": "complete"}
    assert structure_issues(head, FhirVersion.R4) == []
    before = peak()
    start = time.process_time()
    with open_source(path) as source:
        (system,) = registry.read("fhir", source, Options()).systems
        assert sum(1 for _ in system.concepts) == CONCEPTS
    took = time.process_time() - start
    return took, peak() - before


@pytest.mark.parametrize(("name", "bound"), [("a.json", 20_000), ("a.xml", 7_000)])
def test_concepts_a_second(tmp_path: Path, name: str, bound: int) -> None:
    path = tmp_path / name
    whole = made_up()
    path.write_bytes(encode(whole) if name == "a.json" else dumps(whole, FhirVersion.R4))
    with get_context("spawn").Pool(1) as pool:
        took, megabytes = pool.apply(measured, (path,))
    size = path.stat().st_size / 1e6
    print(
        f"\n{name}: {CONCEPTS / took:,.0f} concepts a second, {size:.1f} MB in {megabytes:.0f} MB"
        f" of memory, {megabytes / size:.1f} for each"
    )
    assert CONCEPTS / took > bound
