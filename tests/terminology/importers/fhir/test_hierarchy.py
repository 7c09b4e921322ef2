"""How the hierarchy of a code system is delivered, whichever way it states it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.fhir.json import Json, encode
from terminology.importers.fhir.kept import placed
from terminology.model import CodeSystem, Concept, Property
from terminology.tree import edges, flatten
from tests.terminology.importers.fhir.made import KIND, system
from tests.terminology.importers.reading import Whole, Write, load


def rows(whole: Whole) -> list[tuple[str, tuple[int, ...]]]:
    (concepts,) = whole.concepts
    assert not any(each.concept.concept for each in concepts)
    return [(each.concept.code, each.parents) for each in concepts]


def stating(code: str, name: str, *others: str) -> Json:
    return {"code": code, "property": [{"code": name, "valueCode": other} for other in others]}


def test_nested(put: Write) -> None:
    concepts = [
        {"code": "a", "concept": [{"code": "b", "concept": [{"code": "c"}]}, {"code": "d"}]},
        {"code": "e"},
    ]
    whole = load(KIND, put("a.json", encode(system(concept=concepts))))
    assert rows(whole) == [("a", ()), ("b", (0,)), ("c", (1,)), ("d", (0,)), ("e", ())]


@pytest.mark.parametrize("name", ["parent", "subsumedBy"])
def test_parents_by_property(put: Write, name: str) -> None:
    concepts = [{"code": "a"}, {"code": "b"}, stating("c", name, "b", "a", "elsewhere")]
    whole = load(KIND, put("a.json", encode(system(concept=concepts))))
    assert rows(whole) == [("a", ()), ("b", ()), ("c", (1, 0))]


def test_children_by_property(put: Write) -> None:
    concepts = [stating("a", "child", "b", "c"), {"code": "b"}, {"code": "c"}]
    whole = load(KIND, put("a.json", encode(system(concept=concepts))))
    assert rows(whole) == [("a", ()), ("b", (0,)), ("c", (0,))]


def test_the_one_that_it_is_nested_in_comes_first(put: Write) -> None:
    concepts = [
        stating("a", "child", "c"),
        {"code": "b", "concept": [stating("c", "parent", "a")]},
    ]
    whole = load(KIND, put("a.json", encode(system(concept=concepts))))
    assert rows(whole) == [("a", ()), ("b", ()), ("c", (1, 0))]


def test_a_parent_that_comes_later_keeps_the_system_whole(put: Write) -> None:
    concepts = [stating("a", "parent", "b"), {"code": "b", "concept": [{"code": "c"}]}]
    resource = system(concept=concepts)
    whole = load(KIND, put("a.json", encode(resource)))
    assert whole.delivery.systems == []
    assert whole.resources == [resource]


def test_what_a_stream_could_not_hold_keeps_the_system_whole(put: Write) -> None:
    resource = system(concept=[{"code": "a", "id": "x"}, {"code": "b"}])
    whole = load(KIND, put("a.json", encode(resource)))
    assert whole.delivery.systems == []
    assert whole.resources == [resource]


CODES = "abcdef"
_PROPERTIES = st.lists(
    st.builds(
        lambda name, code: Property(code=name, value_code=code),
        st.sampled_from(["parent", "child", "other"]),
        st.sampled_from(CODES),
    ),
    max_size=3,
)


@given(st.data())
def test_the_parents_are_the_edges_of_the_tree(data: st.DataObject) -> None:
    concepts: list[Concept] = []
    for code in CODES:
        held = data.draw(st.integers(0, len(concepts)))
        inner = concepts[len(concepts) - held :]
        del concepts[len(concepts) - held :]
        properties = data.draw(_PROPERTIES)
        concepts.append(Concept(code=code, property=properties, concept=inner))
    flat = flatten(concepts)
    expected = set(edges(CodeSystem(concept=concepts), flat))
    found = placed({"resourceType": "CodeSystem"}, concepts)
    assert (found is None) == any(parent > child for parent, child in expected)
    if found is not None:
        assert {(p, n) for n, each in enumerate(found) for p in each.parents} == expected
        for stated, each in zip(flat, found, strict=True):
            assert stated.parent is None or each.parents[0] == stated.parent
