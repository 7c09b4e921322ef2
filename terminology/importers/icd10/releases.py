"""Which release a file is: a fiscal year, which begins on October 1 of the year before.

CMS and the National Center for Health Statistics write the fiscal year into the names of files, and
the day of an update within it into those of files, folders or archives:
`icd10cm_order_2026.txt`, `icd10cm-tabular-April-1-2026.xml`,
`april-1-2026-code-descriptions-tabular-order.zip`.
https://www.cms.gov/medicare/coding-billing/icd-10-codes
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from terminology.errors import InvalidInput
from terminology.importers.dates import MONTHS, first_of, month_of, named_day
from terminology.importers.delivery import Options
from terminology.importers.entry import Entry
from terminology.importers.source import Source

_OCTOBER = 10
_ENDS = "uary|ruary|ch|il|e|y|ust|t?ember|ober"
_NAMED = re.compile(
    rf"(?:(?<![a-z])({'|'.join(MONTHS)})(?:{_ENDS})?[ _.,-]*(?:\d{{1,2}}[ _.,-]+)?)?"
    r"(?<!\d)(20\d\d)(?!\d)",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?")


class Release(NamedTuple):
    """A release.

    Attributes:
        version: the fiscal year, `2026`; year and month of an update within it, `2026-04`.
        effective: its first day.
    """

    version: str
    effective: str

    @property
    def fiscal_year(self) -> str:
        """The year that begins with October of the one before."""
        year, month = int(self.effective[:4]), int(self.effective[5:7])
        return str(year + (month >= _OCTOBER))


def release_of(
    source: Source, entries: Sequence[Entry], stated: Iterable[str], options: Options
) -> Release:
    """Find the release.

    Args:
        source: what was named.
        entries: the files that are read.
        stated: fiscal years that stand within them.
        options: what the person said, instead of all others.

    Raises:
        InvalidInput: nothing tells the release, or files are of several.
    """
    if options.version or options.effective:
        return _given(options)
    found = {release for entry in entries if (release := _named(source, entry))}
    known = {release.fiscal_year for release in found}
    found |= {_of_year(year) for year in stated if year not in known}
    if len(found) > 1:
        raise InvalidInput(
            f"The files are of {' and '.join(sorted(r.version for r in found))}: load one release"
            " at a time, or name the right one (--version 2026)."
        )
    if not found:
        raise InvalidInput(
            f"The name of {entries[0].label} does not tell its fiscal year. Name it"
            " (--version 2026), or the first day (--effective 2025-10-01)."
        )
    return found.pop()


def _given(options: Options) -> Release:
    day = named_day(options.effective, "--effective") if options.effective else None
    if not options.version:
        assert day is not None, "one of both was given"  # noqa: S101
        year, month = int(day[:4]), int(day[5:7])
        return Release(str(year + 1) if month == _OCTOBER else day[:7], day)
    named = _VERSION.fullmatch(options.version)
    if named is None:
        raise InvalidInput(
            f"--version is '{options.version}'; write a fiscal year as in 2026, or year and month"
            " of an update as in 2026-04."
        )
    release = _of_month(int(named[1]), int(named[2])) if named[2] else _of_year(named[1])
    return Release(options.version, day or release.effective)


def _named(source: Source, entry: Entry) -> Release | None:
    """The release by the name of a file; what it lies in may tell the month."""
    found: list[tuple[int, Release, bool]] = []
    for name in _names(source, entry):
        for year, month in ((int(m[2]), month_of(m[1] or "")) for m in _NAMED.finditer(name)):
            release = _of_month(year, month) if month else _of_year(str(year))
            found.append((int(release.fiscal_year), release, month is not None))
    if not found:
        return None
    of_same = [one for one in found if one[0] == found[0][0]]
    return next((release for _, release, has_month in of_same if has_month), of_same[0][1])


def _names(source: Source, entry: Entry) -> list[str]:
    """The names of a file and of what it lies in, the nearest first."""
    return [*reversed(entry.path.parts), source.path.name]


def _of_year(year: str) -> Release:
    return Release(year, first_of(int(year) - 1, _OCTOBER))


def _of_month(year: int, month: int) -> Release:
    if month == _OCTOBER:
        return _of_year(str(year + 1))
    day = first_of(year, month)
    return Release(day[:7], day)
