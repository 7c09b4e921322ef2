"""Nothing that a caller sends as a resource makes a conversion fail."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terminology.fhir.convert import SHAPES, from_version, to_version
from terminology.fhir.convert.engine import R4_EXTENSION, R5_EXTENSION, Shape
from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion


def _names(shape: Shape, seen: set[str]) -> list[str]:
    if shape.path in seen:
        return []
    seen.add(shape.path)
    inner = [name for child in shape.inside.values() for name in _names(child, seen)]
    tables = [*shape.r5, *shape.r4, *shape.renamed, *shape.renamed.values(), *shape.codes]
    return [*(name.removesuffix("*") for name in tables), *shape.inside, *inner]


def _urls(shape: Shape, seen: set[str]) -> list[str]:
    if shape.path in seen:
        return []
    seen.add(shape.path)
    inner = [url for child in shape.inside.values() for url in _urls(child, seen)]
    tables = [(R5_EXTENSION, shape.r5), (R4_EXTENSION, shape.r4), (R5_EXTENSION, shape.codes)]
    names = [(base, name.removesuffix("*")) for base, table in tables for name in table]
    return [*(f"{base}{shape.path}.{name}" for base, name in names), *inner]


_KEYS = ["extension", "url", "value", "valueCode", "valueCoding", "code", "system", "context"]
_EDITED = [
    "name",
    "telecom",
    "address",
    "contact",
    "event",
    "reason",
    "authorization",
    "equivalence",
]


def _resource(name: str) -> st.SearchStrategy[Json]:
    keys = [*_KEYS, *_EDITED, *_names(SHAPES[name], set())]
    texts = [*_urls(SHAPES[name], set()), "child-of", "open-choice", "unmatched", "a|b", ""]
    leaves = st.none() | st.booleans() | st.integers() | st.sampled_from(texts)
    key = st.sampled_from(keys + ["_" + key for key in keys])
    value: st.SearchStrategy[Any] = st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(key, inner, max_size=4),
        max_leaves=12,
    )
    return st.dictionaries(key, value, max_size=6).map(lambda made: {"resourceType": name} | made)


@pytest.mark.parametrize("name", SHAPES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_resource_is_converted(name: str, data: st.DataObject) -> None:
    resource = data.draw(_resource(name))
    from_version(resource, FhirVersion.R4)
    to_version(resource, FhirVersion.R4)


@pytest.mark.parametrize(
    "resource",
    [
        {"resourceType": None},
        {"resourceType": []},
        {"resourceType": "Parameters", "parameter": "a"},
        {"resourceType": "Parameters", "parameter": [1, None, {"part": 7}, {"resource": "a"}]},
        {"resourceType": "Bundle", "entry": {"resource": {}}},
        {"resourceType": "ValueSet", "contained": "a"},
        {"resourceType": "ValueSet", "contained": [None, 1, []]},
        {"resourceType": "ValueSet", "extension": {"url": R5_EXTENSION + "ValueSet.scope"}},
        {"resourceType": "ValueSet", "extension": [None, {"url": []}, {"url": R5_EXTENSION}]},
    ],
)
def test_what_is_no_resource_is_left_alone(resource: Json) -> None:
    assert from_version(resource, FhirVersion.R4B) is not None
    assert to_version(resource, FhirVersion.R4B) is not None
