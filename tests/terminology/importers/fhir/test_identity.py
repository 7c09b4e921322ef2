"""Which resource is which: ids for those without, and what stands there twice."""

import re

import pytest

from terminology.fhir.json import Json, encode
from tests.terminology.importers.fhir.made import ANY, KIND, system, value_set, without
from tests.terminology.importers.reading import Whole, Write, load


def named(put: Write, *resources: Json) -> Whole:
    """Load resources from files `0.json`, `1.json` and so on."""
    paths = [put(f"named/{n}.json", encode(each)) for n, each in enumerate(resources)]
    return load(KIND, paths[0].parent, ANY)


def ids(whole: Whole) -> list[str]:
    return [resource["id"] for resource in whole.resources]


def nameless(url: str, **more: str) -> Json:
    return without(value_set(), "id") | {"url": url} | more


@pytest.mark.parametrize(
    ("url", "version", "expected"),
    [
        ("http://a.example/ValueSet/colours", None, "colours"),
        ("http://a.example/ValueSet/colours", "2.0.1", "colours-2.0.1"),
        ("urn:oid:1.2.3", None, "1.2.3"),
        ("http://a.example/x/", None, "x"),
    ],
)
def test_an_id_from_the_url(put: Write, url: str, version: str | None, expected: str) -> None:
    more = {"version": version} if version else {}
    assert ids(named(put, nameless(url, **more))) == [expected]


@pytest.mark.parametrize(
    "url", ["http://a.example/Größe", f"http://a.example/{'x' * 90}", "http://a.example/a_b", "?:/"]
)
def test_a_url_that_no_id_can_be_is_marked_by_its_hash(put: Write, url: str) -> None:
    first = ids(named(put, nameless(url)))
    assert re.fullmatch(r"[A-Za-z0-9.-]{0,56}[0-9a-f]{8}", first[0])
    assert ids(named(put, nameless(url))) == first


def test_an_id_from_the_name_of_the_file(put: Write) -> None:
    assert ids(named(put, without(value_set(), "id", "url"))) == ["0"]


def test_two_urls_that_would_make_the_same_id(put: Write) -> None:
    first, second = ids(named(put, nameless("http://a.example/x"), nameless("http://b.example/x")))
    assert first == "x"
    assert re.fullmatch(r"x-[0-9a-f]{8}", second)


def test_the_same_twice_is_loaded_once(put: Write) -> None:
    whole = named(put, system(), value_set(), system(), value_set())
    assert ids(whole) == ["letters", "some"]
    assert (whole.problems, len(whole.remarks)) == ([], 1)
    assert whole.remarks[0].endswith("loaded once: 2.")


@pytest.mark.parametrize("change", [{"title": "b"}, {"id": "c"}, {"concept": [{"code": "x"}]}])
def test_two_of_one_url_and_version_with_another_content(put: Write, change: Json) -> None:
    whole = named(put, system(), system(**change))
    assert ids(whole) == ["letters"]
    assert whole.problems == [
        "1.json: CodeSystem http://codes.example/letters|1 stands in 0.json too, with another"
        " content"
    ]


def test_two_versions_under_one_id_are_both_loaded(put: Write) -> None:
    whole = named(put, system(), system(version="2"))
    assert ids(whole) == ["letters", "letters-2"]
    assert whole.remarks == [
        "CodeSystem/letters of 1.json is given the id letters-2: in 0.json is one of its id."
    ]


def test_two_of_one_id_without_a_url(put: Write) -> None:
    one = {"resourceType": "Organization", "id": "a", "name": "A"}
    whole = named(put, one, one | {"name": "B"}, one)
    assert ids(whole) == ["a"]
    assert whole.problems == ["1.json: Organization/a stands in 0.json too, with another content"]
    assert whole.remarks[0].endswith("loaded once: 1.")


def test_types_have_ids_of_their_own(put: Write) -> None:
    assert ids(named(put, system("a"), value_set("a"))) == ["a", "a"]
