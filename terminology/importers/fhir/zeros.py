"""The character U+0000, which a FHIR string shall not have: where it stands in a resource.

https://hl7.org/fhir/R5/datatypes.html#string. No store keeps it alike, and PostgreSQL not at all.
"""

from decimal import Decimal
from typing import Any

import msgspec

from terminology.fhir.files import Incoming

_ESCAPED = b"\\u0000"


def may_have_zero(body: bytes) -> bool:
    """Whether a file may hold the character: JSON has it but escaped, and XML has it not at all."""
    return _ESCAPED in body


def fault_of(incoming: Incoming) -> str:
    """What is to be said of a resource that has the character, empty where it has none."""
    root = incoming.resource["resourceType"]
    concepts = msgspec.to_builtins(incoming.concepts, builtin_types=[Decimal])
    place = _place(incoming.resource, root) or _place(concepts, f"{root}.concept")
    return f"`{place}` has the character U+0000, which FHIR does not allow." if place else ""


def _place(value: Any, path: str) -> str:
    """The path of the first text, or name of an element, with the character."""
    if isinstance(value, str):
        return path if "\0" in value else ""
    parts: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        if any("\0" in name for name in value):
            return path
        parts = [(f"{path}.{name}", held) for name, held in value.items()]
    elif isinstance(value, list):
        parts = [(f"{path}[{number}]", held) for number, held in enumerate(value)]
    return next(filter(None, (_place(held, inner) for inner, held in parts)), "")
