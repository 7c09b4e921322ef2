"""An expected response and an answer: what is different.

HL7's runner stops at the first difference; this one goes on, for whoever has to mend them. It
finds none exactly where HL7's finds none, but for one thing: once every item of an array is used
up and the next expected one is optional, HL7's asks no further, so that a required item behind it
is not missed. Here it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.runner.rules import Rules, SuiteError
from conformance.runner.tokens import agree
from terminology.fhir.json import Json

_TYPE = "resourceType"
_LABELS = ("severity", "name", "code", "url", "uri", "language")


@dataclass(frozen=True)
class Difference:
    """One thing that is not as expected.

    Attributes:
        path: where, such as `Parameters.parameter[1:issues].resource.issue[0]`; numbers count
            the expected items from 0.
        problem: what is wrong, in a word or a sentence.
        expected: the JSON value that was expected; None where nothing was.
        found: the JSON value in its place; None where nothing is.
    """

    path: str
    problem: str
    expected: Any = None
    found: Any = None


def compare(expected: Json, found: Json, rules: Rules) -> list[Difference]:
    """Compare an answer, scrubbed and sorted, with what was expected.

    Args:
        expected: a response file of the suite, with its templates; it is used as it is.
        found: the answer in R5.
        rules: how to read the expected response.

    Returns:
        What is different; nothing if the answer is right.
    """
    root = str(expected.get("resourceType", ""))
    try:
        return list(_value(root, expected, found, rules))
    except SuiteError as error:
        return [Difference(root, str(error))]


def _value(path: str, expected: Any, found: Any, rules: Rules) -> Iterator[Difference]:
    kind = _kind(expected)
    if kind != _kind(found):
        yield Difference(path, f"should be {kind} and is {_kind(found)}", expected, found)
    elif isinstance(expected, dict) and _another_resource(expected, found):
        # Nothing in it could be of interest any more.
        yield Difference(path, "is another resource", expected[_TYPE], found[_TYPE])
    elif isinstance(expected, dict):
        yield from _object(path, expected, found, rules)
    elif isinstance(expected, list):
        yield from (_search if rules.pattern else _array)(path, expected, found, rules)
    elif not _same(expected, found, rules):
        yield Difference(path, "differs", expected, found)


def _another_resource(expected: Json, found: Json) -> bool:
    one, other = expected.get(_TYPE), found.get(_TYPE)
    return isinstance(one, str) and isinstance(other, str) and one != other


def _same(expected: Any, found: Any, rules: Rules) -> bool:
    if isinstance(expected, str):
        return agree(expected, found, rules)
    # As text: 6 and 6.0 are different decimals, https://hl7.org/fhir/R5/datatypes.html#decimal.
    return str(expected) == str(found)


def _object(path: str, expected: Json, found: Json, rules: Rules) -> Iterator[Difference]:
    free = _names(expected, "$optional-properties$")
    counted = _names(expected, "$count-arrays$")
    for name, value in found.items():
        where = f"{path}.{name}"
        if name.startswith("$"):
            yield Difference(where, "is no property of FHIR", None, value)
        elif name not in expected:
            if not (rules.pattern or free & {name, "*"}):
                yield Difference(where, "is not expected", None, value)
        elif name in counted:
            yield from _count(where, expected[name], value)
        else:
            yield from _value(where, expected[name], value, rules)
    for name, value in expected.items():
        left_out = name not in found and not name.startswith("$")
        if left_out and not (free & {name, "*"} or rules.may_be_missing(value)):
            yield Difference(f"{path}.{name}", "is missing", value)


def _count(path: str, expected: Any, found: Any) -> Iterator[Difference]:
    if not isinstance(expected, list) or not isinstance(found, list):
        yield Difference(path, f"should be an array and is {_kind(found)}", expected, found)
    elif len(expected) != len(found):
        yield Difference(path, "has another number of items", len(expected), len(found))


def _array(path: str, expected: list[Any], found: list[Any], rules: Rules) -> Iterator[Difference]:
    least = sum(not rules.optional(item) for item in expected)
    if not least <= len(found) <= len(expected):
        yield _items(path, "has another number of items", expected, found)
        return
    position = 0
    for index, item in enumerate(expected):
        if position == len(found):
            if not rules.optional(item):
                yield Difference(_at(path, index, item), "is missing", item)
            continue
        differences = list(_value(_at(path, index, item), item, found[position], rules))
        if differences and rules.optional(item):
            continue
        if differences and not _alike(item, found[position]):
            yield _items(path, "has other items", expected, found)
            return
        yield from differences
        position += 1
    if position < len(found):
        yield _items(path, "has an item that is not expected", expected, found)


def _search(path: str, expected: list[Any], found: list[Any], rules: Rules) -> Iterator[Difference]:
    """Look for each expected item behind the one before it."""
    rest = iter(found)
    for index, item in enumerate(expected):
        where = _at(path, index, item)
        if not any(next(_value(where, item, other, rules), None) is None for other in rest):
            yield Difference(where, "is not among what was found", item, _labels(found))
            return


def _items(path: str, problem: str, expected: list[Any], found: list[Any]) -> Difference:
    return Difference(path, problem, _labels(expected), _labels(found))


def _alike(expected: Any, found: Any) -> bool:
    """Whether two items are about the same thing, so that what differs in them is of interest."""
    one, other = _label(expected), _label(found)
    return one == other or not isinstance(one, str) or "$" in one


def _labels(items: list[Any]) -> list[Any]:
    return [_label(item) for item in items]


def _label(item: Any) -> Any:
    """What to call an item of an array: `error invalid` for an issue, `result` for a parameter."""
    if not isinstance(item, dict):
        return item
    words = [item[name] for name in _LABELS if isinstance(item.get(name), str)]
    return " ".join(words) if words else item


def _at(path: str, index: int, item: Any) -> str:
    name = item.get("name", item.get("code")) if isinstance(item, dict) else None
    return f"{path}[{index}:{name}]" if isinstance(name, str) else f"{path}[{index}]"


def _names(expected: Json, key: str) -> set[str]:
    names = expected.get(key, [])
    return {name for name in (names if isinstance(names, list) else [names]) if name}


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    return "a number"
