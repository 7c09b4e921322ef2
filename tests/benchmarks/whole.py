"""Whole code files on disk, as many rows as the real ones have: made once, loaded by the command.

`BENCHMARK_FILES` names a folder to keep them in between runs.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

from tests.terminology.importers.generate import public
from tests.terminology.importers.generate.whole import MADE

LOADED = ("icd10pcs", "icd10cm, list", "cpt", "hcpcs", "mpfs", "ncci-mue", "ncci-ptp")
"""What an installation has, in the order in which it is loaded."""
RESOURCE = "fhir"
BOOK = "ncci-ptp, workbook"


class Made(NamedTuple):
    """A delivery on disk."""

    kind: str
    path: Path


def delivery(name: str, folder: Path) -> Made:
    """A delivery; it is made where it is missing."""
    kind, make = (RESOURCE, _resource) if name == RESOURCE else MADE[name]
    kept = Path(os.environ.get("BENCHMARK_FILES") or folder) / name.replace(", ", "-")
    if not kept.exists():
        fresh = kept.with_name(f"{kept.name}.new")
        fresh.mkdir(parents=True)
        make(fresh)
        fresh.rename(kept)
    (made,) = kept.iterdir()
    return Made(kind, made)


def _resource(folder: Path) -> Path:
    """The public codes of ICD-10-PCS as one CodeSystem resource."""
    system = {
        "resourceType": "CodeSystem",
        "id": "procedures",
        "url": "http://example.org/procedures",
        "version": "2026",
        "name": "Procedures",
        "status": "active",
        "content": "complete",
        "caseSensitive": True,
        "concept": [{"code": c, "display": text} for c, text in public.procedures().items()],
    }
    path = folder / "CodeSystem-procedures.json"
    path.write_text(json.dumps(system), "utf-8")
    return path
