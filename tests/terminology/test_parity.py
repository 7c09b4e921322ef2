"""A code system that a request brings along answers as the same one does that is stored."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from terminology.errors import ProtermError
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import (
    ANIMALS,
    COLOURS,
    code_system,
    concept,
    condition,
    include,
    perform,
    value_set,
)

CODES = ["animal", "bird", "duck", "dodo", "swimmer", "otter", "stone", "long", "nothing", "DUCK"]
TINTS = ["red", "RED", "Blue", "bLUE", "b", "nothing"]
FILTERS = [
    condition("concept", "is-a", "animal"),
    condition("concept", "is-a", "swimmer"),
    condition("code", "is-not-a", "bird"),
    condition("concept", "descendent-of", "animal"),
    condition("concept", "descendent-leaf", "animal"),
    condition("concept", "child-of", "swimmer"),
    condition("concept", "generalizes", "duck"),
    condition("concept", "is-a", "nothing"),
    condition("size", "=", "3"),
    condition("kept", "=", "false"),
    condition("tint", "=", "red"),
    condition("weight", "=", "1.25"),
    condition("named", "=", "1758"),
    condition("parent", "=", "swimmer"),
    condition("display", "=", "Duck"),
    condition("status", "=", "retired"),
    condition("notSelectable", "=", "true"),
    condition("code", "regex", "[a-d].*"),
    condition("display", "regex", ".*[kr]"),
    condition("call", "regex", "(quack(, )?)+"),
    condition("code", "regex", "("),
    condition("code", "in", "duck,stone,nothing"),
    condition("code", "not-in", "duck,stone"),
    condition("size", "in", "3,4"),
    condition("size", "not-in", "3"),
    condition("kept", "exists", "true"),
    condition("size", "exists", "false"),
    condition("unheard", "exists", "true"),
    condition("size", "exists", "maybe"),
]
SHAPES: list[dict[str, Any]] = [
    {},
    {"excludeNested": True},
    {"activeOnly": True},
    {"count": 3, "offset": 1},
    {"count": 0},
    {"filter": "d"},
    {"filter": "ente"},
    {"includeDesignations": True},
    {"displayLanguage": "de"},
    {"displayLanguage": "de, *; q=0"},
    {"designation": ["urn:ietf:bcp:47|de"]},
    {"property": ["size", "tint", "weight", "definition", "status"]},
]
LOCAL = {"property": ["size"], "displayLanguage": "de"}
Ask = tuple[str, dict[str, Any]]


def held(*wanted: Json, exclude: tuple[Json, ...] = (), **more: Any) -> Json:
    return value_set("held", *wanted, exclude=exclude, **more)


def value_sets() -> Iterator[Json]:
    yield held(include(ANIMALS))
    yield held(include(ANIMALS), inactive=False)
    yield held(include(ANIMALS, "otter", "duck", "nothing"))
    yield held(include(ANIMALS), exclude=(include(ANIMALS, "bird"),))
    yield held(include(COLOURS), include(ANIMALS, "stone"))
    yield held(include(COLOURS, "RED", "blue"))
    for one in FILTERS:
        yield held(include(ANIMALS, filter=[one]))
    yield held(include(ANIMALS, filter=[FILTERS[0], FILTERS[8]]))


def matrix() -> Iterator[Ask]:
    yield from on_code_systems()
    for resource in value_sets():
        yield from on_value_set(resource)


def on_code_systems() -> Iterator[Ask]:
    shapes: list[dict[str, Any]] = [{}, {"property": ["*"]}, LOCAL]
    for code in CODES:
        for sent in shapes:
            yield "CodeSystem/lookup", {"system": ANIMALS, "code": code} | sent
        for display in (None, "Duck", "Ente", "duck", "Spoon"):
            named = {"display": display} if display else {}
            yield "CodeSystem/validate-code", {"url": ANIMALS, "code": code} | named
    for code in TINTS:
        yield "CodeSystem/lookup", {"system": COLOURS, "code": code}
        yield "CodeSystem/validate-code", {"url": COLOURS, "code": code}
        yield "CodeSystem/validate-code", {"url": COLOURS, "code": code, "version": "1"}
    for one, other in itertools.product(CODES, repeat=2):
        yield "CodeSystem/subsumes", {"system": ANIMALS, "codeA": one, "codeB": other}


def on_value_set(resource: Json) -> Iterator[Ask]:
    for shape in SHAPES:
        yield "ValueSet/expand", {"valueSet": resource} | shape
    for code in CODES:
        sent: dict[str, Any] = {"valueSet": resource, "code": code}
        yield "ValueSet/validate-code", {"system": ANIMALS} | sent
        yield "ValueSet/validate-code", {"inferSystem": True} | sent
    for code in TINTS:
        coding = {"system": COLOURS, "code": code, "display": "Red"}
        sent = {"valueSet": resource, "coding": coding, "activeOnly": True, "abstract": False}
        yield "ValueSet/validate-code", sent


def answer(context: Context, operation: str, sent: dict[str, Any]) -> Any:
    """The answer without what is new each time, or the error."""
    try:
        found = perform(context, operation, **sent)
    except ProtermError as error:
        return type(error), error.message, error.expression, error.tx_issue_type
    expansion = found.get("expansion", {})
    expansion.pop("identifier", None)
    expansion.pop("timestamp", None)
    return found


@pytest.fixture
def stored_and_brought(
    load: Callable[..., Context], animals: Json, colours: Json
) -> tuple[Context, Context]:
    """Both code systems stored, and a store without them to which requests bring them."""
    other = code_system("other", [concept("x")])
    brought = load(other).with_resources([animals, colours])
    return load(animals, colours, other), brought


@pytest.mark.parametrize("operation", sorted({operation for operation, _ in matrix()}))
def test_stored_and_brought_along_answer_alike(
    stored_and_brought: tuple[Context, Context], operation: str
) -> None:
    stored, brought = stored_and_brought
    asked = [sent for name, sent in matrix() if name == operation]
    assert len(asked) > 30
    told = set()
    for sent in asked:
        expected = answer(stored, operation, sent)
        assert answer(brought, operation, sent) == expected, sent
        told.add(isinstance(expected, dict))
    assert True in told


def test_a_request_that_brings_its_resources_is_no_other(
    stored_and_brought: tuple[Context, Context], animals: Json, colours: Json
) -> None:
    _, brought = stored_and_brought
    context = brought.with_resources([])
    for operation, sent in itertools.islice(matrix(), 0, None, 7):
        own = sent | {"tx-resource": [animals, colours]}
        assert answer(context, operation, own) == answer(brought, operation, sent), sent


def test_one_that_is_brought_along_hides_the_stored_one(
    stored_and_brought: tuple[Context, Context], animals: Json
) -> None:
    stored, _ = stored_and_brought
    changed = animals | {"concept": [{"code": "duck", "display": "Drake"}]}
    for operation, sent in (
        ("CodeSystem/lookup", {"system": ANIMALS, "code": "duck"}),
        ("ValueSet/expand", {"valueSet": held(include(ANIMALS))}),
    ):
        before = answer(stored, operation, sent)
        found = answer(stored, operation, sent | {"tx-resource": [changed]})
        assert "Drake" in str(found)
        assert "Otter" not in str(found)
        assert answer(stored, operation, sent) == before
