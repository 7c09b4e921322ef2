"""How the text of a setting is read.

Each function gives the value of a text, or raises `ValueError` with what is allowed in words.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

_UNBOUNDED = 10**9
_BAD_ROWS = "a number such as 100, a part of all such as 1%, or both: 100,1%"
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


def number(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from `low` to `high`."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def _usable_cpus() -> int:
    """CPUs that this process may run on: fewer than the machine's where it was pinned."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workers(text: str) -> int:
    """`auto`, or the number of worker processes."""
    if text == "auto":
        return min(max(_usable_cpus(), 2), 8)
    try:
        return number(1, 64)(text)
    except ValueError as allowed:
        raise ValueError(f"'auto' or {allowed}") from None


def host(text: str) -> str:
    """A host name or an address, as it is."""
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", text):
        raise ValueError("a host name or an IP address, such as 127.0.0.1, 0.0.0.0 or ::1")
    return text


def folder(text: str) -> Path:
    """A path, `~` in it worked out."""
    if not text or "\0" in text:
        raise ValueError("the path of a folder")
    try:
        return Path(text).expanduser()
    except RuntimeError:  # `~name` of a user that there is not
        raise ValueError("the path of a folder; there is no such home folder") from None


def store(text: str) -> str:
    """The address of a database; it may hold a password, and is never quoted."""
    if not text:
        return text
    if not re.match(r"postgres(ql)?://", text):
        raise ValueError("an address such as postgresql://user@host1,host2/proterm, or empty")
    # It takes half a second to load, and who has no database does without.
    from terminology.store.address import check

    check(text)
    return text


def shown_store(text: str) -> str:
    """The address of a database with stars in place of the password."""
    if not text:
        return text
    from terminology.store.address import shown

    return shown(text.strip())


def bad_rows(text: str) -> tuple[int, float]:
    """How many rows of a load may be bad: so many, and such a part of all; above either it stops.

    What is not said has no bound.
    """
    bounds = {_bound(part.strip()) for part in text.split(",")}
    kinds = {isinstance(bound, int): bound for bound in bounds}
    if len(kinds) < len(text.split(",")):
        raise ValueError(_BAD_ROWS)
    return int(kinds.get(True, _UNBOUNDED)), float(kinds.get(False, 1.0))


def _bound(text: str) -> int | float:
    found = re.fullmatch(r"([0-9]{1,9})|([0-9]{1,3}(?:\.[0-9]{1,6})?)%", text)
    if not found or float(found[2] or 0) > 100:
        raise ValueError(_BAD_ROWS)
    return int(found[1]) if found[1] else float(found[2]) / 100


def _is_absolute_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # brackets that hold no IPv6 address
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def canonicals(text: str) -> tuple[str, ...]:
    """Canonical URLs between commas."""
    urls = tuple(url.strip() for url in text.split(",") if url.strip())
    if not all(_is_absolute_url(url) or url.startswith("urn:") for url in urls):
        raise ValueError("canonical URLs separated by commas, or empty for none")
    return urls


def origins(text: str) -> tuple[str, ...]:
    """Origins of pages between commas, or `*`."""
    origins = tuple(origin.strip() for origin in text.split(",") if origin.strip())
    for origin in origins:
        # RFC 6454 section 6.2: an origin is a scheme, a host and a port, with no path.
        if origin != "*" and not (_is_absolute_url(origin) and not urlsplit(origin).path):
            raise ValueError(
                "'*', origins such as https://ehr.example separated by commas, or empty for none"
            )
    return origins


def base_url(text: str) -> str:
    """An absolute URL without a slash at its end."""
    if text and (not _is_absolute_url(text) or "?" in text or "#" in text):
        raise ValueError("an absolute URL such as https://tx.example/fhir, or empty")
    return text.rstrip("/")


def log_level(text: str) -> str:
    """A level of logging, in small letters."""
    if text.lower() not in LOG_LEVELS:
        raise ValueError("one of " + ", ".join(LOG_LEVELS))
    return text.lower()
