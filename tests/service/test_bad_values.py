"""Values, escapes and numbers that are none, sent in every way."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from terminology.operations.registry import OPERATIONS
from tests.service.asking import (
    CPT,
    FORM,
    JSON,
    USABLE,
    XML,
    check_answer,
    check_outcome,
    parameters,
)

PATHS = [f"{each.resource_type}/${each.name}" for each in OPERATIONS]
ONLY_POSTED = {f"{o.resource_type}/${o.name}" for o in OPERATIONS if "GET" not in o.methods}
ASKED = parameters(("system", "valueUri", CPT), ("code", "valueCode", "37244"))
CODES = {
    "a space": ("37 244", 404),
    "two spaces": ("37  244", 400),
    "a space before": (" 37244", 400),
    "a space behind": ("37244 ", 400),
    "a tab": ("37244\t", 400),
    "a line feed": ("3\n7", 400),
    "empty": ("", 400),
    "blank": (" ", 400),
    "10,000 characters": ("3" * 10_000, 400),
    "4,096 characters": ("3" * 4096, 404),
    "a NUL": ("37244\0", 400),
    "a no-break space": ("37244\u00a0", 400),
    "a right-to-left mark": ("37244\u202e", 404),
    "markup": ("<script>alert(1)</script>", 404),
    "a quote": ("' OR 1=1 --", 404),
    "a percent sign": ("%", 404),
    "letters of elsewhere": ("\uff13\uff17\uff12\uff14\uff14", 404),
    "beyond the basic plane": ("💉", 404),
    "a private use": ("\ue000\U0010ffff", 404),
    "braces": ("{0}{code}%s", 404),
    "a separator": ("37244|59", 404),
}


def ways_to_send(
    client: FlaskClient, path: str, pairs: dict[str, str], accept: str = JSON
) -> Iterator[TestResponse]:
    headers = {"Accept": accept}
    yield client.get(path, query_string=pairs, headers=headers)
    yield client.post(path, data=pairs, content_type=FORM, headers=headers)
    body = parameters(*((name, "valueString", value) for name, value in pairs.items()))
    yield client.post(path, json=body, headers=headers)


@pytest.mark.parametrize("accept", [JSON, XML])
@pytest.mark.parametrize(("code", "expected"), CODES.values(), ids=CODES)
def test_codes_that_are_none(client: FlaskClient, accept: str, code: str, expected: int) -> None:
    asked = {"system": CPT, "code": code}
    for answer in ways_to_send(client, "/r4/CodeSystem/$lookup", asked, accept):
        assert answer.mimetype == accept
        issue = check_outcome(answer, "/r4", expected)
        assert issue["expression"] == ["code"]
        assert len(issue["details"]["text"]) < 6000
    asked = {"url": USABLE, "system": CPT, "code": code}
    for path in ("/r5/CodeSystem/$validate-code", "/r5/ValueSet/$validate-code"):
        for answer in ways_to_send(client, path, asked, accept):
            check_answer(answer, "/r5")
            assert answer.status_code == (400 if expected == 400 else 200)


def test_lone_surrogates(client: FlaskClient) -> None:
    escaped = '{"resourceType":"Parameters","parameter":[{"name":"code","valueCode":"\\ud800"}]}'
    as_string, as_name = escaped.replace("Code", "String"), escaped.replace("code", "\\udfff")
    for text in (escaped, as_string, as_name):
        answer = client.post("/r4/CodeSystem/$lookup", data=text, content_type=JSON)
        check_outcome(answer, "/r4", 400)
    for query in ("code=%ed%a0%80", "%ed%a0%80=1"):
        check_outcome(client.get(f"/r4/CodeSystem/$lookup?{query}&system={CPT}"), "/r4", 400)


@pytest.mark.parametrize("path", [*PATHS, "CodeSystem", "metadata", "CodeSystem/cpt"])
@pytest.mark.parametrize("query", ["code=%ff", "%ff=1", "code=%C3%28&code=1", "a=%f8%a1%a1%a1%a1"])
def test_escapes_that_are_no_text(client: FlaskClient, path: str, query: str) -> None:
    method = "POST" if path in ONLY_POSTED else "GET"
    for accept in (JSON, XML):
        headers = {"Accept": accept}
        answer = client.open(f"/r4/{path}?{query}", method=method, headers=headers)
        assert answer.mimetype == accept
        assert "UTF-8" in check_outcome(answer, "/r4", 400)["details"]["text"]


@pytest.mark.parametrize("query", ["code=%", "code=%zz", "code=%4", "%", "&&&", "=", "==&=&", "?"])
def test_queries_that_are_odd(client: FlaskClient, query: str) -> None:
    for path in (*PATHS, "CodeSystem", "metadata", "CodeSystem/cpt"):
        check_answer(client.get(f"/r4/{path}?{query}"), "/r4")


def test_bytes_in_the_query_that_were_not_escaped(client: FlaskClient) -> None:
    for raw in ("é", "\x80", "\xff\xfe", "ü=1"):
        environ = {"QUERY_STRING": f"system={CPT}&code={raw}"}
        answer = client.get("/r4/CodeSystem/$lookup", environ_overrides=environ)
        check_outcome(answer, "/r4", 404, 400)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "yesterday"),
        ("date", "2026-13-01"),
        ("date", "2026-11-23T10:00:00"),
        ("date", "٢٠٢٦"),
        ("displayLanguage", "en us  "),
        ("system", "a b"),
        ("system", ""),
        ("system", "x" * 10_000),
        ("version", "\0"),
        ("property", ""),
        ("useSupplement", "a b"),
        ("useSupplement", "https://example.org/none"),
    ],
)
def test_values_that_are_not_of_their_type(client: FlaskClient, name: str, value: str) -> None:
    pairs = {"system": CPT, "code": "37244"} | {name: value}
    for answer in ways_to_send(client, "/r5/CodeSystem/$lookup", pairs):
        check_outcome(answer, "/r5", 400, 404)


@pytest.mark.parametrize("name", ["count", "offset"])
@pytest.mark.parametrize(
    "value", ["-1", "1.5", "x", "", "2147483648", "9" * 5000, "1e3", "٣", "+1", "0x1", " 1", "null"]
)
def test_counts_that_are_none(client: FlaskClient, name: str, value: str) -> None:
    answer = client.get("/r4/ValueSet/$expand", query_string={"url": USABLE, name: value})
    issue = check_outcome(answer, "/r4", 400)
    assert issue["expression"] == [name]
    assert len(issue["details"]["text"]) < 300


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "1e3", "٣", "9" * 5000, "\0", "5,5"])
@pytest.mark.parametrize("name", ["_count", "_offset"])
def test_pages_that_are_none(client: FlaskClient, name: str, value: str) -> None:
    answer = client.get("/r4/CodeSystem", query_string={name: value})
    if name == "_count" and value.isdigit() and value.isascii():
        assert answer.status_code == 200  # fewer than were asked for
    else:
        check_outcome(answer, "/r4", 400)


def test_everything_twice(client: FlaskClient) -> None:
    path = f"/r4/CodeSystem/$lookup?system={CPT}&code=37244&code=37244"
    issue = check_outcome(client.get(path), path, 400)
    assert issue["expression"] == ["code"]
    twice = parameters(("code", "valueCode", "1"), ("code", "valueCode", "2"))
    check_outcome(client.post("/r4/CodeSystem/$lookup", json=twice), path, 400)
    form = "system=a&code=1&code=2"
    check_outcome(client.post("/r4/CodeSystem/$lookup", data=form, content_type=FORM), path, 400)


@pytest.mark.parametrize("pairs", [1001, 50_000])
def test_thousands_of_parameters(client: FlaskClient, pairs: int) -> None:
    text = "&".join(["a=1"] * pairs)
    answer = client.post("/r4/CodeSystem/$lookup", data=text, content_type=FORM)
    check_outcome(answer, "/r4", 400)
    entries = [*ASKED["parameter"], *[{"name": "a", "valueCode": "b"}] * pairs]
    body = {"resourceType": "Parameters", "parameter": entries}
    assert client.post("/r4/CodeSystem/$lookup", json=body).status_code == 200
