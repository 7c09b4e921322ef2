"""What ships holds together: references, codings, value sets and provenance."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from terminology import content

Json = dict[str, Any]
Walk = Callable[[Any], Iterator[Json]]
SOURCE = "https://proterm.example/fhir/StructureDefinition/source"
PLAIN = ("Provenance", "DocumentReference")
# No file of its own: it is made of the rules.
RULES = "CodeSystem/coding-rules"

SYNONYM = ("http://snomed.info/sct", "900000000000013009")
"""A kind of designation, of those that FHIR prefers for `use`; the one code of SNOMED here."""

CITING = (content.RELEASES, content.MEANINGS, "modifier-classes")
"""The tables whose rows cite a source; the others' rows are of a release, which cites its own."""


@pytest.fixture(scope="module")
def provenances(shipped: dict[str, Json]) -> list[Json]:
    return [r for r in shipped.values() if r["resourceType"] == "Provenance"]


def test_every_reference_leads_to_a_shipped_resource(shipped: dict[str, Json], walk: Walk) -> None:
    for name, resource in shipped.items():
        for part in walk(resource):
            if "reference" in part:
                assert part["reference"] in {*shipped, RULES}, name


def test_every_resource_has_a_provenance(shipped: dict[str, Json], provenances: list[Json]) -> None:
    targets = {target["reference"] for p in provenances for target in p["target"]}
    assert targets == {name for name in shipped if name.split("/")[0] not in PLAIN} | {RULES}


def test_every_provenance_names_its_sources(provenances: list[Json]) -> None:
    for provenance in provenances:
        sources = [e["what"]["reference"] for e in provenance["entity"] if e["role"] == "source"]
        assert sources, provenance["id"]
        assert all(s.startswith("DocumentReference/") for s in sources)


def test_every_source_is_used(shipped: dict[str, Json], walk: Walk) -> None:
    used = {part.get("reference") for r in shipped.values() for part in walk(r)}
    used |= {f"DocumentReference/{row['source']}" for name in CITING for row in content.table(name)}
    unused = {name for name in shipped if name.startswith("DocumentReference/")} - used
    assert unused == set()


def test_a_statement_s_source_is_a_source_of_its_resource(
    shipped: dict[str, Json], provenances: list[Json], walk: Walk
) -> None:
    for name, resource in shipped.items():
        behind = {
            entity["what"]["reference"]
            for p in provenances
            if {"reference": name} in p["target"]
            for entity in p["entity"]
        }
        for part in walk(resource):
            if part.get("url") == SOURCE:
                assert part["valueReference"]["reference"] in behind, name


def test_every_property_of_the_notes_has_a_source(shipped: dict[str, Json]) -> None:
    for concept in shipped["CodeSystem/cpt-37244-notes"]["concept"]:
        for prop in concept["property"]:
            assert [e["url"] for e in prop["extension"]] == [SOURCE], prop["code"]


def test_every_coding_of_a_shipped_system_is_a_code_of_it(
    shipped: dict[str, Json], codes: dict[str, dict[str, Json]], walk: Walk
) -> None:
    for name, resource in shipped.items():
        for part in walk(resource):
            if part.get("system") in codes and "code" in part:
                concept = codes[part["system"]][part["code"]]
                assert part["display"] == concept["display"], name


def test_every_coding_is_of_a_system_that_ships_or_of_hl7(
    shipped: dict[str, Json], codes: dict[str, dict[str, Json]], walk: Walk
) -> None:
    elsewhere = ("http://terminology.hl7.org/CodeSystem/", "urn:iso:std:iso:3166")
    for resource in shipped.values():
        for part in walk(resource):
            if "system" in part and "code" in part and (part["system"], part["code"]) != SYNONYM:
                assert part["system"] in codes or part["system"].startswith(elsewhere)


def test_every_member_of_a_value_set_is_a_code(
    shipped: dict[str, Json], codes: dict[str, dict[str, Json]]
) -> None:
    for resource in shipped.values():
        for include in resource.get("compose", {}).get("include", []):
            members = [concept["code"] for concept in include.get("concept", [])]
            assert set(members) <= set(codes[include["system"]]), resource["id"]
            assert len(members) == len(set(members)), resource["id"]


def test_every_filter_of_a_value_set_is_declared(shipped: dict[str, Json]) -> None:
    declared = {f["code"]: f["operator"] for f in shipped["CodeSystem/cpt"]["filter"]}
    for resource in shipped.values():
        for include in resource.get("compose", {}).get("include", []):
            for condition in include.get("filter", []):
                assert condition["op"] in declared[condition["property"]]


def test_every_value_set_and_property_that_is_named_ships(
    shipped: dict[str, Json], codes: dict[str, dict[str, Json]], walk: Walk
) -> None:
    urls = {r["url"] for r in shipped.values() if r["resourceType"] == "ValueSet"}
    for resource in shipped.values():
        for part in walk(resource):
            for element in ("valueSet", "answerValueSet"):
                assert part.get(element) is None or part[element] in urls
            if "uri" in part:
                system, _, code = part["uri"].partition("#")
                assert code in codes[system]


def test_the_supplement_is_of_the_code_system_that_ships(shipped: dict[str, Json]) -> None:
    cpt = shipped["CodeSystem/cpt"]
    notes = shipped["CodeSystem/cpt-37244-notes"]
    assert notes["supplements"] == f"{cpt['url']}|{cpt['version']}"
    assert {c["code"] for c in notes["concept"]} <= {c["code"] for c in cpt["concept"]}


def test_every_plan_is_owned_by_the_payer_of_its_name(shipped: dict[str, Json]) -> None:
    plans = [r for r in shipped.values() if r["resourceType"] == "InsurancePlan"]
    assert len(plans) == 5
    for plan in plans:
        assert shipped[plan["ownedBy"]["reference"]]["name"] == plan["name"]


def test_every_source_of_a_rule_ships_and_is_a_source_of_the_rules(
    shipped: dict[str, Json], provenances: list[Json]
) -> None:
    (behind,) = [p for p in provenances if {"reference": RULES} in p["target"]]
    sources = [source for file in content.rules() for source in file["sources"].values()]
    cited = {f"DocumentReference/{source['document']}" for source in sources}
    assert cited == {entity["what"]["reference"] for entity in behind["entity"]}
    for source in sources:
        pages = shipped[f"DocumentReference/{source['document']}"]["content"]
        assert source["address"].rstrip("/") in {
            page["attachment"]["url"].rstrip("/") for page in pages
        }, source["title"]


@pytest.mark.parametrize("name", CITING)
def test_every_row_of_a_table_cites_a_shipped_source(name: str, shipped: dict[str, Json]) -> None:
    for row in content.table(name):
        assert f"DocumentReference/{row['source']}" in shipped
