"""Rows of Medicare's tables as properties, with the release they come from."""

from decimal import Decimal

import msgspec
import pytest

from terminology.codesystems.cpt.medicare import lookup_properties
from terminology.codesystems.provider import LookupProperty
from terminology.store.base import TableRelease


def told(
    table: str, *, setting: str = "", source: str = "", **columns: str
) -> list[LookupProperty]:
    release = TableRelease(
        1, table, setting, "2025D", "", "2025-10-01", "2025-12-31", source, whole=True, rows=1
    )
    return lookup_properties(release, columns)


def parts(found: LookupProperty) -> dict[str, object]:
    return {part.code: part.value for part in found.subproperties}


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("some-other-table", {"mue": "2"}),
        ("medicare-mue", {}),
        ("medicare-mue", {"mue": ""}),
        ("medicare-fee-schedule", {"unknown": "1"}),
    ],
)
def test_what_says_nothing_is_no_property(table: str, columns: dict[str, str]) -> None:
    assert told(table, **columns) == []


def test_numbers_are_numbers_and_keep_their_digits() -> None:
    (fees,) = told("medicare-fee-schedule", work_rvu="13.50")
    (limit,) = told("medicare-mue", mue="2")
    assert fees.code == "medicare-work-rvu"
    assert fees.value == ("valueDecimal", Decimal("13.50"))
    assert msgspec.json.encode(fees.value) == b'["valueDecimal","13.50"]'
    assert (limit.code, limit.value) == ("ncci-mue", ("valueInteger", 2))


def test_an_indicator_of_zero_is_a_value_and_not_nothing() -> None:
    (found,) = told("medicare-fee-schedule", bilat="0")
    assert (found.code, found.value) == ("medicare-bilateral", ("valueCode", "0"))
    assert found.description


def test_every_property_carries_release_day_and_source() -> None:
    (found,) = told("medicare-fee-schedule", status="A", source="some-file")
    assert parts(found) == {
        "release": ("valueString", "2025D"),
        "effective-date": ("valueDateTime", "2025-10-01"),
        "source": ("valueString", "DocumentReference/some-file"),
    }


def test_a_limit_says_for_which_setting_it_is() -> None:
    (found,) = told("medicare-mue", mue="2", setting="practitioner")
    assert parts(found)["setting"] == ("valueCode", "practitioner")
