"""Relative value files in the layouts of CMS's, with made-up values."""

from collections.abc import Iterator

from tests.terminology.importers.generate.words import NOTICE, cpt_codes, phrase

_STACK = (
    " , ,,,,,,,,,,,,,,,,,,,,,,,,,,,NON-FACILITY,FACILITY,",
    ",,,,NOT USED,,,,,,,,,,,,,,,,,,,,,PHYSICIAN,,DIAGNOSTIC,PE USED,PE USED,MP USED",
    ",,,,FOR,,,NON-FAC,,FACILITY ,,,,,,,,,,,,,,,,SUPERVISION OF,,IMAGING,FOR OPPS,FOR OPPS,"
    "FOR OPPS",
    ",,,STATUS,MEDICARE ,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,PCTC,GLOB,PRE,INTRA,"
    "POST,MULT,BILAT,ASST,CO-,TEAM,ENDO,CONV,DIAGNOSTIC,CALCULATION,FAMILY,PAYMENT,PAYMENT,PAYMENT",
    "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,"
    "DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,"
    "AMOUNT",
)
_GLOBAL = ("000", "010", "090", "XXX", "ZZZ", "YYY", "MMM")
_TEAM = 23
"""The place after the column TEAM SURG, where July 2026 has PRIC IND."""


def header(*, pricing: bool = False) -> list[list[str]]:
    """The rows of the stacked header; with the column PRIC IND that July 2026 has."""
    stack = [line.split(",") for line in _STACK]
    if pricing:
        for row, text in zip(stack, ("", "", "", "PRIC", "IND"), strict=True):
            row.insert(_TEAM, text)
    return stack


def rows(count: int, *, pricing: bool = False) -> Iterator[list[str]]:
    """Rows by code; every tenth code has rows with 26 and TC beside its own."""
    made = 0
    for n, code in enumerate(cpt_codes(count)):
        for modifier in ("", "26", "TC") if n % 10 == 0 else ("",):
            if made >= count:
                return
            made += 1
            row = _row(n, code, modifier)
            if pricing:
                row.insert(_TEAM, "1")
            yield row


def _row(n: int, code: str, modifier: str) -> list[str]:
    work, facility, other = n % 3000 / 100, n % 700 / 100, n % 40 / 10
    amounts = [f"{work:.2f}", f"{facility * 2:.2f}", "", f"{facility:.2f}", "NA" * (n % 2)]
    totals = [f"{work + 2 * facility + other:.2f}", f"{work + facility + other:.2f}"]
    marks = [str("019"[n % 3]), _GLOBAL[n % 7], "0.10", "0.80", "0.10"]
    surgery = [str(n % 4), str(n % 3), str(n % 2), "0", "9", "", "33.4009"]
    ends = ["09", "0", "99", "0.00", "0.00", "0.00"]
    described = f'"{phrase(n)}"'
    return [code, modifier, described, "A", "", *amounts, f"{other:.2f}", *totals, *marks] + (
        surgery + ends
    )


def text(
    count: int,
    title: str = "2026 National Physician Fee Schedule Relative Value File July Release",
    *,
    pricing: bool = False,
    end: str = "\r\n",
) -> str:
    """A whole CSV file."""
    blank = "," * (len(header()[0]) - 3)
    above = [f",,{title}{blank}", f",,{NOTICE.format(year=2025)}{blank}", f",, {blank}"]
    lines = [*header(pricing=pricing), *rows(count, pricing=pricing)]
    return end.join([*above, *(",".join(cells) for cells in lines), ""])
