"""Batches: every entry is performed as if it came alone, and fails alone."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from service import batch
from service.answers import Answer
from service.call import Call
from terminology.fhir import xml
from terminology.fhir.versions import FhirVersion
from tests.service.asking import (
    BASES,
    CPT,
    LOOKUP,
    USABLE,
    XML,
    Json,
    check_model,
    check_outcome,
    parameters,
    part,
    resource_of,
)

every_base = pytest.mark.parametrize("base", BASES)
ASKED = parameters(("system", "valueUri", CPT), ("code", "valueCode", "37244"))


def get(url: str, **more: Any) -> Json:
    return {"request": {"method": "GET", "url": url}} | more


def post(url: str, resource: Any = None) -> Json:
    entry: Json = {"request": {"method": "POST", "url": url}}
    return entry if resource is None else entry | {"resource": resource}


def bundle(*entries: Any, kind: str = "batch") -> Json:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def send(client: FlaskClient, base: str, *entries: Any, **headers: str) -> list[Json]:
    answer = client.post(f"/{base}", json=bundle(*entries), headers=headers)
    assert answer.status_code == 200, answer.data
    found = json.loads(answer.data)
    check_model(found, BASES[base])
    assert found["type"] == "batch-response"
    made: list[Json] = found.get("entry", [])
    assert len(made) == len(entries)
    return made


def status(entry: Json) -> str:
    found: str = entry["response"]["status"]
    return found


@every_base
def test_each_entry_is_answered_as_if_it_came_alone(client: FlaskClient, base: str) -> None:
    urls = [
        LOOKUP,
        "CodeSystem/cpt",
        "CodeSystem?_count=2",
        "InsurancePlan?_elements=name",
        f"ValueSet/$validate-code?url={USABLE}&system={CPT}&code=37244",
        f"CodeSystem/$validate-code?url={CPT}&code=%33%37244",
        "ValueSet/modifiers-37244",
        "metadata",
        "metadata?mode=terminology",
        "$versions",
    ]
    found = send(client, base, *(get(url) for url in urls))
    for url, entry in zip(urls, found, strict=True):
        alone = client.get(f"/{base}/{url}")
        assert status(entry).startswith("200")
        assert entry["resource"] == json.loads(alone.data), url


@every_base
def test_each_entry_fails_alone(client: FlaskClient, base: str) -> None:
    wrong = {
        "CodeSystem/none": "404",
        "nowhere/at/all": "404",
        "Patient": "404",
        f"CodeSystem/$lookup?system={CPT}": "400",
        f"CodeSystem/$lookup?system={CPT}&code=1": "404",
        "CodeSystem?_count=x": "400",
        "CodeSystem/$lookup?code=%ff": "400",
        "ValueSet/_search": "404",
        "metadata?mode=nonsense": "400",
        "": "400",
        "?_format=json": "400",
    }
    found = send(client, base, *(get(url) for url in wrong), get("CodeSystem/cpt"))
    assert status(found.pop())[:3] == "200"
    for (url, expected), entry in zip(wrong.items(), found, strict=True):
        assert status(entry)[:3] == expected, url
        issue = entry["response"]["outcome"]["issue"][0]
        assert issue["details"]["text"]
        assert "resource" not in entry


@pytest.mark.parametrize(
    "url",
    [
        "/CodeSystem/cpt",
        "http://localhost/r4/CodeSystem/cpt",
        "/r4/CodeSystem/cpt",
        "CodeSystem/cpt/",
        "CodeSystem/c%70t",
        "CodeSystem/cpt?",
        "CodeSystem/cpt#there",
        "CodeSystem/cpt?_format=xml",
    ],
)
def test_ways_to_write_the_address_of_an_entry(client: FlaskClient, url: str) -> None:
    (found,) = send(client, "r4", get(url))
    assert status(found)[:3] == "200", found
    assert found["resource"]["id"] == "cpt"


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.example/r4/CodeSystem/cpt",
        "https://localhost/r4/CodeSystem/cpt",
        "http://localhost/r5/CodeSystem/cpt",
        "/r5/CodeSystem/cpt",
        "http://localhost/r45/CodeSystem/cpt",
        "//CodeSystem/cpt",
        "../r5/CodeSystem/cpt",
        "urn:uuid:2d0b8b1e-8f8c-4c53-9c3a-6f3b8e2f1d11",
        "file:///etc/passwd",
        "CodeSystem/../CodeSystem/cpt",
        "r4",
        "\x00",
        "http://[",
    ],
)
def test_an_address_elsewhere_is_not_followed(client: FlaskClient, url: str) -> None:
    (found,) = send(client, "r4", get(url))
    assert status(found)[:3] in ("400", "404")


@every_base
def test_operations_by_post(client: FlaskClient, base: str) -> None:
    found = send(
        client,
        base,
        post("CodeSystem/$lookup", ASKED),
        post(f"CodeSystem/$lookup?system={CPT}", parameters(("code", "valueCode", "37244"))),
        post("CodeSystem/$lookup", {"resourceType": "Patient"}),
        post("CodeSystem/$lookup", {"parameter": []}),
        post("CodeSystem/$lookup"),
        post("CodeSystem/$lookup", "text"),
        post("CodeSystem/cpt", ASKED),
    )
    assert [status(e)[:3] for e in found] == ["200", "200", "400", "400", "400", "400", "405"]
    assert part(found[0]["resource"], "code") == "37244"


def test_what_an_entry_answers_has_the_shape_of_the_version(client: FlaskClient) -> None:
    entries = [get("ValueSet/$expand?url=" + USABLE), get("DocumentReference?_count=1")]
    entries += [get(f"{kind}?_count=50") for kind in ("Provenance", "InsurancePlan", "CodeSystem")]
    for base, version in BASES.items():
        for found in send(client, base, *entries):
            check_model(found["resource"], version)


def test_an_xml_batch(client: FlaskClient) -> None:
    for base, version in BASES.items():
        body = xml.dumps(bundle(get("CodeSystem/cpt"), post("CodeSystem/$lookup", ASKED)), version)
        answer = client.post(f"/{base}", data=body, content_type=XML, headers={"Accept": XML})
        assert answer.mimetype == XML
        found = resource_of(answer, version)
        assert [status(e)[:3] for e in found["entry"]] == ["200", "200"]
        plain = client.post(f"/{base}", data=body, content_type=XML)
        assert resource_of(plain, version) == found


def test_strict_handling_is_for_each_entry(client: FlaskClient) -> None:
    entries = [get(f"{LOOKUP}&nonsense=1"), get("CodeSystem?nonsense=1"), get(LOOKUP)]
    lenient = send(client, "r4", *entries)
    assert [status(e)[:3] for e in lenient] == ["200", "200", "200"]
    strict = send(client, "r4", *entries, Prefer="handling=strict")
    assert [status(e)[:3] for e in strict] == ["400", "400", "200"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "get", "", None, 5, ["GET"]])
def test_methods_that_are_not_performed(client: FlaskClient, method: Any) -> None:
    (found,) = send(client, "r4", {"request": {"method": method, "url": "CodeSystem/cpt"}})
    assert status(found)[:3] == "400"
    assert found["response"]["outcome"]["issue"][0]["code"] in ("not-supported", "invalid")


@pytest.mark.parametrize(
    "entry",
    [
        {},
        None,
        "text",
        5,
        [],
        {"request": None},
        {"request": []},
        {"request": {}},
        {"request": {"method": "GET"}},
        {"request": {"method": "GET", "url": None}},
        {"request": {"method": "GET", "url": {"a": 1}}},
        {"request": "GET CodeSystem"},
        {"fullUrl": "urn:x", "resource": {"resourceType": "Patient"}},
    ],
)
def test_an_entry_that_is_none(client: FlaskClient, entry: Any) -> None:
    found = send(client, "r4", entry, get("CodeSystem/cpt"))
    assert [status(e)[:3] for e in found] == ["400", "200"]
    assert "Bundle.entry[0]" in found[0]["response"]["outcome"]["issue"][0]["details"]["text"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"resourceType": "Parameters"}, "Parameters"),
        (bundle(kind="transaction"), "transaction"),
        (bundle(kind="searchset"), "searchset"),
        ({"resourceType": "Bundle"}, "type"),
        ({"resourceType": "Bundle", "type": "batch", "entry": {}}, "list"),
        ({"resourceType": "Bundle", "type": "batch", "entry": "x"}, "list"),
        ({"resourceType": "Bundle", "type": "batch", "entry": None}, "list"),
        ({"resourceType": "Bundle", "type": ["batch"]}, "type"),
        (bundle(*[get("metadata")] * 1001), "1000"),
    ],
)
def test_a_body_that_is_no_batch(client: FlaskClient, body: Json, says: str) -> None:
    answer = client.post("/r4", json=body)
    expected = 422 if says == "1000" else 400
    assert says in check_outcome(answer, "/r4", expected)["details"]["text"]


def test_an_empty_batch_and_an_empty_body(client: FlaskClient) -> None:
    assert send(client, "r4") == []
    answer = client.post("/r4", json={"resourceType": "Bundle", "type": "batch"})
    assert "entry" not in json.loads(answer.data)
    check_outcome(client.post("/r4"), "/r4", 400)
    check_outcome(client.post("/r4", content_type="application/fhir+json"), "/r4", 400)


def test_no_batch_in_a_batch(client: FlaskClient) -> None:
    for url in ("", "/", "http://localhost/r4", "http://localhost/r4/", "/r4"):
        (found,) = send(client, "r4", post(url, bundle(get("metadata"))))
        assert status(found)[:3] == "400", url


def test_the_base_may_have_a_slash(client: FlaskClient) -> None:
    for path in ("/r4", "/r4/"):
        assert client.post(path, json=bundle(get("metadata"))).status_code == 200


def test_links_of_a_search_in_a_batch_work(client: FlaskClient) -> None:
    (found,) = send(client, "r4", get("InsurancePlan?_count=2"))
    links = {link["relation"]: link["url"] for link in found["resource"]["link"]}
    assert links["next"].startswith("http://localhost/r4/InsurancePlan?")
    (second,) = send(client, "r4", get(links["next"]))
    assert second["resource"]["entry"][0] != found["resource"]["entry"][0]


@given(st.lists(st.text(max_size=8), max_size=6))
def test_answers_come_in_the_order_of_the_entries(urls: list[str]) -> None:
    def perform(call: Call, path: str) -> Answer:
        return Answer(resource={"resourceType": "Basic", "id": path})

    # What would end the path, or make the address one of another scheme, is left out.
    paths = ["x" + url.translate(str.maketrans("", "", "?#:")) for url in urls]
    call = Call(
        version=FhirVersion.R5,
        method="POST",
        pairs=[],
        base_url="http://here.example/r5",
        body=bundle(*(get(path) for path in paths)),
    )
    answer = batch.run_batch(call, perform).resource
    assert isinstance(answer, dict)
    found = [entry["resource"]["id"] for entry in answer.get("entry", [])]
    assert found == paths
