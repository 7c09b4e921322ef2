"""`proterm content` with loaded releases: where each thing comes from, and what is shadowed."""

import json
from typing import Any

import pytest

from terminology.model import Json
from tests.service.loading import CPT, HCPCS, Shop, both_stores
from tests.terminology.importers.generate import cpt, ncci, rvu

pytestmark = both_stores
JANUARY = {"A0001": "A lantern", "A0002": "A meadow"}
SHIPPED = "2024-07"
"""The version of HCPCS Level II that ships, a fragment."""


def of(found: Json, part: str, name: str) -> list[Any]:
    return [one for one in found[part] if name in (one.get("url"), one.get("name"))]


def test_what_ships_is_shipped_and_nothing_is_shadowed(shop: Shop) -> None:
    found = shop.json("content")
    parts = ("codeSystems", "supplements", "valueSets", "tables")
    assert {one["loadedAs"] for part in parts for one in found[part]} == {"shipped"}
    assert found["shadowed"] == []
    assert "Shadowed" not in shop.done("content")


def test_a_whole_code_system_shadows_the_fragment(shop: Shop) -> None:
    shop.done("load", "hcpcs", str(shop.hcpcs(JANUARY)))
    found = shop.json("content")
    (system,) = of(found, "codeSystems", HCPCS)
    assert (system["version"], system["content"]) == ("2026-01", "complete")
    assert (system["count"], system["loadedAs"]) == (2, "hcpcs-2026-01")
    assert found["shadowed"] == [
        {
            "kind": "CodeSystem",
            "name": HCPCS,
            "version": SHIPPED,
            "loadedAs": "shipped",
            "by": "hcpcs-2026-01",
        }
    ]
    lines = [line.split() for line in shop.done("content").splitlines()]
    assert ["CodeSystem", HCPCS, SHIPPED, "shipped", "by", "hcpcs-2026-01"] in lines


def test_of_two_releases_the_later_one_shadows_and_both_are_listed(shop: Shop) -> None:
    shop.done("load", "hcpcs", str(shop.hcpcs(JANUARY)))
    shop.done("load", "hcpcs", str(shop.hcpcs(JANUARY, "APR")))
    found = shop.json("content")
    assert [one["version"] for one in of(found, "codeSystems", HCPCS)] == ["2026-01", "2026-04"]
    assert [one["by"] for one in of(found, "shadowed", HCPCS)] == ["hcpcs-2026-04"]


def test_it_is_seen_again_when_the_release_is_put_out_of_use(shop: Shop) -> None:
    shop.done("load", "hcpcs", str(shop.hcpcs(JANUARY)))
    shop.done("deactivate", "hcpcs-2026-01")
    found = shop.json("content")
    assert [one["version"] for one in of(found, "codeSystems", HCPCS)] == [SHIPPED]
    assert found["shadowed"] == []


def test_the_supplement_the_notes_and_the_rules_stay(shop: Shop) -> None:
    before = shop.json("content")
    folder = cpt.written(shop.folder / "cpt-2026", cpt.delivery(0, codes=["37244", "37243"]))
    shop.done("load", "cpt", str(folder), "--accept-license")
    after = shop.json("content")
    assert after["supplements"] == before["supplements"]
    rules = "https://proterm.example/fhir/CodeSystem/coding-rules"
    assert of(after, "codeSystems", rules) == of(before, "codeSystems", rules)
    assert [one["by"] for one in of(after, "shadowed", CPT)] == ["cpt-2026"]
    text = shop.done("lookup", "37244")
    assert cpt.text(0).split(";")[0] in text
    assert "Anesthesia             Conscious sedation or general anesthesia [1]" in text


@pytest.mark.parametrize(
    ("title", "shadowed"),
    [
        ("2025 National Physician Fee Schedule Relative Value File October Release", ["2025D"]),
        ("2026 National Physician Fee Schedule Relative Value File January Release", []),
    ],
)
def test_a_release_of_a_table_shadows_the_extract_of_it(
    shop: Shop, title: str, shadowed: list[str]
) -> None:
    file = shop.folder / "rvu.csv"
    file.write_text(rvu.text(40, title))
    name = shop.json("load", "mpfs", str(file))["name"]
    found = shop.json("content")
    tables = of(found, "tables", "medicare-fee-schedule")
    assert [(one["whole"], one["rows"]) for one in tables if one["loadedAs"] == name] == [
        (True, 40)
    ]
    hidden = of(found, "shadowed", "medicare-fee-schedule")
    assert [(one["kind"], one["version"], one["by"]) for one in hidden] == [
        ("table", version, name) for version in shadowed
    ]


def test_pairs_that_tell_of_earlier_days_shadow_every_extract(shop: Shop) -> None:
    (shop.folder / "pairs").mkdir()
    ncci.parts(shop.folder / "pairs", 400)
    name = shop.json("load", "ncci-ptp", str(shop.folder / "pairs"))["name"]
    found = shop.json("content")
    pairs = of(found, "tables", "ncci-ptp")
    assert [(one["setting"], one["loadedAs"]) for one in pairs] == [
        ("outpatient-hospital", "shipped"),
        ("practitioner", name),
    ]
    (hidden,) = of(found, "shadowed", "ncci-ptp practitioner")
    assert (hidden["version"], hidden["by"]) == ("2024Q3", name)


def test_of_one_url_and_version_the_later_load_stands(shop: Shop) -> None:
    url = "https://example.org/fhir/ValueSet/lanterns"
    first = {"resourceType": "ValueSet", "id": "a", "url": url, "version": "1", "status": "active"}
    for name in ("first", "second"):
        (shop.folder / name).mkdir()
        said = {**first, "title": name}
        (shop.folder / name / "lanterns.json").write_text(json.dumps(said))
        shop.done("load", "fhir", str(shop.folder / name), "--version", "1")
    found = shop.json("content")
    assert [one["loadedAs"] for one in of(found, "valueSets", url)] == ["second#1"]
    (hidden,) = found["shadowed"]
    assert hidden == {
        "kind": "ValueSet",
        "name": url,
        "version": "1",
        "loadedAs": "first#1",
        "by": "second#1",
    }


def test_one_without_a_url_is_counted_and_not_listed(shop: Shop) -> None:
    before = shop.json("content")
    (shop.folder / "fhir").mkdir()
    nameless = {"resourceType": "ValueSet", "id": "nameless", "status": "active"}
    (shop.folder / "fhir" / "nameless.json").write_text(json.dumps(nameless))
    shop.done("load", "fhir", str(shop.folder / "fhir"))
    after = shop.json("content")
    assert after["resources"]["ValueSet"] == before["resources"]["ValueSet"] + 1
    assert after["valueSets"] == before["valueSets"]
    assert after["shadowed"] == []
    shop.done("content")
