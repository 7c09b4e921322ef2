"""The types of parameters: what each refuses, in what words, and what it reads."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from terminology.model import CodeableConcept, Coding
from terminology.operations.fields import (
    BooleanField,
    CanonicalField,
    CodeableConceptField,
    CodeField,
    CodingField,
    DateTimeField,
    FhirField,
    IntegerField,
    StringField,
    UriField,
)

STRING, CODE, URI = StringField("a string"), CodeField("a code"), UriField("a URI")
CANONICAL, DATE = CanonicalField("a canonical"), DateTimeField("a day")
BOOLEAN, INTEGER = BooleanField("yes or no"), IntegerField("how many")
CODING, CONCEPT = CodingField("a coding"), CodeableConceptField("a concept")
TEXTS = [STRING, CODE, URI, CANONICAL, DATE]
EVERY = [*TEXTS, BOOLEAN, INTEGER, CODING, CONCEPT]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)


def refused(field: FhirField, value: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words) as caught:
        field.read(value)
    (message,) = caught.value.messages
    assert isinstance(message, str)
    assert len(message) < 200


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("value", [None, 1, 1.5, True, {}, ["a"], []])
def test_text_is_text(field: FhirField, value: Any) -> None:
    refused(field, value, f"takes a {field.fhir_type}, not ")


@pytest.mark.parametrize("field", TEXTS)
def test_text_is_not_empty(field: FhirField) -> None:
    refused(field, "", "is empty")


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("mark", ["\x00", "\x01", "\x1f", "\ud800"])
def test_text_holds_only_characters_that_every_format_can_carry(
    field: FhirField, mark: str
) -> None:
    refused(field, f"20{mark}26", f"holds the character U\\+{ord(mark):04X}, which is no text")


@pytest.mark.parametrize("field", TEXTS)
def test_text_has_a_limit(field: FhirField) -> None:
    refused(field, "x" * (1024 * 1024 + 1), "has 1048577 characters")


@pytest.mark.parametrize(
    "code", [" a", "a ", "a  b", "a\tb", "a\nb", " ", "\u00a0", "a\u2003\u2003b", "x" * 4097]
)
def test_what_is_no_code(code: str) -> None:
    refused(CODE, code, "is not a code|characters")


@pytest.mark.parametrize("uri", [" urn:a", "urn:a b", "urn:a\n", "x" * 4097])
def test_what_is_no_uri(uri: str) -> None:
    refused(URI, uri, "is not a URI|characters")


@pytest.mark.parametrize(
    "day",
    ["26", "2026-", "2026-13", "2026-00", "2026-1", "2026-11-32", "2026-11-00", "2026/11/23"],
)
def test_what_is_no_date(day: str) -> None:
    refused(DATE, day, "is not a FHIR dateTime: write YYYY")


@pytest.mark.parametrize(
    "time", ["", "10:00", "10:00:00", "24:00:00Z", "10:61:00Z", "10:00:00+15:00", "1\u0660:00:00Z"]
)
def test_what_is_no_time(time: str) -> None:
    refused(DATE, f"2026-11-23T{time}", "is not a FHIR dateTime: write YYYY")


@pytest.mark.parametrize(
    "day",
    ["2026", "2026-11", "2026-11-23", "2026-11-23T10:00:00Z", "2026-11-23T10:00:60.123-05:00"],
)
def test_dates(day: str) -> None:
    assert DATE.read(day) == day


@pytest.mark.parametrize("value", ["TRUE", "1", "", "yes", 1, 0, None, [], {}])
def test_what_is_no_boolean(value: Any) -> None:
    refused(BOOLEAN, value, "takes true or false, not ")


@pytest.mark.parametrize(("value", "read"), [("true", True), ("false", False), (True, True)])
def test_booleans(value: Any, read: bool) -> None:
    assert BOOLEAN.read(value) is read


@pytest.mark.parametrize(
    "value",
    ["", "1.0", "01", "+1", " 1", "1e3", "-0", "x", "9" * 5000, "1\u0663", 1.5, True, None, []],
)
def test_what_is_no_whole_number(value: Any) -> None:
    refused(INTEGER, value, "takes a whole number, not ")


@pytest.mark.parametrize("value", [-1, "-1", 2**31, "2147483648", "9999999999", 10**100])
def test_a_number_out_of_range(value: Any) -> None:
    refused(INTEGER, value, "must be 0 or more, and below 2147483648")


@given(st.integers(0, 2**31 - 1))
def test_whole_numbers(number: int) -> None:
    assert INTEGER.read(number) == INTEGER.read(str(number)) == number


@pytest.mark.parametrize("field", [CODING, CONCEPT])
def test_a_complex_value_in_a_query_is_told_where_it_belongs(field: FhirField) -> None:
    refused(field, "http://x|1", "POST it in a Parameters resource")
    assert not field.as_text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (CODING, {"code": 1}),
        (CODING, {"system": ["urn:a"]}),
        (CODING, []),
        (CODING, None),
        (CONCEPT, {"coding": {"code": "a"}}),
        (CONCEPT, {"coding": [{"code": None, "system": 1}]}),
        (CONCEPT, {"coding": ["a"]}),
    ],
)
def test_a_complex_value_of_another_shape(field: FhirField, value: Any) -> None:
    refused(field, value, f"is no {field.fhir_type}: Expected")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("code", " a", "is not a code"),
        ("code", "a\x00", "U.0000"),
        ("code", "x" * 5000, "characters"),
        ("code", "", "is empty"),
        ("system", "urn:a b", "is not a URI"),
        ("version", "1\x01", "no text"),
        ("display", "\x1b[0m", "no text"),
        ("display", "x" * (1024 * 1024 + 1), "characters"),
    ],
)
def test_the_parts_of_a_coding_are_as_strict_as_parameters(
    name: str, value: str, words: str
) -> None:
    coding = {"system": "urn:a", "code": "a"} | {name: value}
    refused(CODING, coding, f"has a {name} that .*{words}")
    refused(
        CONCEPT, {"coding": [{"code": "b"}, coding]}, f"has a coding with a {name} that .*{words}"
    )


def test_complex_values() -> None:
    assert CODING.read({"system": "urn:a", "code": "a b"}) == Coding(system="urn:a", code="a b")
    assert CODING.read({}) == Coding()
    assert CONCEPT.read({"coding": [{"code": "a"}], "text": "t"}) == CodeableConcept(
        coding=[Coding(code="a")], text="t"
    )


@pytest.mark.parametrize("field", EVERY)
@settings(max_examples=40)
@given(JSON)
def test_anything_is_read_or_refused(field: FhirField, value: Any) -> None:
    try:
        field.read(value)
    except ValidationError as error:
        assert len(str(error.messages[0])) < 300  # noqa: PT017 - most values are refused


@given(st.text())
def test_a_string_that_is_read_is_what_was_sent(text: str) -> None:
    try:
        assert STRING.read(text) == text
    except ValidationError:
        assert not text or any(ord(c) < 32 for c in text)


@pytest.mark.parametrize("text", ["a\tb", "a\r\nb", "été", "\U0001f986", "  spaces  "])
def test_strings_keep_line_breaks_and_any_script(text: str) -> None:
    assert STRING.read(text) == text
