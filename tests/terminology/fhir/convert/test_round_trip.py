"""What goes to R4 and comes back is the same, and R4 knows all of it on the way."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terminology.fhir.convert import SHAPES, from_version, to_version
from terminology.fhir.convert.engine import Shape
from terminology.fhir.definitions import Definition, resource_definition, type_definition
from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion

from .generate import resources

R4, R4B, R5 = FhirVersion.R4, FhirVersion.R4B, FhirVersion.R5


def _paths(shape: Shape, *above: str) -> Iterator[tuple[str, ...]]:
    yield above
    for name, inner in shape.inside.items():
        if name not in above:
            yield from _paths(inner, *above, name)


PATHS = [path for name, shape in SHAPES.items() for path in _paths(shape, name)]


def unknown_elements(resource: Json, version: FhirVersion) -> Iterator[str]:
    definition = resource_definition(resource["resourceType"], version)
    assert definition is not None
    yield from _unknown(definition, resource, definition.name)


def _unknown(definition: Definition, value: Json, path: str) -> Iterator[str]:
    for key, item in value.items():
        element = definition.elements.get(key.removeprefix("_"))
        if key == "resourceType" or element is None:
            if key != "resourceType":
                yield f"{path}.{key}"
        elif element.many != isinstance(item, list):
            yield f"{path}.{key} is not as often"
        elif element.shape == "object":
            for child in item if element.many else [item]:
                yield from _unknown(type_definition(element.type), child, f"{path}.{key}")
        elif key[0] != "_" and not all(
            _fits(element.shape, scalar) for scalar in (item if element.many else [item])
        ):
            yield f"{path}.{key} is no {element.shape}"


def _fits(shape: str, scalar: Any) -> bool:
    kinds = {"boolean": bool, "integer": int, "decimal": int, "string": str}
    return scalar is None or isinstance(scalar, kinds[shape])


@pytest.mark.parametrize("path", PATHS, ids=".".join)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_comes_back_is_what_went(path: tuple[str, ...], data: st.DataObject) -> None:
    resource = data.draw(resources(*path))
    before = copy.deepcopy(resource)
    converted = to_version(resource, R4B)
    assert resource == before
    assert list(unknown_elements(resource, R5)) == []
    assert list(unknown_elements(converted, R4B)) == []
    returned = from_version(converted, R4B)
    assert returned == before


@given(resources("ValueSet"))
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_r5_is_the_argument_itself(resource: Json) -> None:
    assert to_version(resource, R5) is resource
    assert from_version(resource, R5) is resource
