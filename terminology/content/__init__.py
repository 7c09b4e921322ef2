"""What ships with Proterm: FHIR resources, tables and coding rules, each with its provenance.

Resources are R5 JSON, one in a file `resources/<Type>-<id>.json`, and keep to elements that mean
the same in R4 and R4B. Rules are JSON, a family in a file, as docs/rules.md says. Tables are CSV
with a header, text as the publisher printed it. A column `source` is the id of the shipped
DocumentReference that a row comes from; the rows of a table that has releases come from its
release's.
"""

import csv
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from terminology.errors import NotFound

TABLES = ("medicare-fee-schedule", "medicare-mue", "ncci-ptp")
"""The tables that are keyed by procedure code and have releases."""
PAIRS = frozenset({"ncci-ptp"})
"""Those of them that are keyed by two codes."""
RELEASES = "releases"
"""The table of their releases: when each is in force, and which document it comes from."""
MEANINGS = "medicare-indicators"
"""The table of what the indicators in the others mean."""
_OTHERS = (RELEASES, MEANINGS, "modifier-classes", "search-abbreviations", "search-synonyms")


def resources() -> Iterator[dict[str, Any]]:
    """Every shipped resource as decoded R5 JSON, sorted by file name.

    Yields:
        A new dictionary each, so a caller may change it.
    """
    for file in _files("resources", ".json"):
        yield msgspec.json.decode(file.read_bytes())


def rules() -> Iterator[dict[str, Any]]:
    """Every shipped file of coding rules, decoded, sorted by file name.

    Yields:
        A new dictionary each, with `sources` and `rules`, for `RuleBook.of`.
    """
    for file in _files("rules", ".json"):
        yield msgspec.json.decode(file.read_bytes())


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a shipped table in the order of its file.

    Args:
        name: one of `TABLES`, or another that ships, such as `MEANINGS`.

    Yields:
        Column name to text. Decimals are text as CMS prints them; a column without a value is
        the empty string.

    Raises:
        NotFound: no table of that name is shipped.
    """
    if name not in (*TABLES, *_OTHERS):
        raise NotFound(f"No table '{name}' is shipped; there are {', '.join(TABLES)}.")
    file = files(__name__).joinpath("tables", f"{name}.csv")
    with file.open(encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def releases() -> Iterator[dict[str, str]]:
    """The releases of `TABLES`, one for each table, setting and name of the release.

    Yields:
        table, setting (empty where the table has but one), release, title, effective and until
        (the first and the last day of its own period, `YYYY-MM-DD`), source (the id of a
        DocumentReference), whole ("1", or "0" for an extract) and complete_for (the codes of which
        an extract holds every row that was published, separated by spaces).
    """
    yield from table(RELEASES)


def rows(release: dict[str, str]) -> Iterator[dict[str, str]]:
    """The rows of one of the `releases`, in the order of the table's file."""
    for row in table(release["table"]):
        if row["release"] == release["release"] and row.get("setting", "") == release["setting"]:
            yield row


def fingerprint() -> str:
    """The SHA-256 of all that is shipped, as hexadecimal digits.

    It covers names and bytes of the resources, tables and rules, in the order of the file names, so
    it changes when a file is renamed, added or edited, and for nothing else.
    """
    digest = hashlib.sha256()
    for folder, suffix in (("resources", ".json"), ("tables", ".csv"), ("rules", ".json")):
        for file in _files(folder, suffix):
            content = file.read_bytes()
            digest.update(f"{file.name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _files(folder: str, suffix: str) -> list[Traversable]:
    found = files(__name__).joinpath(folder).iterdir()
    return sorted((f for f in found if f.name.endswith(suffix)), key=lambda f: f.name)
