"""The search interaction: from the parameters of a request to what the store is asked.

https://hl7.org/fhir/R5/search.html and https://hl7.org/fhir/R5/http.html#search.
"""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from terminology.errors import InvalidInput, NotSupported, RepeatedInput
from terminology.store.search import Criterion, SearchParameter, criterion, parameters_of
from terminology.store.search.names import defined_names
from terminology.store.search.params import SEARCHED_TYPES

MAX_PAIRS = 100
"""How many parameters a search may have."""
MAX_OFFSET = 10_000_000
"""How far a page may start from the first match."""

_SUMMARIES = ("true", "text", "data", "count", "false")
_TOTALS = ("none", "estimate", "accurate")
_SINGLE = ("_count", "_offset", "_summary", "_elements", "_total", "_format", "_pretty")
_SHAPING = (*_SINGLE, "_include", "_revinclude")
_ELEMENT = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}", re.ASCII)

Pair = tuple[str, str]


class PageLimits(Protocol):
    """The settings that bound a page."""

    @property
    def page_size(self) -> int:
        """How many resources a page has where the request doesn't say."""

    @property
    def max_page_size(self) -> int:
        """How many it has at most."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """One `_include` or `_revinclude`: `source:parameter`, and `:target` where it was sent."""

    source: str
    parameter: SearchParameter
    target: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """A search as it will be run."""

    resource_type: str
    criteria: tuple[Criterion, ...]
    count: int
    offset: int
    used: tuple[Pair, ...]
    """The parameters that count, as they were sent, without `_offset`: what links repeat."""
    summary: str | None = None
    elements: tuple[str, ...] = ()
    total: bool = True
    include: tuple[Inclusion, ...] = ()
    revinclude: tuple[Inclusion, ...] = ()


def parse_search(
    resource_type: str, pairs: Sequence[Pair], *, strict: bool, settings: PageLimits
) -> Search:
    """Read the parameters of a search.

    Args:
        resource_type: the type that is searched.
        pairs: names and values, decoded, in the order of the request; a name may repeat.
        strict: whether a name that FHIR doesn't know is refused (`Prefer: handling=strict`). A
            parameter without a value is ignored in either case, as the specification asks.
        settings: the sizes of a page.

    Raises:
        InvalidInput: a value, a modifier or a number is wrong, or a name under `strict`.
        RepeatedInput: a parameter that may stand once is there twice.
        NotSupported: FHIR defines it and this service does not do it.
    """
    if resource_type not in SEARCHED_TYPES:
        raise NotSupported(f"{resource_type} can't be searched here. The types that can: "
                           f"{', '.join(SEARCHED_TYPES)}.")  # fmt: skip
    sent = [pair for pair in pairs if pair[1].strip() and _known(resource_type, pair, strict)]
    if len(sent) > MAX_PAIRS:
        raise InvalidInput(f"A search takes at most {MAX_PAIRS} parameters, not {len(sent)}.")
    shaping = _shaping(sent)
    summary = _one_of("_summary", _SUMMARIES, shaping)
    count = _count(shaping, settings)
    elements = _elements(shaping, summary)
    search = Search(
        resource_type,
        criteria=tuple(_criterion(resource_type, *pair) for pair in sent if _filters(pair)),
        count=0 if summary == "count" else count,
        offset=_number("_offset", shaping, 0, MAX_OFFSET),
        used=tuple(_as_used(pair, count) for pair in sent if pair[0] != "_offset"),
        summary="count" if count == 0 else summary,
        elements=elements,
        total=_one_of("_total", _TOTALS, shaping) != "none",
        include=tuple(_inclusion(*pair) for pair in sent if pair[0] == "_include"),
        revinclude=tuple(_inclusion(*pair) for pair in sent if pair[0] == "_revinclude"),
    )
    _check_inclusions(search)
    return search


def _filters(pair: Pair) -> bool:
    return pair[0] not in _SHAPING


def _as_used(pair: Pair, count: int) -> Pair:
    return ("_count", str(count)) if pair[0] == "_count" else pair


def _known(resource_type: str, pair: Pair, strict: bool) -> bool:
    """Whether the name means something; raises for what is not supported or, strict, unknown."""
    name, value = pair
    _check_text(name)
    bare = re.split(r"[:.]", name, maxsplit=1)[0]
    if name in _SHAPING or bare in parameters_of(resource_type):
        _check_text(value)
        _refuse_chain(name, bare)
        return True
    if name.startswith(("_include:", "_revinclude:")):
        raise NotSupported(f"{name[:100]} is not supported: what is included is not followed on.")
    if bare in defined_names(resource_type) or bare in _SHAPING:
        raise NotSupported(
            f"The search parameter {name[:100]} is not supported for {resource_type}. "
            f"Supported are {', '.join(sorted(parameters_of(resource_type)))}."
        )
    if strict:
        known = sorted({*parameters_of(resource_type), *_SHAPING})
        near = difflib.get_close_matches(bare[:100], known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}."
        raise InvalidInput(
            f"{resource_type} has no search parameter {bare[:100]!r}, and Prefer: handling=strict "
            f"asks to refuse it. {hint}"
        )
    return False


def _check_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidInput("A search parameter holds a character that no text may have.")


def _refuse_chain(name: str, bare: str) -> None:
    if "." in name:
        raise NotSupported(
            f"{name[:100]} is a chained search, which is not supported. Search for the resource "
            f"that {bare} leads to first, then with its id."
        )


def _criterion(resource_type: str, name: str, value: str) -> Criterion:
    bare, _, modifier = name.partition(":")
    return criterion(parameters_of(resource_type)[bare], modifier or None, value)


def _shaping(pairs: Sequence[Pair]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in _SINGLE and name in found:
            raise RepeatedInput(f"{name} may stand once in a search; it is there more often.")
        if name in _SINGLE:
            found[name] = value
    return found


def _one_of(name: str, choices: Sequence[str], shaping: dict[str, str]) -> str | None:
    value = shaping.get(name)
    if value is not None and value not in choices:
        raise InvalidInput(f"{name} is one of {', '.join(choices)}, not {value[:64]!r}.")
    return value


def _count(shaping: dict[str, str], settings: PageLimits) -> int:
    default = min(settings.page_size, settings.max_page_size)
    # The specification lets a server give fewer than asked for, so that no number is too large.
    return _number("_count", shaping, default, settings.max_page_size, cap=True)


def _number(
    name: str, shaping: dict[str, str], default: int, limit: int, *, cap: bool = False
) -> int:
    value = shaping.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdecimal()):
        raise InvalidInput(f"{name} is a whole number from 0 up, not {value[:64]!r}.")
    # The length first: Python refuses to read a number of thousands of digits.
    if len(value.lstrip("0")) <= len(str(limit)) and int(value) <= limit:
        return int(value)
    if cap:
        return limit
    raise InvalidInput(f"{name} is at most {limit}; {value[:64]} is beyond any content here.")


def _elements(shaping: dict[str, str], summary: str | None) -> tuple[str, ...]:
    if "_elements" not in shaping:
        return ()
    if summary in ("true", "text", "data"):
        raise InvalidInput("_summary and _elements both choose elements; send one of them.")
    names = tuple(name.strip() for name in shaping["_elements"].split(","))
    for name in names:
        if not _ELEMENT.fullmatch(name):
            raise InvalidInput(
                f"_elements lists top-level elements between commas; {name[:64]!r} is no name."
            )
    return names


def _inclusion(name: str, value: str) -> Inclusion:
    source, _, rest = value.partition(":")
    code, _, target = rest.partition(":")
    if "*" in (source, code):
        raise NotSupported(f"{name}={value[:100]}: name the parameters one by one instead of *.")
    if source not in SEARCHED_TYPES:
        raise InvalidInput(f"{name}={value[:100]} starts with no resource type that is served.")
    parameter = parameters_of(source).get(code)
    if parameter is None or parameter.type != "reference":
        known = [each.name for each in parameters_of(source).values() if each.type == "reference"]
        raise InvalidInput(
            f"{name}={value[:100]} names no reference of {source}: "
            f"{', '.join(known) or 'it has none'}."
        )
    if target and parameter.target and target not in parameter.target:
        raise InvalidInput(f"{source}:{code} leads to {', '.join(parameter.target)} only.")
    return Inclusion(source, parameter, target or None)


def _check_inclusions(search: Search) -> None:
    for each in search.include:
        if each.source != search.resource_type:
            raise InvalidInput(
                f"_include={each.source}:{each.parameter.name} starts from another type than "
                f"{search.resource_type}, which is searched."
            )
    if search.summary == "text" and (search.include or search.revinclude):
        raise InvalidInput("_summary=text can't be combined with _include or _revinclude.")
