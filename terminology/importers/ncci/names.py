"""What the names of NCCI's files say: https://www.cms.gov/medicare/coding-billing/ncci-medicare.

`ccipra-v322r0-f1.txt` is the first part of the practitioners' pairs of version 32.2, which is that
of July 2026: the first number is the year less 1994, the second counts quarters from 0.
`MCR_MUE_PractitionerServices_Eff_07-01-2026.csv` names its day.
"""

import re
from typing import NamedTuple

from terminology.importers.dates import american, first_of

PRACTITIONER = "practitioner"
HOSPITAL = "outpatient-hospital"
SUPPLIER = "dme-supplier"

_PAIRS = re.compile(r"cci(pra|oph)-v(\d{2})(\d)r(\d+)(?:-f(\d+))?", re.IGNORECASE)
_DAY = re.compile(r"Eff[_ -](\d{1,2}[-_]\d{1,2}[-_]\d{4})", re.IGNORECASE)
_YEAR_OF_VERSION_0 = 1994


class PairFile(NamedTuple):
    """What the name of a file of pairs says."""

    setting: str
    version: str
    """`v322r0`."""
    effective: str | None
    part: int | None


def pair_file(name: str) -> PairFile | None:
    """Read the name of a file of pairs, None where it is not CMS's."""
    found = _PAIRS.search(name)
    if found is None:
        return None
    kind, year, quarter, revision, part = found.groups()
    # A fourth quarter has the number 3; what is above it would be none.
    day = first_of(_YEAR_OF_VERSION_0 + int(year), 1 + 3 * int(quarter)) if quarter < "4" else None
    return PairFile(
        PRACTITIONER if kind.lower() == "pra" else HOSPITAL,
        f"v{year}{quarter}r{revision}",
        day,
        int(part) if part else None,
    )


def day_in(name: str) -> str | None:
    """The day in the name of a file of unit limits, `..._Eff_07-01-2026.csv`."""
    found = _DAY.search(name)
    return american(found[1].replace("_", "-")) if found else None


def setting_in(text: str) -> str | None:
    """The kind of provider that a name or a header speaks of, None where it speaks of none."""
    lowered = text.lower()
    if "practitioner" in lowered:
        return PRACTITIONER
    if "outpatient" in lowered or "hospital" in lowered:
        return HOSPITAL
    return SUPPLIER if "dme" in lowered else None
