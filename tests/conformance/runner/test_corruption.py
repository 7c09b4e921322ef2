"""A corrupted answer of every kind fails, in both scores."""

from decimal import Decimal
from typing import Any

import pytest

from tests.conformance.runner.samples import (
    COLOURS,
    EXPANSION,
    EXPECTED,
    OFFICIAL,
    REFUSAL,
    STRICT,
    VALIDATION,
    Json,
    at,
    drop,
    judge,
    put,
    right,
)

ISSUE = "parameter.1.resource.issue.0"

DROPPED = [
    (VALIDATION, "resourceType"),
    (VALIDATION, "parameter"),
    (VALIDATION, "parameter.0"),
    (VALIDATION, "parameter.1"),
    (VALIDATION, "parameter.1.resource"),
    (VALIDATION, "parameter.2"),
    (VALIDATION, "parameter.3.valueBoolean"),
    (VALIDATION, "parameter.4.name"),
    (VALIDATION, f"{ISSUE}.severity"),
    (VALIDATION, f"{ISSUE}.details"),
    (VALIDATION, f"{ISSUE}.details.coding"),
    (VALIDATION, f"{ISSUE}.details.coding.0.system"),
    (VALIDATION, f"{ISSUE}.details.text"),
    (EXPANSION, "url"),
    (EXPANSION, "version"),
    (EXPANSION, "experimental"),
    (EXPANSION, "expansion"),
    (EXPANSION, "expansion.identifier"),
    (EXPANSION, "expansion.timestamp"),
    (EXPANSION, "expansion.total"),
    (EXPANSION, "expansion.parameter"),
    (EXPANSION, "expansion.parameter.1"),
    (EXPANSION, "expansion.property"),
    (EXPANSION, "expansion.contains"),
    (EXPANSION, "expansion.contains.0"),
    (EXPANSION, "expansion.contains.0.property"),
    (EXPANSION, "expansion.contains.1.inactive"),
    (EXPANSION, "expansion.contains.1.designation"),
    (EXPANSION, "expansion.contains.1.contains"),
    (EXPANSION, "expansion.contains.1.contains.0.display"),
    (REFUSAL, "issue"),
    (REFUSAL, "issue.0"),
    (REFUSAL, "issue.0.details.text"),
]

ADDED: list[tuple[Json, str, Any]] = [
    (VALIDATION, "id", "x"),
    (VALIDATION, "parameter.0.valueString", "crimson"),
    (VALIDATION, "parameter.3.extension", [{"url": "http://example.org/x", "valueCode": "x"}]),
    (VALIDATION, f"{ISSUE}.details.coding.0.display", "Invalid code"),
    (VALIDATION, f"{ISSUE}.diagnostics", "in answer to X-Request-Id 7"),
    (EXPANSION, "description", "Warm colours"),
    (EXPANSION, "expansion.next", "https://example.org/next"),
    (EXPANSION, "expansion.contains.0.abstract", False),
    (EXPANSION, "expansion.contains.0.version", "5.0.0"),
    (EXPANSION, "expansion.contains.0.contains", []),
    (EXPANSION, "$optional$", True),
    (EXPANSION, "$optional-properties$", ["id", "date", "compose"]),
    (REFUSAL, "issue.0.location", ["url"]),
    (REFUSAL, "issue.0.expression", ["url"]),
]

CHANGED: list[tuple[Json, str, Any]] = [
    (VALIDATION, "resourceType", "Bundle"),
    (VALIDATION, "parameter", {}),
    (VALIDATION, "parameter.0", "code"),
    (VALIDATION, "parameter.0.name", "kode"),
    (VALIDATION, "parameter.0.valueCode", "Crimson"),
    (VALIDATION, "parameter.0.valueCode", None),
    (VALIDATION, "parameter.2.valueString", "There is no scarlet here; Look again"),
    (VALIDATION, "parameter.3.valueBoolean", True),
    (VALIDATION, "parameter.3.valueBoolean", "false"),
    (VALIDATION, "parameter.3.valueBoolean", 0),
    (VALIDATION, "parameter.5.valueString", "2.0"),
    (VALIDATION, f"{ISSUE}.severity", "warning"),
    (VALIDATION, f"{ISSUE}.details.text", "There is no such colour"),
    (VALIDATION, f"{ISSUE}.extension.0.valueString", "Another_Message"),
    (VALIDATION, f"{ISSUE}.location", ["Coding.display"]),
    (VALIDATION, f"{ISSUE}.expression", ["Coding.display"]),
    (VALIDATION, f"{ISSUE}.expression", "Coding.code"),
    (VALIDATION, f"{ISSUE}.expression", []),
    (EXPANSION, "version", "4.0.1"),
    (EXPANSION, "id", "not an id"),
    (EXPANSION, "date", "2025-10-02"),
    (EXPANSION, "expansion.identifier", "urn:uuid:01234567-89AB-cdef-0123-456789abcdef"),
    (EXPANSION, "expansion.identifier", "01234567-89ab-cdef-0123-456789abcdef"),
    (EXPANSION, "expansion.timestamp", "2026-11-23T08:30:00"),
    (EXPANSION, "expansion.timestamp", "2026-11-23"),
    (EXPANSION, "expansion.timestamp", "2026-13-23T08:30:00Z"),
    (EXPANSION, "expansion.total", 4),
    (EXPANSION, "expansion.total", "3"),
    (EXPANSION, "expansion.total", Decimal("3.0")),
    (EXPANSION, "expansion.offset", 1),
    (EXPANSION, "expansion.parameter.0.valueCode", "de"),
    (EXPANSION, "expansion.parameter.1.valueUri", f"{COLOURS}|4.0.1"),
    (EXPANSION, "expansion.contains.0.code", "ochre"),
    (EXPANSION, "expansion.contains.0.property.0.valueDecimal", Decimal("6.0")),
    (EXPANSION, "expansion.contains.0.property.0.valueDecimal", 7),
    (EXPANSION, "expansion.contains.1.inactive", None),
    (EXPANSION, "expansion.contains.1.designation.0.language", "nl"),
    (EXPANSION, "expansion.contains.1.contains", {"code": "scarlet"}),
    (REFUSAL, "issue.0.code", "processing"),
    (REFUSAL, "issue.0.details.text", "too many shapes"),
]


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("rules", [OFFICIAL, STRICT], ids=["official", "strict"])
@pytest.mark.parametrize("optional", [True, False], ids=["with-optional", "without"])
def test_a_right_answer_passes(name: str, rules: Any, optional: bool) -> None:
    expected = EXPECTED[name]
    # Strictly an array that is not marked may not be missing, and filling leaves none out.
    assert judge(expected, right(expected, optional=optional), rules) == []


@pytest.mark.parametrize(("expected", "path"), DROPPED)
def test_what_is_missing_fails(expected: Json, path: str) -> None:
    answer = right(expected)
    drop(answer, path)
    both_fail(expected, answer)


@pytest.mark.parametrize(
    ("expected", "path"), [(it, path) for it, path in DROPPED if not path[-1].isdecimal()]
)
def test_what_is_renamed_fails(expected: Json, path: str) -> None:
    parent, _, last = path.rpartition(".")
    answer = right(expected)
    value = at(answer, path)
    drop(answer, path)
    put(answer, f"{parent}.{last}X" if parent else f"{last}X", value)
    both_fail(expected, answer)


@pytest.mark.parametrize(("expected", "path", "value"), ADDED)
def test_what_is_added_fails(expected: Json, path: str, value: Any) -> None:
    answer = right(expected)
    put(answer, path, value)
    both_fail(expected, answer)


@pytest.mark.parametrize(("expected", "path", "value"), CHANGED)
def test_what_is_changed_fails(expected: Json, path: str, value: Any) -> None:
    answer = right(expected)
    assert at(answer, path) != value or type(at(answer, path)) is not type(value)
    put(answer, path, value)
    both_fail(expected, answer)


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        (VALIDATION, "parameter"),
        (VALIDATION, "parameter.1.resource.issue"),
        (VALIDATION, f"{ISSUE}.details.coding"),
        (EXPANSION, "expansion.contains"),
        (EXPANSION, "expansion.contains.1.contains"),
        (EXPANSION, "expansion.parameter"),
        (EXPANSION, "expansion.contains.0.property"),
        (REFUSAL, "issue"),
    ],
)
def test_an_item_twice_fails(expected: Json, path: str) -> None:
    answer = right(expected)
    items = at(answer, path)
    put(answer, path, [*items, items[0]])
    both_fail(expected, answer)


def test_a_code_on_another_level_fails() -> None:
    answer = right(EXPANSION)
    contains = answer["expansion"]["contains"]
    contains.append(contains[1].pop("contains")[0])
    both_fail(EXPANSION, answer)


def test_a_message_in_an_element_that_is_none_fails() -> None:
    # The message is written anew when its sentences are sorted.
    answer = right(VALIDATION)
    message = answer["parameter"][2]
    message["valueText"] = message.pop("valueString")
    both_fail(VALIDATION, answer)


def test_another_resource_is_one_difference() -> None:
    [difference] = judge(EXPANSION, right(REFUSAL))
    assert (difference.path, difference.problem) == ("ValueSet", "is another resource")
    assert (difference.expected, difference.found) == ("ValueSet", "OperationOutcome")


def both_fail(expected: Json, answer: Json) -> None:
    assert judge(expected, answer, OFFICIAL)
    assert judge(expected, answer, STRICT)
