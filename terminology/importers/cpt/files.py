"""The files of a delivery, each known by its name, whatever folder or archive it lies in."""

import re
from collections.abc import Mapping

from terminology.importers.entry import Entry
from terminology.importers.problems import UnreadableSource
from terminology.importers.source import Source

LONG, LONG_UPPER, MEDIUM, SHORT = "LONGULT", "LONGUT", "MEDU", "SHORTU"
LONG_WRAPPED, LONG_UPPER_WRAPPED = "LONGULF", "LONGUF"
MODIFIERS = "MODUL"
CONSUMER, CLINICIAN = "ConsumerDescriptor", "ClinicianDescriptor"
LABORATORY = "CPTPLA"
DELETED, HISTORY, MODIFIER_HISTORY = "Deleted_DTK", "History_DTK", "HistoryModifiers_DTK"
ORTHOPOX = "OrthopoxvirusCodes"

NAMES: Mapping[str, re.Pattern[str]] = {
    role: re.compile(pattern, re.IGNORECASE)
    for role, pattern in {
        LONG: r"LONGULT\.txt",
        LONG_UPPER: r"LONGUT\.txt",
        LONG_WRAPPED: r"LONGULF\.txt",
        LONG_UPPER_WRAPPED: r"LONGUF\.txt",
        MEDIUM: r"MEDU\.txt",
        SHORT: r"SHORTU\.txt",
        MODIFIERS: r"MODUL\.txt",
        CONSUMER: r"Consumer ?Descriptors?\.(?:txt|xlsx)",
        CLINICIAN: r"Clinician ?Descriptors?\.(?:txt|xlsx)",
        LABORATORY: r"CPT-?_?PLA.*\.(?:txt|xlsx)",
        DELETED: r"Deleted_DTK(?:_tab|_pipe)?(?:\.txt)?",
        HISTORY: r"History_DTK(?:_tab|_pipe)?(?:\.txt)?",
        MODIFIER_HISTORY: r"HistoryModifiers_DTK(?:_tab|_pipe)?(?:\.txt)?",
        ORTHOPOX: r"OrthopoxvirusCodes\.txt",
    }.items()
}
LONGS = (LONG, LONG_WRAPPED)
_PREFERRED = (".txt", "_tab")


def files_of(source: Source) -> dict[str, Entry]:
    """The files of a delivery by what they are.

    Raises:
        UnreadableSource: two files are the same one of a delivery, and do not say the same.
    """
    found: dict[str, Entry] = {}
    for entry in source.entries():
        role = _role(entry)
        if role is None:
            continue
        other = found.get(role)
        if other is None or _is_better(entry, other):
            found[role] = entry
        elif _rank(other) == _rank(entry) and other.sha256 != entry.sha256:
            raise UnreadableSource(
                f"{source.path} holds {other.name} and {entry.name}: load one delivery at a time."
            )
    return found


def _role(entry: Entry) -> str | None:
    return next((role for role, name in NAMES.items() if name.fullmatch(entry.base)), None)


def _is_better(entry: Entry, other: Entry) -> bool:
    """Whether a file is to be read and not the other, where both say the same in two forms."""
    return _rank(entry) > _rank(other)


def _rank(entry: Entry) -> int:
    return sum(1 for mark in _PREFERRED if mark in entry.base.lower())
