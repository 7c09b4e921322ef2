"""The values of search parameters: from the text of a request to what is compared.

https://hl7.org/fhir/R5/search.html#modifiers, #ptypes and #escaping.
"""

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from terminology.errors import InvalidInput, NotSupported
from terminology.store.search.dates import DateValue, parse_date
from terminology.store.search.params import SearchParameter
from terminology.text import fold

MAX_ALTERNATIVES = 100
"""How many values a list with commas may have."""
MAX_VALUE = 1_000
"""How many characters one value may have."""

_FHIR_MODIFIERS = frozenset(
    {"above", "below", "code-text", "contains", "exact", "identifier", "in", "iterate", "missing"}
    | {"not", "not-in", "of-type", "text", "text-advanced", "type"}
)
_ESCAPED = re.compile(r"\\([\\,|$])")
_RELATIVE = re.compile(r"([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-.]{1,64})", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.\-]*:", re.ASCII | re.IGNORECASE)


class TokenValue(NamedTuple):
    """`code`, `system|code`, `|code` (system "") or `system|` (code None)."""

    system: str | None
    code: str | None


class StringValue(NamedTuple):
    """A text as it was sent; the modifier says how it is compared."""

    text: str


class UriValue(NamedTuple):
    """A URI, and the version where it was `url|version`."""

    uri: str
    version: str | None


class ReferenceValue(NamedTuple):
    """A resource on this server; the type is None where only the id was sent."""

    type: str | None
    id: str


Value = TokenValue | StringValue | UriValue | ReferenceValue | DateValue


@dataclass(frozen=True, slots=True)
class Criterion:
    """One search parameter with what it is compared with: any of the values matches."""

    parameter: SearchParameter
    modifier: str | None = None
    """A modifier that the parameter has; for `type` the values carry the type."""
    values: tuple[Value, ...] = ()
    missing: bool | None = None
    """With the modifier `missing`, whether there must be no value."""


def criterion(parameter: SearchParameter, modifier: str | None, text: str) -> Criterion:
    """Read one `name:modifier=value,value` of a search.

    Args:
        parameter: the parameter that the name stands for.
        modifier: what stood behind the colon, None where there was none.
        text: the value, with FHIR's escapes, without the URL's.

    Raises:
        InvalidInput: the modifier or a value is not what the parameter takes.
        NotSupported: FHIR has the modifier or comparator, this service has not.
    """
    if modifier is not None:
        _check_modifier(parameter, modifier)
    if modifier == "missing":
        return Criterion(parameter, modifier, missing=_boolean(parameter, text))
    if len(text) > MAX_ALTERNATIVES * MAX_VALUE:
        raise InvalidInput(f"The value of {parameter.name} is too long to be searched for.")
    parts = split_escaped(text, ",")
    if len(parts) > MAX_ALTERNATIVES:
        raise InvalidInput(
            f"{parameter.name} lists {len(parts)} values; at most {MAX_ALTERNATIVES} are taken. "
            "Ask several times with fewer."
        )
    values = tuple(_value(parameter, modifier, part) for part in parts)
    return Criterion(parameter, modifier, values)


def localised(each: Criterion, base_url: str) -> Criterion:
    """The criterion with absolute URLs of resources on this server made relative.

    Args:
        each: a criterion; only one of references changes.
        base_url: the base that the server is addressed by, without a slash at its end.
    """
    if each.parameter.type != "reference":
        return each
    return replace(each, values=tuple(_local(value, base_url) for value in each.values))


def split_escaped(text: str, separator: str) -> list[str]:
    r"""The parts between separators that have no backslash before them, still escaped."""
    parts = [""]
    escaped = False
    for character in text:
        if character == separator and not escaped:
            parts.append("")
        else:
            parts[-1] += character
        escaped = character == "\\" and not escaped
    return parts


def unescape(text: str) -> str:
    r"""`\,`, `\|`, `\$` and `\\` as the characters that they stand for."""
    return _ESCAPED.sub(r"\1", text)


def escape(text: str) -> str:
    """The value that is searched for as `text`, whatever characters it has."""
    return re.sub(r"([\\,|$])", r"\\\1", text)


def _check_modifier(parameter: SearchParameter, modifier: str) -> None:
    of_type = "type" in parameter.modifiers and _is_type(parameter, modifier)
    if (modifier in parameter.modifiers and modifier != "type") or of_type:
        return
    known = [f":{name}" for name in parameter.modifiers if name != "type"]
    known += [f":{name}" for name in parameter.target] if "type" in parameter.modifiers else []
    sentence = f"takes {', '.join(known)}"
    if modifier in _FHIR_MODIFIERS:
        raise NotSupported(
            f"The modifier :{modifier} of {parameter.name} is not supported; it {sentence}."
        )
    raise InvalidInput(f"{parameter.name} has no modifier :{modifier[:64]}; it {sentence}.")


def _is_type(parameter: SearchParameter, modifier: str) -> bool:
    if parameter.target:
        return modifier in parameter.target
    return re.fullmatch(r"[A-Z][A-Za-z]{1,63}", modifier, re.ASCII) is not None


def _boolean(parameter: SearchParameter, text: str) -> bool:
    if text not in ("true", "false"):
        raise InvalidInput(f"{parameter.name}:missing is true or false, not {text[:64]!r}.")
    return text == "true"


def _value(parameter: SearchParameter, modifier: str | None, part: str) -> Value:
    if not part.strip():
        raise InvalidInput(f"A value of {parameter.name} is empty; take the comma away.")
    if len(part) > MAX_VALUE:
        raise InvalidInput(
            f"A value of {parameter.name} has {len(part)} characters; at most {MAX_VALUE} are "
            "searched for."
        )
    if parameter.type == "token":
        return _token(parameter, part)
    if parameter.type == "date":
        return parse_date(unescape(part), parameter.comparators, parameter.name)
    if parameter.type == "reference":
        return _reference(parameter, modifier, part)
    text = unescape(part)
    if parameter.type == "uri":
        return UriValue(text, None) if modifier else UriValue(*_split_canonical(part))
    if modifier != "exact" and not fold(text):
        raise InvalidInput(f"{parameter.name}={text} holds no letter to search for.")
    return StringValue(text)


def _token(parameter: SearchParameter, part: str) -> TokenValue:
    pieces = [unescape(piece) for piece in split_escaped(part, "|")]
    if len(pieces) > 2 or not any(pieces):
        raise InvalidInput(
            f"{parameter.name}={part} is no token. Write code, system|code, |code or system|; "
            "a | within a code is \\|."
        )
    system = pieces[0] if len(pieces) == 2 else None
    code = pieces[-1] or None
    if code is not None and parameter.codes_of is None:
        code = code.casefold()
    return TokenValue(system, code)


def _split_canonical(part: str) -> tuple[str, str | None]:
    uri, *version = [unescape(piece) for piece in split_escaped(part, "|")]
    return uri, "|".join(version) or None


def _reference(parameter: SearchParameter, modifier: str | None, part: str) -> Value:
    text = unescape(part)
    relative = _RELATIVE.fullmatch(text)
    if relative:
        if modifier is not None and relative[1] != modifier:
            raise InvalidInput(f"{parameter.name}:{modifier} can't be a {relative[1]}: {text}.")
        return ReferenceValue(relative[1], relative[2])
    if _ABSOLUTE.match(text):
        return UriValue(*_split_canonical(part))
    if _ID.fullmatch(text):
        return ReferenceValue(modifier, text)
    raise InvalidInput(
        f"{parameter.name}={text} is no reference. Write Type/id, id or an absolute URL."
    )


def _local(value: Value, base_url: str) -> Value:
    if isinstance(value, UriValue) and value.version is None:
        relative = _RELATIVE.fullmatch(value.uri.removeprefix(f"{base_url}/"))
        if relative and value.uri.startswith(f"{base_url}/"):
            return ReferenceValue(relative[1], relative[2])
    return value
