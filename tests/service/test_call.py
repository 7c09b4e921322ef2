"""Pairs, forms and bodies: what a client asked, whichever way it came."""

from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.call import FORM, Call, pairs_of
from service.negotiation import UnsupportedMedia
from terminology.errors import InvalidInput, MalformedInput
from terminology.fhir.versions import FhirVersion
from tests.service.asking import query

NAMES = st.text(min_size=1, max_size=12)
TEXTS = st.text(max_size=20)


def call(body: bytes, content_type: str = FORM, method: str = "POST") -> Call:
    return Call(
        version=FhirVersion.R4,
        method=method,
        pairs=[("a", "1"), ("_format", "json")],
        base_url="http://here.example/r4",
        content_type=content_type,
        body=body,
    )


@given(st.lists(st.tuples(NAMES, TEXTS), max_size=8))
def test_what_is_escaped_comes_back(pairs: list[tuple[str, str]]) -> None:
    assert pairs_of(query(pairs)) == pairs


@given(st.text("ab=&+;?/:|$é", max_size=30) | st.text("x=&+%20;", max_size=30))
def test_the_quick_way_reads_as_the_standard_library_does(text: str) -> None:
    assert pairs_of(text) == parse_qsl(text, keep_blank_values=True)


@pytest.mark.parametrize("text", ["code=%ff", "code=%C3%28", "%80=1", "a=1&b=%ed%a0%80"])
def test_escapes_that_are_no_utf_8(text: str) -> None:
    with pytest.raises(InvalidInput, match="UTF-8"):
        pairs_of(text)


@pytest.mark.parametrize("text", ["code=%", "code=%zz", "code=%4", "%=%"])
def test_a_percent_sign_that_escapes_nothing_stands_for_itself(text: str) -> None:
    (pair,) = pairs_of(text)
    assert "=".join(pair) == text


@pytest.mark.parametrize("separator", ["&", "&a%20=1&"])
def test_more_pairs_than_any_request_has(separator: str) -> None:
    with pytest.raises(InvalidInput, match=r"1,?000"):
        pairs_of(separator.join(["a=1"] * 1001))


def test_a_form_adds_to_the_query() -> None:
    assert call(b"a=2&b=x+y&b=%7c").sent() == {"a": ["1", "2"], "b": ["x y", "|"]}


ORGANIZATION = b'{"resourceType":"Organization","id":"a"}'
PARAMETERS = b'{"resourceType":"Parameters","parameter":[{"name":"b","valueCode":"x"}]}'


def test_a_resource_by_itself_is_the_parameter_that_takes_one() -> None:
    sent = call(ORGANIZATION, "application/json").sent("resource")
    assert sent == {"a": ["1"], "resource": [{"resourceType": "Organization", "id": "a"}]}
    assert call(PARAMETERS, "application/json").sent("resource") == {"a": ["1"], "b": ["x"]}


def test_a_resource_that_stands_in_the_query_too_is_sent_twice() -> None:
    assert call(ORGANIZATION, "application/json").sent("a")["a"][0] == "1"
    assert len(call(ORGANIZATION, "application/json").sent("a")["a"]) == 2


def test_a_resource_by_itself_where_no_parameter_takes_one() -> None:
    with pytest.raises(MalformedInput, match="send a Parameters resource"):
        call(ORGANIZATION, "application/json").sent()


def test_names_that_shape_the_answer_are_no_parameters() -> None:
    assert call(b"_format=xml&_pretty=true").sent() == {"a": ["1"]}


def test_a_body_that_is_no_form() -> None:
    assert call(b"{}", "application/json").form() is None
    assert call(b"", "").form() is None


@pytest.mark.parametrize("content_type", [FORM, FORM.upper(), f"{FORM}; charset=UTF-8"])
def test_how_a_form_may_be_named(content_type: str) -> None:
    assert call(b"b=1", content_type).form() == [("b", "1")]


@pytest.mark.parametrize("charset", ["latin-1", '"utf-16"', "utf-7"])
def test_a_form_in_another_charset(charset: str) -> None:
    with pytest.raises(UnsupportedMedia, match="UTF-8"):
        call(b"b=1", f"{FORM}; charset={charset}").form()


def test_a_form_that_is_not_utf_8() -> None:
    with pytest.raises(MalformedInput, match="UTF-8"):
        call(b"b=\xff").form()


def test_an_empty_body_is_no_resource() -> None:
    with pytest.raises(MalformedInput, match="empty"):
        call(b"", "").resource()


def test_parameters_are_read_in_every_format() -> None:
    in_json = b'{"resourceType":"Parameters","parameter":[{"name":"b","valueCode":"x"}]}'
    in_xml = b'<Parameters xmlns="http://hl7.org/fhir"><parameter><name value="b"/>' \
             b'<valueCode value="x"/></parameter></Parameters>'  # fmt: skip
    expected = {"a": ["1"], "b": ["x"]}
    assert call(in_json, "application/fhir+json").sent() == expected
    assert call(in_xml, "application/fhir+xml").sent() == expected


@given(TEXTS)
def test_a_form_reads_what_a_query_reads(text: str) -> None:
    body = f"b={quote(text)}".encode()
    assert call(body).form() == pairs_of(body.decode())
