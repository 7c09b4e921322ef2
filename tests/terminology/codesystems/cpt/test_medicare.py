"""Rows of Medicare's tables as properties, with the release they come from."""

from decimal import Decimal

import msgspec
import pytest

from terminology.codesystems.cpt.medicare import lookup_properties
from terminology.codesystems.provider import LookupProperty
from terminology.store.base import ReferenceRow


def row(table: str, **columns: str) -> ReferenceRow:
    return ReferenceRow(table, "2025D", "2025-10-01", msgspec.json.encode(columns))


def parts(found: LookupProperty) -> dict[str, object]:
    return {part.code: part.value for part in found.subproperties}


@pytest.mark.parametrize(
    "silent",
    [
        row("some-other-table", mue="2"),
        row("medicare-mue"),
        row("medicare-mue", mue="", setting="practitioner"),
        row("medicare-fee-schedule", unknown="1", code="37244", modifier=""),
    ],
)
def test_what_says_nothing_is_no_property(silent: ReferenceRow) -> None:
    assert lookup_properties([silent]) == []
    assert lookup_properties([]) == []


def test_numbers_are_numbers_and_keep_their_digits() -> None:
    fees, limit = lookup_properties(
        [row("medicare-fee-schedule", work_rvu="13.50"), row("medicare-mue", mue="2")]
    )
    assert fees.code == "medicare-work-rvu"
    assert fees.value == ("valueDecimal", Decimal("13.50"))
    assert msgspec.json.encode(fees.value) == b'["valueDecimal","13.50"]'
    assert (limit.code, limit.value) == ("ncci-mue", ("valueInteger", 2))


def test_an_indicator_of_zero_is_a_value_and_not_nothing() -> None:
    (found,) = lookup_properties([row("medicare-fee-schedule", bilat="0")])
    assert (found.code, found.value) == ("medicare-bilateral", ("valueCode", "0"))
    assert found.description


def test_every_property_carries_release_day_and_source() -> None:
    (found,) = lookup_properties([row("medicare-fee-schedule", status="A", source="some-file")])
    assert parts(found) == {
        "release": ("valueString", "2025D"),
        "effective-date": ("valueDateTime", "2025-10-01"),
        "source": ("valueString", "DocumentReference/some-file"),
    }


def test_a_limit_says_for_which_setting_it_is() -> None:
    settings = ["practitioner", "outpatient-hospital"]
    found = lookup_properties([row("medicare-mue", mue="2", setting=s) for s in settings])
    assert [parts(one)["setting"] for one in found] == [("valueCode", s) for s in settings]
