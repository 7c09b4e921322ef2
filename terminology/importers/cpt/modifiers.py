"""MODUL: the prose of CPT's appendix on modifiers, by its sections.

Each section gives its modifiers a kind: https://terminology.hl7.org/CPT.html, "kind". A modifier
that stands in two sections has both.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from terminology.importers.entry import Entry
from terminology.importers.problems import Tally

GENERAL, STATUS, HOSPITAL, PERFORMANCE, LEVEL_2 = (
    "general",
    "physical-status",
    "cat-1",
    "cat-2",
    "hcpcs",
)
_HEADINGS = (
    (re.compile(r"anesthesia physical status modifiers", re.IGNORECASE), STATUS),
    (re.compile(r"modifiers approved for .*(?:ASC|outpatient).*", re.IGNORECASE), HOSPITAL),
    (re.compile(r"CPT level I modifiers.*", re.IGNORECASE), HOSPITAL),
    (re.compile(r"category II modifiers", re.IGNORECASE), PERFORMANCE),
    (re.compile(r"level II \(HCPCS.*modifiers", re.IGNORECASE), LEVEL_2),
)
_RECORDS = {
    GENERAL: re.compile(r"(\d\d)\*? +([A-Z].*)"),
    STATUS: re.compile(r"Physical Status Modifier (P\d) ?[:\u2013-] *(\S.*)", re.IGNORECASE),
    HOSPITAL: re.compile(r"(\d\d)\*? +([A-Z].*)"),
    PERFORMANCE: re.compile(r"(\dP) +(\S.*)"),
    LEVEL_2: re.compile(r"\*?([A-Z][A-Z0-9])\*? +(\S.*)"),
}
_FOOTNOTE = re.compile(r"[(*]")
_REASONS = re.compile(r"reasons include", re.IGNORECASE)


class Modifier(Struct):
    """A modifier.

    Attributes:
        code: of two characters.
        name: what it is called.
        text: what the appendix says of it, empty where it says nothing.
        kinds: HL7's, by the sections that it stands in.
    """

    code: str
    name: str
    text: str
    kinds: list[str]


def read_modifiers(entry: Entry, tally: Tally) -> dict[str, Modifier]:
    """Read the modifiers of a delivery, in their order.

    Args:
        entry: the file.
        tally: counts them, and the sections in which none was found.
    """
    found: dict[str, Modifier] = {}
    counts: dict[str, int] = {}
    for kind, code, lines in _blocks(entry):
        tally.rows += 1
        counts[kind] = counts.get(kind, 0) + 1
        name, text = _parts(kind, lines)
        known = found.setdefault(code, Modifier(code, name, text, []))
        if kind not in known.kinds:
            known.kinds.append(kind)
    for kind in _RECORDS:
        if not counts.get(kind):
            tally.bad(entry.label, 0, f"no modifier was found of the kind '{kind}'")
    return found


def _blocks(entry: Entry) -> list[tuple[str, str, list[str]]]:
    """Each modifier's section, code and lines; the code is off the first line."""
    blocks: list[tuple[str, str, list[str]]] = []
    section, is_within = GENERAL, False
    for paragraph in _paragraphs(entry):
        kind = _heading(" ".join(paragraph))
        if kind is not None:
            section, is_within = kind, False
            continue
        for place, line in enumerate(paragraph):
            found = _RECORDS[section].match(line)
            # Level II modifiers stand line below line; elsewhere a line may begin with a number.
            if found is not None and (place == 0 or section == LEVEL_2):
                blocks.append((section, found[1].upper(), [found[2]]))
                is_within = True
            elif is_within and not _FOOTNOTE.match(line):
                blocks[-1][2].append(line)
    return blocks


def _paragraphs(entry: Entry) -> Iterator[list[str]]:
    lines: list[str] = []
    for _, line in entry.lines():
        if line.strip():
            lines.append(" ".join(line.split()))
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _heading(text: str) -> str | None:
    return next((kind for heading, kind in _HEADINGS if heading.fullmatch(text)), None)


def _parts(kind: str, lines: list[str]) -> tuple[str, str]:
    """Name and text: they are parted by a colon, and in Category II by the list of reasons."""
    if kind == PERFORMANCE:
        reasons = next((n for n, line in enumerate(lines) if _REASONS.match(line)), len(lines))
        return " ".join(lines[:reasons]), "\n".join(lines[reasons:])
    whole = " ".join(lines)
    if kind in (STATUS, LEVEL_2):
        return whole, ""
    name, _, text = whole.partition(":")
    return name.strip(), text.strip()
