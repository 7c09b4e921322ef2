"""Resources found in files: in which version, in which place, and how they are refused."""

from decimal import Decimal
from typing import Any

import pytest

from terminology.errors import MalformedInput, NotSupported
from terminology.fhir.files import (
    ANY_VERSION,
    FoundResource,
    Incoming,
    Versions,
    resources_in,
    versions_named,
)
from terminology.fhir.json import MAX_DEPTH, Json, encode
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml import dumps

R4, R4B, R5 = FhirVersion.R4, FhirVersion.R4B, FhirVersion.R5
SYSTEM: Json = {"resourceType": "CodeSystem", "status": "active", "content": "complete"}
R4_MAP: Json = {
    "resourceType": "ConceptMap",
    "status": "active",
    "sourceUri": "http://a.example",
    "group": [
        {"element": [{"code": "a", "target": [{"code": "b", "equivalence": "wider"}]}]},
    ],
}
R5_MAP: Json = {
    "resourceType": "ConceptMap",
    "status": "active",
    "sourceScopeUri": "http://a.example",
    "group": [
        {
            "element": [
                {
                    "code": "a",
                    "target": [{"code": "b", "relationship": "source-is-narrower-than-target"}],
                }
            ]
        },
    ],
}


def only(body: bytes, versions: Versions = ANY_VERSION) -> Incoming:
    (found,) = resources_in(body)
    return found.read(versions)


def refusal(body: bytes, versions: Versions = ANY_VERSION) -> str:
    with pytest.raises(MalformedInput) as error:
        only(body, versions)
    return error.value.message


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["4.0.1"], (R4,)),
        (["4.0.0"], (R4,)),
        (["4.1.0"], (R4B,)),
        (["4.3.0-cibuild"], (R4B,)),
        (["5.0.0-ballot"], (R5,)),
        (["4.6.0"], (R5,)),
        (["3.0.2", "4.0.1", "5.0.0"], (R4, R5)),
        ([], ANY_VERSION),
    ],
)
def test_versions_by_their_names(names: list[str], expected: Versions) -> None:
    assert versions_named(names) == expected


@pytest.mark.parametrize("name", ["3.0.2", "1.0.2", "6.0.0-ballot3", "", "four"])
def test_a_version_that_is_not_read(name: str) -> None:
    with pytest.raises(NotSupported, match="R4, R4B and R5 can be read"):
        versions_named([name])


@pytest.mark.parametrize("as_xml", [False, True])
def test_a_resource_is_of_the_version_that_it_is_right_in(*, as_xml: bool) -> None:
    for resource, version in ((R4_MAP, R4), (R5_MAP, R5)):
        body = dumps(resource, version) if as_xml else encode(resource)
        assert only(body).resource == R5_MAP
    assert "no element 'sourceScopeUri'" in refusal(encode(R5_MAP), (R4,))
    assert "equivalence" in refusal(encode(R4_MAP), (R5,))


def test_where_it_is_right_in_none_the_nearest_tells_what_is_wrong() -> None:
    wrong = R5_MAP | {"status": "of course"}
    message = refusal(encode(wrong))
    assert message.startswith("`ConceptMap.status` is 'of course'")
    assert "sourceScopeUri" not in message


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b'{"resourceType": "CodeSystem", "status": "act', "ends before"),
        (b'{"resourceType": "CodeSystem",\n "concept": [{"code": "a"}, {"code": }]}', "line 2"),
        (b'\xef\xbb\xbf{"resourceType": "CodeSystem"\n,}', "line 2"),
        (b"[" * 200 + b"]" * 200, "nested"),
        (b"not FHIR", "line 1"),
        (b"<CodeSystem", "malformed"),
        (b'<!DOCTYPE a [<!ENTITY e "f">]><CodeSystem xmlns="http://hl7.org/fhir"/>', "DTD"),
    ],
)
def test_a_file_that_can_not_be_read(body: bytes, says: str) -> None:
    with pytest.raises(MalformedInput, match=says):
        list(resources_in(body))


@pytest.mark.parametrize("part", [b'"code": "\xff"', b'"code": "a", "display": "\xff"'])
def test_text_that_is_not_unicode_is_told_with_its_line(part: bytes) -> None:
    body = b'{"resourceType": "CodeSystem", "status": "active", "content": "complete",\n'
    body += b'"concept": [{"code": "b"}, {' + part + b"}]}"
    assert "not valid UTF-8 at line 2" in refusal(body)


def test_a_number_out_of_range() -> None:
    concept = '{"code": "a", "property": [{"code": "p", "valueDecimal": 1E+999}]}'
    body = encode(SYSTEM)[:-1] + f', "concept": [{{"code": "b"}}, {concept}]}}'.encode()
    assert "out of range" in refusal(body)


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[1]", b'{"name": "no resource"}', b'{"resourceType": 1}', b"<html/>", b"null"],
)
def test_what_is_not_fhir_holds_nothing(body: bytes) -> None:
    assert list(resources_in(body)) == []


def test_nesting_has_a_bound() -> None:
    deep: Json = {"code": "x"}
    for number in range(MAX_DEPTH):
        deep = {"code": f"c{number}", "concept": [deep]}
    with pytest.raises(MalformedInput, match="nested"):
        list(resources_in(encode(SYSTEM | {"concept": [deep]})))


def bundle(*resources: Json) -> Json:
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": "urn:a"}, *({"resource": resource} for resource in resources)],
    }


@pytest.mark.parametrize("as_xml", [False, True])
def test_a_bundle_is_what_it_holds(*, as_xml: bool) -> None:
    whole = bundle(SYSTEM, bundle({"resourceType": "ValueSet", "status": "draft"}), SYSTEM)
    body = dumps(whole, R4) if as_xml else encode(whole)
    found: list[FoundResource] = list(resources_in(body))
    assert [(each.type, each.path) for each in found] == [
        ("CodeSystem", "Bundle.entry[1].resource"),
        ("ValueSet", "Bundle.entry[2].resource.entry[1].resource"),
        ("CodeSystem", "Bundle.entry[3].resource"),
    ]
    assert found[1].read(ANY_VERSION).resource["status"] == "draft"


@pytest.mark.parametrize("entry", ["a", [1], [{"resource": 1}], {}])
def test_a_bundle_whose_entries_are_none(entry: Any) -> None:
    with pytest.raises(MalformedInput, match=r"`Bundle.entry` has to be a list"):
        list(resources_in(encode({"resourceType": "Bundle", "entry": entry})))


def test_decimals_keep_their_digits() -> None:
    weights = [{"code": "w", "valueDecimal": Decimal("1.10")}]
    incoming = only(encode(SYSTEM | {"concept": [{"code": "a", "property": weights}]}))
    assert incoming.concepts is not None
    assert str(incoming.concepts[0].property[0].value_decimal) == "1.10"


def test_what_the_model_has_no_place_for_is_kept_in_the_resource() -> None:
    odd = {"code": "b", "_display": {"id": "x"}, "display": "B"}
    whole = SYSTEM | {"concept": [{"code": "a"}, odd, {"code": "c"}]}
    assert only(encode(whole)) == Incoming(whole)
    extended = {"code": "b", "extension": [{"url": "http://a.example", "valueCode": "c"}]}
    incoming = only(encode(SYSTEM | {"concept": [{"code": "a"}, extended, {"code": "c"}]}))
    assert incoming.resource == SYSTEM
    assert incoming.concepts is not None
    assert incoming.concepts[1].extension == extended["extension"]


def test_what_r4_holds_of_r5_in_concepts_becomes_r5s() -> None:
    use = {
        "url": "http://hl7.org/fhir/5.0/StructureDefinition/"
        "extension-CodeSystem.concept.designation.additionalUse",
        "valueCoding": {"code": "u"},
    }
    concept = {"code": "b", "designation": [{"value": "B", "extension": [use]}]}
    incoming = only(encode(SYSTEM | {"concept": [{"code": "a"}, concept]}), (R4,))
    assert incoming.concepts is not None
    assert incoming.concepts[1].designation[0].additional_use[0].code == "u"


def test_a_code_that_is_but_an_extension_can_not_be_served() -> None:
    absent = {"extension": [{"url": "http://a.example", "valueCode": "unknown"}]}
    message = refusal(encode(SYSTEM | {"concept": [{"_code": absent, "display": "b"}]}))
    assert "`code`" in message
