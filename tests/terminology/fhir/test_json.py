"""FHIR JSON in and out."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import MalformedInput
from terminology.fhir.json import MAX_DEPTH, decode, decode_any, encode


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"{", "ends before"),
        (b'{"resourceType":"A', "ends before"),
        (b'{"resourceType":"A"}x', "trailing characters at line 1"),
        (b'{\n "resourceType": "\xc3\xa9",\n "b": }', "line 3, column 7"),
        (b'{"resourceType":"\xff"}', "not valid UTF-8 at line 1, column 18"),
        (b'{"resourceType":"\xed\xa0\xbd"}', "not valid UTF-8"),
        (b'{"resourceType":"A\x00"}', "malformed"),
        (b'{"resourceType":"A","b":"\\udc00"}', "surrogate"),
        (b'{"resourceType":"A","b":"\\ud800\\u0041"}', "surrogate"),
        (b'{"resourceType":"A","b":NaN}', "malformed"),
        (b'{"resourceType":"A","b":Infinity}', "malformed"),
        (b'{"resourceType":"A","b":1e999999999999999999999}', "out of range"),
        (b'{"resourceType":"A","b":1e400}', "out of range"),
        (b'{"resourceType":"A","b":1e-400}', "out of range"),
        (b'{"resourceType":"A","b":' + b"9" * 5_000 + b"}", "integer"),
        (b"[]", "an array"),
        (b"null", "null"),
        (b'"CodeSystem"', "a single value"),
        (b"{}", "resourceType"),
        (b'{"resourceType":1}', "resourceType"),
        (b'{"resourceType":""}', "resourceType"),
        ('{"resourceType":"A"}'.encode("utf-16"), "malformed"),
    ],
)
def test_what_is_no_resource_is_refused_with_its_place(body: bytes, says: str) -> None:
    with pytest.raises(MalformedInput) as refused:
        decode(body)
    assert says in refused.value.message


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 1_000, 100_000])
@pytest.mark.parametrize(("opens", "closes"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_over_the_limit_is_refused(levels: int, opens: bytes, closes: bytes) -> None:
    inner = b"1" if opens != b"[" else b""
    with pytest.raises(MalformedInput, match="100 levels"):
        decode_any(opens * levels + inner + closes * levels)


def test_nesting_at_the_limit_and_width_beyond_it_are_read() -> None:
    assert decode_any(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert len(decode_any(b"[" + b",".join([b"[{}]"] * 1_000) + b"]")) == 1_000


@pytest.mark.parametrize("string", ["[" * 1_000, '"{', "\\", '\\"[' * 300, "}]" * 300, ""])
def test_brackets_in_strings_do_not_count_as_levels(string: str) -> None:
    wide = [[string, {string: string}]] * 200
    assert decode_any(encode(wide)) == wide
    deep = "[" * (MAX_DEPTH - 2) + "{}" + "]" * (MAX_DEPTH - 2)
    body = encode(wide)[:-1] + b"," + deep.encode() + b"]"
    assert decode_any(body)
    with pytest.raises(MalformedInput, match="100 levels"):
        decode_any(b"[" + body + b"]")


@pytest.mark.parametrize(
    "number", ["6", "6.0", "1.10", "-0.0", "0.00", "1234567890.123456789012345678", "-7"]
)
def test_a_number_keeps_its_digits(number: str) -> None:
    text = b'{"resourceType":"A","b":' + number.encode() + b"}"
    assert encode(decode(text)) == text


def test_integers_are_ints_and_decimals_are_decimals() -> None:
    read = decode(b'{"resourceType":"A","b":6,"c":6.0,"d":1e2}')
    assert (type(read["b"]), type(read["c"]), read["d"]) == (int, Decimal, Decimal(100))


def test_a_byte_order_mark_is_skipped() -> None:
    assert decode(b'\xef\xbb\xbf{"resourceType":"A"}') == {"resourceType": "A"}


def test_pretty_is_the_same_value_over_several_lines() -> None:
    resource = {"resourceType": "A", "b": [Decimal("1.10"), None, "\u0000é"]}
    text = encode(resource, pretty=True)
    assert b'\n  "resourceType": "A"' in text
    assert decode(text) == resource


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with suppress(MalformedInput):
        encode(decode_any(body))


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(-1000, 1000, places=3) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
)


def _depth(value: Any) -> int:
    if not isinstance(value, dict | list):
        return 0
    return 1 + max(map(_depth, value.values() if isinstance(value, dict) else value), default=0)


_NESTED: st.SearchStrategy[Any] = st.recursive(
    st.text('{}[]"\\', max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text('[}"\\'), inner, max_size=3)
    ),
    max_leaves=200,
)


@given(_NESTED, st.integers(MAX_DEPTH - 8, MAX_DEPTH))
def test_the_depth_that_is_refused_is_the_depth_that_is_there(value: Any, wrapped: int) -> None:
    body = b"[" * wrapped + encode([value, *[[]] * 200]) + b"]" * wrapped
    fits = wrapped + _depth([value, []]) <= MAX_DEPTH
    try:
        decode_any(body)
    except MalformedInput:
        assert not fits
    else:
        assert fits


@given(_VALUES)
def test_what_is_written_is_read_the_same(value: Any) -> None:
    text = encode(value)
    assert encode(decode_any(text)) == text
    assert decode_any(text) == value


@given(st.text('{}[]",:\\u0dD8c1eE.-+ \n', max_size=60))
def test_json_like_text_is_read_as_the_standard_library_does(text: str) -> None:
    body = text.encode()
    try:
        value = decode_any(body)
    except MalformedInput:
        return
    assert json.loads(text, parse_float=Decimal) == value


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1000, 1750])
def test_a_long_expansion_is_written_as_a_short_one(count: int) -> None:
    entries = [{"code": str(n), "contains": [{"code": "ä"}]} for n in range(count)]
    resource = {"id": "a", "expansion": {"total": count, "contains": entries, "x": Decimal("1.10")}}
    expected = msgspec.json.Encoder(decimal_format="number").encode(resource)
    assert encode(resource) == expected
    assert resource["expansion"]["contains"] is entries  # type: ignore[index]
