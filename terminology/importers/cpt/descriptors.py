"""LONGULT, MEDU, SHORTU and their like: a notice, and then a line or more for each code."""

import re
from collections.abc import Iterator

from msgspec import Struct

from terminology.importers.entry import Entry
from terminology.importers.problems import Tally, UnreadableSource

CODE = re.compile(r"\d{4}[0-9A-Z]")
_BEGINS = re.compile(r"\d{4}[0-9A-Z][\t ]")


class Descriptors(Struct, frozen=True):
    """A file of descriptors.

    Attributes:
        name: of the file.
        notice: the text above the codes.
        texts: by code, in the order of the file.
    """

    name: str
    notice: str
    texts: dict[str, str]


def read_descriptors(entry: Entry, tally: Tally, *, wrapped: bool = False) -> Descriptors:
    """Read a file of descriptors.

    Args:
        entry: the file.
        tally: counts the lines that are none.
        wrapped: whether the text of a code goes on in the lines below it, which repeat the code
            or leave its columns blank: the older form of the long descriptors.

    Raises:
        UnreadableSource: no line begins with a code.
    """
    lines = [(number, line) for number, line in entry.lines()]
    first = _first(lines)
    if first is None:
        raise UnreadableSource(f"{entry.label} has no line that begins with a code of CPT.")
    notice = "\n".join(line.rstrip() for _, line in lines[:first]).strip()
    texts: dict[str, str] = {}
    lined = _wrapped(lines[first:]) if wrapped else iter(lines[first:])
    for number, line in lined:
        if not line.strip():
            continue
        tally.rows += 1
        code, text = line[:5], line[6:].strip()
        if not _BEGINS.match(line):
            tally.bad(entry.label, number, f"{line[:20]!r} does not begin with a code")
        elif not text:
            tally.bad(entry.label, number, f"there is no text for {code}")
        elif code in texts:
            tally.bad(entry.label, number, f"{code} stands there a second time")
        else:
            texts[code] = text
    return Descriptors(entry.base, notice, texts)


def _first(lines: list[tuple[int, str]]) -> int | None:
    """Where the codes begin: with the paragraph from which on most lines are of such paragraphs.

    The notice varies in length, and in it there are lines that begin with the digits of an
    address; a blank line stands between it and the codes in most files.
    """
    best: int | None = None
    most = score = length = 0
    for place in range(len(lines) - 1, -1, -1):
        length += 1 if lines[place][1].strip() else 0
        if not length or (place and lines[place - 1][1].strip()):
            continue
        score += length if _BEGINS.match(lines[place][1]) else -length
        length = 0
        if score > most:
            best, most = place, score
    return best if best is not None else _first_line(lines)


def _first_line(lines: list[tuple[int, str]]) -> int | None:
    """Where the codes begin in a file without a blank line above them."""
    best: int | None = None
    most = score = 0
    for place in range(len(lines) - 1, -1, -1):
        score += 1 if _BEGINS.match(lines[place][1]) else -1
        if score > most:
            best, most = place, score
    return best


def _wrapped(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines of each code put together as one."""
    begun: tuple[int, str] | None = None
    for number, line in lines:
        code, text = line[:5], line[5:].strip()
        if begun is not None and (not code.strip() or begun[1].startswith(f"{code} ")):
            if text:
                begun = begun[0], f"{begun[1]} {text}"
            continue
        if begun is not None:
            yield begun
        begun = number, f"{code} {text}"
    if begun is not None:
        yield begun


def differences(all_of: list[Descriptors], tally: Tally) -> None:
    """Count each code that some of the files have and others have not."""
    first, *others = all_of
    for other in others:
        for here, there in ((first, other), (other, first)):
            for code in here.texts:
                if code not in there.texts:
                    tally.bad(there.name, 0, f"it has no {code}, which is in {here.name}")
