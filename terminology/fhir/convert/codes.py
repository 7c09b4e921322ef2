"""Codes of R5 that R4's value sets have not: an extension stands in their place."""

from itertools import zip_longest
from typing import Any

from terminology.fhir.convert.steps import as_list, change, unless_empty
from terminology.fhir.json import Json


def hide_codes(value: Json, name: str, known: frozenset[str], url: str) -> Json:
    """Move those codes of the element `name` that are not known into extensions `url` on it.

    Where the element is required, R4 reads an element without a value but with an extension.
    """
    codes = value.get(name)
    if codes is None or not any(_unknown(code, known) for code in as_list(codes)):
        return value
    shown: list[Any] = []
    hidden: list[Any] = []
    for code, beside in zip_longest(as_list(codes), as_list(value.get("_" + name))):
        if not _unknown(code, known):
            shown.append(code)
            hidden.append(beside)
            continue
        own = beside if isinstance(beside, dict) else {}
        extension = {"url": url, "valueCode": code}
        shown.append(None)
        hidden.append({**own, "extension": [*as_list(own.get("extension")), extension]})
    return _put(value, name, shown, hidden, many=isinstance(codes, list))


def show_codes(value: Json, name: str, url: str) -> Json:
    """Undo `hide_codes`."""
    beside = value.get("_" + name)
    if beside is None:
        return value
    codes: list[Any] = []
    besides: list[Any] = []
    found = False
    for code, hidden in zip_longest(as_list(value.get(name)), as_list(beside)):
        extension = _extension(hidden, url) if code is None else None
        codes.append(code if extension is None else extension.get("valueCode"))
        besides.append(hidden if extension is None else _without(hidden, extension))
        found = found or extension is not None
    return _put(value, name, codes, besides, many=isinstance(beside, list)) if found else value


def _unknown(code: Any, known: frozenset[str]) -> bool:
    return isinstance(code, str) and code not in known


def _extension(hidden: Any, url: str) -> Json | None:
    for extension in as_list(hidden.get("extension")) if isinstance(hidden, dict) else ():
        if isinstance(extension, dict) and extension.get("url") == url:
            return extension
    return None


def _without(hidden: Json, extension: Json) -> Json | None:
    rest = [other for other in as_list(hidden["extension"]) if other is not extension]
    return change(hidden, "extension", extension=rest or None) or None


def _put(value: Json, name: str, codes: list[Any], besides: list[Any], *, many: bool) -> Json:
    changed = {
        name: unless_empty(codes) if many else codes[0],
        "_" + name: unless_empty(besides) if many else besides[0],
    }
    return change(value, name, "_" + name, **changed)
