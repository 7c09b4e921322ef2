"""Every parameter of every operation, sent in every way, gives the same answer.

What there is to send comes from the registry of operations; what to send for each parameter from
the table beside this file. A parameter that is not in the table fails, and so does one that
changes nothing and is not said to.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from conformance.operation_definitions import operation_definitions
from conformance.search_parameters import search_parameters
from service.app import create_app
from service.settings import Settings
from terminology import content
from terminology.fhir import convert, xml
from terminology.fhir.versions import FhirVersion
from terminology.importers.shipped import shipped_tables
from terminology.operations.registry import OPERATIONS, Operation
from terminology.store.build import build
from terminology.store.sqlite import SqliteStore
from tests.service.asking import (
    BASES,
    FORM,
    JSON,
    XML,
    Json,
    check_model,
    check_outcome,
    query,
    resource_of,
)
from tests.service.sweep_content import RESOURCES
from tests.service.sweep_requests import as_parameters, named, whole
from tests.service.sweep_table import (
    ASKED,
    INSTANCE,
    NAMED,
    TABLE,
    WITHOUT_EFFECT,
    Sent,
)

R5 = FhirVersion.R5


EVERY = [(operation, name) for operation in OPERATIONS for name in operation.schema.described()]
REFUSED = [(operation, name) for operation in OPERATIONS for name in operation.schema.refused]
every_parameter = pytest.mark.parametrize(
    ("operation", "name"), EVERY, ids=[f"{named(o)}-{n}" for o, n in EVERY]
)


@pytest.fixture(scope="module")
def rich_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The service over what ships and over the colours."""
    folder = tmp_path_factory.mktemp("sweep")
    resources = [*content.resources(), *operation_definitions(), *search_parameters(), *RESOURCES]
    build(folder / "store.db", "sweep", resources, shipped_tables())
    store = SqliteStore(Path(folder / "store.db"))
    yield create_app(Settings(data=folder), store)
    store.close()


@pytest.fixture
def rich(rich_app: Flask) -> FlaskClient:
    return rich_app.test_client()


@every_parameter
def test_every_parameter_has_a_row(operation: Operation, name: str) -> None:
    assert name in TABLE[named(operation)], f"{named(operation)} {name} is not swept: add a row"
    repeats = operation.schema.described()[name].repeats
    assert (len(TABLE[named(operation)][name].values) > 1) <= repeats


def test_the_table_has_no_row_too_many() -> None:
    rows = {(operation, name) for operation, cases in TABLE.items() for name in cases}
    assert rows == {(named(operation), name) for operation, name in EVERY}


@every_parameter
def test_it_changes_the_answer_or_is_said_not_to(
    rich: FlaskClient, operation: Operation, name: str
) -> None:
    found = TABLE[named(operation)][name]
    sent = whole(operation, name, found)
    path = f"/r5/{named(operation)}"
    answers = []
    for request in (sent, {n: v for n, v in sent.items() if n != name}):
        answer = rich.post(path, data=as_parameters(operation, request), content_type=JSON)
        if request is sent:
            assert answer.status_code == 200, answer.data
        answers.append(_comparable(resource_of(answer, R5), echoed=name))
    documentation = operation.schema.described()[name].documentation
    if (named(operation), name) in WITHOUT_EFFECT:
        assert answers[0] == answers[1]
        assert "changes nothing yet" in documentation
    else:
        assert answers[0] != answers[1]
        assert "changes nothing" not in documentation


@every_parameter
@pytest.mark.parametrize("base", BASES)
def test_every_way_of_sending_it_gives_the_same(
    rich: FlaskClient, operation: Operation, name: str, base: str
) -> None:
    sent = whole(operation, name, TABLE[named(operation)][name])
    expected = rich.post(
        f"/r5/{named(operation)}", data=as_parameters(operation, sent), content_type=JSON
    )
    assert expected.status_code == 200
    answer = _comparable(resource_of(expected, R5))
    for path in _paths(operation, base, sent):
        at_instance = path.count("/") > 3
        asked = _without_identity(operation, sent) if at_instance else sent
        for response in _every_way(rich, path, operation, asked, BASES[base]):
            assert response.status_code == 200, (path, response.data)
            resource = resource_of(response, BASES[base])
            check_model(resource, BASES[base])
            resource = convert.from_version(resource, BASES[base])
            wanted = convert.to_version(answer, BASES[base])
            wanted = convert.from_version(wanted, BASES[base])
            assert _comparable(resource) == wanted, (path, response.request.method)


@every_parameter
def test_what_names_the_resource_has_no_place_at_an_instance(
    rich: FlaskClient, operation: Operation, name: str
) -> None:
    if not operation.schema.described()[name].type_level_only or not operation.instance_versions:
        return
    path = f"/r5/{operation.resource_type}/{INSTANCE[operation.resource_type]}/${operation.name}"
    value = TABLE[named(operation)][name].values[0]
    issue = check_outcome(rich.get(path, query_string={"code": "red", name: value}), path, 400)
    assert issue["expression"] == [name]


@pytest.mark.parametrize(
    ("operation", "name"), REFUSED, ids=[f"{named(o)}-{n}" for o, n in REFUSED]
)
@pytest.mark.parametrize("base", BASES)
def test_what_is_not_supported_is_refused_by_name(
    rich: FlaskClient, operation: Operation, name: str, base: str
) -> None:
    path = f"/{base}/{named(operation)}"
    sent: Sent = dict(NAMED[named(operation)])
    if "code" in operation.schema.described():
        sent["code"] = ["red"]
    pairs = [(n, str(v)) for n, values in (sent | {name: ["x"]}).items() for v in values]
    body = as_parameters(operation, sent)
    resource = {"resourceType": "ValueSet", "status": "active"}
    extra = [{"name": name, "valueString": "x"}, {"name": name, "resource": resource}]
    by_get = [rich.get(f"{path}?{query(pairs)}")] if "GET" in operation.methods else []
    for answer in (
        *by_get,
        rich.post(path, data=query(pairs), content_type=FORM),
        *(
            rich.post(path, json={**body_of, "parameter": [*body_of.get("parameter", []), entry]})
            for body_of in [json.loads(body)]
            for entry in extra
        ),
    ):
        issue = check_outcome(answer, path, 400)
        assert issue["code"] == "not-supported"
        assert issue["expression"] == [name]
        assert f"'{name}'" in issue["details"]["text"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
def test_an_unknown_name_is_passed_over_and_refused_when_strict(
    rich: FlaskClient, operation: Operation
) -> None:
    path = f"/r4/{named(operation)}"
    sent: Sent = NAMED[named(operation)] | ASKED.get(named(operation), {})
    plain = rich.post(path, data=as_parameters(operation, sent), content_type=JSON)
    noted = json.loads(as_parameters(operation, sent))
    noted["parameter"].append({"name": "profile-url", "valueString": "x"})
    noted["parameter"].append({"name": "nested", "part": [{"name": "x", "valueCode": "y"}]})
    lenient = rich.post(path, json=noted)
    assert _comparable(json.loads(lenient.data)) == _comparable(json.loads(plain.data))
    strict = rich.post(path, json=noted, headers={"Prefer": "handling=strict"})
    issue = check_outcome(strict, path, 400)
    assert issue["expression"] == ["profile-url"]
    allowed = rich.post(
        path,
        data=as_parameters(operation, sent),
        content_type=JSON,
        headers={"Prefer": "handling=strict"},
    )
    assert allowed.status_code == 200


@every_parameter
def test_it_may_be_sent_once_or_it_repeats(
    rich: FlaskClient, operation: Operation, name: str
) -> None:
    found = TABLE[named(operation)][name]
    sent = whole(operation, name, found) | {name: [found.values[0]] * 2}
    path = f"/r4/{named(operation)}"
    body = as_parameters(operation, sent, FhirVersion.R4)
    answer = rich.post(path, data=body, content_type=JSON)
    if operation.schema.described()[name].repeats:
        assert answer.status_code == 200
    else:
        issue = check_outcome(answer, path, 400)
        assert issue["expression"] == [name]
        assert "2 times" in issue["details"]["text"]


def _paths(operation: Operation, base: str, sent: Sent) -> Iterator[str]:
    yield f"/{base}/{named(operation)}"
    others = NAMED[named(operation)].items() <= sent.items()
    fixed = {n for n, field in operation.schema.described().items() if field.type_level_only}
    if base in operation.instance_versions and others and fixed & set(sent) <= _identity(operation):
        kind = operation.resource_type
        yield f"/{base}/{kind}/{INSTANCE[kind]}/${operation.name}"


def _identity(operation: Operation) -> set[str]:
    return set(NAMED[named(operation)])


def _without_identity(operation: Operation, sent: Sent) -> Sent:
    return {name: values for name, values in sent.items() if name not in _identity(operation)}


def _every_way(
    client: FlaskClient, path: str, operation: Operation, sent: Sent, version: FhirVersion
) -> Iterator[TestResponse]:
    body = as_parameters(operation, sent, version)
    yield client.post(path, data=body, content_type=JSON)
    yield client.post(path, data=body, content_type=JSON, headers={"Accept": XML})
    in_xml = xml.dumps(json.loads(body), version)
    yield client.post(path, data=in_xml, content_type=XML)
    described = operation.schema.described()
    texts = [n for n in sent if described[n].as_text]
    if operation.body in sent and len(texts) == len(sent) - 1:
        alone = query([(name, value) for name in texts for value in sent[name]])
        (resource,) = sent[operation.body]
        yield client.post(f"{path}?{alone}", data=json.dumps(resource), content_type=JSON)
        yield client.post(f"{path}?{alone}", data=xml.dumps(resource, version), content_type=XML)
    pairs = [(name, value) for name in texts for value in sent[name]]
    if len(texts) == len(sent):
        yield client.get(f"{path}?{query(pairs)}")
        yield client.get(f"{path}?{query(pairs)}", headers={"Accept": XML})
        yield client.post(path, data=query(pairs), content_type=FORM)
        yield client.post(f"{path}?{query(pairs[:1])}", data=query(pairs[1:]), content_type=FORM)
    rest = {name: values for name, values in sent.items() if name not in texts}
    yield client.post(
        f"{path}?{query(pairs)}", data=as_parameters(operation, rest, version), content_type=JSON
    )


def _comparable(resource: Json, echoed: str | None = None) -> Json:
    """The answer without what is new each time, and without the echo of a parameter."""
    if resource["resourceType"] == "CoverageEligibilityResponse":
        resource.pop("created")
    expansion = resource.get("expansion")
    if isinstance(expansion, dict):
        expansion.pop("identifier", None)
        expansion.pop("timestamp", None)
        kept = [p for p in expansion.get("parameter", []) if p["name"] != echoed]
        expansion["parameter"] = kept
    return resource
