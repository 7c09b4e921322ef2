"""FHIR JSON: bytes to a resource and back, https://hl7.org/fhir/R5/json.html.

`decode` turns what a caller sent into plain dicts and lists, or says where it is broken; `encode`
writes them again. A number with a point or an exponent becomes a `Decimal` of the digits that
were sent, since FHIR decimals carry their precision (R5 datatypes, "decimal"): `1.10` never turns
into `1.1`.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import msgspec

from terminology.errors import MalformedInput
from terminology.model import Json as Json  # noqa: PLC0414 - whoever reads JSON names it so

MAX_DEPTH = 100
"""How deep objects and arrays may be nested; FHIR resources stay under 30."""

MAX_EXPONENT = 308
"""Decimals past this power of ten leave the range of a double, which other JSON readers use."""

_PART = 500
"""So many entries of an expansion are written at a time."""
_BOM = b"\xef\xbb\xbf"
_BYTE = re.compile(r"^(?:JSON is malformed: )?(.*?) \(byte (\d+)\)$")


def decode(body: bytes) -> Json:
    """Read one resource.

    Args:
        body: UTF-8 JSON, with or without a byte order mark.

    Returns:
        The object, with `resourceType` in it. Nothing else of FHIR is checked.

    Raises:
        MalformedInput: not JSON, not UTF-8, nested more than `MAX_DEPTH` levels, a number out of
            range, not an object, or no `resourceType`.
    """
    value = decode_any(body)
    if type(value) is not dict:
        raise MalformedInput(
            f"The body is {_kind(value)}; send a resource: an object with a resourceType."
        )
    resource_type = value.get("resourceType")
    if not isinstance(resource_type, str) or not resource_type:
        raise MalformedInput(
            "The body has no resourceType (a non-empty string); send a FHIR resource."
        )
    return value


def decode_any(body: bytes) -> Any:
    """Read any JSON value within the same limits as `decode`; for what is JSON but no resource.

    Raises:
        MalformedInput: as `decode`, but for the last two reasons.
    """
    return _decode(body, _DECODER)


def decode_parts(body: bytes) -> dict[str, msgspec.Raw]:
    """Read an object, each of its values still as text; for what is too large to be read at once.

    Returns:
        The values by name; they share the memory of `body`. Whether one is right shows when it is
        decoded, and then `decode_any` of the whole body tells where it is wrong.

    Raises:
        MalformedInput: as `decode_any`, or no object.
    """
    start = body.removeprefix(_BOM).lstrip()[:1]
    if start != b"{":
        value = decode_any(body)
        raise MalformedInput(f"The body is {_kind(value)}; send an object.")
    parts: dict[str, msgspec.Raw] = _decode(body, _PARTS)
    return parts


def _decode(body: bytes, decoder: msgspec.json.Decoder[Any]) -> Any:
    if body.startswith(_BOM):
        body = body[3:]
    try:
        value = decoder.decode(body)
    except msgspec.ValidationError:
        raise MalformedInput("The JSON holds an integer of more digits than can be read.") from None
    except msgspec.DecodeError as error:
        _refuse(body, str(error))
    except UnicodeDecodeError:
        _refuse_encoding(body)
    except RecursionError:
        _refuse_depth()
    _check_depth(body)
    return value


def encode(resource: Any, *, pretty: bool = False) -> bytes:
    """Write a resource as UTF-8 JSON.

    Args:
        resource: dicts, lists, strings, numbers (`Decimal` with its digits), booleans and None.
        pretty: over several lines, indented by two spaces.

    Returns:
        The JSON. Whatever `decode` gave can be written.
    """
    text = _ENCODER.encode(_eased(resource))
    return msgspec.json.format(text, indent=2) if pretty else text


def _eased(resource: Any) -> Any:
    """A resource whose long expansion is written already, some entries at a time.

    The encoder holds up all other threads until it has done; between two parts they have a turn.
    """
    expansion = resource.get("expansion") if isinstance(resource, dict) else None
    if not isinstance(expansion, dict):
        return resource
    entries = expansion.get("contains")
    if not isinstance(entries, list) or len(entries) <= _PART:
        return resource
    parts = [
        _ENCODER.encode(entries[start : start + _PART])[1:-1]
        for start in range(0, len(entries), _PART)
    ]
    written = msgspec.Raw(b"[" + b",".join(parts) + b"]")
    return resource | {"expansion": expansion | {"contains": written}}


def read_decimal(text: str) -> Decimal:
    """Read a decimal as JSON and FHIR write it, within the range of a double.

    Raises:
        MalformedInput: out of that range.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        _refuse_number(text)
    # An exponent without bound would let 1E+999999999 be spelled out somewhere later.
    if not -MAX_EXPONENT <= number.adjusted() <= MAX_EXPONENT:
        _refuse_number(text)
    return number


_DECODER = msgspec.json.Decoder(float_hook=read_decimal)
_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_SMALL = 10_000
_AS_BRACES = bytes.maketrans(b"[]", b"{}")
_NO_MARKS = bytes(set(range(256)) - set(b'{}[]"'))
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def _check_depth(body: bytes) -> None:
    """Refuse valid JSON that is nested too deep; on its text, which is quicker than a walk."""
    if len(body) < _SMALL and body.count(b"{") + body.count(b"[") <= MAX_DEPTH:
        return
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    marks = body.translate(_AS_BRACES, _NO_MARKS)
    # Strings that hold no bracket are now a pair of quotes; the rest lies in the odd parts.
    marks = marks.replace(b'""', b"")
    if b'"' in marks:
        marks = b"".join(marks.split(b'"')[::2])
    for _ in range(MAX_DEPTH):
        marks = marks.replace(b"{}", b"")  # takes the innermost level away
        if not marks:
            return
    _refuse_depth()


def _refuse_depth() -> NoReturn:
    raise MalformedInput(f"The JSON is nested more than {MAX_DEPTH} levels deep.") from None


def _refuse_number(text: str) -> NoReturn:
    raise MalformedInput(
        f"The number {text[:40]} is out of range: "
        f"decimals reach from 1E-{MAX_EXPONENT} to 1E+{MAX_EXPONENT}."
    ) from None


def _refuse_encoding(body: bytes) -> NoReturn:
    try:
        body.decode()
        where = ""
    except UnicodeDecodeError as error:
        where = f" at {_position(body, error.start)}"
    raise MalformedInput(f"The JSON is not valid UTF-8{where}.") from None


def _refuse(body: bytes, reason: str) -> NoReturn:
    if not body.strip():
        raise MalformedInput("The body is empty; send a resource as JSON.") from None
    if found := _BYTE.match(reason):
        offset = int(found[2])
        reason = f"{found[1]} at {_position(body, offset)}"
    elif "truncated" in reason:
        reason = "it ends before its last string, array or object is complete"
    raise MalformedInput(f"The JSON is malformed: {reason}.") from None


def _position(body: bytes, offset: int) -> str:
    """Name a byte as editors do: line and column from 1, the column in characters."""
    start = body.rfind(b"\n", 0, offset) + 1
    line = body.count(b"\n", 0, offset) + 1
    column = len(body[start:offset].decode(errors="replace")) + 1
    return f"line {line}, column {column}"


def _kind(value: Any) -> str:
    if isinstance(value, list):
        return "an array"
    return "null" if value is None else "a single value"
