"""Public code lists that come with two test dependencies; they are read as data alone."""

import csv
from importlib.metadata import files
from pathlib import Path


def _file(distribution: str, name: str) -> Path:
    return next(Path(str(f.locate())) for f in files(distribution) or () if f.name == name)


def procedures() -> dict[str, str]:
    """The 78,638 codes of ICD-10-PCS with their long descriptions."""
    return _pairs(_file("drg", "icd_10_pcs.csv"))


def diagnoses() -> dict[str, str]:
    """The 74,260 valid codes of ICD-10-CM, without points, with their long descriptions."""
    return _pairs(_file("drg", "icd_10_cm.csv"))


def tabular_list() -> Path:
    """The tabular list of ICD-10-CM as of April 2026."""
    return _file("simple-icd-10-cm", "icd10c-tabular-April-1-2026.xml")


def listed_codes() -> set[str]:
    """What is in that list, seventh characters added: chapters, sections, codes without points."""
    return set(_file("simple-icd-10-cm", "code-list-April-2026.txt").read_text("utf-8").split())


def _pairs(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {code: text for code, text, *_ in csv.reader(file)}
