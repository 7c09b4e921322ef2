"""What a search refuses, passes over and keeps, before any store is asked."""

from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.search import MAX_OFFSET, Search, parse_search
from terminology.errors import InvalidInput, NotSupported, ProtermError, RepeatedInput
from terminology.store.search.names import defined_names
from terminology.store.search.params import SEARCHED_TYPES, parameters_of


@dataclass
class Limits:
    page_size: int = 20
    max_page_size: int = 50


def parse(resource_type: str, *pairs: tuple[str, str], strict: bool = False) -> Search:
    return parse_search(resource_type, pairs, strict=strict, settings=Limits())


# Failures


@pytest.mark.parametrize(
    ("resource_type", "name", "value", "says"),
    [
        ("Patient", "_id", "a", "Patient can't be searched here"),
        ("CodeSystem", "_sort", "name", "_sort is not supported for CodeSystem"),
        ("CodeSystem", "_has:Provenance:target:agent", "a", "_has:Provenance:target:agent"),
        ("CodeSystem", "_contained", "true", "_contained is not supported"),
        ("CodeSystem", "_query", "x", "_query is not supported"),
        ("CodeSystem", "_filter", "x eq y", "_filter is not supported"),
        ("CodeSystem", "_text", "x", "_text is not supported"),
        ("CodeSystem", "publisher", "x", "publisher is not supported"),
        ("CodeSystem", "publisher:contains", "x", "publisher:contains is not supported"),
        ("ValueSet", "code", "37244", "code is not supported for ValueSet"),
        ("InsurancePlan", "owned-by.name", "x", "chained search"),
        ("InsurancePlan", "owned-by:Organization.name", "x", "chained search"),
        ("InsurancePlan", "address-city", "x", "address-city is not supported"),
        ("InsurancePlan", "_include:iterate", "InsurancePlan:owned-by", "not followed on"),
        ("InsurancePlan", "_include", "*", "one by one"),
        ("InsurancePlan", "_include", "InsurancePlan:*", "one by one"),
        ("Provenance", "_count:exact", "1", "_count:exact is not supported"),
    ],
)
def test_refuses_by_name_what_fhir_has_and_we_have_not(
    resource_type: str, name: str, value: str, says: str
) -> None:
    with pytest.raises(NotSupported) as caught:
        parse(resource_type, (name, value))
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("_count", "-1", "_count is a whole number"),
        ("_count", "ten", "_count is a whole number"),
        ("_count", "1.5", "_count is a whole number"),
        ("_count", "\u0661", "_count is a whole number"),
        ("_count", "\u00b2", "_count is a whole number"),
        ("_offset", "-1", "_offset is a whole number"),
        ("_offset", "9" * 5000, f"_offset is at most {MAX_OFFSET}"),
        ("_offset", str(MAX_OFFSET + 1), f"_offset is at most {MAX_OFFSET}"),
        ("_summary", "short", "_summary is one of true, text, data, count, false"),
        ("_total", "some", "_total is one of none, estimate, accurate"),
        ("_elements", "name,,status", "'' is no name"),
        ("_elements", "a.b", "'a.b' is no name"),
        ("_include", "owned-by", "no resource type"),
        ("_include", "InsurancePlan:name", "no reference of InsurancePlan: owned-by"),
        ("_include", "InsurancePlan:owned-by:Patient", "leads to Organization only"),
        ("_include", "Provenance:target", "starts from another type"),
        ("_revinclude", "Patient:link", "no resource type"),
        ("_revinclude", "Organization:name", "it has none"),
        ("name", "a\x00b", "no text may have"),
        ("name", "a\ud800b", "no text may have"),
        ("na\x00me", "a", "no text may have"),
        ("name:near", "a", "no modifier :near"),
    ],
)
def test_says_what_is_wrong_with_a_parameter(name: str, value: str, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse("InsurancePlan", (name, value))
    assert says in caught.value.message


@pytest.mark.parametrize("name", ["_count", "_offset", "_summary", "_elements", "_total"])
def test_refuses_a_single_parameter_sent_twice(name: str) -> None:
    with pytest.raises(RepeatedInput, match=name):
        parse("CodeSystem", (name, "1"), (name, "1"))


@pytest.mark.parametrize(
    "pairs",
    [
        [("_summary", "true"), ("_elements", "name")],
        [("_summary", "text"), ("_include", "InsurancePlan:owned-by")],
        [("_summary", "text"), ("_revinclude", "Provenance:target")],
        [("_id", "a")] * 101,
    ],
)
def test_refuses_what_does_not_go_together(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidInput):
        parse("InsurancePlan", *pairs)


def test_strict_refuses_an_unknown_name_and_says_which_one_is_near() -> None:
    with pytest.raises(InvalidInput, match=r"'nmae'.*Did you mean name\?"):
        parse("Organization", ("nmae", "x"), strict=True)
    with pytest.raises(InvalidInput, match=r"Known are _count, "):
        parse("Organization", ("zzzzzz", "x"), strict=True)


@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.sampled_from(
                    ["_count", "_offset", "_elements", "_include", "_summary", "name", "owned-by"]
                ),
                st.text(max_size=8),
            ),
            st.text(max_size=12),
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_anything_is_read_or_refused(pairs: list[tuple[str, str]], strict: bool) -> None:
    with suppress(ProtermError):
        parse("InsurancePlan", *pairs, strict=strict)


# What is kept


def test_an_unknown_name_is_passed_over() -> None:
    search = parse("Organization", ("nmae", "x"), ("name", "a"), ("utm.source", "y"))
    assert search.used == (("name", "a"),)
    assert len(search.criteria) == 1


@pytest.mark.parametrize("strict", [True, False])
def test_a_parameter_without_a_value_is_passed_over(strict: bool) -> None:
    search = parse("Organization", ("name", ""), ("_count", " "), ("_sort", ""), strict=strict)
    assert (search.used, search.criteria, search.count) == ((), (), 20)


@pytest.mark.parametrize(
    ("sent", "count"), [("7", 7), ("50", 50), ("51", 50), ("9" * 5000, 50), ("0007", 7)]
)
def test_a_page_has_at_most_what_the_settings_allow(sent: str, count: int) -> None:
    search = parse("Organization", ("_count", sent))
    assert search.count == count
    assert search.used == (("_count", str(count)),)


def test_a_count_of_nothing_asks_for_the_total() -> None:
    assert parse("Organization", ("_count", "0")).summary == "count"
    assert parse("Organization", ("_summary", "count")).count == 0


def test_format_and_pretty_stay_in_the_links() -> None:
    search = parse("Organization", ("_format", "xml"), ("_pretty", "true"))
    assert search.used == (("_format", "xml"), ("_pretty", "true"))
    assert search.criteria == ()


def test_names_that_are_served_are_names_that_fhir_or_we_define() -> None:
    for resource_type in SEARCHED_TYPES:
        assert parameters_of(resource_type).keys() <= defined_names(resource_type)
