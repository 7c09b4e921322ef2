"""Whole code files on disk, as many rows as the real ones have: made once, loaded by the command.

ICD-10 is real and public; CPT, the fee schedule and NCCI's pairs are made up, in the layouts of
their publishers. `BENCHMARK_FILES` names a folder to keep them in between runs.
"""

import os
from collections.abc import Callable
from pathlib import Path

from tests.terminology.importers.generate import cpt, icd10, ncci, public, rvu

CODES, ROWS, PAIRS = 11_000, 19_000, 2_500_000
ORDER = ["icd10pcs", "icd10cm", "cpt", "mpfs", "ncci-ptp"]
"""The kinds in the order in which they are loaded."""
OPTIONS = {"cpt": ["--accept-license"]}


def _procedures(folder: Path) -> Path:
    lines = icd10.order(icd10.with_headers(public.procedures()))
    return icd10.written(folder / "icd10pcs_order_2026.txt", lines)


def _diagnoses(folder: Path) -> Path:
    path = folder / "icd10cm_tabular_2026.xml"
    path.write_bytes(public.tabular_list().read_bytes())
    return path


def _cpt(folder: Path) -> Path:
    return cpt.written(folder / "CPT2026", cpt.delivery(CODES, 2026))


def _fees(folder: Path) -> Path:
    path = folder / "PPRRVU2026_Jul_nonQPP.csv"
    path.write_text(rvu.text(ROWS, pricing=True), "cp1252", newline="")
    return path


def _pairs(folder: Path) -> Path:
    inner = folder / "ccipra-v322r0"
    inner.mkdir()
    ncci.parts(inner, PAIRS)
    return inner


_MAKE: dict[str, Callable[[Path], Path]] = {
    "icd10pcs": _procedures,
    "icd10cm": _diagnoses,
    "cpt": _cpt,
    "mpfs": _fees,
    "ncci-ptp": _pairs,
}


def file_of(kind: str, folder: Path) -> Path:
    """The file or folder of a kind; it is made where it is missing."""
    kept = Path(os.environ.get("BENCHMARK_FILES") or folder) / kind
    if not kept.exists():
        fresh = kept.with_name(f"{kind}.new")
        fresh.mkdir(parents=True)
        _MAKE[kind](fresh)
        fresh.rename(kept)
    (made,) = kept.iterdir()
    return made
