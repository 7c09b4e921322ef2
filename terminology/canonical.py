"""Canonical references, and which of several versions is the latest.

https://hl7.org/fhir/R5/references.html#canonical and
https://hl7.org/fhir/R5/valueset-version-algorithm.html.
"""

import re
from collections.abc import Iterable, Iterator

_PARTS = re.compile(r"[0-9]+|[^0-9.\-_+]+")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}){1,2}(T.*)?", re.DOTALL)


def split(canonical: str) -> tuple[str, str | None]:
    """The URL and the version of `url|version`; a fragment stays with the URL."""
    url, bar, version = canonical.partition("|")
    return url, version if bar and version else None


def version_key(version: str | None) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts versions from old to new: numbers by value, words after numbers.

    It serves semantic versions, dates and plain numbers alike; no version sorts first, and a
    pre-release (`1.0.0-draft`) before its release. The pre-releases of one release sort among
    each other by their parts: https://semver.org/#spec-item-11.
    """
    if version is None:
        return ()
    if _DATE.fullmatch(version):
        return (*_parts(version), _END)
    release, dash, pre_release = version.partition("-")
    if dash:
        return (*_parts(release), _PRE_RELEASE, *_parts(pre_release))
    return (*_parts(release), _END)


def latest(versions: Iterable[str | None], algorithm: str | None = None) -> str | None:
    """The newest of the versions.

    Args:
        versions: at least one.
        algorithm: what the resources state as `versionAlgorithm`. Of FHIR's five only `alpha`
            needs to be told: `version_key` orders semantic, numeric, dated and natural versions.

    Raises:
        ValueError: there is none to choose from.
    """
    if algorithm == "alpha":
        return max(versions, key=lambda version: version or "")
    return max(versions, key=version_key)


def is_pattern(version: str) -> bool:
    """Whether a version has wildcards: `1.x.x`, `1.*`."""
    return any(part in _WILD for part in version.split("."))


def fits(version: str | None, pattern: str) -> bool:
    """Whether a version is the one named, or one of those that a pattern stands for."""
    if version is None:
        return False
    if version == pattern:
        return True
    parts, wanted = version.split("."), pattern.split(".")
    if wanted[-1] == "*":
        parts = parts[: len(wanted)]
    return len(parts) == len(wanted) and all(
        w in _WILD or w == p for p, w in zip(parts, wanted, strict=True)
    )


_WILD = frozenset({"x", "X", "*"})
_PRE_RELEASE = (-1, 0, "")
_END = (0, 0, "")


def _parts(text: str) -> Iterator[tuple[int, int, str]]:
    for part in _PARTS.findall(text):
        if part[0] in "0123456789":
            # By length and then as text is by value, of numbers that int() refuses too.
            digits = part.lstrip("0")
            yield 1, len(digits), digits
        else:
            yield 2, 0, part
