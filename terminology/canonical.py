"""Canonical references, and which of several versions is the latest.

https://hl7.org/fhir/R5/references.html#canonical and
https://hl7.org/fhir/R5/valueset-version-algorithm.html.
"""

import re
from collections.abc import Iterable

_PARTS = re.compile(r"\d+|[^\d.\-_+]+")


def split(canonical: str) -> tuple[str, str | None]:
    """The URL and the version of `url|version`; a fragment stays with the URL."""
    url, bar, version = canonical.partition("|")
    return url, version if bar and version else None


def version_key(version: str | None) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts versions from old to new: numbers by value, words after numbers.

    It serves semantic versions, dates and plain numbers alike; no version sorts first, and a
    pre-release (`1.0.0-draft`) before its release.
    """
    if version is None:
        return ()
    release, dash, extra = version.partition("-")
    if _is_date(version):
        release, dash, extra = version, "", ""
    parts = [_part(p) for p in _PARTS.findall(release)]
    return (*parts, (-1, 0, extra) if dash else (0, 0, ""))


def latest(versions: Iterable[str | None]) -> str | None:
    """The newest of the versions.

    Raises:
        ValueError: there is none to choose from.
    """
    return max(versions, key=version_key)


def _is_date(version: str) -> bool:
    return re.fullmatch(r"\d{4}(-\d\d){1,2}", version) is not None


def _part(part: str) -> tuple[int, int, str]:
    return (1, int(part), "") if part.isdecimal() else (2, 0, part)
