"""JSON or XML, and of which version: what Accept, `_format` and Content-Type decide."""

import json
from contextlib import suppress

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from service.negotiation import (
    NotAcceptable,
    UnsupportedMedia,
    request_format,
    response_format,
    strict_handling,
)
from terminology.fhir.versions import FhirVersion
from tests.service.asking import FORM, JSON, LOOKUP, XML, check_outcome, parameters

R4, R5 = FhirVersion.R4, FhirVersion.R5
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("  ", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/fhir+json", JSON),
        ("application/json+fhir", JSON),
        ("APPLICATION/FHIR+XML", XML),
        ("application/xml", XML),
        ("text/xml", XML),
        ("application/fhir+xml, application/fhir+json;q=0.9", XML),
        ("application/fhir+json;q=0.1, application/fhir+xml", XML),
        ("application/fhir+xml;q=0.5, application/fhir+json", JSON),
        ("application/fhir+xml;q=0, */*", JSON),
        ("text/turtle, application/fhir+xml;q=0.2", XML),
        ("application/fhir+xml; fhirVersion=4.0", XML),
        ('application/fhir+xml; fhirVersion="4.0.1"', XML),
        ("application/fhir+xml;fhirVersion=5.0, application/fhir+json;fhirVersion=4.0", JSON),
        ("application/fhir+json;charset=utf-8", JSON),
        (CHROME, JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        ("application/fhir+json;q=high, application/fhir+xml;q=0.1", XML),
        # What is named outranks what a wildcard happens to stand for: RFC 9110, 12.5.1.
        ("*/*;q=1, application/fhir+json;q=0", XML),
        ("*/*, application/fhir+json;q=0.1", XML),
        ("application/*, application/fhir+json;q=0.5", XML),
        (",,,application/xml,", XML),
    ],
)
def test_accept(accept: str, expected: str) -> None:
    assert response_format(accept, None, R4) == expected


@pytest.mark.parametrize(
    "accept",
    [
        "text/turtle",
        "application/fhir+turtle",
        "image/*",
        "application/fhir+json;q=0",
        "application/fhir+json;fhirVersion=5.0",
        "application/fhir+json;fhirVersion=3.0",
        "*/*;q=0",
        "nonsense",
        ";;;",
    ],
)
def test_accept_of_nothing_that_is_spoken(client: FlaskClient, accept: str) -> None:
    with pytest.raises(NotAcceptable):
        response_format(accept, None, R4)
    issue = check_outcome(client.get(f"/r4/{LOOKUP}", headers={"Accept": accept}), "/r4", 406)
    assert issue["code"] == "not-supported"
    assert JSON in issue["details"]["text"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("json", JSON),
        ("xml", XML),
        ("JSON", JSON),
        ("text/xml", XML),
        ("application/fhir+xml", XML),
        # What a query makes of a plus sign that was not escaped.
        ("application/fhir xml", XML),
        ("application/fhir+json;fhirVersion=4.0", JSON),
        ("html", JSON),
    ],
)
def test_format_goes_before_accept(asked: str, expected: str) -> None:
    other = JSON if expected == XML else XML
    assert response_format(other, asked, R4) == expected


@pytest.mark.parametrize(
    "asked", ["", "yaml", "turtle", "x" * 5000, "json;fhirVersion=5.0", "\x00", "xml/json", "é"]
)
def test_format_that_is_not_spoken(client: FlaskClient, asked: str) -> None:
    with pytest.raises(NotAcceptable):
        response_format("", asked, R4)
    path = "/r4/metadata"
    check_outcome(client.get(path, query_string={"_format": asked}), path, 406)


def test_an_error_has_the_format_that_was_asked_for(client: FlaskClient) -> None:
    for path in ("/r4/CodeSystem/none", "/r4/nowhere", f"/r4/{LOOKUP}x"):
        answer = client.get(path, headers={"Accept": XML})
        assert answer.mimetype == XML
        check_outcome(answer, path, 404)


def test_a_form_may_ask_for_a_format(client: FlaskClient) -> None:
    body = "system=http://www.ama-assn.org/go/cpt&code=37244&_format=xml"
    answer = client.post("/r4/CodeSystem/$lookup", data=body, content_type=FORM)
    assert answer.mimetype == XML
    found = client.post("/r4/CodeSystem/_search", data="_format=xml", content_type=FORM)
    assert found.mimetype == XML


@pytest.mark.parametrize("sent", ["json", "application/json", "text/json"])
def test_the_answer_says_its_fhir_media_type(client: FlaskClient, sent: str) -> None:
    answer = client.get(f"/r5/{LOOKUP}&_format={sent}")
    assert answer.content_type == f"{JSON}; charset=utf-8"
    assert answer.headers["Vary"].startswith("Accept")


def test_pretty(client: FlaskClient) -> None:
    plain = client.get(f"/r5/{LOOKUP}")
    pretty = client.get(f"/r5/{LOOKUP}&_pretty=true")
    assert plain.data.count(b"\n") == 0
    assert pretty.data.count(b"\n") > 100
    assert json.loads(plain.data) == json.loads(pretty.data)


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (JSON, JSON),
        ("application/json; charset=UTF-8", JSON),
        ('application/fhir+json; charset="utf-8"; fhirVersion=4.0', JSON),
        ("text/xml", XML),
        ("application/fhir+xml; charset=ISO-8859-1", XML),
    ],
)
def test_what_a_body_may_be(content_type: str, expected: str) -> None:
    assert request_format(content_type, R4) == expected


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/html",
        "multipart/form-data; boundary=x",
        "application/*",
        "*/*",
        "application/octet-stream",
        "application/fhir+turtle",
        "application/fhir+json; fhirVersion=5.0",
        "application/fhir+json; charset=utf-16",
        "application/json; charset=latin-1",
        "json",
        "xml",
        ";",
    ],
)
def test_a_body_that_is_not_spoken(client: FlaskClient, content_type: str) -> None:
    with pytest.raises(UnsupportedMedia):
        request_format(content_type, R4)
    path = "/r4/CodeSystem/$lookup"
    body = json.dumps(parameters(("code", "valueCode", "37244")))
    answer = client.post(path, data=body, content_type=content_type)
    issue = check_outcome(answer, path, 415)
    assert issue["code"] == "not-supported"


@given(st.text(max_size=60), st.none() | st.text(max_size=30), st.sampled_from(FhirVersion))
def test_anything_is_json_or_xml_or_refused(
    accept: str, asked: str | None, version: FhirVersion
) -> None:
    with suppress(NotAcceptable):
        assert response_format(accept, asked, version) in (JSON, XML)
    with suppress(UnsupportedMedia):
        assert request_format(accept, version) in (JSON, XML)


@given(st.permutations([(JSON, "0.1"), (XML, "0.9"), ("*/*", "1"), ("text/turtle", "1")]))
def test_what_is_named_outranks_what_is_not_in_any_order(ranges: list[tuple[str, str]]) -> None:
    assert response_format(",".join(f"{n};q={q}" for n, q in ranges), None, R5) == XML


@pytest.mark.parametrize(
    ("prefer", "expected"),
    [
        ("", False),
        ("handling=strict", True),
        ("Handling=Strict", True),
        ('handling="strict"', True),
        ("handling = strict", True),
        ("return=minimal, handling=strict", True),
        ("return=minimal; handling=strict", True),
        ("handling=strict; return=minimal", True),
        ("handling=lenient", False),
        ("handling=strictly", False),
        ("mishandling=strict", False),
        ('handling="strict', False),
    ],
)
def test_prefer(client: FlaskClient, prefer: str, expected: bool) -> None:
    assert strict_handling(prefer) is expected
    for path in (f"{LOOKUP}&nonsense=1", f"{LOOKUP}&_nonsense=1", "metadata?nonsense=1"):
        answer = client.get(f"/r4/{path}", headers={"Prefer": prefer})
        assert answer.status_code == (400 if expected else 200)
    shaped = client.get(f"/r4/{LOOKUP}&_format=json&_pretty=true", headers={"Prefer": prefer})
    assert shaped.status_code == 200
