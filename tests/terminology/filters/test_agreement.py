"""What every operator keeps: its two verbs agree, whoever the provider is, and opposites part."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology import filters
from terminology.codesystems.provider import Provider
from terminology.filters import OPERATORS
from terminology.model import Filter, Json
from tests.terminology.builders import code_system, concept, in_memory, prop, stored

PROPERTIES = ["concept", "code", "display", "parent", "size", "kept", "named", "weight"]
PROPERTIES += ["call", "tint", "status", "notSelectable", "nothing"]
VALUES = ["duck", "DUCK", "bird", "swimmer", "stone", "nothing", "3", "true", "false", "TRUE"]
VALUES += ["3,4", " 3 , duck,,", "duck,otter", "Duck", "red", "Ente", "1.25", "1758", ".*", "d.*"]
VALUES += ["quack, quack", ",", "quack", "eek", "9"]


def conditions(op: str) -> list[Filter]:
    values = ["true", "false"] if op == "exists" else VALUES
    return [Filter(property=p, op=op, value=v) for p in PROPERTIES for v in values]


def ordinals(provider: Provider, op: str, value: str, property_code: str = "concept") -> set[int]:
    return set(filters.select(provider, Filter(property=property_code, op=op, value=value)))


def contained(provider: Provider, condition: Filter) -> set[int]:
    every = provider.at(range(provider.size))
    return {p.ordinal for p in every if filters.contains(provider, condition, p)}


@pytest.mark.parametrize("op", OPERATORS)
def test_select_and_contains_agree_on_every_concept(provider: Provider, op: str) -> None:
    for condition in conditions(op):
        found = filters.select(provider, condition)
        assert len(found) == len(set(found)), condition
        assert set(found) == contained(provider, condition), condition


@pytest.mark.parametrize(("op", "opposite"), [("is-a", "is-not-a"), ("in", "not-in")])
def test_opposites_part_the_code_system(provider: Provider, op: str, opposite: str) -> None:
    everything = set(range(provider.size))
    for condition in conditions(op):
        one = set(filters.select(provider, condition))
        other = ordinals(provider, opposite, condition.value or "", condition.property)
        assert one | other == everything, condition
        assert not one & other, condition


def test_a_property_exists_or_does_not(provider: Provider) -> None:
    for property_code in PROPERTIES:
        there = ordinals(provider, "exists", "true", property_code)
        absent = ordinals(provider, "exists", "false", property_code)
        assert there | absent == set(range(provider.size)), property_code
        assert not there & absent, property_code
        assert ordinals(provider, "regex", "(?s).*", property_code) == there


@pytest.mark.parametrize("value", ["duck", "DUCK", "bird", "swimmer", "stone", "nothing"])
def test_the_hierarchy_s_operators_fit_together(provider: Provider, value: str) -> None:
    itself = ordinals(provider, "=", value)
    below = ordinals(provider, "descendent-of", value)
    assert ordinals(provider, "is-a", value) == itself | below
    assert ordinals(provider, "child-of", value) <= below
    assert ordinals(provider, "descendent-leaf", value) <= below
    assert itself <= ordinals(provider, "generalizes", value)
    assert not itself & below


@pytest.mark.parametrize("value", ["3", "duck", "Duck", "nothing"])
def test_equals_is_a_list_of_one(provider: Provider, value: str) -> None:
    for property_code in PROPERTIES:
        one = ordinals(provider, "=", value, property_code)
        assert one == ordinals(provider, "in", value, property_code), property_code


CODES = "abcdef"
RELATED = st.lists(st.sampled_from(CODES), max_size=3)
SYSTEMS = st.fixed_dictionaries({code: st.tuples(RELATED, st.integers(0, 2)) for code in CODES})


def system(drawn: dict[str, tuple[list[str], int]]) -> Json:
    """A code system with any hierarchy, circles among them."""
    concepts = []
    for code, (parents, size) in drawn.items():
        values = [prop("parent", valueCode=parent) for parent in parents]
        concepts.append(concept(code, property=[*values, prop("size", valueInteger=size)]))
    nested = concepts[:-1]
    nested[0]["concept"] = [concepts[-1]]
    return code_system("drawn", nested)


@settings(max_examples=30)
@given(SYSTEMS, st.sampled_from([op for op in OPERATORS if op != "exists"]))
def test_the_verbs_agree_on_any_hierarchy(drawn: dict[str, tuple[list[str], int]], op: str) -> None:
    provider = in_memory(system(drawn))
    for condition in (Filter(property="size", op=op, value=v) for v in [*CODES, "1", "0,2"]):
        assert set(filters.select(provider, condition)) == contained(provider, condition)


@settings(max_examples=6)
@given(SYSTEMS)
def test_a_stored_code_system_answers_as_its_resource(
    tmp_path_factory: pytest.TempPathFactory, drawn: dict[str, tuple[list[str], int]]
) -> None:
    resource = system(drawn)
    one, other = in_memory(resource), stored(tmp_path_factory.mktemp("drawn"), resource)
    for op in OPERATORS:
        for value in ["true"] if op == "exists" else ["a", "f", "1"]:
            assert ordinals(one, op, value, "size") == ordinals(other, op, value, "size")
    for ordinal in range(one.size):
        assert list(one.parents(ordinal)) == list(other.parents(ordinal))
        assert list(one.children(ordinal)) == list(other.children(ordinal))
        assert list(one.descendants(ordinal)) == list(other.descendants(ordinal))


@given(st.data())
def test_any_value_is_answered_or_refused(data: st.DataObject) -> None:
    provider = in_memory(code_system("one", [concept("a", "A")]))
    op: Any = data.draw(st.sampled_from([op for op in OPERATORS if op not in ("exists", "regex")]))
    value = data.draw(st.text(min_size=1))
    condition = Filter(property=data.draw(st.text()), op=op, value=value)
    assert set(filters.select(provider, condition)) == contained(provider, condition)
