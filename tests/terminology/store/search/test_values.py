"""Escapes, spans of dates, and the table of search parameters itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import InvalidInput, NotSupported
from terminology.store.search import Criterion, criterion, parameters_of
from terminology.store.search.dates import parse_date, stored_range
from terminology.store.search.params import SEARCH_PARAMETERS, SEARCHED_TYPES
from terminology.store.search.values import (
    ReferenceValue,
    StringValue,
    TokenValue,
    UriValue,
    escape,
    localised,
    split_escaped,
    unescape,
)


def asked(resource_type: str, name: str, text: str) -> Criterion:
    bare, _, modifier = name.partition(":")
    return criterion(parameters_of(resource_type)[bare], modifier or None, text)


@pytest.mark.parametrize(
    ("resource_type", "name", "text", "says"),
    [
        ("Organization", "name:like", "x", "no modifier :like; it takes :contains"),
        ("Organization", "name:above", "x", ":above of name is not supported"),
        ("Organization", "identifier:of-type", "a|b|c", ":of-type of identifier is not supported"),
        ("Organization", "name:missing", "yes", "true or false"),
        ("Organization", "name", "a,,b", "is empty"),
        ("Organization", "name", "  ", "is empty"),
        ("Organization", "name", "\u0301", "no letter"),
        ("Organization", "name", "x" * 1001, "1001 characters"),
        ("Organization", "name", ",".join("x" * 101), "101 values"),
        ("Organization", "name", "x" * 200_000, "too long"),
        ("Organization", "identifier", "a|b|c", "no token"),
        ("Organization", "identifier", "|", "no token"),
        ("InsurancePlan", "owned-by", "a b", "no reference"),
        ("InsurancePlan", "owned-by", "Organization/a/b", "no reference"),
        ("InsurancePlan", "owned-by:Patient", "a", "no modifier :Patient; it takes"),
        ("InsurancePlan", "owned-by:type", "a", ":type of owned-by is not supported"),
        ("InsurancePlan", "owned-by:Organization", "Patient/a", "can't be a Patient"),
        ("CodeSystem", "date", "2026-13", "no date"),
        ("CodeSystem", "date", "2026-02-30", "no date"),
        ("CodeSystem", "date", "2026-01-01T00:00:00 01:00", "%2B"),
        ("CodeSystem", "date", "0000", "no date"),
        ("CodeSystem", "date", "9999-12-31T23:59:59-14:00", "no date"),
        ("CodeSystem", "date", "2026-01-01T00:00:00+99:99", "no date"),
        ("CodeSystem", "date", "zz2026", "no date"),
        ("CodeSystem", "date", "ap2026", "comparator 'ap'"),
        ("CodeSystem", "date:exact", "2026", "not supported"),
    ],
)
def test_says_what_is_wrong_with_a_value(
    resource_type: str, name: str, text: str, says: str
) -> None:
    with pytest.raises((InvalidInput, NotSupported)) as caught:
        asked(resource_type, name, text)
    assert says in caught.value.message


_AWKWARD = st.text(alphabet=r"a,|$\ ", max_size=12)


@given(_AWKWARD)
def test_what_is_escaped_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text
    assert split_escaped(escape(text), ",") == [escape(text)]


@given(st.lists(_AWKWARD, min_size=1, max_size=5), st.sampled_from(",|"))
def test_escaped_parts_are_split_where_they_were_joined(parts: list[str], separator: str) -> None:
    joined = separator.join(escape(part) for part in parts)
    assert [unescape(part) for part in split_escaped(joined, separator)] == parts


@given(st.text(max_size=20), st.sampled_from(",|"))
def test_splitting_loses_nothing(text: str, separator: str) -> None:
    assert separator.join(split_escaped(text, separator)) == text


def test_commas_and_bars_within_values() -> None:
    identifier = parameters_of("Organization")["identifier"]
    assert criterion(identifier, None, r"a\,b|c\|d,|e").values == (
        TokenValue("a,b", "c|d"),
        TokenValue("", "e"),
    )
    name = parameters_of("Organization")["name"]
    assert criterion(name, "exact", r"Smith\, Jones").values == (StringValue("Smith, Jones"),)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", "2024-01-01T00:00:00.000000Z", "2024-12-31T23:59:59.999999Z"),
        ("2024-02", "2024-02-01T00:00:00.000000Z", "2024-02-29T23:59:59.999999Z"),
        ("2024-12", "2024-12-01T00:00:00.000000Z", "2024-12-31T23:59:59.999999Z"),
        ("2024-03-01", "2024-03-01T00:00:00.000000Z", "2024-03-01T23:59:59.999999Z"),
        ("2024-03-01T00:30Z", "2024-03-01T00:30:00.000000Z", "2024-03-01T00:30:59.999999Z"),
        ("2024-03-01T00:30:15+01:00", "2024-02-29T23:30:15.000000Z", "2024-02-29T23:30:15.999999Z"),
        ("2024-03-01T00:30:15.5Z", "2024-03-01T00:30:15.500000Z", "2024-03-01T00:30:15.599999Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.000000Z", "2016-12-31T23:59:59.999999Z"),
        ("9999", "9999-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"),
        ("0001", "0001-01-01T00:00:00.000000Z", "0001-12-31T23:59:59.999999Z"),
    ],
)
def test_a_date_is_a_span(text: str, start: str, end: str) -> None:
    assert stored_range(text) == (start, end)
    assert parse_date(text, ("eq",), "date") == ("eq", start, end)


def test_an_open_period_reaches_to_the_end_of_time() -> None:
    assert stored_range({"start": "2024"}) == (
        "2024-01-01T00:00:00.000000Z",
        "9999-12-31T23:59:59.999999Z",
    )
    assert stored_range({"end": "2024"}) == (
        "0001-01-01T00:00:00.000000Z",
        "2024-12-31T23:59:59.999999Z",
    )
    assert stored_range({}) is None
    assert stored_range("some day") is None
    assert stored_range({"start": "some day"}) is None


@given(st.datetimes(timezones=st.timezones()))
def test_spans_of_any_moment_are_as_long_as_each_other(moment: object) -> None:
    text = str(moment).replace(" ", "T")
    span = stored_range(text)
    if span is not None:
        assert {len(end) for end in span} == {27}
        assert span[0] <= span[1]


def test_an_absolute_reference_to_this_server_is_a_relative_one() -> None:
    owned_by = parameters_of("InsurancePlan")["owned-by"]
    base = "http://here.example/r4"
    asked = criterion(owned_by, None, f"{base}/Organization/a,http://there.example/Organization/a")
    assert localised(asked, base).values == (
        ReferenceValue("Organization", "a"),
        UriValue("http://there.example/Organization/a", None),
    )
    url = Criterion(parameters_of("CodeSystem")["url"], None, (UriValue(f"{base}/X/a", None),))
    assert localised(url, base) == url


def test_each_type_has_each_name_once() -> None:
    for resource_type in SEARCHED_TYPES:
        of_type = [each for each in SEARCH_PARAMETERS if resource_type in each.base]
        assert len({each.name for each in of_type}) == len(of_type)
        assert "_id" in {each.name for each in of_type}


def test_every_expression_names_its_types() -> None:
    for each in SEARCH_PARAMETERS:
        types = {path.partition(".")[0] for path in each.expression.split(" | ")}
        assert types in ({"Resource"}, set(each.base))


def test_canonical_urls_differ_before_r5_where_hl7_renamed_them() -> None:
    url = parameters_of("CodeSystem")["url"]
    assert url.url == "http://hl7.org/fhir/SearchParameter/CanonicalResource-url"
    conformance = "http://hl7.org/fhir/SearchParameter/conformance-url"
    assert url.url_before_r5("CodeSystem") == conformance
    questionnaire = "http://hl7.org/fhir/SearchParameter/Questionnaire-url"
    assert url.url_before_r5("Questionnaire") == questionnaire
    code = parameters_of("CodeSystem")["code"]
    assert code.url_before_r5("CodeSystem") == code.url
