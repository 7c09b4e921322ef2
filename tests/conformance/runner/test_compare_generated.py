"""Any JSON agrees with itself, and with nothing that it can be spoilt into."""

from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from conformance.runner.compare import compare
from conformance.runner.scrub import scrub
from conformance.runner.sorting import sort
from conformance.runner.tokens import base64_alike
from tests.conformance.runner.samples import OFFICIAL, STRICT

Path = tuple[str | int, ...]

texts = st.text(st.characters(codec="utf-8", exclude_characters="$"), max_size=8)
names = st.text("abcdefg", min_size=1, max_size=3)
numbers = st.integers(-99, 99) | st.decimals("-9", "9", places=2)
primitives = st.booleans() | numbers | texts
trees = st.recursive(
    primitives,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(names, inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)
resources = st.dictionaries(names, trees, min_size=1, max_size=4)
FAKE = ["Parameters", "ValueSet", "OperationOutcome", "CapabilityStatement"]
KEYS = "parameter part name resource issue extension contains compose expansion text".split()
shapeless = st.recursive(
    primitives | st.none() | st.sampled_from(FAKE),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*KEYS, "resourceType", "url", "_code"]), inner)
    ),
    max_leaves=20,
)


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a tree but its root."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in inside:
        yield (*path, step)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*path, step))


def spoil(data: st.DataObject, tree: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """A tree with one thing in it wrong, and whether HL7's runner excuses it."""
    spoilt = deepcopy(tree)
    path = data.draw(st.sampled_from(list(paths(tree))))
    holder: Any = spoilt
    for step in path[:-1]:
        holder = holder[step]
    step, value = path[-1], holder[path[-1]]
    how = data.draw(st.sampled_from(["drop", "add", "rename", "type", "value", "wrap"]))
    excused = False
    if how == "drop":
        del holder[step]
        primitive = isinstance(value, list) and not any(isinstance(one, dict) for one in value)
        excused = primitive and isinstance(holder, dict)
    elif how in ("add", "rename") and isinstance(holder, dict):
        holder["new"] = value
        if how == "rename":
            del holder[step]
    elif how == "add":
        holder.insert(int(step), value)
    elif how == "wrap":
        holder[step] = [value]
    elif how == "type":
        holder[step] = {"value": value}
    else:
        holder[step] = other(value)
        excused = isinstance(value, str) and base64_alike(value, holder[step])
    return spoilt, excused


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return Decimal(f"{value}.0")
    if isinstance(value, Decimal):
        return Decimal(f"{value}0")
    if isinstance(value, str):
        return f"{value}~"
    return None


@given(resources)
def test_anything_agrees_with_itself(tree: dict[str, Any]) -> None:
    assert compare(tree, deepcopy(tree), STRICT) == []


@given(st.data(), resources)
def test_anything_spoilt_fails(data: st.DataObject, tree: dict[str, Any]) -> None:
    spoilt, excused = spoil(data, tree)
    assert compare(tree, spoilt, STRICT)
    assert bool(compare(tree, spoilt, OFFICIAL)) is not excused


@given(resources, resources)
def test_strict_is_never_more_lenient(one: dict[str, Any], another: dict[str, Any]) -> None:
    if compare(one, another, STRICT) == []:
        assert compare(one, another, OFFICIAL) == []


@given(st.sampled_from(FAKE), st.dictionaries(st.sampled_from(KEYS), shapeless))
def test_no_answer_is_too_odd_to_be_judged(kind: str, answer: dict[str, Any]) -> None:
    answer["resourceType"] = kind
    kept = deepcopy(answer)
    assert compare({"resourceType": "Bundle"}, sort(scrub(answer)), OFFICIAL)
    assert answer == kept
