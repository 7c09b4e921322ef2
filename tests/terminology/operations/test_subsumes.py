"""`$subsumes`: codes that can't be compared, then how two codes stand to each other."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import InvalidInput, MissingInput, NotFound
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import ANIMALS, COLOURS, perform, value_of


@pytest.fixture
def zoo(load: Callable[..., Context], animals: Json, colours: Json) -> Context:
    return load(animals, colours)


def subsumes(context: Context, **sent: Any) -> str:
    found = value_of(perform(context, "CodeSystem/subsumes", **sent), "outcome")
    assert isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("sent", "error", "words"),
    [
        ({"codeA": "bird", "codeB": "x", "system": ANIMALS}, NotFound, "Unknown code 'x'"),
        ({"codeA": "a", "codeB": "b", "system": "urn:gone"}, NotFound, "urn:gone"),
        ({"codeA": "bird", "codeB": "duck", "system": ANIMALS, "version": "7"}, NotFound, "7"),
        ({"codeA": "bird", "system": ANIMALS}, MissingInput, "codeB"),
        ({"codeA": "bird", "codeB": "duck"}, MissingInput, "codeA"),
        (
            {
                "codingA": {"system": ANIMALS, "code": "bird"},
                "codingB": {"system": COLOURS, "code": "red"},
            },
            InvalidInput,
            "two code systems",
        ),
    ],
)
def test_what_can_t_be_compared(
    zoo: Context, sent: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        subsumes(zoo, **sent)


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        ("bird", "bird", "equivalent"),
        ("animal", "duck", "subsumes"),
        ("swimmer", "duck", "subsumes"),
        ("duck", "bird", "subsumed-by"),
        ("duck", "swimmer", "subsumed-by"),
        ("dodo", "swimmer", "not-subsumed"),
        ("stone", "animal", "not-subsumed"),
    ],
)
def test_two_codes(zoo: Context, one: str, other: str, outcome: str) -> None:
    assert subsumes(zoo, codeA=one, codeB=other, system=ANIMALS) == outcome
    pair = {"codingA": {"system": ANIMALS, "code": one}, "codingB": {"code": other}}
    assert subsumes(zoo, system=ANIMALS, **pair) == outcome


def test_case_counts_as_the_code_system_says(zoo: Context) -> None:
    assert subsumes(zoo, codeA="BLUE", codeB="blue", system=COLOURS) == "equivalent"
