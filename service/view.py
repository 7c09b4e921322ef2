"""The answer of a `$lookup` as people read it: grouped, named, every statement with its source.

The page and the command line show the same view; only the ink differs.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from service.sources import Source, sources
from terminology.codesystems.provider import LookupProperty
from terminology.model import Json, extension_value
from terminology.operations.lookup import LookupResult
from terminology.store.base import Store
from terminology.store.search import SearchQuery, criterion, parameters_of
from terminology.store.search.values import escape

ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_SOURCE = "https://proterm.example/fhir/StructureDefinition/source"
_SPELLED = {
    "-": " ",
    "pc-tc": "PC/TC",
    "icd-10": "ICD-10",
    "non-facility": "non-facility",
    "co-surgeons": "co-surgeons",
    "rvu": "RVU",
    "pe": "PE",
    "mue": "MUE",
}
_WORD = re.compile(r"pc-tc|icd-10|non-facility|co-surgeons|-|[^-]+")
_TABLES = {
    "medicare-": "Medicare physician fee schedule",
    "ncci-": "Medically unlikely edits (NCCI)",
}
_ELSEWHERE = frozenset({"display-origin", "reading", "copyright"})
"""Properties that are shown at another place than among the facts."""
_PLANS = 100
"""The most payers that are shown; there are five, and a page is no place for hundreds."""


class Note(NamedTuple):
    """What one source says of the code under one heading."""

    label: str
    values: tuple[str, ...]
    """Empty where the value is absent."""
    absent: str | None
    """The reason why there is no value, such as `unknown`."""
    source: Source | None


class Row(NamedTuple):
    """A column of a published table: what it is called, what it holds, what that means."""

    label: str
    value: str
    meaning: str | None


class Table(NamedTuple):
    """What one release of a published table says of the code."""

    title: str
    setting: str | None
    release: str
    effective: str
    source: Source | None
    rows: tuple[Row, ...]


class Coverage(NamedTuple):
    """What a payer says of the code."""

    payer: str
    plan: str
    """The id of the InsurancePlan."""
    text: str | None
    absent: str | None
    source: Source | None


class View(NamedTuple):
    """All that is known of a code on a day."""

    code: str
    system: str
    system_title: str
    version: str
    display: str
    definition: str | None
    remarks: tuple[str, ...]
    """What to know before relying on the words above."""
    facts: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    tables: tuple[Table, ...]
    coverage: tuple[Coverage, ...]
    day: str
    copyright: str | None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources in the order in which they are first named."""
        stated: tuple[Note | Table | Coverage, ...] = (*self.notes, *self.tables, *self.coverage)
        named = (each.source for each in stated)
        return tuple(dict.fromkeys(source for source in named if source is not None))

    def mark(self, source: Source | None) -> int | None:
        """The number of a source, from 1 on; None where no source is named."""
        return None if source is None else self.sources.index(source) + 1


def view(result: LookupResult, store: Store) -> View:
    """What a lookup found, with the coverage notes on the code, for people.

    Args:
        result: what `$lookup` answers.
        store: where the sources and the payers' plans are.
    """
    head, concept = result.provider.head, result.placed.concept
    everything = not result.wanted or "*" in result.wanted
    known = list(result.properties())
    properties = [p for p in known if everything or p.code in result.wanted]
    titles = sources(store, (_reference(prop) for prop in properties))
    in_tables = [prop for prop in properties if _part(prop, "release")]
    rest = [prop for prop in properties if not _part(prop, "release")]
    remarks = [_text(prop) for prop in rest if prop.code == "display-origin"]
    reading = next((_text(prop) for prop in known if prop.code == "reading"), None)
    defined = result.base if result.base is not None else concept
    return View(
        code=result.code,
        system=head.url or "",
        system_title=head.name or head.url or "",
        version=head.version or "",
        display=result.display or reading or concept.code,
        definition=defined.definition if everything or "definition" in result.wanted else None,
        remarks=tuple(text + "." for text in remarks),
        facts=tuple(_facts(prop for prop in rest if not _sourced(prop))),
        notes=tuple(_notes([prop for prop in rest if _sourced(prop)], titles)),
        tables=tuple(_tables(in_tables, titles)),
        coverage=tuple(_coverage(store, head.url or "", defined.code)) if everything else (),
        day=result.day,
        copyright=head.copyright,
    )


def label(code: str) -> str:
    """The code of a property as a heading: `icd-10-pairing` is "ICD-10 pairing"."""
    named = _WORD.sub(lambda word: _SPELLED.get(word[0], word[0]), code)
    return named[:1].upper() + named[1:]


def _facts(properties: Iterable[LookupProperty]) -> Iterator[tuple[str, str]]:
    shown = (prop for prop in properties if prop.code not in _ELSEWHERE)
    for code, same in itertools.groupby(shown, lambda prop: prop.code):
        yield label(code), ", ".join(_text(prop) for prop in same)


def _notes(properties: Sequence[LookupProperty], titles: dict[str, Source]) -> Iterator[Note]:
    def key(prop: LookupProperty) -> tuple[str, str | None]:
        return prop.code, _reference(prop)

    for (code, reference), same in itertools.groupby(properties, key):
        group = list(same)
        values = tuple(_text(prop) for prop in group if _absent(prop) is None)
        absent = None if values else _absent(group[0])
        yield Note(label(code), values, absent, titles.get(reference or ""))


def _tables(properties: Sequence[LookupProperty], titles: dict[str, Source]) -> Iterator[Table]:
    for parts, same in itertools.groupby(properties, lambda prop: prop.subproperties):
        group = list(same)
        stated = {part.code: str(part.value[1]) for part in parts if part.value}
        prefix = next((p for p in _TABLES if group[0].code.startswith(p)), "")
        yield Table(
            title=_TABLES.get(prefix, "Published table"),
            setting=stated.get("setting"),
            release=stated.get("release", ""),
            effective=stated.get("effective-date", ""),
            source=titles.get(stated.get("source", "")),
            rows=tuple(_row(prop, prefix) for prop in group),
        )


def _row(prop: LookupProperty, prefix: str) -> Row:
    return Row(label(prop.code.removeprefix(prefix)), _value(prop), prop.description)


def _coverage(store: Store, system: str, code: str) -> Iterator[Coverage]:
    parameter = parameters_of("InsurancePlan")["coverage-benefit-type"]
    asked = criterion(parameter, None, f"{escape(system)}|{escape(code)}")
    page = store.search(SearchQuery("InsurancePlan", (asked,), count=_PLANS))
    plans = [msgspec.json.decode(body) for body in page.bodies]
    found = [(plan, benefit) for plan in plans for benefit in _benefits(plan, system, code)]
    titles = sources(store, (_benefit_reference(benefit) for _, benefit in found))
    for plan, benefit in found:
        extensions = benefit.get("_requirement", {}).get("extension", [])
        yield Coverage(
            payer=plan.get("ownedBy", {}).get("display") or plan.get("name", plan["id"]),
            plan=plan["id"],
            text=benefit.get("requirement"),
            absent=extension_value(extensions, ABSENT_REASON),
            source=titles.get(_benefit_reference(benefit) or ""),
        )


def _benefits(plan: Json, system: str, code: str) -> Iterator[Json]:
    for coverage in plan.get("coverage", ()):
        for benefit in coverage.get("benefit", ()):
            codings = benefit.get("type", {}).get("coding", ())
            if any(c.get("system") == system and c.get("code") == code for c in codings):
                yield benefit


def _benefit_reference(benefit: Json) -> str | None:
    extensions = benefit.get("_requirement", {}).get("extension", [])
    reference: Any = extension_value(extensions, _SOURCE)
    return reference.get("reference") if isinstance(reference, dict) else None


def _reference(prop: LookupProperty) -> str | None:
    return _part(prop, "source") or prop.source


def _sourced(prop: LookupProperty) -> bool:
    return _reference(prop) is not None


def _part(prop: LookupProperty, code: str) -> str | None:
    return next((str(p.value[1]) for p in prop.subproperties if p.code == code and p.value), None)


def _absent(prop: LookupProperty) -> str | None:
    held = prop.value[1] if prop.value is not None else None
    if not isinstance(held, dict):
        return None
    reason: str | None = extension_value(held.get("extension", []), ABSENT_REASON)
    return reason


def _value(prop: LookupProperty) -> str:
    held = prop.value[1] if prop.value is not None else ""
    if isinstance(held, bool):
        return "yes" if held else "no"
    return str(held)


def _text(prop: LookupProperty) -> str:
    """The value in words: of a code or a coding its display, where it has one."""
    held = prop.value[1] if prop.value is not None else ""
    if isinstance(held, dict):
        shown = held.get("display") or held.get("code", "")
        return f"{shown} ({held['code']})" if held.get("code", "").isdigit() else shown
    if prop.value is not None and prop.value[0] == "valueCode" and prop.description:
        return f"{held} ({prop.description})"
    return _value(prop)
