"""Parameters, what FHIR operations take, https://hl7.org/fhir/R5/parameters.html."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from msgspec import Struct

from terminology.errors import MalformedInput
from terminology.fhir.json import Json


class Parameter(Struct, frozen=True):
    """One parameter that came in.

    Attributes:
        name: as it was sent.
        kind: the FHIR type of the value, such as `code` or `Coding`; `resource`, or `part`.
        value: what JSON held: a string, number, boolean or object; for `part` a list of
            `Parameter`; None where extensions stand in the value's place.
        expression: where it stands, such as `Parameters.parameter[2]`.
    """

    name: str
    kind: str
    value: Any
    expression: str


def read_parameters(resource: Json) -> list[Parameter]:
    """Read a Parameters resource in the order in which it was sent.

    Args:
        resource: as it was decoded; nothing about it is trusted.

    Returns:
        A `Parameter` for each, names not looked at.

    Raises:
        MalformedInput: another resource; `parameter` or a `part` is not an array of objects; a
            name is missing; not exactly one of value, resource and part; a value of the wrong
            JSON type.
    """
    if resource.get("resourceType") != "Parameters":
        raise MalformedInput(
            f"The body is a {str(resource.get('resourceType'))[:60]}; send a Parameters resource."
        )
    return _read_list(resource.get("parameter", []), "Parameters.parameter")


def _read_list(entries: Any, where: str) -> list[Parameter]:
    if not isinstance(entries, list):
        raise MalformedInput(f"{where} must be an array of objects.", expression=where)
    return [_read_one(entry, f"{where}[{index}]") for index, entry in enumerate(entries)]


def _read_one(entry: Any, where: str) -> Parameter:
    if not isinstance(entry, dict):
        raise MalformedInput(
            f"{where} must be an object with a name and a value.", expression=where
        )
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        raise MalformedInput(f"{where} has no name (a non-empty string).", expression=where)
    keys = {key.removeprefix("_") for key in entry if _CONTENT.match(key)}
    if len(keys) != 1:
        found = " and ".join(sorted(keys)) or "nothing"
        raise MalformedInput(
            f"{where} ({name}) must have one value[x], resource or part, and has {found}.",
            expression=where,
        )
    (key,) = keys
    return Parameter(name, *_read_content(key, entry, where, name), where)


def _read_content(key: str, entry: Json, where: str, name: str) -> tuple[str, Any]:
    value = entry.get(key)
    where = f"{where}.{key}"
    if key == "part":
        return key, _read_list(value, where)
    kind = key if key == "resource" else _KINDS.get(key)
    if kind is None:
        raise MalformedInput(f"{where} ({name}): FHIR has no such value type.", expression=where)
    if value is None and isinstance(entry.get("_" + key), dict):
        return kind, None
    fits, wanted = _CHECKS.get(kind, _STRING if kind[0].islower() else _OBJECT)
    if not fits(value):
        raise MalformedInput(f"{where} ({name}) must be {wanted}.", expression=where)
    return kind, value


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


_Check: TypeAlias = tuple[Callable[[Any], bool], str]

_STRING: _Check = (lambda value: isinstance(value, str), "a string")
_OBJECT: _Check = (lambda value: isinstance(value, dict), "an object")
_CHECKS: dict[str, _Check] = {
    "resource": (
        lambda value: isinstance(value, dict) and isinstance(value.get("resourceType"), str),
        "a resource: an object with a resourceType",
    ),
    "boolean": (lambda value: isinstance(value, bool), "true or false, without quotes"),
    "decimal": (lambda value: type(value) in (int, Decimal, float), "a number, without quotes"),
    "integer": (_whole(-(2**31), 2**31 - 1), "a whole number of 32 bits, without quotes"),
    "unsignedInt": (_whole(0, 2**31 - 1), "a whole number from 0, without quotes"),
    "positiveInt": (_whole(1, 2**31 - 1), "a whole number from 1, without quotes"),
}

_CONTENT = re.compile("_?value[A-Z]|(resource|part)$")

# The types of value[x] in R4, R4B and R5 together: https://hl7.org/fhir/R5/datatypes.html#open
_PRIMITIVES = """
    base64Binary boolean canonical code date dateTime decimal id instant integer integer64
    markdown oid positiveInt string time unsignedInt uri url uuid
"""
_COMPLEX = """
    Address Age Annotation Attachment Availability CodeableConcept CodeableReference Coding
    ContactDetail ContactPoint Contributor Count DataRequirement Distance Dosage Duration
    Expression ExtendedContactDetail HumanName Identifier Meta Money MonetaryComponent
    ParameterDefinition Period Quantity Range Ratio RatioRange Reference RelatedArtifact
    SampledData Signature Timing TriggerDefinition UsageContext
"""
_KINDS = {
    f"value{kind[0].upper()}{kind[1:]}": kind for kind in [*_PRIMITIVES.split(), *_COMPLEX.split()]
}
