"""What became of codes: those that were deleted, and when each was added and changed."""

import re

from msgspec import Struct

from terminology.importers.cpt.tables import records
from terminology.importers.dates import iso
from terminology.importers.entry import Entry
from terminology.importers.problems import Tally

_CODE = re.compile(r"\d{4}[0-9A-Z]|[0-9A-Z]{2}")
_NO_WORDS = "descriptor not available"
_ADDED, _DELETED = "ADDED", "DELETED"


class Deletion(Struct, frozen=True):
    """The end of a code.

    Attributes:
        day: on which it was deleted, empty where the file names no day.
        stated: when that was in the file's words, such as `Pre-1982`.
        words: what it meant, empty where the file does not tell.
        instruction: what to report instead, in the file's words.
    """

    day: str
    stated: str
    words: str
    instruction: str


class Past(Struct):
    """When a code was added, and when it was changed last; empty where the file names no day."""

    added: str = ""
    changed: str = ""


def read_deletions(entry: Entry, tally: Tally) -> dict[str, Deletion]:
    """The deleted codes; of several ends of a code the last one."""
    found: dict[str, Deletion] = {}
    columns = ("CODE", "DATE DELETED", "DESCRIPTOR")
    for line, cells in records(entry, columns, tally, ("INSTRUCTION",)):
        code, stated, words, instruction = cells
        if not _CODE.fullmatch(code):
            if code:
                tally.bad(entry.label, line, f"{code!r} is no code and no modifier")
            continue
        day = iso(stated) or ""
        if not day and not stated.lower().startswith("pre"):
            tally.bad(entry.label, line, f"{code} was deleted on {stated!r}")
            continue
        known = "" if words.lower() == _NO_WORDS else words
        deletion = Deletion(day, stated, known, instruction)
        if code not in found or found[code].day <= day:
            found[code] = deletion
    return found


def read_history(entry: Entry, code_column: str, tally: Tally) -> dict[str, Past]:
    """When codes were added and changed.

    Args:
        entry: the file of codes or of modifiers.
        code_column: `CPT CODE` or `MODIFIER CODE`; rows without one are headings.
        tally: counts rows and what is wrong.
    """
    found: dict[str, Past] = {}
    for line, (date, change, code) in records(entry, ("DATE", "CHANGE TYPE", code_column), tally):
        if not code:
            continue
        if not _CODE.fullmatch(code):
            tally.bad(entry.label, line, f"{code!r} is no code and no modifier")
            continue
        day = iso(date)
        past = found.setdefault(code, Past())
        if day is None:
            continue
        kind = change.upper()
        if kind == _ADDED:
            past.added = max(past.added, day)
        elif kind != _DELETED:
            past.changed = max(past.changed, day)
    return found
