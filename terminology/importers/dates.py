"""Days as the publishers write them, and the quarters that CMS publishes its tables for."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from terminology.errors import InvalidInput

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_QUARTERS = "ABCD"


@lru_cache(maxsize=1 << 16)
def iso(text: str) -> str | None:
    """A day from the eight digits that files have, `20260701`, as `2026-07-01`.

    Returns:
        None where it is no such day. A time behind it, as spreadsheets add, is left out.
    """
    digits = text[:8]
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():
        return None
    return _real(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def american(text: str) -> str | None:
    """A day from month, day and year, `07-01-2026` or `7/1/2026`, as `2026-07-01`."""
    found = re.fullmatch(r"(\d{1,2})[-/_](\d{1,2})[-/_](\d{4})", text)
    return _real(int(found[3]), int(found[1]), int(found[2])) if found else None


def _real(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def named_day(text: str, option: str) -> str:
    """A day that a person named, checked.

    Args:
        text: `2026-07-01`.
        option: what it was given by, for the message.

    Raises:
        InvalidInput: it is no day of the calendar.
    """
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    day = _real(*(int(part) for part in found.groups())) if found else None
    if day is None:
        raise InvalidInput(f"{option} is '{text}'; write a day as in 2026-07-01.")
    return day


def month_of(name: str) -> int | None:
    """The number of a month by its English name or the first three letters of it."""
    short = name[:3].lower()
    return MONTHS.index(short) + 1 if short in MONTHS else None


def end_of_quarter(day: str) -> str:
    """The last day of the quarter that a day is in."""
    year, month = int(day[:4]), (int(day[5:7]) + 2) // 3 * 3
    return f"{year}-{month:02}-{monthrange(year, month)[1]}"


def quarter(day: str) -> int:
    """The number of the quarter that a day is in, from 1."""
    return (int(day[5:7]) + 2) // 3


def letter(day: str) -> str:
    """CMS's letter for the quarter that a day is in: A from January, D from October."""
    return _QUARTERS[quarter(day) - 1]


def first_of(year: int, month: int) -> str:
    """The first day of a month."""
    return f"{year:04}-{month:02}-01"
