"""Dates in a search: a date is the span of time that it leaves open.

`2026` is the whole year, `2026-07-01T10:30Z` the whole minute; a time without an offset is UTC.
Spans are kept as two texts of equal length, so that a database compares them as text.
https://hl7.org/fhir/R5/search.html#date.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple

from terminology.errors import InvalidInput, NotSupported

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?)?"
    r"(?P<offset>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
_PREFIX = re.compile(r"(?P<prefix>[a-z]{2})?(?P<date>.*)", re.DOTALL)
_COMPARATORS = {"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"}
_FIRST = "0001-01-01T00:00:00.000000Z"
_LAST = "9999-12-31T23:59:59.999999Z"


class DateValue(NamedTuple):
    """A comparator and the span that it compares with, both ends within it."""

    comparator: str
    start: str
    end: str


def parse_date(text: str, supported: tuple[str, ...], parameter: str) -> DateValue:
    """Read a value such as `ge2026-07`.

    Args:
        text: the value, a comparator before it or none.
        supported: the comparators that the parameter has.
        parameter: its name, for the message.

    Raises:
        InvalidInput: it is no FHIR date.
        NotSupported: FHIR has the comparator and this service has not.
    """
    match = _PREFIX.fullmatch(text)
    comparator = (match and match["prefix"]) or "eq"
    if comparator in _COMPARATORS and comparator not in supported:
        raise NotSupported(
            f"The comparator {comparator!r} of {parameter}={text} is not supported; "
            f"one of {', '.join(supported)} is."
        )
    span = _span(match["date"]) if match and comparator in supported else None
    if span is None:
        raise InvalidInput(
            f"{parameter}={text} is no date. Write YYYY, YYYY-MM, YYYY-MM-DD or "
            "YYYY-MM-DDThh:mm:ssZ, where need be after a comparator such as ge or lt; "
            "a + is %2B in a URL."
        )
    return DateValue(comparator, *span)


def stored_range(element: Any) -> tuple[str, str] | None:
    """The span of a date, dateTime, instant or Period of a resource, None where it has none."""
    if isinstance(element, str):
        return _span(element)
    if not isinstance(element, dict):
        return None
    start, end = element.get("start"), element.get("end")
    first = _span(start) if isinstance(start, str) else (_FIRST, _FIRST)
    last = _span(end) if isinstance(end, str) else (_LAST, _LAST)
    if first is None or last is None or (start is None and end is None):
        return None
    return first[0], last[1]


def _span(text: str) -> tuple[str, str] | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    given = {name: int(match[name]) for name in ("year", "month", "day", "hour", "minute")
             if match[name]}  # fmt: skip
    try:
        # A leap second is allowed in FHIR and unknown to datetime.
        given |= {"second": min(int(match["second"]), 59)} if match["second"] else {}
        start = datetime(**({"month": 1, "day": 1} | given), tzinfo=_offset(match["offset"]))
        digits = match["fraction"]
        start += timedelta(microseconds=int(f"{digits:0<6.6}") if digits else 0)
        return _text(start), _text(_end(start, given, len(digits or "")))
    except (ValueError, OverflowError):
        return None


def _end(start: datetime, given: dict[str, int], digits: int) -> datetime:
    days = monthrange(start.year, start.month)[1] if "month" in given else 31
    last = {"month": 12, "day": days, "hour": 23, "minute": 59, "second": 59}
    if "second" in given:
        return start + timedelta(microseconds=10 ** (6 - min(digits, 6)) - 1)
    month, day, hour, minute, second = (given.get(name, last[name]) for name in last)
    return datetime(
        start.year, month, day, hour, minute, second, microsecond=999_999, tzinfo=start.tzinfo
    )


def _offset(text: str | None) -> timezone:
    if text in (None, "Z"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59:
        raise ValueError(text)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(len(_FIRST), "0")
