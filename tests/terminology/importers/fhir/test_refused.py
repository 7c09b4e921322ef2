"""FHIR files that are not what they should be: told in words, counted, and nothing half loaded."""

import json

import pytest

from terminology.errors import NotSupported
from terminology.fhir.json import Json, encode
from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from tests.terminology.importers.fhir.made import ANY, KIND, package, system, value_set, without
from tests.terminology.importers.packing import gzipped_tar, tar_with_link
from tests.terminology.importers.reading import Write, load, recognised, refusal

DTD = b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>\n'
XML = b'<CodeSystem xmlns="http://hl7.org/fhir"><title value="&e;"/></CodeSystem>'


def body(resource: Json) -> bytes:
    return json.dumps(resource, indent=1).encode()


def test_the_letters_of_the_escape_of_zero_are_letters(put: Write) -> None:
    folder = put("a.json", body(system(title=r"written \u0000"))).parent
    (resource,) = load(KIND, folder).resources
    assert resource["title"] == r"written \u0000"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (body(system())[:-20], 0, "ends before its last string, array or object is complete"),
        (b'{"resourceType": "CodeSystem",\n\n "url": }', 3, "malformed"),
        (DTD + XML, 0, "The XML has a DTD"),
        (XML, 1, "malformed"),
        (XML.replace(b"&e;", b"e"), 0, "`CodeSystem.content` is required and is missing"),
        (
            b'<ValueSet xmlns="http://hl7.org/fhir">\n\n<bogus value="1"/></ValueSet>',
            3,
            "has no such element in ValueSet",
        ),
        (body(system(status="done")), 0, "`CodeSystem.status` is 'done'"),
        (body(without(system(), "status")), 0, "`CodeSystem.status` is required"),
        (body(system(concept=[{"display": "A"}])), 0, "`CodeSystem.concept[0].code` is required"),
        (body(system(concept="a")), 0, "`CodeSystem.concept` repeats"),
        (body(system(concept=[{"code": "a"}] * 2)), 0, "The code 'a' is there twice"),
        (
            body(
                system(
                    concept=[{"code": "a", "id": "x"}, {"code": "b", "concept": [{"code": "a"}]}]
                )
            ),
            0,
            "The code 'a' is there twice",
        ),
        (
            body(system(concept=[{"code": "a"}, {"code": "b", "display": "\0"}])),
            0,
            "`CodeSystem.concept[1].display` has the character U+0000",
        ),
        (body(value_set(title="a\0b")), 0, "`ValueSet.title` has the character U+0000"),
        (b" null\n", 0, "It holds `null` in the place of a resource"),
        (body(system(id="not an id")), 0, "`CodeSystem.id` is 'not an id'"),
        (body(value_set(compose={"include": []})), 0, "`ValueSet.compose.include` is an empty"),
        (b'{"resourceType": "CodeSystem", "x": ' + b"[" * 150 + b"]" * 150 + b"}", 0, "nested"),
    ],
)
def test_a_resource_that_can_not_be_read_is_a_bad_row(
    put: Write, content: bytes, line: int, reason: str
) -> None:
    suffix = "xml" if content.startswith(b"<") else "json"
    folder = put(f"a/b.{suffix}", content).parent
    put("a/good.json", encode(value_set("good")))
    whole = load(KIND, folder, ANY)
    (problem,) = whole.delivery.tally.problems
    assert (problem.file, problem.line) == (f"b.{suffix}", line)
    assert reason in problem.reason
    assert [each["id"] for each in whole.resources] == ["good"]
    assert reason in refusal(KIND, folder)


def test_a_bad_entry_of_a_bundle_is_told_with_its_place(put: Write) -> None:
    entries = [{"resource": system()}, {"resource": system("b", status="x")}]
    path = put("a.json", encode({"resourceType": "Bundle", "type": "batch", "entry": entries}))
    whole = load(KIND, path, ANY)
    assert whole.problems[0].startswith("a.json: Bundle.entry[1].resource: `CodeSystem.status`")
    assert [each["id"] for each in whole.resources] == ["letters"]


def test_bad_resources_stop_the_load_above_the_threshold(put: Write) -> None:
    for number in range(4):
        put(f"a/{number}.json", encode(system(f"s{number}", status="x")))
    for number in range(5):
        put(f"a/v{number}.json", encode(value_set(f"v{number}")))
    folder = put("a/v5.json", encode(value_set("v5"))).parent
    assert "4 rows can't be read" in refusal(KIND, folder)
    share = Options(threshold=Threshold(share=0.4))
    assert len(load(KIND, folder, share).problems) == 4
    number_ = Options(threshold=Threshold(number=3, share=1))
    assert "more than the 3 that are allowed" in refusal(KIND, folder, number_)


def test_a_folder_without_resources_is_of_no_kind(put: Write) -> None:
    folder = put("a/settings.json", b'{"name": "a"}').parent
    put("a/page.xml", b"<html/>")
    assert recognised(folder) == {}
    assert "is not FHIR resources" in refusal(KIND, folder)


def test_nothing_to_load(put: Write) -> None:
    path = put("a.json", b'{"resourceType": "Patient"}')
    assert "holds no resource to load" in refusal(KIND, path)
    assert "1 Patient" in refusal(KIND, path)


@pytest.mark.parametrize("version", ["3.0.2", "6.0.0"])
def test_a_package_of_a_version_that_is_not_read(put: Write, version: str) -> None:
    with pytest.raises(NotSupported, match=f"of FHIR {version}"):
        load(KIND, put("a.tgz", package(system(), version=version)))


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (b'{"fhirVersions": ["4.0.1"], "version": "1"}', "no name or no version"),
        (b'{"fhirVersions": ["4.0.1"], "name": "a"}', "no name or no version"),
        (b'{"fhirVersions": ["4.0.1"], "name": "a", "version": 1}', "`$.version`"),
        (b'{"fhirVersions": "4.0.1", "name": "a", "version": "1"}', "`$.fhirVersions`"),
        (b"[]", "is no manifest of a package"),
        (b'{"fhirVersions": ["4.0.1"],', "package.json: The JSON is malformed"),
    ],
)
def test_a_manifest_that_tells_too_little(put: Write, manifest: bytes, says: str) -> None:
    files = {"package/package.json": manifest, "package/a.json": encode(system())}
    assert says in refusal(KIND, put("a.tgz", gzipped_tar(files)))


def test_two_packages_at_once(put: Write) -> None:
    folder = put("in/a.tgz", package(system())).parent
    put("in/b.tgz", package(value_set()))
    assert "load one at a time" in refusal(KIND, folder)


def test_a_package_has_its_own_version(put: Write) -> None:
    path = put("a.tgz", package(system()))
    assert "version 1.2.0 of codes.example" in refusal(KIND, path, Options(version="2"))
    assert load(KIND, path, Options(version="1.2.0")).delivery.version == "codes.example#1.2.0"


def test_a_day_that_is_none(put: Write) -> None:
    path = put("a.json", encode(system()))
    assert "--effective is '2026-02-30'" in refusal(KIND, path, Options(effective="2026-02-30"))


@pytest.mark.parametrize("name", ["../a.json", "/a.json", "package/../../a.json"])
def test_a_path_that_leaves_the_folder(put: Write, name: str) -> None:
    path = put("a.tgz", gzipped_tar({name: encode(system())}))
    assert "leads out of the folder" in refusal(KIND, path)


def test_a_link_and_a_package_cut_short(put: Write) -> None:
    assert "link" in refusal(KIND, put("a.tgz", tar_with_link("package/a.json", "/etc/passwd")))
    whole = package(system())
    assert "cut short" in refusal(KIND, put("b.tgz", whole[: len(whole) // 2]))
