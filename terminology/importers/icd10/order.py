"""Order files: every code and header in the order of the classification, a line for each.

The columns are those of CMS's document icd10OrderFiles.pdf, which lies beside the file: number 1-5,
code 7-13 without its point, validity 15 (0 header, 1 valid for submission), short description
17-76, long description from 78.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from terminology.importers.entry import Entry
from terminology.importers.problems import Tally

_ROW = re.compile(r"\d{5} ([0-9A-Z]{3,7}) +([01]) \S")
_ADDENDA = re.compile(r"addend", re.IGNORECASE)
PCS, CM = "pcs", "cm"
_NAMED = {kind: re.compile(f"10_?-?{kind}", re.IGNORECASE) for kind in (PCS, CM)}
_SYSTEM_CODE = re.compile(r"[0-9A-HJ-NP-Z]{7}|[0-9A-HJ-NP-Z]{3}")
_CLINICAL_CODE = re.compile(r"[A-Z][0-9A-Z]{2,6}")
CODES = {PCS: _SYSTEM_CODE, CM: _CLINICAL_CODE}


class Row(NamedTuple):
    """A code or a header.

    Attributes:
        code: as it stands in the file.
        valid: whether it may be submitted; a header may not.
        short: the short description.
        long: the long description.
    """

    code: str
    valid: bool
    short: str
    long: str


def kind_of(entry: Entry) -> str | None:
    """Which of both an order file is of, by its name or its first lines; None for another file."""
    if not entry.base.lower().endswith(".txt") or _ADDENDA.search(entry.base):
        return None
    start = entry.start_text().splitlines()[:-1] or [""]
    found = [_ROW.match(line) for line in start]
    rows = [(row[1], row[2]) for row in found if row is not None]
    if not rows or len(rows) * 2 < len(start):
        return None
    named = [kind for kind, name in _NAMED.items() if name.search(entry.base)]
    return named[0] if named else _by_codes(rows)


def _by_codes(rows: Sequence[tuple[str, str]]) -> str | None:
    """By the shape of the codes: of both only ICD-10-PCS has codes that begin with a digit."""
    digits = sum(1 for code, _ in rows if code[0].isdigit())
    if digits and all((len(code), valid) in ((3, "0"), (7, "1")) for code, valid in rows):
        return PCS
    return None if digits else CM


def read_rows(entry: Entry, kind: str, tally: Tally) -> Iterator[Row]:
    """The rows of an order file in its order; those that are none are counted in the tally.

    Args:
        entry: the file.
        kind: whose codes it holds, `PCS` or `CM`.
        tally: counts the rows.
    """
    is_code = CODES[kind].fullmatch
    seen: set[str] = set()
    for number, line in entry.lines():
        code, valid, long = line[6:13].rstrip(), line[14:15], line[77:].strip()
        if is_code(code) and valid in ("0", "1") and long and code not in seen:
            tally.rows += 1
            seen.add(code)
            yield Row(code, valid == "1", line[16:76].strip(), long)
        elif line.strip():
            tally.rows += 1
            tally.bad(entry.label, number, _reason(line, code, valid, seen))


def _reason(line: str, code: str, valid: str, seen: set[str]) -> str:
    if len(line) < 15:
        return f"the line has {len(line)} columns and is cut short"
    if code in seen:
        return f"{code} stands there a second time"
    if valid not in ("0", "1"):
        return f"{valid!r} in column 15 is neither 0 nor 1"
    if not line[77:].strip():
        return f"there is no long description of {code}"
    return f"{code!r} is no code"
