"""An expansion: the page of a value set's members that a request asked for.

https://hl7.org/fhir/R5/valueset.html#expansion.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol

import msgspec

from terminology import deadline
from terminology.codesystems.provider import Provider
from terminology.errors import TooCostly
from terminology.model import ConceptReference, Json, ValueSet
from terminology.tree import Listed, PlacedConcept
from terminology.valuesets.part import Part

_UNCLOSED = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed"
_UNCLOSED_REASON = "http://hl7.org/fhir/StructureDefinition/valueset-unclosed-reason"
_ECHOED = ("url", "version", "name", "title", "status", "experimental", "language", "copyright")
"""The elements of the value set that its expansion repeats; never the compose."""


class Writer(Protocol):
    """Writes concepts as `ValueSet.expansion.contains` has them."""

    def lists(self, provider: Provider) -> bool:
        """Whether of a plain concept nothing but code and display is wanted."""

    def write(
        self, provider: Provider, placed: PlacedConcept, reference: ConceptReference | None
    ) -> Json:
        """One concept, with what the value set itself says of it."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Which of the members are asked for: all where `count` is None."""

    offset: int | None = None
    count: int | None = None
    nested: bool = True


def total_of(parts: Sequence[Part]) -> int:
    """How many concepts the parts hold together."""
    return sum(len(part.ordinals) for part in parts)


def check_size(value_set: ValueSet, total: int, page: Page, most: int, most_on_page: int) -> None:
    """Refuse an expansion that is too long, before a concept of it is read.

    Raises:
        TooCostly: without `count` it has more than `most` codes; or `count` is over
            `most_on_page`.
    """
    if page.count is None and total - (page.offset or 0) > most:
        raise TooCostly(
            f"The value set '{value_set.canonical}' expansion has too many codes to produce"
            f" (>{most})"
        )
    if page.count is not None and page.count > most_on_page:
        raise TooCostly(
            f"A page of {page.count} codes is more than this service gives at once; ask for"
            f" count={most_on_page} or less, and for the rest with offset."
        )


def contents(parts: Sequence[Part], page: Page, writer: Writer) -> list[Json]:
    """The entries of the page, nested as the code system nests them where that is asked for."""
    entries: list[Json] = []
    start = page.offset or 0
    left = page.count
    for part in parts:
        size = len(part.ordinals)
        if start >= size:
            start -= size
            continue
        wanted = part.ordinals[start:] if left is None else part.ordinals[start : start + left]
        start = 0
        entries.extend(_entries(part, wanted, page, writer))
        if left is not None:
            left -= len(wanted)
            if left <= 0:
                break
    return entries


def _entries(part: Part, ordinals: Sequence[int], page: Page, writer: Writer) -> Iterator[Json]:
    written: dict[int, Json] = {}
    nested = page.nested and page.count is None and part.nested
    for one, entry in _written(part, ordinals, writer):
        parent = written.get(one.parent) if nested and one.parent is not None else None
        if parent is None:
            yield entry
        else:
            parent.setdefault("contains", []).append(entry)
        if nested:
            written[one.ordinal] = entry


def _written(
    part: Part, ordinals: Sequence[int], writer: Writer
) -> Iterator[tuple[Listed | PlacedConcept, Json]]:
    provider = part.provider
    if not writer.lists(provider):
        for placed in provider.at(ordinals):
            deadline.check()
            yield placed, writer.write(provider, placed, part.references.get(placed.ordinal))
        return
    system, references = provider.head.url, part.references
    listed = provider.listed(ordinals)
    rich = [one.ordinal for one in listed if not one.plain or one.ordinal in references]
    placed_rich = iter(provider.at(rich))
    for one in listed:
        if one.plain and one.ordinal not in references:
            entry = {"system": system, "code": one.code}
            if one.display is not None:
                entry["display"] = one.display
        else:
            entry = writer.write(provider, next(placed_rich), references.get(one.ordinal))
        yield one, entry


def as_resource(
    value_set: ValueSet,
    parts: Sequence[Part],
    page: Page,
    entries: list[Json],
    parameters: list[Json],
    properties: list[Json],
) -> Json:
    """The ValueSet resource with its expansion.

    Args:
        value_set: whose definition was expanded.
        parts: all its members, on the page or not.
        page: what was asked for.
        entries: the page.
        parameters: what decided the expansion, as `expansion.parameter` has it.
        properties: what the entries' properties mean, as `expansion.property` has it.
    """
    known: Json = msgspec.to_builtins(value_set)
    resource: Json = {"resourceType": "ValueSet"}
    if value_set.id:
        resource["id"] = value_set.id
    resource |= {name: known[name] for name in _ECHOED if name in known}
    resource.setdefault("status", "unknown")
    _add_notices(resource, parts)
    expansion: Json = {"identifier": f"urn:uuid:{uuid.uuid4()}"}
    reasons = _unclosed_reasons(parts)
    if reasons:
        expansion["extension"] = [
            {"url": _UNCLOSED, "valueBoolean": True},
            {"url": _UNCLOSED_REASON, "valueString": "; ".join(reasons)},
        ]
    expansion["timestamp"] = datetime.now(UTC).isoformat(timespec="seconds")
    expansion["total"] = total_of(parts)
    if page.offset is not None:
        expansion["offset"] = page.offset
    if parameters:
        expansion["parameter"] = parameters
    if properties:
        expansion["property"] = properties
    if entries:
        expansion["contains"] = entries
    resource["expansion"] = expansion
    return resource


def _add_notices(resource: Json, parts: Sequence[Part]) -> None:
    for notice in dict.fromkeys(part.provider.notice for part in parts):
        stated = resource.get("copyright", "")
        if notice is not None and notice not in stated:
            resource["copyright"] = f"{stated} {notice}".strip()


def _unclosed_reasons(parts: Sequence[Part]) -> list[str]:
    fragments = [part.provider.head.url for part in parts if part.provider.is_fragment]
    found = [
        f"This extension is based on a fragment of the code system {url}" for url in fragments[:1]
    ]
    found += [
        f"The code system {part.provider.head.url} has a grammar, and so members without end"
        for part in parts
        if part.unclosed
    ][:1]
    return found
