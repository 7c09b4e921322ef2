"""The OpenAPI description against the routes that are served, both ways."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from conformance.openapi import openapi
from conformance.openapi_parts import FIELD_SCHEMAS, RESULT_PARAMETERS
from service.routes import routes
from service.search import parse_search
from service.settings import Settings
from terminology.fhir.versions import FhirVersion
from terminology.operations.registry import OPERATIONS
from terminology.store.search.params import SEARCHED_TYPES, parameters_of

Json = dict[str, Any]
URL = "http://tx.example"
METHODS = {"get": "GET", "post": "POST"}


@pytest.fixture(scope="module")
def description() -> Json:
    return openapi(URL)


def calls(description: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in description["paths"].items():
        for method, name in METHODS.items():
            if method in item:
                yield path, name, item[method]


def bases(description: Json, path: str) -> tuple[str, ...]:
    (server,) = description["paths"][path].get("servers", description["servers"])
    return tuple(server["variables"]["base"]["enum"])


def objects(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for part in inner:
            yield from objects(part)


def test_a_type_that_is_not_served_is_not_described() -> None:
    paths = openapi(URL, ["ValueSet"])["paths"]
    assert "/InsurancePlan" not in paths
    assert "/ValueSet/{id}" in paths


def test_every_reference_leads_somewhere(description: Json) -> None:
    for found in objects(description):
        if "$ref" in found:
            _, _, kind, name = found["$ref"].split("/")
            assert name in description["components"][kind]


def test_every_call_has_a_name_of_its_own(description: Json) -> None:
    names = [call["operationId"] for _, _, call in calls(description)]
    assert len(names) == len(set(names))


def test_every_variable_of_a_path_is_declared(description: Json) -> None:
    for path, _, call in calls(description):
        declared = [p for p in call.get("parameters", []) if p == _reference("id")]
        assert bool(declared) is ("{id}" in path)


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/parameters/{name}"}


def test_it_describes_just_the_routes_that_are_served(description: Json) -> None:
    served = {
        (re.sub(r"<[^>]*>", "{id}", f"/{route.path}"), method, tuple(sorted(route.versions)))
        for route in routes()
        if route.versions
        for method in route.methods
    }
    served.add(("/", "POST", ("r4", "r4b", "r5")))  # the batch, which is no route of the table
    described = {
        (path, method, tuple(sorted(bases(description, path))))
        for path, method, _ in calls(description)
    }
    assert described == served


def test_a_path_that_not_every_version_has_names_its_own(description: Json) -> None:
    assert bases(description, "/CodeSystem/{id}/$lookup") == ("r5",)
    assert bases(description, "/CodeSystem/$lookup") == tuple(v.base for v in FhirVersion)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_query_and_a_form_take_what_text_can_carry(operation: Any, description: Json) -> None:
    item = description["paths"][f"/{operation.resource_type}/${operation.name}"]
    wanted = [name for name, f in operation.schema.described().items() if f.as_text]
    if operation.body is not None:
        # It is sent as a resource, so that there is neither GET nor form.
        assert list(item) == ["post"]
        assert [p["name"] for p in item["post"]["parameters"] if "name" in p] == wanted
        assert "application/x-www-form-urlencoded" not in item["post"]["requestBody"]["content"]
        return
    assert [p["name"] for p in item["get"]["parameters"] if "name" in p] == wanted
    content = item["post"]["requestBody"]["content"]
    form = content["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert list(form) == wanted


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_instance_is_not_named_twice(operation: Any, description: Json) -> None:
    path = f"/{operation.resource_type}/{{id}}/${operation.name}"
    assert (path in description["paths"]) is bool(operation.instance_versions)
    item = description["paths"].get(path, {"get": {"parameters": []}})
    names = {p.get("name") for p in item["get"]["parameters"]}
    for name, field in operation.schema.described().items():
        taken = field.as_text and not field.type_level_only
        assert (name in names) is (taken and bool(operation.instance_versions))


@pytest.mark.parametrize("resource_type", SEARCHED_TYPES)
def test_a_search_takes_the_parameters_of_the_table(resource_type: str, description: Json) -> None:
    given = description["paths"][f"/{resource_type}"]["get"]["parameters"]
    assert [p["name"] for p in given if "name" in p] == list(parameters_of(resource_type))
    posted = description["paths"][f"/{resource_type}/_search"]["post"]["requestBody"]["content"]
    form = posted["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert list(form) == [*parameters_of(resource_type), *RESULT_PARAMETERS]


def test_every_type_that_a_query_can_carry_has_a_schema() -> None:
    types = {
        field.fhir_type
        for operation in OPERATIONS
        for field in operation.schema.described().values()
        if field.as_text
    }
    assert types == set(FIELD_SCHEMAS)


@pytest.mark.parametrize(("name", "value"), [("_count", "5"), ("_offset", "0"), ("_total", "none")])
def test_a_search_takes_the_result_parameters(name: str, value: str) -> None:
    assert name in RESULT_PARAMETERS
    parse_search("ValueSet", [(name, value)], strict=True, settings=Settings())


@pytest.mark.parametrize("name", ["_summary", "_total"])
def test_a_search_takes_every_value_that_is_listed(name: str) -> None:
    for value in RESULT_PARAMETERS[name][0]["enum"]:
        parse_search("ValueSet", [(name, value)], strict=True, settings=Settings())


def test_the_result_parameters_are_those_that_a_search_reads() -> None:
    from service import search

    assert set(RESULT_PARAMETERS) == set(search._SHAPING)


def test_it_is_json(description: Json) -> None:
    assert msgspec.json.decode(msgspec.json.encode(description)) == description
