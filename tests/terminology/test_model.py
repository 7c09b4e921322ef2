"""The model: what decodes, what is refused, and a property's value as text."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.model import (
    CodeSystem,
    Coding,
    Concept,
    Designation,
    Json,
    Property,
    ValueSet,
    extension_value,
)

CODES = st.text(min_size=1, max_size=5)
NAMES = st.none() | st.text(max_size=5)
PROPERTIES = st.builds(
    Property,
    code=CODES,
    value_code=NAMES,
    value_integer=st.none() | st.integers(-(2**31), 2**31 - 1),
    value_boolean=st.none() | st.booleans(),
)
CONCEPTS = st.recursive(
    st.builds(Concept, code=CODES, display=NAMES),
    lambda inner: st.builds(
        Concept,
        code=CODES,
        designation=st.lists(st.builds(Designation, value=CODES, language=NAMES), max_size=2),
        property=st.lists(PROPERTIES, max_size=2),
        concept=st.lists(inner, max_size=2),
    ),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (b'{"concept": [{"display": "no code"}]}', "code"),
        (b'{"concept": [{"code": 1}]}', "concept"),
        (b'{"concept": {"code": "1"}}', "concept"),
        (b'{"concept": [{"code": "1", "designation": [{}]}]}', "value"),
        (b'{"concept": [{"code": "1", "property": [{"code": "p", "valueInteger": "3"}]}]}', "Int"),
        (b'{"property": [{"uri": "urn:a"}]}', "code"),
        (b'{"caseSensitive": "true"}', "caseSensitive"),
    ],
)
def test_a_code_system_of_another_shape_is_refused_with_its_place(body: bytes, where: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=where):
        msgspec.json.decode(body, type=CodeSystem)


@pytest.mark.parametrize(
    "filtering", [{"op": "=", "value": "a"}, {"property": "p"}, {"property": 1, "op": "="}]
)
def test_a_filter_needs_a_property_and_an_operator(filtering: Json) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"compose": {"include": [{"filter": [filtering]}]}}, ValueSet)


def test_nothing_can_be_changed() -> None:
    coding = Coding(code="1")
    with pytest.raises(AttributeError):
        coding.code = "2"  # type: ignore[misc]


@given(CONCEPTS)
def test_a_concept_survives_the_way_through_json(concept: Concept) -> None:
    assert msgspec.json.decode(msgspec.json.encode(concept), type=Concept) == concept


def test_what_the_engine_does_not_read_is_passed_over() -> None:
    body = b'{"resourceType": "CodeSystem", "title:de": "Titel", "text": {"div": "<div/>"}}'
    assert msgspec.json.decode(body, type=CodeSystem) == CodeSystem()


@pytest.mark.parametrize(
    ("value", "typed", "text"),
    [
        ({"valueCode": "a"}, ("valueCode", "a"), "a"),
        ({"valueString": ""}, ("valueString", ""), ""),
        ({"valueInteger": 0}, ("valueInteger", 0), "0"),
        ({"valueBoolean": False}, ("valueBoolean", False), "false"),
        ({"valueBoolean": True}, ("valueBoolean", True), "true"),
        ({"valueDateTime": "2026-11"}, ("valueDateTime", "2026-11"), "2026-11"),
        ({"valueCoding": {"code": "c"}}, ("valueCoding", Coding(code="c")), "c"),
        ({"valueCoding": {}}, ("valueCoding", Coding()), None),
        ({"_valueString": {"extension": []}}, None, None),
        ({}, None, None),
    ],
)
def test_a_property_has_its_value_as_it_is_and_as_text(
    value: Json, typed: tuple[str, Any] | None, text: str | None
) -> None:
    prop = msgspec.convert({"code": "p"} | value, Property)
    assert prop.typed_value() == typed
    assert prop.text() == text


@pytest.mark.parametrize("digits", ["1.10", "0.000", "-3", "1e3"])
def test_a_decimal_keeps_its_digits(digits: str) -> None:
    body = f'{{"code": "p", "valueDecimal": {digits}}}'
    prop = msgspec.json.decode(body, type=Property)
    assert prop.text() == str(Decimal(digits))


def test_the_first_extension_of_a_url_counts() -> None:
    extensions: list[Json] = [
        {"url": "a", "extension": [{"url": "part", "valueString": "inner"}]},
        {"url": "b", "valueInteger": 0},
        {"url": "a", "valueString": "second"},
    ]
    assert extension_value(extensions, "a") == "second"
    assert extension_value(extensions, "b") == 0
    assert extension_value(extensions, "part") is None
    assert Concept(code="1", extension=extensions).extension_value("c") is None


def test_a_canonical_is_the_url_with_the_version_where_there_is_one() -> None:
    assert ValueSet(url="urn:a", version="1").canonical == "urn:a|1"
    assert ValueSet(url="urn:a").canonical == "urn:a"
    assert ValueSet().canonical == ""
