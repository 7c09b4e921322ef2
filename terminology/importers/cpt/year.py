"""Which year's CPT a delivery is: HL7 takes the year of use for its version.

The copyright of the notice is no help: that of CPT 2020 says 2019.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from terminology.errors import InvalidInput
from terminology.importers.entry import Entry

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_NEW_YEAR = re.compile(r"(?<!\d)(20\d\d)0101(?!\d)")
_SAID = re.compile(r"CPT\W{0,3}(20\d\d) (?:codes|code set)")


def year_of(path: Path, entries: Iterable[Entry], texts: Iterable[str], given: str | None) -> str:
    """Find the year.

    Args:
        path: what was named; its name may have the year.
        entries: the files; so may the names of their folders.
        texts: notices and introductions, which may say `CPT 2026 codes`.
        given: by the person, instead of all others.

    Raises:
        InvalidInput: no year is to be found, or several, or what was given is none.
    """
    if given:
        if not re.fullmatch(r"20\d\d", given):
            raise InvalidInput(f"--version is '{given}'; CPT's versions are years, such as 2026.")
        return given
    names = [path.name, *(folder for entry in entries for folder in entry.path.parts[:-1])]
    in_names = {found for name in names for found in _years(name)}
    in_texts = {found for text in texts for found in _SAID.findall(" ".join(text.split()))}
    years = in_names | in_texts
    if len(years) == 1:
        return years.pop()
    if not years:
        raise InvalidInput(
            f"Neither the name of {path.name or path} nor a file in it tells the year of this CPT"
            " release. Name it (--version 2026)."
        )
    raise InvalidInput(
        f"This may be CPT of {' or '.join(sorted(years))}: folders and files name different years."
        " Name the right one (--version 2026)."
    )


def _years(name: str) -> list[str]:
    """The years in a name. Of a day only New Year's tells one: the files come out in September."""
    return _YEAR.findall(name) + _NEW_YEAR.findall(name)
