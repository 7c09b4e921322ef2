"""One description of parameters: what it refuses, and that both readers of it are one."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.errors import InvalidInput, NotSupported, ProtermError, RepeatedInput
from terminology.operations.registry import OPERATIONS, Operation
from terminology.operations.schema import fast_reader

every_operation = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=lambda o: f"{o.resource_type}-{o.name}"
)
TEXTS = {
    "boolean": ["true", "false", "maybe"],
    "integer": ["0", "20", "-1", "x", "99999999999"],
    "dateTime": ["2026-11-23", "2026", "yesterday"],
    "code": ["37244", " 37244", "a b", "", "\x00"],
    "uri": ["http://www.ama-assn.org/go/cpt", "urn:a b", ""],
    "canonical": ["urn:a|1", "urn:b", "a b"],
    "string": ["2026", "two words", "", "\x01"],
}


def pairs_of(operation: Operation) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Parameters of the operation, known and unknown, with texts right and wrong, repeated."""
    described = operation.schema.described()
    known = [
        st.tuples(st.just(name), st.sampled_from(TEXTS.get(field.fhir_type, ["text"])))
        for name, field in described.items()
    ]
    odd = st.sampled_from([*operation.schema.refused, "uuid", "", "CODE"])
    return st.lists(st.one_of(*known, *known, st.tuples(odd, st.text(max_size=3))), max_size=6)


def sent(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    return found


@every_operation
@settings(max_examples=30)
@given(st.data())
def test_the_fast_reader_reads_the_same_or_leaves_it_to_the_schema(
    operation: Operation, data: st.DataObject
) -> None:
    pairs = data.draw(pairs_of(operation))
    fast = fast_reader(operation.schema)(pairs)
    try:
        read = operation.schema.read(sent(pairs))
    except ProtermError:
        assert fast is None
        return
    assert fast is None or fast == read
    if all(name in operation.schema.described() for name, _ in pairs):
        assert fast == read


@every_operation
def test_the_fast_reader_takes_each_parameter_that_text_can_carry(operation: Operation) -> None:
    read = fast_reader(operation.schema)
    for name, field in operation.schema.described().items():
        pairs = [(name, TEXTS[field.fhir_type][0])] if field.as_text else [(name, "text")]
        assert (read(pairs) is not None) == field.as_text, name


@every_operation
def test_the_request_has_just_what_is_described(operation: Operation) -> None:
    attributes = {f.name for f in msgspec.structs.fields(operation.schema.request)}
    described = operation.schema.described()
    assert attributes == {field.name for field in described.values()}
    assert not set(described) & set(operation.schema.refused)
    assert operation.schema.read({}) == operation.schema.request()


@every_operation
def test_every_description_is_a_sentence(operation: Operation) -> None:
    for name, field in operation.schema.described().items():
        assert field.documentation.endswith("."), name
        assert field.documentation[0].isupper(), name
    for name, instead in operation.schema.refused.items():
        assert instead, name
        assert not instead.endswith("."), name


@every_operation
def test_what_is_not_supported_is_refused_by_name(operation: Operation) -> None:
    for name in operation.schema.refused:
        with pytest.raises(NotSupported, match=f"'{name}' is not supported: ") as caught:
            operation.schema.read({name: ["x"]})
        assert caught.value.expression == name


@every_operation
def test_a_parameter_that_may_stand_once(operation: Operation) -> None:
    for name, field in operation.schema.described().items():
        if not field.repeats:
            with pytest.raises(RepeatedInput, match=f"'{name}' was sent 2 times") as caught:
                operation.schema.read({name: ["x", "x"]})
            assert caught.value.expression == name


@every_operation
def test_a_parameter_without_a_value_is_told_so_in_a_sentence(operation: Operation) -> None:
    for name in operation.schema.described():
        with pytest.raises(InvalidInput) as caught:
            operation.schema.read({name: [None]})
        message = caught.value.message
        assert message.startswith(f"The parameter '{name}' "), message
        assert message.count(".") == 1, message
        assert "Field may" not in message


@every_operation
def test_a_name_that_fhir_does_not_know(operation: Operation) -> None:
    assert operation.schema.read({"uuid": ["x"]}) == operation.schema.request()
    with pytest.raises(InvalidInput, match="'uuid' is unknown here") as caught:
        operation.schema.read({"uuid": ["x"]}, strict=True)
    assert caught.value.expression == "uuid"


def test_a_name_that_is_nearly_right_is_suggested() -> None:
    with pytest.raises(InvalidInput, match="Did you mean 'displayLanguage'"):
        OPERATIONS[0].schema.read({"displaylanguage": ["de"]}, strict=True)
    with pytest.raises(InvalidInput) as caught:
        OPERATIONS[0].schema.read({"x" * 10_000: ["1"]}, strict=True)
    assert len(caught.value.message) < 300


@every_operation
@settings(max_examples=30)
@given(st.data())
def test_any_json_is_read_or_refused(operation: Operation, data: st.DataObject) -> None:
    values: st.SearchStrategy[Any] = st.sampled_from(
        [None, True, 0, -1, 1.5, "", "a", "a b", [], {}, {"code": "a"}, {"coding": [{}]}, ["a"]]
    )
    names = st.sampled_from([*operation.schema.described(), "uuid"])
    drawn = data.draw(st.dictionaries(names, st.lists(values, min_size=1, max_size=2), max_size=4))
    try:
        request = operation.schema.read(drawn)
    except ProtermError as error:
        assert error.message.endswith(".")  # noqa: PT017 - most of it is refused
    else:
        assert isinstance(request, operation.schema.request)
