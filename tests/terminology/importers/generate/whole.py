"""Deliveries of the size that they have in use, written to disk in seconds, the same on every run.

Each function takes a folder that exists and gives what is to be loaded.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import copy

from tests.terminology.importers.generate import cpt, hcpcs, icd10, ncci, public, rvu
from tests.terminology.importers.generate.words import phrase

PAIRS, PAIRS_OF_A_BOOK = 2_500_000, 625_000
CPT_CODES, LEVEL_2_CODES, FEE_ROWS, LIMITS = 11_000, 8_400, 19_000, 14_700


def cpt_release(folder: Path) -> Path:
    """All of the AMA's files, 11,000 codes."""
    return cpt.written(folder / "cpt-2026", cpt.delivery(CPT_CODES))


def level_2(folder: Path) -> Path:
    """HCPCS Level II as text, 8,400 codes and modifiers over 21,900 records."""
    return _text(folder / "HCPC2026_OCT_ANWEB.txt", hcpcs.text(hcpcs.rows(LEVEL_2_CODES)))


def fee_schedule(folder: Path) -> Path:
    """A relative value file of 19,000 rows."""
    return _text(folder / "PPRRVU2026_Jul_nonQPP.csv", rvu.text(FEE_ROWS))


def limits(folder: Path) -> Path:
    """Unit limits of 14,700 codes."""
    name = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"
    return _text(folder / name, ncci.limits(LIMITS))


def pairs(folder: Path) -> Path:
    """2,500,000 pairs in four parts, as text."""
    made = folder / "ccipra-v322r0"
    made.mkdir()
    ncci.parts(made, PAIRS)
    return made


def pairs_book(folder: Path) -> Path:
    """A quarter of them as a workbook."""
    return ncci.book(folder / "ccipra-v322r0-f1.xlsx", PAIRS_OF_A_BOOK)


def procedures(folder: Path) -> Path:
    """The public codes of ICD-10-PCS as an order file, 78,638 below 905 headers."""
    rows = icd10.with_headers(public.procedures())
    return icd10.written(folder / "icd10pcs_order_2026.txt", icd10.order(rows))


def diagnoses(folder: Path) -> Path:
    """The public tabular list of ICD-10-CM, 98,466 nodes with seventh characters."""
    return Path(copy(public.tabular_list(), folder))


def diagnoses_of_both_files(folder: Path) -> Path:
    """The same with an order file of its codes; descriptions in that are made up."""
    made = folder / "icd10cm"
    made.mkdir()
    diagnoses(made)
    codes = sorted(code for code in public.listed_codes() if _is_code(code))
    valid = set(codes) - {code[:n] for code in codes for n in range(3, len(code))}
    rows = ((code, code in valid, phrase(n)) for n, code in enumerate(codes))
    icd10.written(made / "icd10cm-order-April-1-2026.txt", icd10.order(rows))
    return made


def _is_code(listed: str) -> bool:
    return "-" not in listed and not listed.isdigit()


def _text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


MADE: Mapping[str, tuple[str, Callable[[Path], Path]]] = {
    "cpt": ("cpt", cpt_release),
    "hcpcs": ("hcpcs", level_2),
    "mpfs": ("mpfs", fee_schedule),
    "ncci-mue": ("ncci-mue", limits),
    "ncci-ptp": ("ncci-ptp", pairs),
    "ncci-ptp, workbook": ("ncci-ptp", pairs_book),
    "icd10pcs": ("icd10pcs", procedures),
    "icd10cm, list": ("icd10cm", diagnoses),
    "icd10cm, both files": ("icd10cm", diagnoses_of_both_files),
}
"""By a name, the kind and what makes one."""
