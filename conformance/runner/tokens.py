"""Strings: the templates that an expected response has in the place of a value.

- `$$`: anything
- `$id$` `$uuid$` `$url$` `$token$` `$date$` `$instant$` `$semver$` `$string$`: any of that kind
- `$version$`: the server's FHIR version, also within a longer string
- `$choice:a|b$`: one of these
- `$fragments:a|b$`: all of these are in it, in any case
- `$external:N:a|b$`: message N in the server's own wording, or else like `$fragments:`
"""

import re
from base64 import b64decode

from conformance.runner.rules import Rules, SuiteError

_DAY = r"(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))"
_NUMBER = r"(0|[1-9]\d*)"
_PRERELEASE = r"(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"
_BUILD = r"[0-9a-zA-Z-]+"

# https://hl7.org/fhir/R5/datatypes.html for id, date and instant; https://semver.org for semver.
_KINDS = {
    name: re.compile(pattern, re.ASCII)
    for name, pattern in {
        "$id$": r"[A-Za-z0-9.-]{1,64}",
        "$uuid$": r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "$url$": r"https?://[\w.~:/?#@!&%+=;|-]*[\w~/#@&%+=|-]",
        "$token$": r"\w[\w.-]*",
        "$date$": f"{_DAY}({_TIME})?",
        "$instant$": f"{_DAY}{_TIME}",
        "$semver$": rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
        rf"(-{_PRERELEASE}(\.{_PRERELEASE})*)?(\+{_BUILD}(\.{_BUILD})*)?",
    }.items()
}
_TRIMMED = "".join(map(chr, range(33)))  # what Java's String.trim() takes away
_ALPHABET = re.compile(r"[^A-Za-z0-9+/]")


def agree(expected: str, found: str, rules: Rules) -> bool:
    """Whether a string is what was expected.

    Two narratives always agree. Unless the rules are strict, so do two strings that are the same
    bytes when read as base64: `Display 2` and `Display #2`, `1.0.0` and `1.0.1`.

    Raises:
        SuiteError: `expected` is a template that is not known.
    """
    if "<div" in expected and "<div" in found:
        return True
    if matches(expected, found, rules):
        return True
    return not rules.strict and base64_alike(expected, found)


def matches(expected: str, found: str, rules: Rules) -> bool:
    """Whether a string equals another, or is what the template asks for.

    Raises:
        SuiteError: a template that is not known.
    """
    if not (expected.startswith("$") and expected.endswith("$")):
        return found == expected.replace("$version$", rules.version)
    if expected == "$$":
        return True
    if expected == "$version$":
        return found == rules.version
    if expected == "$string$":
        return found == found.strip(_TRIMMED)
    if kind := _KINDS.get(expected):
        return kind.fullmatch(found) is not None
    return _matches_list(expected, found, rules)


def _matches_list(expected: str, found: str, rules: Rules) -> bool:
    name, colon, rest = expected[1:-1].partition(":")
    if colon and name == "choice":
        return found in _split(rest, "|")
    if colon and name == "fragments":
        return _has_all(found, rest)
    if colon and name == "external":
        number, *fragments = _split(rest, ":") or [""]
        if rules.externals is not None:
            return bool(found == rules.externals.get(number))
        # Only the part up to the next colon counts, so that of a URL "http" is left.
        return not fragments or _has_all(found, fragments[0])
    raise SuiteError(f"the expected response has the template {expected}, which is not known")


def _has_all(found: str, fragments: str) -> bool:
    return all(fragment.lower() in found.lower() for fragment in _split(fragments, "|"))


def _split(text: str, mark: str) -> list[str]:
    """Split as Java does: without the empty strings at the end."""
    parts = text.split(mark)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def base64_alike(one: str, other: str) -> bool:
    """Whether two strings are the same bytes, and any at all, when read as base64.

    Read as Apache's commons-codec reads it: what is not of the alphabet is passed over, `-` and
    `_` stand for `+` and `/`, the first `=` ends it, and bits that make no byte are dropped.
    """
    read = _from_base64(one)
    return bool(read) and read == _from_base64(other)


def _from_base64(text: str) -> bytes:
    text = text.partition("=")[0].replace("-", "+").replace("_", "/")
    text = _ALPHABET.sub("", text)
    if len(text) % 4 == 1:
        text = text[:-1]
    return b64decode(text + "=" * (-len(text) % 4))
