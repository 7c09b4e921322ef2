"""What the models of `fhir.resources` complain of, as sentences for people."""

from decimal import Decimal
from typing import Any

_LONGEST = 40
_WRITTEN = {
    "DateTime": "a FHIR dateTime: write YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with a"
    " zone",
    "Date": "a FHIR date: write YYYY, YYYY-MM or YYYY-MM-DD",
    "Instant": "a FHIR instant: write YYYY-MM-DDThh:mm:ss with a zone",
    "Time": "a FHIR time: write hh:mm:ss",
}
"""https://hl7.org/fhir/R5/datatypes.html#dateTime and the types beside it."""


def told(path: str, value: Any, said: str) -> str:
    """The sentence of a fault.

    Args:
        path: the FHIRPath of the element.
        value: what stands there.
        said: the message of the model; who reads it is no person, so it only tells the type.
    """
    first = said.removeprefix("Value error, ").partition(" ")[0]
    if not isinstance(value, str | int | float | Decimal):
        return f"`{path}` is not of the form that FHIR asks there"
    wanted = _WRITTEN.get(first, "of the form that FHIR asks there")
    return f"`{path}` is {form_of(value)}, which is not {wanted}"


def form_of(value: Any) -> str:
    """What a value is, in a few words."""
    if isinstance(value, str):
        return f"'{value[:_LONGEST]}...'" if len(value) > _LONGEST else f"'{value}'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return str(value)[:_LONGEST]
    return "null" if value is None else "a list" if isinstance(value, list) else "an object"
