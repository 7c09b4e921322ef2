"""FHIR packages, folders and files as deliveries."""

from collections import Counter
from pathlib import Path

import pytest

from terminology.fhir.json import Json, decode, encode
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml import dumps, loads
from terminology.importers.delivery import Options
from tests.conftest import NO_SHARED, SHARED, require
from tests.terminology.importers.fhir.made import (
    KIND,
    package,
    system,
    value_set,
    without,
)
from tests.terminology.importers.packing import gzipped_tar, zipped
from tests.terminology.importers.reading import Whole, Write, load, recognised, refusal

R4, R4B, R5 = FhirVersion.R4, FhirVersion.R4B, FhirVersion.R5
R4_MAP: Json = {
    "resourceType": "ConceptMap",
    "id": "letters",
    "url": "http://maps.example/letters",
    "status": "active",
    "sourceUri": "http://sets.example/a",
    "group": [{"element": [{"code": "a", "target": [{"code": "b", "equivalence": "equal"}]}]}],
}


def ids(whole: Whole) -> list[str]:
    return [f"{each['resourceType']}/{each['id']}" for each in whole.resources]


def test_hl7_terminology_loads_whole() -> None:
    folder = SHARED / "tho"
    require(folder.exists(), NO_SHARED)
    whole = load(KIND, folder)
    assert (whole.delivery.tally.rows, whole.problems) == (628, [])
    types = Counter(name.partition("/")[0] for name in ids(whole))
    assert types == {"CodeSystem": 310, "ValueSet": 318}
    # What HL7's editors left there twice: nothing of it is a reason to do without the value set.
    assert [remark.partition(":")[0] for remark in whole.remarks[:3]] == [
        "valueSets/ValueSet-attribute-estimate-type.xml",
        "valueSets/ValueSet-device-availability-status.xml",
        "valueSets/ValueSet-expected-onset-type.xml",
    ]
    onset = next(r for r in whole.resources if r["id"] == "detectedissue-expected-onset-type")
    assert "THO is copyright" in onset["copyright"]
    assert "SNOMED Clinical Terms" in onset["copyright"]


def test_what_hl7_terminology_says_is_what_is_delivered() -> None:
    folder = SHARED / "tho" / "codeSystems"
    require(folder.exists(), NO_SHARED)
    whole = load(KIND, folder)
    delivered = {resource["id"]: resource for resource in whole.resources}
    assert len(delivered) == 310
    for path in folder.glob("*.xml"):
        resource = loads(path.read_bytes(), R5)
        assert delivered[resource["id"]] == resource


@pytest.mark.parametrize(
    ("version", "concept_map"),
    [
        ("4.0.1", R4_MAP),
        ("4.3.0", R4_MAP),
        (
            "5.0.0",
            without(R4_MAP, "sourceUri", "group")
            | {
                "sourceScopeUri": "http://sets.example/a",
                "group": [
                    {
                        "element": [
                            {
                                "code": "a",
                                "target": [{"code": "b", "relationship": "equivalent"}],
                            }
                        ]
                    }
                ],
            },
        ),
    ],
)
def test_a_package_of_each_version(put: Write, version: str, concept_map: Json) -> None:
    body = package(system(), value_set(), concept_map, version=version)
    whole = load(KIND, put("codes.example.tgz", body))
    assert whole.delivery.version == "codes.example#1.2.0"
    assert whole.delivery.title == "Codes 1.2.0"
    assert whole.delivery.effective is None
    assert ids(whole) == ["CodeSystem/letters", "ConceptMap/letters", "ValueSet/some"]
    letters, mapped, _ = whole.resources
    assert mapped["sourceScopeUri"] == "http://sets.example/a"
    assert mapped["group"][0]["element"][0]["target"][0]["relationship"] == "equivalent"
    assert letters == system()


def test_examples_and_what_else_lies_beside_are_no_part_of_a_package(put: Write) -> None:
    body = package(
        system(),
        {"resourceType": "StructureDefinition", "id": "any"},
        {"resourceType": "Patient", "id": "any"},
        files={
            "package/example/a.json": encode(system("b")),
            "other/b.json": b"{",
            "package/other/c.json": b"{",
        },
    )
    whole = load(KIND, put("a.tgz", body))
    assert ids(whole) == ["CodeSystem/letters"]
    assert whole.remarks == [
        "Resources of types that are not loaded: 1 Patient, 1 StructureDefinition.",
        "Files that were left out: 1 in the package's folder example, 2 in the package's folder"
        " other.",
    ]


@pytest.mark.parametrize(
    "named",
    [b'"fhir-version-list": ["5.0.0"]', b'"dependencies": {"hl7.fhir.r5.core": "5.0.0"}'],
)
def test_early_packages_name_their_version_otherwise(put: Write, named: bytes) -> None:
    files = {
        "package/package.json": b'{"name": "a", "version": "1", ' + named + b"}",
        "package/a.json": encode(R4_MAP),
    }
    assert "equivalence" in refusal(KIND, put("a.tgz", gzipped_tar(files)))


def test_a_package_unpacked_or_in_a_folder_is_the_same(put: Write) -> None:
    body = package(system())
    packed = load(KIND, put("in/a.tgz", body).parent)
    folder = put("out/package/CodeSystem-letters.json", encode(system())).parent
    put("out/package/package.json", b'{"name": "a", "version": "1", "fhirVersions": ["5.0.0"]}')
    for path in (folder, folder.parent):
        whole = load(KIND, path)
        assert ids(whole) == ids(packed)
        assert whole.delivery.version == "a#1"


def test_a_folder_is_known_by_its_content_or_as_it_is_named(put: Write) -> None:
    folder = put("set/a.json", encode(system())).parent
    put("set/notes.txt", "nothing")
    first = load(KIND, folder).delivery.version
    assert first.startswith("set#")
    assert load(KIND, folder).delivery.version == first
    put("set/b.json", encode(system("b")))
    assert load(KIND, folder).delivery.version != first
    named = load(KIND, folder, Options(version="2026", effective="2026-01-01")).delivery
    assert (named.version, named.effective) == ("set#2026", "2026-01-01")
    assert named.title == "FHIR resources of set"


def test_a_guide_among_the_files_tells_their_version(put: Write) -> None:
    guide = {"resourceType": "ImplementationGuide", "fhirVersion": ["5.0.0"]}
    folder = put("a/ImplementationGuide-a.json", encode(guide)).parent
    # R4 has an extension for what came with R5; R5 itself means nothing by it.
    label = "http://hl7.org/fhir/5.0/StructureDefinition/extension-CodeSystem.copyrightLabel"
    put("a/b.json", encode(system(extension=[{"url": label, "valueString": "x"}])))
    assert "copyrightLabel" not in load(KIND, folder).resources[0]
    put("a/ImplementationGuide-a.json", encode(guide | {"fhirVersion": ["4.0.1"]}))
    assert load(KIND, folder).resources[0]["copyrightLabel"] == "x"


@pytest.mark.parametrize("name", ["a.json", "a.XML", "a", "a.txt", "a.zip"])
def test_a_single_file_by_what_is_in_it(put: Write, name: str) -> None:
    body = dumps(system(), R5) if name == "a.XML" else b"\xef\xbb\xbf\n" + encode(system())
    path = put(name, zipped({"a.json": body}) if name == "a.zip" else body)
    assert recognised(path) == {KIND: f"{'a.json' if name == 'a.zip' else name} is a FHIR resource"}
    assert ids(load(KIND, path)) == ["CodeSystem/letters"]


def test_xml_of_any_encoding_says_what_its_twin_says(put: Write) -> None:
    resource = system(title="Größe", text={"status": "empty", "div": "<div>a</div>"})
    folder = put("a/a.json", encode(resource)).parent
    text = dumps(resource, R4).decode().replace("UTF-8", "UTF-16")
    put("a/a.xml", text.encode("utf-16"))
    whole = load(KIND, folder)
    assert ids(whole) == ["CodeSystem/letters"]
    assert whole.resources[0]["title"] == "Größe"
    assert "with the same content, and are loaded once: 1." in whole.remarks[0]


def test_a_resource_type_need_not_stand_first(put: Write) -> None:
    concepts = [{"code": f"c{number}", "display": "x" * 1000} for number in range(100)]
    sorted_keys = dict(sorted(system(concept=concepts).items()))
    path = put("a.json", encode(sorted_keys))
    assert KIND in recognised(path)
    assert len(load(KIND, path).resources[0]["concept"]) == 100


def test_a_bundle_a_supplement_and_what_is_contained(put: Write) -> None:
    inner = without(value_set(), "url") | {"id": "inner"}
    supplement = system("more", content="supplement", supplements="http://codes.example/letters|1")
    outer = value_set(contained=[inner], compose={"include": [{"valueSet": ["#inner"]}]})
    entries = [{"resource": each} for each in (supplement, outer, {"resourceType": "Patient"})]
    path = put("a.json", encode({"resourceType": "Bundle", "type": "batch", "entry": entries}))
    whole = load(KIND, path)
    assert ids(whole) == ["CodeSystem/more", "ValueSet/some"]
    assert whole.resources == [supplement, outer]
    assert whole.remarks == ["Resources of types that are not loaded: 1 Patient."]


def test_code_systems_without_concepts_and_fragments(put: Write) -> None:
    bare = without(system("bare", content="not-present"), "concept")
    folder = put("a/bare.json", encode(bare)).parent
    put("a/part.json", encode(system("part", content="fragment")))
    whole = load(KIND, folder)
    assert whole.resources == [bare, system("part", content="fragment")]


def test_nothing_of_a_resource_is_changed_by_being_checked(put: Write) -> None:
    body = b"""{"resourceType": "ValueSet", "id": "a", "status": "active", "expansion": {
        "timestamp": "2026-01-01T00:00:00.000+00:00", "parameter": [
        {"name": "x", "valueDecimal": 1.10}], "contains": [{"code": "a", "display": " a "}]}}"""
    whole = load(KIND, put("a.json", body))
    assert whole.resources == [decode(body)]
    assert b"1.10" in encode(whole.resources[0])


def test_many_at_once_are_read_a_part_at_a_time(put: Write) -> None:
    for number in range(30):
        put(f"a/{number:02}.json", encode(system(f"s{number:02}")))
        put(f"a/v{number:02}.json", encode(value_set(f"v{number:02}")))
    whole = load(KIND, put("a/notes.txt", "nothing").parent)
    assert ids(whole)[:2] == ["CodeSystem/s00", "CodeSystem/s01"]
    assert len(ids(whole)) == 60


def test_the_name_of_what_is_loaded_is_that_of_its_folder(put: Write, tmp_path: Path) -> None:
    put("a.json", encode(system()))
    assert load(KIND, tmp_path / "delivery" / ".").delivery.version.startswith("delivery#")
