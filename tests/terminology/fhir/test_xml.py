"""FHIR XML in and out."""

from decimal import Decimal
from typing import Any

import pytest

from terminology.errors import MalformedInput, NotSupported
from terminology.fhir.json import MAX_DEPTH, Json, encode
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml import dumps, loads

R4, R4B, R5 = FhirVersion.R4, FhirVersion.R4B, FhirVersion.R5
VERSIONS = [R4, R4B, R5]
_UNKNOWN = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "unknown",
        }
    ]
}


def _value_set(inside: str) -> bytes:
    return f'<ValueSet xmlns="http://hl7.org/fhir">{inside}</ValueSet>'.encode()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "malformed"),
        (b"<a", "malformed"),
        (b"\x00", "malformed"),
        (b"<a>\xff</a>", "malformed"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "malformed"),
        (b'{"resourceType":"ValueSet"}', "malformed"),
        (_value_set('<status value="&nbsp;"/>'), "malformed.*nbsp"),
        (b'<ValueSet><status value="active"/></ValueSet>', "namespace"),
        (b'<Bogus xmlns="http://hl7.org/fhir"/>', "no resource Bogus"),
        (b'<Coding xmlns="http://hl7.org/fhir"/>', "no resource Coding"),
        (b'<DomainResource xmlns="http://hl7.org/fhir"/>', "no resource DomainResource"),
        (_value_set('<bogus value="1"/>'), "<bogus> in line 1.*no such element in ValueSet"),
        (_value_set('\n\n<status valeu="1"/>'), "<status> in line 3.*no attribute valeu"),
        (_value_set('<status value="a"/><status value="b"/>'), "may stand once"),
        (_value_set("<status/>"), "neither a value nor an extension"),
        (_value_set("<compose/>"), "<compose>.*empty"),
        (_value_set("active"), "the text 'active'"),
        (_value_set('<status value="a"/>active'), "the text 'active'"),
        (_value_set("<status>active</status>"), "the text 'active'"),
        (_value_set('<experimental value="yes"/>'), "true or false"),
        (_value_set('<expansion><total value="1.0"/></expansion>'), "whole number"),
        (_value_set('<expansion><total value="%s"/></expansion>' % ("9" * 5000)), "whole number"),
        (_value_set('<status value="a"><id value="b"/></status>'), "<id>.*no such element"),
        (_value_set('<text><div value="a"/></text>'), "wrong namespace"),
        (_value_set('<status xmlns="http://www.w3.org/1999/xhtml"/>'), "wrong namespace"),
        (_value_set("<contained/>"), "one resource"),
        (_value_set("<contained>a<ValueSet/></contained>"), "the text"),
        (_value_set("<contained><Bogus/></contained>"), "no resource Bogus"),
    ],
)
def test_what_is_no_fhir_xml_is_refused_with_its_place(body: bytes, says: str) -> None:
    with pytest.raises(MalformedInput, match=says):
        loads(body, R5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "utf-7"])
@pytest.mark.parametrize(
    "dtd",
    [
        "<!DOCTYPE ValueSet>",
        '<!DOCTYPE ValueSet [<!ENTITY e "active">]>',
        '<!DOCTYPE ValueSet [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!-- > --> <?pi ?>\n<!DOCTYPE ValueSet SYSTEM "http://localhost:1/a.dtd">',
        '<!DOCTYPE v [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY e "&b;&b;">]>',
    ],
)
def test_a_dtd_is_refused_by_name(dtd: str, encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?>{dtd}'
    body = text + '<ValueSet xmlns="http://hl7.org/fhir"><status value="active"/></ValueSet>'
    with pytest.raises(MalformedInput, match="DTD"):
        loads(body.encode(encoding), R5)


def test_the_word_doctype_in_a_comment_or_a_string_is_no_dtd() -> None:
    body = _value_set('<!-- <!DOCTYPE a> --><title value="&lt;!DOCTYPE a>"/>')
    assert loads(body, R5) == {"resourceType": "ValueSet", "title": "<!DOCTYPE a>"}


def test_the_search_for_a_dtd_takes_linear_time() -> None:
    with pytest.raises(MalformedInput, match="malformed"):
        loads(b"<?a ?><!-- b --> " * 20_000, R5)


@pytest.mark.parametrize("levels", [MAX_DEPTH, 1_000, 100_000])
def test_nesting_over_the_limit_is_refused(levels: int) -> None:
    opened = '<extension url="a">' * levels
    with pytest.raises(MalformedInput, match=r"100 levels|malformed.*depth"):
        loads(_value_set(opened + "</extension>" * levels), R5)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_an_encoding_that_is_declared_is_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    text += '<ValueSet xmlns="http://hl7.org/fhir"><title value="é"/></ValueSet>'
    assert loads(text.encode(encoding), R5)["title"] == "é"


def test_what_xml_has_and_json_has_not_is_dropped() -> None:
    body = (
        b'<?xml-stylesheet href="a.xsl"?><!-- a --><f:ValueSet xmlns:f="http://hl7.org/fhir" '
        b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">'
        b'<!-- b --><f:status value="active"/>\n</f:ValueSet>'
    )
    assert loads(body, R5) == {"resourceType": "ValueSet", "status": "active"}


ROUND_TRIPS: dict[str, Json] = {
    "nothing": {"resourceType": "ValueSet"},
    "primitives": {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "a", "valueDecimal": Decimal("1.10")},
            {"name": "b", "valueDecimal": 6},
            {"name": "c", "valueDecimal": Decimal("6.0")},
            {"name": "d", "valueDecimal": Decimal("-1E-7")},
            {"name": "e", "valueInteger": -3},
            {"name": "f", "valueBoolean": False},
            {"name": "g", "valueInstant": "2026-07-01T10:00:00.500+02:00"},
            {"name": "h", "valueDate": "2026-07"},
            {"name": "i", "valueString": "a & b < c > \"d\" 'e'\n\t é 😀"},
            {"name": "j", "valueBase64Binary": "AAEC"},
        ],
    },
    "extensions in a value's place": {
        "resourceType": "Parameters",
        "parameter": [{"name": "a", "_valueString": _UNKNOWN}],
    },
    "arrays with holes": {
        "resourceType": "Organization",
        "active": True,
        "alias": ["a", None, "c"],
        "_alias": [None, _UNKNOWN, {"id": "z"}],
    },
    "an array of extensions only": {"resourceType": "Organization", "_alias": [_UNKNOWN, _UNKNOWN]},
    "ids": {
        "resourceType": "ValueSet",
        "id": "v",
        "status": "active",
        "_status": {"id": "s"},
        "compose": {"id": "c", "include": [{"system": "http://s", "concept": [{"id": "k"}]}]},
    },
    "resources in resources": {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "fullUrl": "http://x/a",
                "resource": {
                    "resourceType": "ValueSet",
                    "contained": [{"resourceType": "CodeSystem", "id": "c", "content": "fragment"}],
                },
            },
            {"resource": {"resourceType": "Basic"}},
            {
                "resource": {
                    "resourceType": "Parameters",
                    "parameter": [
                        {
                            "name": "r",
                            "resource": {
                                "resourceType": "OperationOutcome",
                                "issue": [{"severity": "error", "expression": ["a", "b"]}],
                            },
                        }
                    ],
                }
            },
        ],
    },
    "a narrative": {
        "resourceType": "ValueSet",
        "text": {
            "status": "generated",
            "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p title="&quot;">A &amp; <b>x</b>'
            "<br/> &lt; é 😀</p>\n</div>",
        },
    },
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resource", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_json_to_xml_to_json_is_the_same(resource: Json, version: FhirVersion) -> None:
    text = dumps(resource, version)
    assert encode(loads(text, version)) == encode(resource)
    assert dumps(loads(text, version), version) == text


def test_integer64_is_a_string_in_json() -> None:
    parameters = {
        "resourceType": "Parameters",
        "parameter": [{"name": "a", "valueInteger64": "9007199254740993"}],
    }
    assert b'<valueInteger64 value="9007199254740993"/>' in dumps(parameters, R5)
    assert loads(dumps(parameters, R5), R5) == parameters


def test_elements_are_written_in_the_order_of_the_definition() -> None:
    text = dumps({"status": "active", "url": "http://a", "resourceType": "ValueSet", "id": "i"}, R5)
    assert text.endswith(
        b'<ValueSet xmlns="http://hl7.org/fhir"><id value="i"/><url value="http://a"/>'
        b'<status value="active"/></ValueSet>'
    )


def test_elements_may_be_read_in_any_order() -> None:
    read = loads(_value_set('<status value="active"/><url value="http://a"/>'), R5)
    assert read == {"resourceType": "ValueSet", "status": "active", "url": "http://a"}


@pytest.mark.parametrize(
    "extra",
    [
        {"bogus": 1},
        {"_bogus": {"id": "a"}},
        {"status": {"a": 1}},
        {"status": None},
        {"compose": "a"},
        {"compose": {}},
        {"compose": []},
        {"contained": [{"resourceType": "Bogus"}, {}, "a", None]},
        {"contained": "a"},
        {"useContext": [None, 1, [], {}]},
        {"text": {"div": 7}},
        {"_status": "a"},
        {"_status": {"extension": "a"}},
    ],
)
def test_what_has_no_place_in_xml_is_left_out_of_an_answer(extra: Json) -> None:
    text = dumps({"resourceType": "ValueSet", "url": "http://a", **extra}, R5)
    assert loads(text, R5) == {"resourceType": "ValueSet", "url": "http://a"} | (
        {"status": "a"} if extra.get("status") == "a" else {}
    )


@pytest.mark.parametrize("name", ["Bogus", "Coding", None, 1, ""])
def test_a_resource_that_the_version_has_not_is_refused(name: Any) -> None:
    with pytest.raises(NotSupported):
        dumps({"resourceType": name}, R5)


def test_characters_that_xml_can_not_hold_are_replaced() -> None:
    text = dumps({"resourceType": "ValueSet", "title": "a\x00b\x1fc\ufffe"}, R5)
    assert loads(text, R5)["title"] == "a\ufffdb\ufffdc\ufffd"


@pytest.mark.parametrize(
    ("div", "written"),
    [
        ("<div>a&nbsp;b</div>", "<div {}>a\u00a0b</div>"),
        ("<div>a", "<div {}>&lt;div&gt;a</div>"),
        ("a < b", "<div {}>a &lt; b</div>"),
        ("<p>a</p>", "<div {}>&lt;p&gt;a&lt;/p&gt;</div>"),
        ("<!DOCTYPE div><div/>", "<div {}>&lt;!DOCTYPE div&gt;&lt;div/&gt;</div>"),
        ("", "<div {}/>"),
    ],
)
def test_a_narrative_that_is_no_xhtml_becomes_text(div: str, written: str) -> None:
    text = dumps({"resourceType": "ValueSet", "text": {"div": div}}, R5)
    read = loads(text, R5)["text"]["div"]
    assert read == written.format('xmlns="http://www.w3.org/1999/xhtml"')
