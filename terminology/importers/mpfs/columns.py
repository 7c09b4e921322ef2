"""The columns of the relative value file, and what is mended in their cells.

Files in circulation have lost the zeros in front of numbers (`0` global days for `000`), and have
the noise of binary fractions behind them (`185.76999999999998`).
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from terminology.importers.grids import code_text

_CENT = Decimal("0.01")
_FACTOR = Decimal("0.0001")

Mend = Callable[[str], str | None]
"""Gives a cell as CMS prints it, None where nothing of the kind stands there."""


@lru_cache(maxsize=1 << 14)
def value(text: str) -> str | None:
    """A relative value, with two decimals."""
    number = _decimal(text)
    return None if number is None else str(number.quantize(_CENT))


@lru_cache(maxsize=1 << 10)
def factor(text: str) -> str | None:
    """A conversion factor, with the decimals that it has, four at most."""
    number = _decimal(text)
    if number is None:
        return None
    exponent = number.as_tuple().exponent
    noisy = isinstance(exponent, int) and exponent < -4
    return f"{number.quantize(_FACTOR) if noisy else number:f}"


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**9 else None


def days(text: str) -> str | None:
    """A global period: three digits, or three letters such as XXX."""
    mended = text.zfill(3) if text.isdigit() else text
    return mended if len(mended) == 3 and mended.isalnum() else None


def supervision(text: str) -> str | None:
    """A level of supervision: two digits."""
    mended = text.zfill(2) if text.isdigit() else text
    return mended if len(mended) in (0, 2) else None


def indicator(text: str) -> str | None:
    """An indicator, as it stands."""
    return text if len(text) <= 2 else None


def anything(text: str) -> str | None:
    """Text, as it stands."""
    return text


COLUMNS: dict[str, tuple[str, Mend]] = {
    "STATUS CODE": ("status", indicator),
    "NOT USED FOR MEDICARE PAYMENT": ("not_used", anything),
    "WORK RVU": ("work_rvu", value),
    "NON FAC PE RVU": ("non_facility_pe_rvu", value),
    "NON FAC NA INDICATOR": ("non_facility_na", indicator),
    "FACILITY PE RVU": ("facility_pe_rvu", value),
    "FACILITY NA INDICATOR": ("facility_na", indicator),
    "MP RVU": ("mp_rvu", value),
    "NON FACILITY TOTAL": ("non_facility_total", value),
    "FACILITY TOTAL": ("facility_total", value),
    "PCTC IND": ("pctc", indicator),
    "GLOB DAYS": ("global_days", days),
    "PRE OP": ("pre_op", value),
    "INTRA OP": ("intra_op", value),
    "POST OP": ("post_op", value),
    "MULT PROC": ("mult", indicator),
    "BILAT SURG": ("bilat", indicator),
    "ASST SURG": ("asst", indicator),
    "CO SURG": ("co_surg", indicator),
    "TEAM SURG": ("team", indicator),
    "PRIC IND": ("pricing", anything),
    "ENDO BASE": ("endo_base", code_text),
    "CONV FACTOR": ("conversion_factor", factor),
    "PHYSICIAN SUPERVISION OF DIAGNOSTIC PROCEDURES": ("supervision", supervision),
    "CALCULATION FLAG": ("calculation_flag", anything),
    "DIAGNOSTIC IMAGING FAMILY INDICATOR": ("imaging_family", anything),
    "NON FACILITY PE USED FOR OPPS PAYMENT AMOUNT": ("opps_non_facility_pe", value),
    "FACILITY PE USED FOR OPPS PAYMENT AMOUNT": ("opps_facility_pe", value),
    "MP USED FOR OPPS PAYMENT AMOUNT": ("opps_mp", value),
}
"""CMS's names of the columns, the rows of each joined: the name here, and how a cell is mended."""

NEEDED = frozenset(
    "status work_rvu non_facility_pe_rvu facility_pe_rvu mp_rvu non_facility_total facility_total"
    " pctc global_days mult bilat asst co_surg team conversion_factor".split()
)
"""Those that every year's file has, and that rules and answers are made from."""
DESCRIPTION = "DESCRIPTION"
