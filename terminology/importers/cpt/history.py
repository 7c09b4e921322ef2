"""What became of codes: those that were deleted, and when each was added and changed."""

from msgspec import Struct

from terminology.importers.cpt.descriptors import CODE
from terminology.importers.cpt.tables import records
from terminology.importers.dates import iso
from terminology.importers.entry import Entry
from terminology.importers.problems import Tally

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
    for line, row in records(entry, ("CODE", "DATE DELETED", "DESCRIPTOR"), tally):
        code, stated = row["CODE"], row["DATE DELETED"]
        if not _is_code(code):
            if code:
                tally.bad(entry.label, line, f"{code!r} is no code and no modifier")
            continue
        day = iso(stated) or ""
        if not day and not stated.lower().startswith("pre"):
            tally.bad(entry.label, line, f"{code} was deleted on {stated!r}")
            continue
        words = "" if row["DESCRIPTOR"].lower() == _NO_WORDS else row["DESCRIPTOR"]
        deletion = Deletion(day, stated, words, row.get("INSTRUCTION", ""))
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
    for line, row in records(entry, ("DATE", "CHANGE TYPE", code_column), tally):
        code = row[code_column]
        if not code:
            continue
        if not _is_code(code):
            tally.bad(entry.label, line, f"{code!r} is no code and no modifier")
            continue
        day = iso(row["DATE"])
        past = found.setdefault(code, Past())
        if day is None:
            continue
        kind = row["CHANGE TYPE"].upper()
        if kind == _ADDED:
            past.added = max(past.added, day)
        elif kind != _DELETED:
            past.changed = max(past.changed, day)
    return found


def _is_code(text: str) -> bool:
    return bool(CODE.fullmatch(text)) or (len(text) == 2 and text.isalnum() and text.isupper())
