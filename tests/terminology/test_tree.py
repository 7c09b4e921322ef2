"""Ordinals and edges: every way to state a hierarchy comes to the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.model import CodeSystem, Concept, Property, PropertyDefinition
from terminology.tree import edges, flatten, property_codes

PARENT_URI = "http://hl7.org/fhir/concept-properties#parent"
TREES = st.recursive(
    st.just(()), lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=12
)
Tree = tuple["Tree", ...]


def nested(tree: Tree, code: str = "0") -> Concept:
    """A concept with a child for each branch, coded by its path."""
    inner = [nested(branch, f"{code}.{i}") for i, branch in enumerate(tree)]
    return Concept(code=code, concept=inner)


def stated(*concepts: Concept, declared: list[PropertyDefinition] | None = None) -> set[str]:
    """The edges of these concepts as `parent>child`."""
    system = CodeSystem(property=declared or [], concept=list(concepts))
    flat = flatten(system.concept)
    codes = [placed.concept.code for placed in flat]
    return {f"{codes[up]}>{codes[down]}" for up, down in edges(system, flat)}


def related(code: str, property_code: str, *others: str) -> Concept:
    return Concept(code=code, property=[Property(code=property_code, value_code=o) for o in others])


def test_a_hierarchy_that_is_deeper_than_the_call_stack_is_flattened() -> None:
    deep = Concept(code="0")
    for level in range(1, 5000):
        deep = Concept(code=str(level), concept=[deep])
    flat = flatten([deep])
    assert [placed.parent for placed in flat] == [None, *range(4999)]


@pytest.mark.parametrize(
    "concepts",
    [
        [related("a", "parent", "nowhere")],
        [related("a", "parent", "a")],
        [related("a", "parent", "")],
        [related("a", "sibling", "b"), Concept(code="b")],
        [Concept(code="a", property=[Property(code="parent")])],
        [],
    ],
)
def test_what_leads_nowhere_is_no_edge(concepts: list[Concept]) -> None:
    assert stated(*concepts) == set()


@given(TREES)
def test_ordinals_count_up_and_a_parent_comes_first(tree: Tree) -> None:
    flat = flatten([nested(tree)])
    assert [placed.ordinal for placed in flat] == list(range(len(flat)))
    assert all(placed.parent is None or placed.parent < placed.ordinal for placed in flat)
    assert [p.concept.code for p in flat] == sorted(
        (p.concept.code for p in flat), key=lambda code: [int(part) for part in code.split(".")]
    )


@given(TREES)
def test_nesting_parent_and_child_properties_state_the_same(tree: Tree) -> None:
    top = nested(tree)
    flat = flatten([top])
    codes = [placed.concept.code for placed in flat]
    up = [
        related(p.concept.code, "parent", *([codes[p.parent]] if p.parent is not None else []))
        for p in flat
    ]
    down = [related(p.concept.code, "child", *(c.code for c in p.concept.concept)) for p in flat]
    assert stated(top) == stated(*up) == stated(*down)
    assert len(stated(top)) == len(flat) - 1


def test_an_edge_that_is_stated_twice_is_one() -> None:
    system = CodeSystem(
        concept=[Concept(code="a", concept=[related("b", "parent", "a")])],
        property=[PropertyDefinition(code="child")],
    )
    assert list(edges(system, flatten(system.concept))) == [(0, 1)]


def test_a_concept_may_have_several_parents() -> None:
    both = related("c", "parent", "a", "b")
    assert stated(Concept(code="a"), Concept(code="b"), both) == {"a>c", "b>c"}


def test_subsumed_by_is_a_parent_too() -> None:
    assert stated(Concept(code="a"), related("b", "subsumedBy", "a")) == {"a>b"}


def test_a_property_means_what_its_uri_says_and_not_what_its_code_says() -> None:
    concepts = [Concept(code="a"), related("b", "isA", "a"), related("c", "parent", "a")]
    renamed = [PropertyDefinition(code="isA", uri=PARENT_URI)]
    assert stated(*concepts, declared=renamed) == {"a>b"}
    other = [PropertyDefinition(code="parent", uri="urn:guardian")]
    assert stated(*concepts, declared=other) == set()


@pytest.mark.parametrize(
    ("declared", "codes"),
    [
        ([], {"status"}),
        ([("status", None)], {"status"}),
        ([("status", "#status")], {"status"}),
        ([("state", "#status")], {"state"}),
        ([("state", "#status"), ("status", None)], {"state"}),
        ([("a", "#status"), ("b", "#status")], {"a", "b"}),
        ([("status", "#other")], set()),
    ],
)
def test_property_codes(declared: list[tuple[str, str | None]], codes: set[str]) -> None:
    base = "http://hl7.org/fhir/concept-properties"
    definitions = [PropertyDefinition(code=c, uri=base + u if u else None) for c, u in declared]
    assert property_codes(definitions, "status") == codes
