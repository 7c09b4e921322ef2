"""The rows of table `search_value`: what a resource can be found by.

How each kind of element becomes a value: https://hl7.org/fhir/R5/search.html#ptypes.
"""

import re
from collections.abc import Iterator
from typing import Any

from terminology.canonical import split
from terminology.model import Json
from terminology.store.search.dates import stored_range
from terminology.store.search.params import CONCEPT_CODE, SearchParameter, parameters_of
from terminology.text import fold

Row = tuple[str | None, str, str | None]
"""(system, value, folded), the columns that depend on the element."""

_RELATIVE = re.compile(r"^([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-.]{1,64})(?:/_history/.*)?$")


def index_rows(resource: Json) -> list[dict[str, Any]]:
    """The rows of table `search_value` for a resource, without the resource's key.

    Args:
        resource: R5-shaped JSON.

    Returns:
        Dicts with the columns type, name, system, value and folded, none twice. A resource type
        without search parameters has none.
    """
    resource_type = resource["resourceType"]
    rows = {
        (parameter.name, *row): None
        for parameter in parameters_of(resource_type).values()
        for row in parameter_rows(resource, parameter)
    }
    return [
        {"type": resource_type, "name": name, "system": system, "value": value, "folded": folded}
        for name, system, value, folded in rows
    ]


def references(resource: Json, parameter: SearchParameter) -> list[tuple[str, str]]:
    """(type, id) of each resource on this server that the reference parameter leads to."""
    rows = parameter_rows(resource, parameter)
    return [(system, folded) for system, _, folded in rows if system and folded]


def parameter_rows(resource: Json, parameter: SearchParameter) -> Iterator[Row]:
    """The values that one search parameter finds the resource by."""
    if parameter.expression == CONCEPT_CODE:
        return  # Table `concept` has them.
    for path in parameter.expression.split(" | "):
        of, _, names = path.partition(".")
        if of not in ("Resource", resource["resourceType"]):
            continue
        if names == "url":
            yield from _canonical_rows(resource)
            continue
        for element in _elements(resource, names.split(".")):
            yield from _ROWS[parameter.type](element, parameter)


def _elements(value: Any, names: list[str]) -> Iterator[Any]:
    if isinstance(value, list):
        for item in value:
            yield from _elements(item, names)
    elif not names:
        if value is not None:
            yield value
    elif isinstance(value, dict):
        yield from _elements(value.get(names[0]), names[1:])


def _token_rows(element: Any, parameter: SearchParameter) -> Iterator[Row]:
    if isinstance(element, bool):
        yield None, str(element).lower(), None
    elif isinstance(element, str):
        yield None, element if parameter.codes_of is not None else element.casefold(), None
    elif "coding" in element:
        for coding in element["coding"]:
            yield from _token_rows(coding, parameter)
    else:
        # A Coding has its code, an Identifier its value; a system alone finds neither.
        code = element.get("code", element.get("value"))
        if isinstance(code, str):
            yield element.get("system"), code.casefold(), None


def _string_rows(element: Any, _parameter: SearchParameter) -> Iterator[Row]:
    if isinstance(element, str):
        yield None, element, fold(element)


def _canonical_rows(resource: Json) -> Iterator[Row]:
    if isinstance(resource.get("url"), str):
        yield resource.get("version"), resource["url"], None


def _uri_rows(element: Any, _parameter: SearchParameter) -> Iterator[Row]:
    if isinstance(element, str):
        yield None, element, None


def _reference_rows(element: Any, _parameter: SearchParameter) -> Iterator[Row]:
    reference = element if isinstance(element, str) else element.get("reference")
    if not isinstance(reference, str) or reference.startswith("#"):
        return
    relative = _RELATIVE.match(reference)
    if relative:
        yield relative[1], f"{relative[1]}/{relative[2]}", relative[2]
    else:
        url, version = split(reference)
        yield version, url, None


def _date_rows(element: Any, _parameter: SearchParameter) -> Iterator[Row]:
    stored = stored_range(element)
    if stored:
        yield None, *stored


_ROWS = {
    "token": _token_rows,
    "string": _string_rows,
    "uri": _uri_rows,
    "reference": _reference_rows,
    "date": _date_rows,
}
