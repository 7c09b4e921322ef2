"""What is excused and what is not: optional items and properties, leniencies, patterns."""

from typing import Any

import pytest

from conformance.runner.compare import Difference, compare
from conformance.runner.rules import Rules
from tests.conformance.runner.samples import OFFICIAL, STRICT

PATTERN = Rules(pattern=True)


def passes(expected: Any, found: Any, rules: Rules = OFFICIAL) -> bool:
    return compare({"x": expected}, {"x": found}, rules) == []


def items(*names: str) -> list[dict[str, Any]]:
    """Expected items; one with a question mark is optional."""
    return [
        {"name": name[:-1], "$optional$": True} if name.endswith("?") else {"name": name}
        for name in names
    ]


@pytest.mark.parametrize(
    ("expected", "found", "right"),
    [
        ("a b c?", "a b c", True),
        ("a b c?", "a b", True),
        ("a b c?", "a", False),
        ("a b c?", "a c", False),
        ("a b c?", "a b d", False),
        ("a b c?", "a b c c", False),
        ("a? b", "b", True),
        ("a? b", "a b", True),
        ("a? b", "b a", False),
        ("a? b", "a", False),
        ("a? b? c", "c", True),
        ("a? b? c", "b c", True),
        ("a? b? c", "c b", False),
        ("a? b? c", "a", False),
        ("a? b? c", "a b", False),
        ("a b? c", "a c", True),
        ("a b? c", "a b", False),
        ("a? b?", "", True),
        ("a? b?", "b", True),
        ("a? b?", "c", False),
        ("a b", "b a", False),
        ("a b", "", False),
        ("", "a", False),
    ],
)
def test_optional_items(expected: str, found: str, right: bool) -> None:
    for rules in (OFFICIAL, STRICT):
        assert passes(items(*expected.split()), items(*found.split()), rules) is right


@pytest.mark.parametrize(
    ("mark", "optional"),
    [
        (True, True),
        (False, False),
        ("true", False),
        ("!tx", True),
        ("!general", False),
        ("general", True),
        ("tx", False),
        ("warning:it should be there", True),
        ("version:5", True),
        ("version:4", False),
        (1, False),
        (None, False),
    ],
)
def test_when_an_item_is_optional(mark: Any, optional: bool) -> None:
    expected = [{"name": "a"}, {"name": "b", "$optional$": mark}]
    assert passes(expected, items("a"), OFFICIAL) is optional
    assert passes(expected, items("a", "b"), OFFICIAL)
    assert not passes(expected, items("a", "c"), OFFICIAL)


def test_versions_are_those_of_the_server() -> None:
    expected = [{"$optional$": "version:4", "name": "a"}, {"name": "b"}]
    assert passes(expected, items("b"), Rules(version="4.0.1"))
    assert not passes(expected, items("b"), Rules(version="5.0.0"))


@pytest.mark.parametrize(
    ("found", "right"),
    [
        ({"a": 1}, True),
        ({"a": 1, "b": 2}, True),
        ({"a": 1, "b": 3}, False),
        ({"a": 1, "extra": 2}, True),
        ({"a": 1, "c": 2}, False),
        ({"b": 2}, False),
        ({"a": 1, "$optional-properties$": ["b", "extra"]}, False),
    ],
)
def test_optional_properties(found: Any, right: bool) -> None:
    expected = {"$optional-properties$": ["b", "extra"], "a": 1, "b": 2}
    assert passes(expected, found) is right
    assert passes(expected, found, STRICT) is right


@pytest.mark.parametrize("found", [{}, {"a": 1}, {"a": 1, "whatever": True}])
def test_all_properties_may_be_optional(found: Any) -> None:
    assert passes({"$optional-properties$": ["*"], "a": 1}, found, STRICT)
    assert not passes({"$optional-properties$": ["*"], "a": 1}, found | {"a": 2})


def test_arrays_that_are_counted() -> None:
    expected = {"$count-arrays$": ["contains"], "contains": items("a", "b"), "other": items("a")}
    assert passes(expected, {"contains": items("x", "y"), "other": items("a")}, STRICT)
    others: list[Any] = [items("a"), items("a", "b", "c"), {}, "ab", None]
    for contains in others:
        assert not passes(expected, {"contains": contains, "other": items("a")})
    assert not passes(expected, {"contains": items("a", "b"), "other": items("b")})
    assert not passes(expected, {"other": items("a")})


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ({"location": ["Coding.code"]}, {}),
        ({"count": [1, 2]}, {}),
        ({"a": [{"$optional$": "version:4", "name": "a"}]}, {}),
        ({"a": [{"$optional$": False, "name": "a"}]}, {}),
        ({"text": "Display 2"}, {"text": "Display #2"}),
        ({"text": "code1"}, {"text": "code2"}),
        ({"text": "version 1.0.0"}, {"text": "version 1.0.1"}),
        ({"text": "No 'colour' here"}, {"text": "No colour here."}),
        ({"text": "$instant$"}, {"text": "instant"}),
    ],
)
def test_what_is_excused_officially_and_not_strictly(expected: Any, found: Any) -> None:
    assert passes(expected, found, OFFICIAL)
    assert not passes(expected, found, STRICT)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ({"a": items("a?", "b?")}, {}),
        ({"$optional-properties$": ["location"], "location": ["x"]}, {}),
        ({"text": "<div>one</div>"}, {"text": "<div>other</div>"}),
        ({"$optional": ["location"], "a": 1}, {"a": 1}),
        ({"a": None}, {"a": None}),
    ],
)
def test_what_is_excused_in_both(expected: Any, found: Any) -> None:
    assert passes(expected, found, OFFICIAL)
    assert passes(expected, found, STRICT)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ({"location": ["x"]}, {"location": []}),
        ({"a": items("a", "b?")}, {}),
        ({}, {"location": ["x"]}),
        ({"text": "#"}, {"text": "."}),
        ({"text": "abcd"}, {"text": "abce"}),
        ({"text": "$nothing$"}, {"text": "$nothing$"}),
        ({"a": [{"$optional$": True, "x": "$nothing$"}]}, {"a": [{"x": "1"}]}),
    ],
)
def test_what_is_excused_in_neither(expected: Any, found: Any) -> None:
    assert not passes(expected, found, OFFICIAL)
    assert not passes(expected, found, STRICT)


@pytest.mark.parametrize(
    ("found", "right"),
    [
        ({"a": [1, 2, 3], "b": "x", "c": True}, True),
        ({"a": [0, 1, 5, 3], "b": "x"}, True),
        ({"a": [3, 1], "b": "x"}, False),
        ({"a": [1], "b": "x"}, False),
        ({"a": [1, 3]}, False),
        ({"a": [1, 3], "b": "y"}, False),
        ({"a": 1, "b": "x"}, False),
    ],
)
def test_patterns_look_for_what_is_expected(found: Any, right: bool) -> None:
    assert passes({"a": [1, 3], "b": "x"}, found, PATTERN) is right


def test_patterns_pass_over_the_rest_on_every_level() -> None:
    expected = {"rest": [{"mode": "server", "operation": items("versions")}]}
    rest = {"mode": "server", "operation": items("a", "versions", "z"), "security": {}}
    assert passes(expected, {"rest": [{"mode": "client"}, rest], "kind": "instance"}, PATTERN)
    assert not passes(expected, {"rest": [{"mode": "client"}]}, PATTERN)


def test_a_difference_says_where_and_what() -> None:
    expected = {"resourceType": "P", "parameter": [{"name": "a", "v": [1, {"x": "one"}]}]}
    found = {"resourceType": "P", "parameter": [{"name": "a", "v": [1, {"x": "two"}], "w": 2}]}
    assert compare(expected, found, STRICT) == [
        Difference("P.parameter[0:a].v[1].x", "differs", "one", "two"),
        Difference("P.parameter[0:a].w", "is not expected", None, 2),
    ]


def test_shifted_items_are_told_of_once_and_by_name() -> None:
    [difference] = compare({"x": items("a", "b", "c")}, {"x": items("a", "c", "d")}, OFFICIAL)
    assert difference.expected == ["a", "b", "c"]
    assert difference.found == ["a", "c", "d"]
