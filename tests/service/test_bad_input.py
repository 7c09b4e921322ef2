"""Bodies that are none, each by its name: an OperationOutcome in the format asked for."""

from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from terminology.operations.registry import OPERATIONS
from tests.service.asking import CPT, JSON, XML, Json, check_outcome, parameters

PATHS = [f"{each.resource_type}/${each.name}" for each in OPERATIONS]
ASKED = parameters(("system", "valueUri", CPT), ("code", "valueCode", "37244"))
FHIR = 'xmlns="http://hl7.org/fhir"'
# What an operation that takes a resource as it is says to another one.
TAKES = {
    f"{each.resource_type}/${each.name}": each.resource_type
    for each in OPERATIONS
    if each.body is not None
}
every_format = pytest.mark.parametrize("accept", [JSON, XML])


def deep(opening: str, closing: str, inside: str = "", levels: int = 1000) -> str:
    return opening * levels + inside + closing * levels


MALFORMED_JSON = {
    "empty braces": b"{}",
    "one brace": b"{",
    "cut off": b'{"resourceType":"Parameters","parameter":[{"name":"co',
    "two": b'{"resourceType":"Parameters"}{"resourceType":"Parameters"}',
    "comma": b'{"resourceType":"Parameters",}',
    "quotes": b"{'resourceType':'Parameters'}",
    "comment": b'/* */{"resourceType":"Parameters"}',
    "NaN": b'{"resourceType":"Parameters","parameter":[{"name":"count","valueDecimal":NaN}]}',
    "a word": b"Parameters",
    "null": b"null",
    "true": b"true",
    "number": b"1",
    "text": b'"Parameters"',
    "array": b'[{"resourceType":"Parameters"}]',
    "no type": b'{"parameter":[]}',
    "type null": b'{"resourceType":null}',
    "type number": b'{"resourceType":1}',
    "type empty": b'{"resourceType":""}',
    "type list": b'{"resourceType":["Parameters"]}',
    "bytes": b"\x80\x81\xff",
    "UTF-16": '{"resourceType":"Parameters"}'.encode("utf-16"),
    "latin-1": '{"resourceType":"Parameters","id":"é"}'.encode("latin-1"),
    "lone surrogate in bytes": b'{"resourceType":"Parameters","id":"\xed\xa0\x80"}',
    "NULs": b"\0" * 100,
    "NUL in a string": b'{"resourceType":"Parameters","id":"\0"}',
    "1,000 arrays": deep("[", "]").encode(),
    "1,000 objects": deep('{"a":', "}", "1").encode(),
    "1,000 opened": b"[" * 1000,
    "100,000 opened": b"[" * 100_000,
    "a large integer": b'{"resourceType":"Parameters","a":' + b"9" * 5000 + b"}",
    "a large exponent": b'{"resourceType":"Parameters","a":1e999999}',
    "XML": f"<Parameters {FHIR}/>".encode(),
    "HTML": b"<!DOCTYPE html><p>hello",
    "form": b"code=37244",
}
MALFORMED_XML = {
    "a tag": b"<Parameters",
    "cut off": f"<Parameters {FHIR}><parameter>".encode(),
    "crossed": f"<Parameters {FHIR}><a></Parameters></a>".encode(),
    "two": f"<Parameters {FHIR}/><Parameters {FHIR}/>".encode(),
    "no namespace": b"<Parameters/>",
    "another namespace": b'<Parameters xmlns="http://example.org"/>',
    "no resource": f"<Nothing {FHIR}/>".encode(),
    "lower case": f"<parameters {FHIR}/>".encode(),
    "an unknown element": f'<Parameters {FHIR}><unknown value="1"/></Parameters>'.encode(),
    "an unknown attribute": f'<Parameters {FHIR} lang="en"/>'.encode(),
    "text": f"<Parameters {FHIR}>text</Parameters>".encode(),
    "no name": f'<Parameters {FHIR}><parameter><valueCode value="a"/></parameter></Parameters>'
    "".encode(),
    "an empty value": f'<Parameters {FHIR}><parameter><name value="code"/><valueCode/>'
    "</parameter></Parameters>".encode(),
    "a bare ampersand": f'<Parameters {FHIR}><id value="a&b"/></Parameters>'.encode(),
    "an unknown entity": f'<Parameters {FHIR}><id value="&nbsp;"/></Parameters>'.encode(),
    "NUL": f'<Parameters {FHIR}><id value="\0"/></Parameters>'.encode(),
    "NUL as a reference": f'<Parameters {FHIR}><id value="&#0;"/></Parameters>'.encode(),
    "bytes": b"\x80\x81\xff",
    "an unknown encoding": f'<?xml version="1.0" encoding="x-none"?><Parameters {FHIR}/>'.encode(),
    "1,000 levels": deep("<Parameters>", "</Parameters>").encode(),
    "1,000 parts": (
        f'<Parameters {FHIR}><parameter><name value="a"/>'
        + deep('<part><name value="a"/>', "</part>", '<part><name value="a"/></part>')
        + "</parameter></Parameters>"
    ).encode(),
    "100,000 levels": b"<a>" * 100_000,
    "JSON": b'{"resourceType":"Parameters"}',
    "a DTD": f"<!DOCTYPE Parameters><Parameters {FHIR}/>".encode(),
    "an entity of a file": (
        '<!DOCTYPE Parameters [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        f'<Parameters {FHIR}><parameter><name value="code"/><valueString value="&x;"/>'
        "</parameter></Parameters>"
    ).encode(),
    "a billion laughs": (
        '<?xml version="1.0"?><!-- --><!DOCTYPE a [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {c} "{f"&{p};" * 10}">' for p, c in pairwise("abcdefghi"))
        + f']><Parameters {FHIR}><id value="&i;"/></Parameters>'
    ).encode(),
}


@pytest.mark.parametrize("path", [*PATHS, ""])
@pytest.mark.parametrize("body", MALFORMED_JSON.values(), ids=MALFORMED_JSON)
def test_malformed_json(client: FlaskClient, path: str, body: bytes) -> None:
    for accept in (JSON, XML):
        headers = {"Accept": accept}
        answer = client.post(f"/r4/{path}", data=body, content_type=JSON, headers=headers)
        assert answer.mimetype == accept
        issue = check_outcome(answer, "/r4", 400)
        assert issue["code"] in ("structure", "invalid", "required", "not-supported")


@pytest.mark.parametrize("path", [*PATHS, ""])
@pytest.mark.parametrize("body", MALFORMED_XML.values(), ids=MALFORMED_XML)
def test_malformed_xml(client: FlaskClient, path: str, body: bytes) -> None:
    answer = client.post(f"/r4/{path}", data=body, content_type=XML)
    issue = check_outcome(answer, "/r4", 400)
    assert issue["code"] == "structure"
    assert b"root:" not in answer.data


def test_a_dtd_is_refused_by_its_name(client: FlaskClient) -> None:
    for name in ("a DTD", "an entity of a file", "a billion laughs"):
        answer = client.post("/r4/CodeSystem/$lookup", data=MALFORMED_XML[name], content_type=XML)
        assert "DTD" in check_outcome(answer, "/r4", 400)["details"]["text"]


@every_format
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", ["Patient", "Bundle", "parameters", "Nothing", "x" * 5000])
def test_another_resource(client: FlaskClient, path: str, kind: str, accept: str) -> None:
    body = {"resourceType": kind}
    answer = client.post(f"/r4/{path}", json=body, headers={"Accept": accept})
    issue = check_outcome(answer, "/r4", 400)
    wanted = TAKES.get(path, "send a Parameters resource")
    assert wanted in issue["details"]["text"]
    assert len(issue["details"]["text"]) < 500


def nested(levels: int) -> Json:
    entry: Json = {"name": "a", "valueCode": "x"}
    for _ in range(levels):
        entry = {"name": "a", "part": [entry]}
    return {"resourceType": "Parameters", "parameter": [entry]}


def test_parts_in_parts(client: FlaskClient) -> None:
    shallow = nested(20)
    shallow["parameter"] += ASKED["parameter"]
    assert client.post("/r4/CodeSystem/$lookup", json=shallow).status_code == 200
    answer = client.post("/r4/CodeSystem/$lookup", json=nested(300))
    assert "levels" in check_outcome(answer, "/r4", 400)["details"]["text"]
