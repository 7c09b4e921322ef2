"""Parameters that come in."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import MalformedInput
from terminology.fhir.parameters import Parameter, read_parameters


def _read(*entries: Any) -> list[Parameter]:
    return read_parameters({"resourceType": "Parameters", "parameter": list(entries)})


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("code", "must be an object"),
        (None, "must be an object"),
        ({}, "no name"),
        ({"name": 1, "valueCode": "a"}, "no name"),
        ({"name": "", "valueCode": "a"}, "no name"),
        ({"name": "code"}, "has nothing"),
        ({"name": "code", "vaueCode": "a"}, "has nothing"),
        ({"name": "code", "valueCode": "a", "valueString": "a"}, "has valueCode and valueString"),
        ({"name": "code", "valueCode": "a", "resource": {}}, "has resource and valueCode"),
        ({"name": "code", "valueCode": "a", "part": []}, "has part and valueCode"),
        ({"name": "code", "_valueCode": {}, "valueString": "a"}, "has valueCode and valueString"),
        ({"name": "code", "valueBogus": "a"}, "no such value type"),
        ({"name": "code", "valueCode": None}, "must be a string"),
        ({"name": "code", "valueCode": None, "_valueCode": 7}, "must be a string"),
        ({"name": "code", "valueCode": 37244}, "must be a string"),
        ({"name": "code", "valueCode": ["a"]}, "must be a string"),
        ({"name": "abstract", "valueBoolean": "false"}, "true or false, without quotes"),
        ({"name": "abstract", "valueBoolean": 0}, "true or false"),
        ({"name": "count", "valueInteger": True}, "whole number"),
        ({"name": "count", "valueInteger": Decimal("1.0")}, "whole number"),
        ({"name": "count", "valueInteger": 2**31}, "32 bits"),
        ({"name": "count", "valueUnsignedInt": -1}, "from 0"),
        ({"name": "count", "valuePositiveInt": 0}, "from 1"),
        ({"name": "weight", "valueDecimal": "1.0"}, "a number"),
        ({"name": "size", "valueInteger64": 7}, "must be a string"),
        ({"name": "coding", "valueCoding": "a"}, "must be an object"),
        ({"name": "coding", "valueCoding": [{}]}, "must be an object"),
        ({"name": "valueSet", "resource": {}}, "resourceType"),
        ({"name": "valueSet", "resource": "ValueSet"}, "resourceType"),
        ({"name": "property", "part": {}}, "array"),
        ({"name": "property", "part": [{"name": "code"}]}, r"parameter\[0\].part\[0\] \(code\)"),
    ],
)
def test_a_bad_parameter_is_refused_by_place_and_name(entry: Any, says: str) -> None:
    with pytest.raises(MalformedInput, match=says) as refused:
        _read(entry)
    assert refused.value.expression is not None
    assert refused.value.expression.startswith("Parameters.parameter[0]")


@pytest.mark.parametrize("parameter", [{}, "a", 1, None])
def test_what_is_no_list_of_parameters_is_refused(parameter: Any) -> None:
    with pytest.raises(MalformedInput, match=r"Parameters\.parameter must be an array"):
        read_parameters({"resourceType": "Parameters", "parameter": parameter})


def test_another_resource_is_refused_by_its_type() -> None:
    with pytest.raises(MalformedInput, match="CodeSystem"):
        read_parameters({"resourceType": "CodeSystem"})


def test_no_parameters_are_an_empty_list() -> None:
    assert read_parameters({"resourceType": "Parameters"}) == []


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("valueCode", "37244", "code"),
        ("valueUri", "http://www.ama-assn.org/go/cpt", "uri"),
        ("valueBoolean", False, "boolean"),
        ("valueInteger", -1, "integer"),
        ("valueInteger64", "9007199254740993", "integer64"),
        ("valueDecimal", Decimal("1.10"), "decimal"),
        ("valueDecimal", 6, "decimal"),
        ("valueCoding", {"code": "37244"}, "Coding"),
        ("valueCodeableConcept", {"coding": []}, "CodeableConcept"),
        ("resource", {"resourceType": "ValueSet"}, "resource"),
    ],
)
def test_a_parameter_is_read_with_its_type_and_place(key: str, value: Any, kind: str) -> None:
    (read,) = _read({"name": "p", key: value})
    assert read == Parameter("p", kind, value, "Parameters.parameter[0]")


def test_parts_are_read_as_parameters() -> None:
    (read,) = _read({"name": "p", "part": [{"name": "q", "valueCode": "a"}]})
    assert read.kind == "part"
    assert read.value == [Parameter("q", "code", "a", "Parameters.parameter[0].part[0]")]


def test_a_value_that_is_only_an_extension_is_none() -> None:
    (read,) = _read({"name": "p", "_valueString": {"extension": []}})
    assert (read.kind, read.value) == ("string", None)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["name", "part", "resource", "valueCode", "_valueCode", "x"]),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_anything_is_read_or_refused(parameter: Any) -> None:
    with suppress(MalformedInput):
        read_parameters({"resourceType": "Parameters", "parameter": parameter})
