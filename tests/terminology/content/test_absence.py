"""What a source does not tell is absent with its reason, never text that looks like a value."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from terminology import content

Json = dict[str, Any]
Walk = Callable[[Any], Iterator[Json]]
ABSENT = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "unknown",
        }
    ]
}
SILENT = ("aetna", "bcbs", "cigna", "uhc")


def test_an_absent_value_is_a_reason_and_nothing_else(shipped: dict[str, Json], walk: Walk) -> None:
    for name, resource in shipped.items():
        for part in walk(resource):
            if ABSENT["extension"][0] in part.get("extension", []):
                assert part == ABSENT, name


def test_the_source_note_s_filler_is_no_value() -> None:
    everything = msgspec.json.encode(list(content.resources())).decode().casefold()
    assert "data not available" not in everything
    assert "not available in the input" not in everything


def test_taxonomy_and_icd_10_pairing_are_absent_with_reason_unknown(
    shipped: dict[str, Json],
) -> None:
    (concept,) = shipped["CodeSystem/cpt-37244-notes"]["concept"]
    for code in ("taxonomy", "icd-10-pairing"):
        (prop,) = [p for p in concept["property"] if p["code"] == code]
        assert prop["valueCoding"] == ABSENT


def test_where_the_sources_are_silent_the_coverage_note_is_absent(
    shipped: dict[str, Json],
) -> None:
    for payer in SILENT:
        (coverage,) = shipped[f"InsurancePlan/{payer}"]["coverage"]
        (benefit,) = coverage["benefit"]
        assert "requirement" not in benefit
        assert benefit["_requirement"] == ABSENT


def test_commercial_rates_are_absent(shipped: dict[str, Json]) -> None:
    for payer in SILENT:
        (plan,) = shipped[f"InsurancePlan/{payer}"]["plan"]
        (benefit,) = plan["specificCost"][0]["benefit"]
        (cost,) = benefit["cost"]
        assert benefit["type"]["coding"][0]["code"] == "37244"
        assert cost["value"] == ABSENT


def test_nothing_asserts_that_there_is_no_pairing(shipped: dict[str, Json]) -> None:
    assert not any(name.startswith("ConceptMap/") for name in shipped)
    for resource in shipped.values():
        if resource["resourceType"] == "ValueSet":
            assert resource["compose"]["include"]
