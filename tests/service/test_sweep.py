"""Every parameter of every operation, sent in every way, gives the same answer.

What there is to send comes from the registry of operations; what to send for each parameter from
the table here. A parameter that is not in the table fails, and so does one that changes nothing
and is not said to.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

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

R5 = FhirVersion.R5
COLOURS = "https://example.org/colours"
TINTS = "https://example.org/ValueSet/tints"
NEWEST = "https://example.org/ValueSet/newest"
SUPPLEMENTED = "https://example.org/ValueSet/supplemented"
IMPORTED = "https://example.org/ValueSet/imported"
TO_GERMAN = "https://example.org/ConceptMap/to-german"
GERMAN = "https://example.org/farben"
CONCEPTS: list[Json] = [
    {
        "code": "warm",
        "display": "Warm",
        "definition": "The colours of fire",
        "property": [{"code": "notSelectable", "valueBoolean": True}],
        "concept": [
            {
                "code": "red",
                "display": "Red",
                "property": [{"code": "wavelength", "valueInteger": 700}],
                "designation": [{"language": "de", "value": "Rot"}],
            }
        ],
    },
    {
        "code": "puce",
        "display": "Puce",
        "property": [{"code": "inactive", "valueBoolean": True}],
    },
]
# What no shipped code has: two versions, a hierarchy, a group, an inactive code, two languages.
RESOURCES: tuple[Json, ...] = (
    {
        "resourceType": "CodeSystem",
        "id": "colours",
        "url": COLOURS,
        "version": "2",
        "name": "Colours",
        "status": "active",
        "language": "en",
        "content": "complete",
        "caseSensitive": True,
        "hierarchyMeaning": "is-a",
        "property": [
            {
                "code": "notSelectable",
                "uri": "http://hl7.org/fhir/concept-properties#notSelectable",
                "type": "boolean",
            },
            {
                "code": "inactive",
                "uri": "http://hl7.org/fhir/concept-properties#inactive",
                "type": "boolean",
            },
            {"code": "wavelength", "type": "integer"},
        ],
        "concept": CONCEPTS,
    },
    {
        "resourceType": "CodeSystem",
        "id": "colours-1",
        "url": COLOURS,
        "version": "1",
        "name": "Colours",
        "status": "retired",
        "content": "complete",
        "concept": [{"code": "mauve", "display": "Mauve"}],
    },
    {
        "resourceType": "CodeSystem",
        "id": "colours-fr",
        "url": f"{COLOURS}-fr",
        "name": "ColoursInFrench",
        "status": "active",
        "content": "supplement",
        "supplements": COLOURS,
        "concept": [{"code": "red", "designation": [{"language": "fr", "value": "Rouge"}]}],
    },
    *(
        {
            "resourceType": "ValueSet",
            "id": f"tints-{version}",
            "url": TINTS,
            "version": version,
            "name": "Tints",
            "status": "active",
            "compose": {"include": [{"system": COLOURS, "version": version}]},
        }
        for version in ("1", "2")
    ),
    {
        "resourceType": "ValueSet",
        "id": "newest",
        "url": NEWEST,
        "name": "Newest",
        "status": "active",
        "compose": {"include": [{"system": COLOURS}]},
    },
    {
        "resourceType": "ValueSet",
        "id": "imported",
        "url": IMPORTED,
        "name": "Imported",
        "status": "active",
        "compose": {"include": [{"valueSet": [TINTS]}]},
    },
    *(
        {
            "resourceType": "ConceptMap",
            "id": f"to-german-{version}",
            "url": TO_GERMAN,
            "version": version,
            "name": "ToGerman",
            "status": "active",
            "sourceScopeUri": TINTS,
            "targetScopeUri": f"{TINTS}-de",
            "group": [
                {
                    "source": COLOURS,
                    "target": GERMAN,
                    "element": [
                        {
                            "code": "red",
                            "target": [{"code": german, "relationship": "equivalent"}],
                        }
                    ],
                }
            ],
        }
        for version, german in (("1", "rosa"), ("2", "rot"))
    ),
    {
        "resourceType": "ValueSet",
        "id": "supplemented",
        "url": SUPPLEMENTED,
        "name": "Supplemented",
        "status": "active",
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/valueset-supplement",
                "valueCanonical": f"{COLOURS}-fr",
            }
        ],
        "compose": {"include": [{"system": COLOURS}]},
    },
    {
        "resourceType": "ConceptMap",
        "id": "elsewhere",
        "url": "https://example.org/ConceptMap/elsewhere",
        "name": "Elsewhere",
        "status": "active",
        "group": [
            {
                "source": COLOURS,
                "target": f"{COLOURS}-in-french",
                "element": [
                    {"code": "red", "target": [{"code": "rot", "relationship": "equivalent"}]}
                ],
            },
            {
                "source": f"{COLOURS}-in-spanish",
                "target": GERMAN,
                "element": [
                    {"code": "rojo", "target": [{"code": "rot", "relationship": "equivalent"}]}
                ],
            },
        ],
    },
)
Sent = dict[str, list[Any]]


class Case(NamedTuple):
    """One parameter: what is sent for it, and the rest of a request in which it counts."""

    values: list[Any]
    beside: Sent


def case(*values: Any, **beside: Any) -> Case:
    return Case(list(values), {name: [value] for name, value in beside.items()})


RED = {"system": COLOURS, "code": "red"}
CPT = "http://www.ama-assn.org/go/cpt"
PUCE = {"system": COLOURS, "code": "puce"}
# The same code system as a request may bring it along: red is darker, and there is a code more.
DARKER = RESOURCES[0] | {
    "concept": [{"code": "red", "display": "Dark red"}, {"code": "navy", "display": "Navy"}]
}
ELSEWHERE = {
    "resourceType": "ValueSet",
    "url": "https://example.org/ValueSet/elsewhere",
    "status": "active",
    "compose": {"include": [{"system": COLOURS, "version": "1"}]},
}
DARK_MAP = {
    "resourceType": "ConceptMap",
    "url": f"{TO_GERMAN}-dark",
    "status": "active",
    "group": [
        {
            "source": COLOURS,
            "target": GERMAN,
            "element": [{"code": "red", "target": [{"code": "dunkelrot"}]}],
        }
    ],
}
SPOKEN = {
    "resourceType": "Parameters",
    "parameter": [{"name": "coding", "valueCoding": RED}],
}
SILENT = {"resourceType": "Parameters", "parameter": [{"name": "uuid", "valueString": "x"}]}
# Beside parameters that name the resource, which a row leaves out, as an instance does.
NAMED: dict[str, Sent] = {
    "CodeSystem/$lookup": {"system": [COLOURS]},
    "CodeSystem/$validate-code": {"url": [COLOURS]},
    "ValueSet/$validate-code": {"url": [TINTS]},
    "ValueSet/$expand": {"url": [TINTS]},
    "CodeSystem/$subsumes": {"system": [COLOURS]},
    "ConceptMap/$translate": {"url": [TO_GERMAN]},
    "ValueSet/$batch-validate-code": {"url": [TINTS], "validation": [SILENT]},
}
# What makes a request of each whole, where a test is about something else.
ASKED: dict[str, Sent] = {
    "CodeSystem/$lookup": {"coding": [RED]},
    "CodeSystem/$validate-code": {"coding": [RED]},
    "ValueSet/$validate-code": {"coding": [RED]},
    "CodeSystem/$subsumes": {"codeA": ["red"], "codeB": ["warm"]},
    "ConceptMap/$translate": {"sourceCoding": [RED]},
}
INSTANCE = {"CodeSystem": "colours", "ValueSet": "tints-2", "ConceptMap": "to-german-2"}
# A value set that names no version, in which those of a request count.
OPEN = {"url": NEWEST, "system": COLOURS, "code": "red"}
VERSIONS: dict[str, Case] = {
    "system-version": case(f"{COLOURS}|1", **OPEN),
    "check-system-version": case(f"{COLOURS}|1", **OPEN),
    "force-system-version": case(f"{COLOURS}|1", **OPEN),
    "default-valueset-version": case(f"{TINTS}|1", **(OPEN | {"url": IMPORTED})),
}
VALIDATION: dict[str, Case] = {
    "code": case("red", system=COLOURS),
    "display": case("Read", code="red", system=COLOURS),
    "coding": case(RED),
    "codeableConcept": case({"coding": [RED], "text": "what burns"}),
    "date": case("2026-11-23", code="red", system=COLOURS),
    "abstract": case("false", code="warm", system=COLOURS),
    "displayLanguage": case("de", code="red", system=COLOURS),
    "useSupplement": case(f"{COLOURS}-fr", code="red", system=COLOURS, display="Rouge"),
    "tx-resource": case(DARKER, code="red", system=COLOURS),
    "lenient-display-validation": case("true", code="red", system=COLOURS, display="Read"),
}
IN_VALUE_SET: dict[str, Case] = (
    VALIDATION
    | VERSIONS
    | {
        "url": case(TINTS, code="red", system=COLOURS),
        "valueSet": case(ELSEWHERE, code="red", system=COLOURS),
        "valueSetVersion": case("1", code="mauve", system=COLOURS),
        "system": case(COLOURS, code="red"),
        "systemVersion": case("1", code="red", system=COLOURS),
        "inferSystem": case("true", code="red"),
        "activeOnly": case("true", code="puce", system=COLOURS),
        "valueset-membership-only": case("true", code="red", system=COLOURS, display="Read"),
    }
)
TABLE: dict[str, dict[str, Case]] = {
    "CodeSystem/$lookup": {
        "code": case("red"),
        "system": case(COLOURS, code="red"),
        "version": case("1", code="mauve"),
        "coding": case(RED),
        # The indicators of Medicare's tables are chosen by the day.
        "date": case("2024-08-01", code="37244", system=CPT),
        "displayLanguage": case("de", code="red"),
        "property": case("wavelength", "inactive", code="red"),
        "useSupplement": case(f"{COLOURS}-fr", code="red"),
        "tx-resource": case(DARKER, code="red"),
    },
    "CodeSystem/$validate-code": VALIDATION
    | {
        "url": case(COLOURS, code="red"),
        "version": case("1", code="mauve"),
    },
    "ValueSet/$validate-code": IN_VALUE_SET,
    "ValueSet/$expand": VERSIONS
    | {
        "url": case(TINTS),
        "valueSet": case(ELSEWHERE),
        "valueSetVersion": case("1"),
        "filter": case("re"),
        "date": case("2026-11-23"),
        "offset": case("1", count="1"),
        "count": case("1"),
        "includeDesignations": case("true"),
        "designation": case("urn:ietf:bcp:47|de"),
        "includeDefinition": case("true", url=SUPPLEMENTED),
        "activeOnly": case("true"),
        "excludeNested": case("true"),
        "displayLanguage": case("de"),
        "property": case("wavelength", "inactive"),
        "useSupplement": case(f"{COLOURS}-fr", includeDesignations="true"),
        "tx-resource": case(DARKER),
    },
    "CodeSystem/$subsumes": {
        "codeA": case("red", codeB="warm"),
        "codeB": case("red", codeA="warm"),
        "system": case(COLOURS, codeA="red", codeB="warm"),
        "version": case("1", codeA="mauve", codeB="mauve"),
        "codingA": case(RED, codeB="warm"),
        "codingB": case(RED, codeA="warm"),
        "tx-resource": case(DARKER, codeA="navy", codeB="red"),
    },
    "ConceptMap/$translate": {
        "url": case(TO_GERMAN, sourceCoding=RED),
        "conceptMapVersion": case("1", sourceCoding=RED),
        "sourceCode": case("red", system=COLOURS),
        "system": case(COLOURS, sourceCode="red"),
        "version": case("2", sourceCoding=RED),
        "sourceCoding": case(RED),
        "sourceCodeableConcept": case({"coding": [RED]}),
        "sourceScope": case(TINTS, url=None, sourceCoding=RED),
        "targetCode": case("rot", targetSystem=GERMAN),
        "targetCoding": case({"system": GERMAN, "code": "rot"}),
        "targetCodeableConcept": case({"coding": [{"system": GERMAN, "code": "rot"}]}),
        "targetScope": case(f"{TINTS}-de", url=None, sourceCoding=RED),
        "targetSystem": case(GERMAN, url=None, sourceCoding=RED),
        "tx-resource": case(DARK_MAP, url=None, sourceCoding=RED),
    },
    "ValueSet/$batch-validate-code": IN_VALUE_SET | {"validation": case(SPOKEN, SILENT)},
}
# Each says so in its documentation, which is what people read.
WITHOUT_EFFECT = {
    ("CodeSystem/$validate-code", "date"),
    ("ValueSet/$validate-code", "date"),
    ("ValueSet/$expand", "date"),
    ("ValueSet/$batch-validate-code", "date"),
    ("ConceptMap/$translate", "version"),
}


def named(operation: Operation) -> str:
    return f"{operation.resource_type}/${operation.name}"


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
    tables = {name: content.table(name) for name in content.TABLES}
    build(folder / "store.db", "sweep", resources, tables)
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
    sent = _sent(operation, name, found)
    path = f"/r5/{named(operation)}"
    answers = []
    for request in (sent, {n: v for n, v in sent.items() if n != name}):
        answer = rich.post(path, data=_json(operation, request), content_type=JSON)
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
    sent = _sent(operation, name, TABLE[named(operation)][name])
    expected = rich.post(f"/r5/{named(operation)}", data=_json(operation, sent), content_type=JSON)
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
            assert _comparable(resource) == answer, (path, response.request.method)


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
    body = _json(operation, sent)
    resource = {"resourceType": "ValueSet", "status": "active"}
    extra = [{"name": name, "valueString": "x"}, {"name": name, "resource": resource}]
    for answer in (
        rich.get(f"{path}?{query(pairs)}"),
        rich.post(path, data=query(pairs), content_type=FORM),
        *(
            rich.post(path, json={**body_of, "parameter": [*body_of["parameter"], entry]})
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
    plain = rich.post(path, data=_json(operation, sent), content_type=JSON)
    noted = json.loads(_json(operation, sent))
    noted["parameter"].append({"name": "profile-url", "valueString": "x"})
    noted["parameter"].append({"name": "nested", "part": [{"name": "x", "valueCode": "y"}]})
    lenient = rich.post(path, json=noted)
    assert _comparable(json.loads(lenient.data)) == _comparable(json.loads(plain.data))
    strict = rich.post(path, json=noted, headers={"Prefer": "handling=strict"})
    issue = check_outcome(strict, path, 400)
    assert issue["expression"] == ["profile-url"]
    allowed = rich.post(
        path, data=_json(operation, sent), content_type=JSON, headers={"Prefer": "handling=strict"}
    )
    assert allowed.status_code == 200


@every_parameter
def test_it_may_be_sent_once_or_it_repeats(
    rich: FlaskClient, operation: Operation, name: str
) -> None:
    found = TABLE[named(operation)][name]
    sent = _sent(operation, name, found) | {name: [found.values[0]] * 2}
    path = f"/r4/{named(operation)}"
    body = _json(operation, sent, FhirVersion.R4)
    answer = rich.post(path, data=body, content_type=JSON)
    if operation.schema.described()[name].repeats:
        assert answer.status_code == 200
    else:
        issue = check_outcome(answer, path, 400)
        assert issue["expression"] == [name]
        assert "2 times" in issue["details"]["text"]


def _sent(operation: Operation, name: str, found: Case) -> Sent:
    """The whole request of a row; the other ways to name a code stand in no row together."""
    known = operation.schema.described()
    beside = {n: v for n, v in found.beside.items() if n in known}
    sent = NAMED[named(operation)] | beside | {name: found.values}
    return {n: values for n, values in sent.items() if values != [None]}


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
    body = _json(operation, sent, version)
    yield client.post(path, data=body, content_type=JSON)
    yield client.post(path, data=body, content_type=JSON, headers={"Accept": XML})
    in_xml = xml.dumps(json.loads(body), version)
    yield client.post(path, data=in_xml, content_type=XML)
    described = operation.schema.described()
    texts = [n for n in sent if described[n].as_text]
    pairs = [(name, value) for name in texts for value in sent[name]]
    if len(texts) == len(sent):
        yield client.get(f"{path}?{query(pairs)}")
        yield client.get(f"{path}?{query(pairs)}", headers={"Accept": XML})
        yield client.post(path, data=query(pairs), content_type=FORM)
        yield client.post(f"{path}?{query(pairs[:1])}", data=query(pairs[1:]), content_type=FORM)
    rest = {name: values for name, values in sent.items() if name not in texts}
    yield client.post(f"{path}?{query(pairs)}", data=_json(operation, rest, version), content_type=JSON)


def _json(operation: Operation, sent: Sent, version: FhirVersion = R5) -> bytes:
    entries = [
        {"name": name, **_typed(operation.schema.described()[name].fhir_type, value)}
        for name, values in sent.items()
        for value in values
    ]
    body = {"resourceType": "Parameters"} | ({"parameter": entries} if entries else {})
    return json.dumps(convert.to_version(body, version)).encode()


def _typed(fhir_type: str, value: Any) -> Json:
    if fhir_type in ("boolean", "integer"):
        value = json.loads(value)
    if fhir_type == "Resource":
        return {"resource": value}
    return {f"value{fhir_type[0].upper()}{fhir_type[1:]}": value}


def _comparable(resource: Json, echoed: str | None = None) -> Json:
    """The answer without what is new each time, and without the echo of a parameter."""
    expansion = resource.get("expansion")
    if isinstance(expansion, dict):
        expansion.pop("identifier", None)
        expansion.pop("timestamp", None)
        kept = [p for p in expansion.get("parameter", []) if p["name"] != echoed]
        expansion["parameter"] = kept
    return resource
