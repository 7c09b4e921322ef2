"""A right answer made of an expected response: its templates filled in."""

import re
from typing import Any

from conformance.runner.rules import Rules

Json = dict[str, Any]

VALUES = {
    "$$": "anything at all",
    "$id$": "an-id.1",
    "$uuid$": "urn:uuid:01234567-89ab-cdef-0123-456789abcdef",
    "$url$": "https://example.org/fhir/x",
    "$token$": "a_token-1.0",
    "$date$": "2026-11-23",
    "$instant$": "2026-11-23T08:30:00.5+01:00",
    "$semver$": "1.2.3-rc.1",
    "$string$": "some words",
}
_TEMPLATE = re.compile(r"\$(choice|fragments|external):(.*)\$", re.DOTALL)


def fill(expected: Json, rules: Rules, *, optional: bool = False) -> Json:
    """An answer with everything that has to be there, and with what may if `optional`."""
    filled: Json = _fill(expected, rules, optional)
    return filled


def _fill(value: Any, rules: Rules, optional: bool) -> Any:
    if isinstance(value, str):
        return _string(value, rules)
    if isinstance(value, list):
        kept = [item for item in value if optional or not rules.optional(item)]
        return [_fill(item, rules, optional) for item in kept]
    if not isinstance(value, dict):
        return value
    free = value.get("$optional-properties$", [])
    result = {
        name: _fill(inner, rules, optional)
        for name, inner in value.items()
        if not name.startswith("$") and (optional or name not in free)
    }
    return {name: inner for name, inner in result.items() if inner != []}


def _string(value: str, rules: Rules) -> str:
    if not (found := _TEMPLATE.fullmatch(value)):
        return VALUES.get(value, value.replace("$version$", rules.version))
    kind, rest = found.groups()
    if kind == "choice":
        return str(rest.split("|")[0])
    if kind == "external":
        # By their numbers, messages of the server's own wording sort as they were written.
        number, _, fragments = rest.partition(":")
        return f"({number}) {_words(fragments)}"
    return _words(rest)


def _words(fragments: str) -> str:
    return fragments.replace("|", " ... ")
