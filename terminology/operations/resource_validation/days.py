"""The day of service, from the elements that FHIR has for it.

A line is judged by the tables of one day. A year or a month alone stands for its first day, and a
period for the day it starts on; either is said.
"""

import re
from datetime import date
from typing import Any, NamedTuple

from terminology.fhir.outcome import Issue
from terminology.model import Json
from terminology.operations.resource_validation.reading import an_object, text

_WRITTEN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?", re.ASCII | re.DOTALL)


class Day(NamedTuple):
    """A day of service, and what is to be said of how it was read."""

    day: str | None
    """`YYYY-MM-DD`; None where none can be told."""
    notes: tuple[Issue, ...] = ()


NOWHERE = Day(None)


def day_of(holder: Json, name: str, path: str) -> Day:
    """The day of a choice of date, dateTime, Period and others.

    Args:
        holder: the object that has the element.
        name: of the choice, `serviced` of `servicedDate`.
        path: the FHIRPath of the element.
    """
    for kind in ("Date", "DateTime"):
        sent = text(holder, f"{name}{kind}")
        if sent is not None:
            return _first_day(sent, path)
    if f"{name}Period" in holder:
        return period(holder, f"{name}Period", path)
    other = next((key for key in holder if _is_choice(key, name)), None)
    if other is None:
        return NOWHERE
    if other.startswith("_"):
        return Day(None, (_note(f"`{path}` has no value, so that no day can be told", path),))
    kind = other.removeprefix(name)
    a = "an" if kind[0] in "AEIO" else "a"
    return Day(None, (_note(f"`{path}` is {a} {kind}, from which no day can be told", path),))


def period(holder: Json, name: str, path: str) -> Day:
    """The day on which a Period starts."""
    sent = an_object(holder, name)
    start, end = text(sent, "start"), text(sent, "end")
    if start is None:
        told = f"`{path}` is a period without a start, from which no day can be told"
        return Day(None, (_note(told, path),)) if sent else NOWHERE
    found = _first_day(start, path)
    if found.day is None or end is None or end[:10] == found.day:
        return found
    told = f"`{path}` is a period; the day it starts on, {found.day}, was taken"
    return Day(found.day, (*found.notes, _note(told, path)))


def _first_day(sent: str, path: str) -> Day:
    written = _WRITTEN.fullmatch(sent)
    if written is None:
        return NOWHERE  # the structure says so
    year, month, day = written.groups()
    first = f"{year}-{month or '01'}-{day or '01'}"
    try:
        date.fromisoformat(first)
    except ValueError:
        return NOWHERE
    if day is not None:
        return Day(first)
    whole = "month" if month else "year"
    return Day(first, (_note(f"`{path}` is a {whole} alone; its first day was taken", path),))


def _is_choice(key: Any, name: str) -> bool:
    after = str(key).removeprefix("_").removeprefix(name)
    return str(key).removeprefix("_").startswith(name) and after[:1].isupper()


def _note(told: str, path: str) -> Issue:
    return Issue("information", "informational", told, (path,))
