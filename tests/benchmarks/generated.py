"""Content for benchmarks: the shipped resources with made-up codes beside them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from terminology import content
from terminology.codesystems import cpt
from terminology.importers.shipped import shipped_tables
from terminology.model import Json
from terminology.store.build import build
from terminology.store.sqlite import SqliteStore

FIRST = 50_000
ASKED = f"/r4/CodeSystem/$lookup?system={cpt.URL}&code="
VALUE_SET = "http://example.org/hundred"
WHOLE = "http://example.org/whole"
SYSTEM = "http://example.org/made-up"
_AGENTS = ("coil", "plug", "glue", "foam", "bead")
_PLACES = ("neck", "arm", "chest", "belly", "hip", "leg", "hand")


def codes(count: int) -> list[str]:
    """The made-up codes, five digits each."""
    return [str(FIRST + n) for n in range(count)]


def concepts(count: int) -> Iterator[Json]:
    """Concepts of the shape that a licensed CPT release has: names of three lengths, properties."""
    for n, code in enumerate(codes(count)):
        words = f"Made-up procedure {n} with {_AGENTS[n % 5]} in the {_PLACES[n % 7]}"
        yield {
            "code": code,
            "display": words,
            "definition": f"{words}, which no code set has",
            "designation": [
                {"language": "en", "use": _use("short"), "value": words[:28]},
                {"language": "en", "use": _use("upper"), "value": words.upper()},
            ],
            "property": [
                {"code": "modifier", "valueBoolean": False},
                {"code": "modified", "valueBoolean": False},
                {"code": "kind", "valueCode": "code"},
            ],
        }


def _resources(count: int) -> list[Json]:
    """A code system of its own with as many codes, all of it and a hundred CPT codes as sets."""
    system = {
        "resourceType": "CodeSystem",
        "id": "made-up",
        "url": SYSTEM,
        "version": "1",
        "status": "active",
        "content": "complete",
        "concept": list(concepts(count)),
    }
    hundred = [{"code": code} for code in codes(100)]
    composes = {
        "hundred": (VALUE_SET, {"system": cpt.URL, "concept": hundred}),
        "whole": (WHOLE, {"system": SYSTEM}),
    }
    return [system] + [
        {
            "resourceType": "ValueSet",
            "id": name,
            "url": url,
            "status": "active",
            "compose": {"include": [include]},
        }
        for name, (url, include) in composes.items()
    ]


def _use(code: str) -> Json:
    return {"system": cpt.URL, "code": code}


def store(path: Path, count: int) -> SqliteStore:
    """A store with what ships, and `count` made-up codes in its CPT."""
    if not path.exists():
        resources = list(content.resources())
        (system,) = (r for r in resources if r["id"] == "cpt")
        system["concept"] += concepts(min(count, 10_000))
        resources += _resources(count)
        build(path, f"benchmark of {count}", resources, shipped_tables())
    return SqliteStore(path)


def stored_cpt(path: Path, more: Iterable[Json]) -> SqliteStore:
    """A store with what ships, and more codes in its CPT."""
    resources = list(content.resources())
    (system,) = (r for r in resources if r["id"] == "cpt")
    system["concept"] += more
    build(path, "benchmark", resources)
    return SqliteStore(path)
