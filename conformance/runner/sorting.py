"""The order in which an answer is compared.

FHIR gives most of these lists no order, so a server may answer in any. HL7's runner sorts the
answer, and what is expected has been sorted when it was written. Where two items tie, the server's
order stays, and counts.
"""

from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

from terminology.fhir.json import Json


def sort(resource: Json) -> Json:
    """Sort an answer as HL7's runner does.

    Args:
        resource: in R5 and scrubbed; it is not written to, and nothing about it is trusted.

    Returns:
        A new resource. A list with anything but objects in it is left in its order, and so are the
        issues of an OperationOutcome that is the whole answer.
    """
    kind = resource.get("resourceType")
    if kind == "Parameters":
        return _parameters(resource)
    if kind == "ValueSet":
        return _value_set(resource)
    if kind == "CapabilityStatement":
        return _capability_statement(resource)
    return _terminology_capabilities(resource) if kind == "TerminologyCapabilities" else resource


def _change(holder: Any, name: str, function: Callable[[list[Json]], list[Json]]) -> Any:
    """A copy of an object with one list of objects in it changed; itself where there is none."""
    items = holder.get(name) if isinstance(holder, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        return holder
    return holder | {name: function(items)}


def _by(*names: str) -> Callable[[list[Json]], list[Json]]:
    def function(items: list[Json]) -> list[Json]:
        return sorted(items, key=lambda item: tuple(_text(item.get(name)) for name in names))

    return function


def _text(value: Any) -> bytes:
    """A sort key for a primitive: in UTF-16, since Java compares strings in it."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    if isinstance(value, bool):
        text = text.lower()
    return text.encode("utf-16-be", "surrogatepass")


def _primitive(holder: Json) -> Any:
    """The value of a parameter, if it is a primitive."""
    for name, value in holder.items():
        if name.startswith("value") and not isinstance(value, dict | list):
            return value
    return None


# Parameters


def _parameters(resource: Json) -> Json:
    def function(parameters: list[Json]) -> list[Json]:
        return [_joined(_inner(parameter)) for parameter in _sorted_parts(parameters)]

    changed: Json = _change(resource, "parameter", function)
    return changed


def _sorted_parts(parts: list[Json]) -> list[Json]:
    if len(parts) < 2:
        return parts  # a list of one is not sorted, nor is what is in it
    inside = [_extensions(_change(part, "part", _sorted_parts)) for part in parts]
    return sorted(inside, key=_parameter_key)


def _parameter_key(parameter: Json) -> tuple[bytes, ...]:
    name = parameter.get("name")
    within = {"property": ("code", "value"), "designation": ("language", "value")}
    parts = within.get(name, ()) if isinstance(name, str) else ()
    return (_text(name), *(_text(_part(parameter, part)) for part in parts))


def _part(parameter: Json, name: str) -> str:
    parts = parameter.get("part")
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, dict) and part.get("name") == name:
            value = _primitive(part)
            return "" if value is None else str(value).lower()
    return ""


def _inner(parameter: Json) -> Json:
    resource = parameter.get("resource")
    if not isinstance(resource, dict):
        return parameter
    if resource.get("resourceType") == "OperationOutcome":
        return parameter | {"resource": _change(resource, "issue", _issues)}
    if resource.get("resourceType") == "Parameters":
        return parameter | {"resource": _parameters(resource)}
    return parameter


def _issues(issues: list[Json]) -> list[Json]:
    return sorted(issues, key=_issue_key)


def _issue_key(issue: Json) -> tuple[bytes, ...]:
    details, expression = issue.get("details"), issue.get("expression")
    first = expression[0] if isinstance(expression, list) and expression else None
    text = details.get("text") if isinstance(details, dict) else None
    return tuple(map(_text, (issue.get("severity"), issue.get("code"), first, text)))


def _joined(parameter: Json) -> Json:
    """A message of several sentences, with its sentences sorted."""
    message = parameter.get("valueString")
    if parameter.get("name") != "message" or not isinstance(message, str) or "; " not in message:
        return parameter
    sentences = message.split("; ")
    while sentences and not sentences[-1]:
        sentences.pop()
    return parameter | {"valueString": "; ".join(sorted(sentences, key=_text))}


# ValueSet


def _value_set(resource: Json) -> Json:
    resource = _extensions(resource)
    expansion: Any = _extensions(resource.get("expansion"))
    if not isinstance(expansion, dict):
        return resource
    for name, function in (
        ("parameter", _expansion_parameters),
        ("property", _by("uri", "code")),
        ("contains", _contains),
    ):
        expansion = _change(expansion, name, function)
    return resource | {"expansion": expansion}


def _extensions(holder: Any) -> Any:
    return _change(holder, "extension", _sorted_extensions)


def _sorted_extensions(extensions: list[Json]) -> list[Json]:
    if len(extensions) < 2:
        return extensions
    return _by("url")([_extensions(extension) for extension in extensions])


def _expansion_parameters(parameters: list[Json]) -> list[Json]:
    def key(parameter: Json) -> tuple[bytes, bytes]:
        return _text(parameter.get("name")), _text(_primitive(parameter))

    return sorted(map(_extensions, parameters), key=key)


def _contains(contains: list[Json]) -> list[Json]:
    return [_concept(concept) for concept in _by("code")(contains)]


def _concept(concept: Json) -> Json:
    concept = _extensions(concept)
    for name, function in (
        ("contains", _contains),
        ("designation", _designations),
        ("property", _by("code")),
    ):
        concept = _change(concept, name, function)
    return concept


def _designations(designations: list[Json]) -> list[Json]:
    def order(one: Json, other: Json) -> int:
        name = "language" if "language" in one and "language" in other else "value"
        first, second = _text(one.get(name)), _text(other.get(name))
        return (first > second) - (first < second)

    return sorted(designations, key=cmp_to_key(order))


# Statements of capabilities


def _capability_statement(resource: Json) -> Json:
    resource = _primitives(resource, "format", "instantiates", "imports", "acceptLanguage")

    def function(rests: list[Json]) -> list[Json]:
        return [_rest(rest) for rest in _by("mode")(rests)]

    changed: Json = _change(resource, "rest", function)
    return changed


def _rest(rest: Json) -> Json:
    def resources(items: list[Json]) -> list[Json]:
        return [_rest_resource(item) for item in _by("type")(items)]

    rest = _change(rest, "resource", resources)
    rest = _primitives(rest, "compartment")
    return _lists(rest, interaction="code", searchParam="name", operation="name")


def _rest_resource(resource: Json) -> Json:
    resource = _primitives(resource, "supportedProfile", "searchInclude", "searchRevInclude")
    return _lists(resource, interaction="code", searchParam="name", operation="name")


def _terminology_capabilities(resource: Json) -> Json:
    def systems(items: list[Json]) -> list[Json]:
        return [_change(item, "version", _by("code")) for item in _by("uri")(items)]

    resource = _change(resource, "codeSystem", systems)
    expansion = resource.get("expansion")
    if not isinstance(expansion, dict):
        return resource
    return resource | {"expansion": _change(expansion, "parameter", _by("name"))}


def _lists(holder: Json, **keys: str) -> Json:
    for name, key in keys.items():
        holder = _change(holder, name, _by(key))
    return holder


def _primitives(holder: Json, *names: str) -> Json:
    for name in names:
        values = holder.get(name)
        if isinstance(values, list):
            holder = holder | {name: sorted(values, key=_text)}
    return holder
