"""What each operator selects of the zoo."""

import pytest

from terminology.codesystems.provider import Provider
from terminology.filters import OPERATORS
from tests.terminology.filters.conftest import Selected

ALL = ["animal", "bird", "duck", "dodo", "swimmer", "otter", "stone", "long"]


@pytest.mark.parametrize(
    ("op", "value", "codes"),
    [
        ("=", "duck", ["duck"]),
        ("=", "nothing", []),
        ("is-a", "bird", ["bird", "duck", "dodo"]),
        ("is-a", "swimmer", ["duck", "swimmer", "otter"]),
        ("is-a", "duck", ["duck"]),
        ("is-a", "nothing", []),
        ("is-not-a", "bird", ["animal", "swimmer", "otter", "stone", "long"]),
        ("is-not-a", "animal", ["stone", "long"]),
        ("is-not-a", "nothing", ALL),
        ("descendent-of", "swimmer", ["duck", "otter"]),
        ("descendent-of", "animal", ["bird", "duck", "dodo", "swimmer", "otter"]),
        ("descendent-of", "duck", []),
        ("child-of", "animal", ["bird", "swimmer"]),
        ("child-of", "swimmer", ["duck", "otter"]),
        ("child-of", "stone", []),
        ("descendent-leaf", "animal", ["duck", "dodo", "otter"]),
        ("descendent-leaf", "duck", []),
        ("generalizes", "duck", ["animal", "bird", "duck", "swimmer"]),
        ("generalizes", "stone", ["stone"]),
        ("generalizes", "nothing", []),
        ("in", "duck, stone,nothing,,duck", ["duck", "stone"]),
        ("in", ",", []),
        ("not-in", "animal,bird,duck,dodo,swimmer", ["otter", "stone", "long"]),
        ("regex", ".*d.*", ["bird", "duck", "dodo"]),
        ("regex", "d", []),
        ("exists", "true", ALL),
        ("exists", "false", []),
    ],
)
def test_of_the_concept_itself(selected: Selected, op: str, value: str, codes: list[str]) -> None:
    for property_code in ("concept", "code"):
        assert selected(property_code, op, value) == codes


@pytest.mark.parametrize(
    ("property_code", "op", "value", "codes"),
    [
        ("size", "=", "3", ["duck", "otter"]),
        ("size", "=", "03", []),
        ("size", "=", "5", []),
        ("size", "in", "3, 4", ["duck", "dodo", "otter"]),
        ("size", "not-in", "3", ["animal", "bird", "dodo", "swimmer", "stone", "long"]),
        ("size", "regex", "[3-9]", ["duck", "dodo", "otter"]),
        ("size", "exists", "true", ["duck", "dodo", "otter"]),
        ("kept", "=", "true", ["duck"]),
        ("kept", "=", "false", ["dodo"]),
        ("kept", "=", "TRUE", []),
        ("named", "=", "1758", ["duck"]),
        ("weight", "=", "1.25", ["duck"]),
        ("call", "=", "quack, quack", ["duck"]),
        ("tint", "=", "red", ["duck", "stone"]),
        ("tint", "=", "b", ["stone"]),
        ("tint", "not-in", "red", ["animal", "bird", "dodo", "swimmer", "otter", "long"]),
        ("tint", "regex", "r..|b", ["duck", "stone"]),
        ("display", "=", "Duck", ["duck"]),
        ("display", "=", "duck", []),
        ("display", "=", "Ente", []),
        ("display", "in", "Duck,Otter", ["duck", "otter"]),
        ("display", "regex", "D.*", ["duck", "dodo"]),
        ("display", "exists", "false", ["stone"]),
        ("nothing", "=", "3", []),
        ("nothing", "in", "3", []),
        ("nothing", "not-in", "3", ALL),
        ("nothing", "regex", ".*", []),
        ("nothing", "exists", "true", []),
        ("nothing", "exists", "false", ALL),
    ],
)
def test_of_a_property(
    provider: Provider,
    selected: Selected,
    property_code: str,
    op: str,
    value: str,
    codes: list[str],
) -> None:
    assert selected(property_code, op, value) == codes


def test_a_value_that_is_absent_does_not_exist(provider: Provider, selected: Selected) -> None:
    said = [] if not provider.supplements else ["otter"]
    assert selected("call", "exists", "true") == ["duck", *said]


def test_what_a_supplement_says_is_filtered_too(provider: Provider, selected: Selected) -> None:
    assert selected("size", "=", "9") == (["otter"] if provider.supplements else [])


def test_a_code_system_that_does_not_look_at_case(provider: Provider, selected: Selected) -> None:
    folds = provider.head.case_sensitive is False
    assert selected("code", "=", "DUCK") == (["duck"] if folds else [])
    assert selected("code", "in", "DUCK,Stone") == (["duck", "stone"] if folds else [])
    assert selected("concept", "child-of", "Swimmer") == (["duck", "otter"] if folds else [])
    assert selected("size", "exists", "true") == ["duck", "dodo", "otter"]


@pytest.mark.parametrize(
    ("expression", "codes"),
    [
        ("((a+)+)+", []),
        ("(a|aa)+$", []),
        ("(.*a){20}!", ["long"]),
        ("((a+)+)+!", ["long"]),
        ("(?i)LONG|(A+)!", ["long"]),
    ],
)
def test_an_expression_that_explodes_elsewhere_answers_at_once(
    selected: Selected, expression: str, codes: list[str]
) -> None:
    assert selected("display", "regex", expression) == codes


def test_every_operator_of_fhir_is_here() -> None:
    # https://hl7.org/fhir/R5/valueset-filter-operator.html
    assert set(OPERATORS) == {
        "=", "is-a", "descendent-of", "is-not-a", "regex", "in", "not-in", "generalizes",
        "child-of", "descendent-leaf", "exists",
    }  # fmt: skip
