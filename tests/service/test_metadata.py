"""The statements are true: what is claimed is served, and what is served is claimed."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.routes import refusals
from terminology.operations.registry import OPERATIONS
from tests.service.asking import BASES, CPT, Json, check_model, check_outcome, resource_of

every_base = pytest.mark.parametrize("base", BASES)
VALUES = {
    "token": "x",
    "string": "x",
    "uri": "https://example.org/x",
    "reference": "Organization/x",
    "date": "2026",
}
METHODS = {f"{each.resource_type}/${each.name}": each.methods for each in OPERATIONS}
# Where it is said in the statement as an interaction and not as an operation.
SYSTEM = {"", "metadata", "$versions"}


def statement(client: FlaskClient, base: str, mode: str = "full") -> Json:
    answer = client.get(f"/{base}/metadata?mode={mode}")
    assert answer.status_code == 200
    resource = resource_of(answer, BASES[base])
    check_model(resource, BASES[base])
    return resource


def resources(client: FlaskClient, base: str) -> Iterator[Json]:
    (rest,) = statement(client, base)["rest"]
    yield from rest["resource"]


@every_base
def test_each_claimed_interaction_answers(client: FlaskClient, base: str) -> None:
    for resource in resources(client, base):
        kind = resource["type"]
        if "interaction" not in resource:
            for path in (f"/{base}/{kind}", f"/{base}/{kind}/none"):
                check_outcome(client.get(path), path, 404)
            continue
        claimed = {each["code"] for each in resource["interaction"]}
        assert claimed == {"read", "search-type"}, "another interaction needs a call here"
        found = client.get(f"/{base}/{kind}?_count=1")
        assert found.status_code == 200
        for entry in json.loads(found.data).get("entry", []):
            assert client.get(f"/{base}/{kind}/{entry['resource']['id']}").status_code == 200
        path = f"/{base}/{kind}/none"
        assert f"{kind}/none" in check_outcome(client.get(path), path, 404)["details"]["text"]


@every_base
def test_each_claimed_search_parameter_is_used(client: FlaskClient, base: str) -> None:
    for resource in resources(client, base):
        for each in resource.get("searchParam", ()):
            asked = f"{each['name']}={VALUES[each['type']]}"
            answer = client.get(
                f"/{base}/{resource['type']}?{asked}", headers={"Prefer": "handling=strict"}
            )
            assert answer.status_code == 200, (resource["type"], asked)
            (link,) = json.loads(answer.data)["link"][:1]
            assert each["name"] in link["url"], "the parameter was passed over"


@every_base
def test_each_claimed_inclusion_is_used(client: FlaskClient, base: str) -> None:
    for resource in resources(client, base):
        for element, name in (("searchInclude", "_include"), ("searchRevInclude", "_revinclude")):
            for value in resource.get(element, []):
                answer = client.get(f"/{base}/{resource['type']}?{name}={value}&_count=1")
                assert answer.status_code == 200, (name, value)


@every_base
def test_each_claimed_operation_answers_and_is_defined(client: FlaskClient, base: str) -> None:
    claimed = set()
    for resource in resources(client, base):
        for each in resource.get("operation", []):
            claimed.add((resource["type"], each["name"]))
            path = f"/{base}/{resource['type']}/${each['name']}"
            # Nothing was sent: it says what it needs, and no address that is none says that.
            for method in METHODS[path.partition("/")[2].partition("/")[2]]:
                answer = client.open(path, method=method)
                assert check_outcome(answer, path, 400)["code"] == "required"
            found = client.get(f"/{base}/OperationDefinition?url={each['definition']}")
            (entry,) = json.loads(found.data)["entry"]
            _check_levels(client, base, entry["resource"], each["documentation"])
    assert claimed == {(each.resource_type, each.name) for each in OPERATIONS}


def _check_levels(client: FlaskClient, base: str, definition: Json, said: str) -> None:
    (kind,) = definition["resource"]
    # No concept map ships: there the answer has to miss the instance, not the operation.
    ids = {"CodeSystem": "cpt", "ValueSet": "modifiers-37244", "ConceptMap": "none"}
    if kind not in ids:
        # It is not kept, so that there is no instance of it.
        path = f"/{base}/{kind}/none/${definition['code']}"
        for answer in (client.get(path), client.post(path)):
            assert kind in check_outcome(answer, path, 404)["details"]["text"]
        assert "an instance" not in said
        return
    answer = client.get(f"/{base}/{kind}/{ids[kind]}/${definition['code']}")
    served = answer.status_code != 404 or "There is no ConceptMap/none" in answer.text
    assert served is ("an instance" in said)


@every_base
def test_each_definition_names_what_the_operation_reads(client: FlaskClient, base: str) -> None:
    for operation in OPERATIONS:
        found = json.loads(client.get(f"/{base}/OperationDefinition?_count=100").data)
        defined = [
            {each["name"] for each in definition["parameter"] if each["use"] == "in"}
            for definition in (entry["resource"] for entry in found["entry"])
            if definition["resource"] == [operation.resource_type]
            and definition["code"] == operation.name
        ]
        assert defined == [set(operation.schema.described())]


@every_base
def test_the_claimed_formats_are_spoken(client: FlaskClient, base: str) -> None:
    for name in statement(client, base)["format"]:
        assert client.get(f"/{base}/metadata", query_string={"_format": name}).status_code == 200


@every_base
def test_the_batch_that_is_claimed_is_performed(client: FlaskClient, base: str) -> None:
    (rest,) = statement(client, base)["rest"]
    assert [each["code"] for each in rest["interaction"]] == ["batch"]
    answer = client.post(f"/{base}", json={"resourceType": "Bundle", "type": "batch"})
    assert answer.status_code == 200


@every_base
def test_the_operations_of_the_system_answer(client: FlaskClient, base: str) -> None:
    (rest,) = statement(client, base)["rest"]
    for each in rest["operation"]:
        assert client.get(f"/{base}/${each['name']}").status_code == 200


@every_base
def test_everything_in_the_map_is_claimed(app: Flask, client: FlaskClient, base: str) -> None:
    claimed = set(SYSTEM)
    for resource in resources(client, base):
        kind = resource["type"]
        if "interaction" in resource:
            claimed |= {kind, f"{kind}/_search", f"{kind}/{{id}}"}
        for each in resource.get("operation", []):
            claimed.add(f"{kind}/${each['name']}")
            if "an instance" in each["documentation"]:
                claimed.add(f"{kind}/{{id}}/${each['name']}")
    # Addresses that answer 404 with a sentence of their own.
    refused = {_pattern(route.path) for route in refusals() if base in route.versions}
    served = {
        _pattern(rule.rule.removeprefix(f"/{base}").lstrip("/"))
        for rule in app.url_map.iter_rules()
        if re.match(rf"/{base}(/|$)", rule.rule)
    }
    assert served - refused == claimed


def _pattern(path: str) -> str:
    return re.sub(r"<[^>]*>", "{id}", path)


@every_base
def test_the_code_systems_that_are_claimed_can_be_asked(client: FlaskClient, base: str) -> None:
    found = statement(client, base, "terminology")
    claimed = {each["uri"] for each in found["codeSystem"]}
    assert CPT in claimed
    for url in claimed:
        answer = client.get(f"/{base}/CodeSystem/$validate-code?url={url}&code=none")
        assert b"not-found" not in answer.data, url
    loaded = json.loads(client.get(f"/{base}/CodeSystem?_elements=url,content&_count=1000").data)
    heads = [entry["resource"] for entry in loaded["entry"]]
    assert claimed == {head["url"] for head in heads if head["content"] != "supplement"}


@every_base
def test_the_parameters_of_expansions_are_the_ones_that_are_read(
    client: FlaskClient, base: str
) -> None:
    found = statement(client, base, "terminology")["expansion"]["parameter"]
    (expand,) = (each for each in OPERATIONS if each.name == "expand")
    assert {each["name"] for each in found} == set(expand.schema.described())


@pytest.mark.parametrize("mode", ["", "nonsense", "FULL", "x" * 10_000])
def test_a_mode_that_is_none(client: FlaskClient, mode: str) -> None:
    path = f"/r4/metadata?mode={mode}"
    issue = check_outcome(client.get(path), path, 400)
    assert issue["expression"] == ["mode"]


def test_addresses_are_those_of_the_request(client: FlaskClient) -> None:
    answer = client.get("/r4/metadata", headers={"Host": "tx.example:8443"})
    assert json.loads(answer.data)["implementation"]["url"] == "http://tx.example:8443/r4"
