"""What Medicare's published tables say of a CPT code, as properties of `$lookup`.

The columns are those of CMS's physician fee schedule relative value file (PPRRVU) and of the NCCI
medically unlikely edits. What the indicators mean is CMS Pub. 100-04, chapter 23, addendum "MPFSDB
record layout", in the content's table `medicare-indicators`. Each property carries the release it
was read from, since when that release is in force, and the DocumentReference that names the file.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from terminology import content
from terminology.codesystems.provider import LookupProperty
from terminology.store.base import TableRelease


class _Column(NamedTuple):
    property: str
    description: str
    kind: str = "valueCode"


_FEE_SCHEDULE = {
    "status": _Column("medicare-status", "Status code under the fee schedule"),
    "pctc": _Column("medicare-pc-tc", "Professional and technical component indicator (26, TC)"),
    "global_days": _Column("medicare-global-days", "Global days of the service"),
    "mult": _Column("medicare-multiple-procedure", "Multiple procedure indicator (51)"),
    "bilat": _Column("medicare-bilateral", "Bilateral surgery indicator (50)"),
    "asst": _Column("medicare-assistant", "Assistant at surgery indicator (80, 81, 82, AS)"),
    "co_surg": _Column("medicare-co-surgeons", "Co-surgeons indicator (62)"),
    "team": _Column("medicare-team-surgery", "Team surgery indicator (66)"),
    "work_rvu": _Column("medicare-work-rvu", "Relative value units: work", "valueDecimal"),
    "non_facility_pe_rvu": _Column(
        "medicare-non-facility-pe-rvu",
        "Relative value units: practice expense, non-facility",
        "valueDecimal",
    ),
    "facility_pe_rvu": _Column(
        "medicare-facility-pe-rvu",
        "Relative value units: practice expense, facility",
        "valueDecimal",
    ),
    "mp_rvu": _Column(
        "medicare-malpractice-rvu", "Relative value units: malpractice", "valueDecimal"
    ),
    "non_facility_total": _Column(
        "medicare-non-facility-total-rvu",
        "Relative value units: total, non-facility",
        "valueDecimal",
    ),
    "facility_total": _Column(
        "medicare-facility-total-rvu", "Relative value units: total, facility", "valueDecimal"
    ),
    "conversion_factor": _Column(
        "medicare-conversion-factor",
        "US dollars for a relative value unit, before geographic adjustment",
        "valueDecimal",
    ),
}
_UNIT_LIMIT = {
    "mue": _Column(
        "ncci-mue", "Units of service that are likely at most (NCCI MUE)", "valueInteger"
    ),
    "mai": _Column("ncci-mue-adjudication", "MUE adjudication indicator"),
}
_TABLES: Mapping[str, Mapping[str, _Column]] = {
    "medicare-fee-schedule": _FEE_SCHEDULE,
    "medicare-mue": _UNIT_LIMIT,
}
_READ = {"valueDecimal": Decimal, "valueInteger": int, "valueCode": str}


def lookup_properties(release: TableRelease, values: Mapping[str, str]) -> list[LookupProperty]:
    """The columns of a row that hold something, as properties with the release they are of."""
    parts = tuple(
        LookupProperty(code=code, value=(kind, value)) for code, kind, value in _stated(release)
    )
    return [
        LookupProperty(
            code=column.property,
            value=(column.kind, _READ[column.kind](values[name])),
            description=_description(name, column, values[name]),
            subproperties=parts,
        )
        for name, column in _TABLES.get(release.table, {}).items()
        if values.get(name)
    ]


def _description(name: str, column: _Column, value: str) -> str:
    return _meanings().get((name, value), column.description)


@cache
def _meanings() -> Mapping[tuple[str, str], str]:
    rows = content.table(content.MEANINGS)
    return {(row["indicator"], row["value"]): row["meaning"] for row in rows}


def _stated(release: TableRelease) -> list[tuple[str, str, Any]]:
    stated = [
        ("release", "valueString", release.release),
        ("effective-date", "valueDateTime", release.effective),
    ]
    if release.setting:
        stated.append(("setting", "valueCode", release.setting))
    if release.source:
        stated.append(("source", "valueString", f"DocumentReference/{release.source}"))
    return stated
