"""Reading: every resource that ships, in every version and format, whole or in part."""

import json

import pytest
from flask.testing import FlaskClient

from terminology.store.search.params import SEARCHED_TYPES
from tests.service.asking import BASES, XML, Json, check_model, check_outcome, resource_of

every_base = pytest.mark.parametrize("base", BASES)


def search(client: FlaskClient, path: str) -> list[Json]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.data
    return [entry["resource"] for entry in json.loads(answer.data).get("entry", [])]


@every_base
@pytest.mark.parametrize("kind", SEARCHED_TYPES)
def test_what_is_found_can_be_read(client: FlaskClient, base: str, kind: str) -> None:
    version = BASES[base]
    for resource in search(client, f"/{base}/{kind}?_count=1000"):
        path = f"/{base}/{kind}/{resource['id']}"
        plain, marked = client.get(path), client.get(path, headers={"Accept": XML})
        assert plain.status_code == marked.status_code == 200
        found = resource_of(plain, version)
        assert found["id"] == resource["id"]
        check_model(found, version)
        assert resource_of(marked, version) == found


@every_base
def test_a_slash_at_the_end_changes_nothing(client: FlaskClient, base: str) -> None:
    for path in ("metadata", "CodeSystem/cpt", "InsurancePlan", "ValueSet/modifiers-37244/$expand"):
        with_slash, without = (client.get(f"/{base}/{path}{end}") for end in ("/", ""))
        assert with_slash.status_code == without.status_code == 200
        assert len(with_slash.data) == len(without.data)


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("CodeSystem/none", "CodeSystem/none"),
        ("CodeSystem/cpt%20", "CodeSystem/cpt"),
        ("CodeSystem/CPT", "CodeSystem/CPT"),
        ("CodeSystem/cpt%00", "CodeSystem/cpt"),
        ("CodeSystem/" + "x" * 64, "xxx"),
    ],
)
def test_an_id_that_is_not_there_is_named(client: FlaskClient, path: str, named: str) -> None:
    issue = check_outcome(client.get(f"/r4/{path}"), "/r4", 404)
    assert issue["code"] == "not-found"
    assert named in issue["details"]["text"]


@pytest.mark.parametrize(
    "path",
    [
        "CodeSystem/" + "x" * 65,
        "CodeSystem/a%2Fb",
        "CodeSystem//cpt",
        "/CodeSystem/cpt",
        "CodeSystem/cpt/_history",
        "CodeSystem/cpt/_history/1",
        "CodeSystem/cpt/$nothing",
        "codesystem/cpt",
        "Patient",
        "Patient/1",
        "_history",
        "$nothing",
        "CodeSystem/$nothing/",
        "%00",
        "é",
        "%ff",
        "..%2f..%2fetc%2fpasswd",
    ],
)
@every_base
def test_an_address_that_is_none(client: FlaskClient, base: str, path: str) -> None:
    check_outcome(client.get(f"/{base}/{path}"), f"/{base}", 404)


@pytest.mark.parametrize("path", ["/r6/metadata", "/R4/metadata", "/fhir/CodeSystem", "/metadata"])
def test_a_base_that_is_none(client: FlaskClient, path: str) -> None:
    issue = check_outcome(client.get(path), path, 404)
    for base in BASES:
        assert f"/{base}" in issue["details"]["text"]


@every_base
@pytest.mark.parametrize(
    ("asked", "has", "has_not"),
    [
        ("_summary=true", "url", "concept"),
        ("_summary=data", "concept", "text"),
        ("_summary=text", "content", "concept"),
        ("_summary=false", "concept", "nothing"),
        ("_elements=url,name", "url", "concept"),
        ("_elements=concept", "concept", "copyright"),
    ],
)
def test_part_of_a_resource(
    client: FlaskClient, base: str, asked: str, has: str, has_not: str
) -> None:
    answer = client.get(f"/{base}/CodeSystem/cpt?{asked}")
    resource = resource_of(answer, BASES[base])
    assert has in resource
    assert has_not not in resource
    cut = "false" not in asked
    tags = [tag["code"] for tag in resource.get("meta", {}).get("tag", [])]
    assert ("SUBSETTED" in tags) is cut
    check_model(resource, BASES[base])


@pytest.mark.parametrize("asked", ["_summary=some", "_summary=", "_summary=count"])
def test_a_summary_that_is_none(client: FlaskClient, asked: str) -> None:
    path = f"/r4/CodeSystem/cpt?{asked}"
    issue = check_outcome(client.get(path), path, 400)
    assert issue["expression"] == ["_summary"]


def test_reading_is_strict_where_asked(client: FlaskClient) -> None:
    path = "/r4/CodeSystem/cpt?nonsense=1"
    assert client.get(path).status_code == 200
    check_outcome(client.get(path, headers={"Prefer": "handling=strict"}), path, 400)


@every_base
def test_the_plans_of_a_code(client: FlaskClient, base: str) -> None:
    path = f"/{base}/InsurancePlan"
    asked = "coverage-benefit-type=http://www.ama-assn.org/go/cpt|37244"
    assert len(search(client, f"{path}?{asked}")) == 5
    assert not search(client, f"{path}?{asked}9")
    found = client.post(f"{path}/_search", data={"coverage-benefit-type": asked.partition("=")[2]})
    assert json.loads(found.data)["total"] == 5


@pytest.mark.parametrize("content_type", ["application/fhir+json", "text/plain", "", "image/png"])
def test_a_search_is_no_resource(client: FlaskClient, content_type: str) -> None:
    path = "/r4/CodeSystem/_search"
    answer = client.post(path, data='{"resourceType":"Parameters"}', content_type=content_type)
    check_outcome(answer, path, 415)
