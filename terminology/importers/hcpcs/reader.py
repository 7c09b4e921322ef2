"""HCPCS Level II as a code system: the quarterly file of CMS, as text, CSV or workbook.

Codes and modifiers that have ended stay in the file, and stay here as inactive. The descriptions
of dental codes (D) are the American Dental Association's, and some files hold CPT codes too, whose
descriptions are the AMA's: these come in only for those who say that they hold a license.
https://www.cms.gov/medicare/coding-billing/healthcare-common-procedure-system/quarterly-update
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from terminology.errors import InvalidInput
from terminology.importers.dates import first_of, month_of, named_day
from terminology.importers.delivery import Delivery, Options, Placed, SystemLoad, read_files
from terminology.importers.entry import Entry
from terminology.importers.grids import WORKBOOKS, Line
from terminology.importers.hcpcs.concepts import concept_of, head_of, is_licensed
from terminology.importers.hcpcs.fields import FIRST, MORE
from terminology.importers.hcpcs.records import (
    Record,
    header_of,
    is_broken_in_words,
    joined,
    looks_like,
    records_of_table,
    records_of_text,
)
from terminology.importers.problems import Tally, UnreadableSource
from terminology.importers.source import Source

KIND = "hcpcs"
_NAMED = re.compile(r"HCPC(\d{4})(?:_([A-Z]{3}))?\w*ANWEB", re.IGNORECASE)
_SUFFIXES = (".txt", ".csv", *WORKBOOKS)
"""In the order in which they are taken where the same release lies there in several."""
_CODE = re.compile(r"[A-Z0-9]\d{3}[A-Z0-9]|[A-Z0-9]{2}")


class _File(Struct, frozen=True):
    entry: Entry
    version: str
    header: Line | None
    notice: str

    def records(self, tally: Tally) -> Iterator[Record]:
        if self.header is None:
            return records_of_text(self.entry, tally)
        return records_of_table(self.entry, self.header, tally)


def recognise(source: Source) -> str | None:
    """Tell whether a file of a source is named as CMS names it, or begins as its forms do."""
    found = _candidates(source)
    return f"{found[0].name} is a quarterly file of HCPCS Level II" if found else None


def read(source: Source, options: Options) -> Delivery:
    """Read the file as a release of the code system.

    Raises:
        InvalidInput: there is no such file, or its name does not tell the release and no version
            was named, or there are files of several releases.
    """
    file = _file(source, options)
    effective = (
        named_day(options.effective, "--effective")
        if options.effective
        else first_of(int(file.version[:4]), int(file.version[5:7]))
    )
    tally = Tally(options.threshold)
    concepts = _concepts(file, effective, options, tally)
    head = head_of(file.version)
    return Delivery(
        kind=KIND,
        version=file.version,
        title=head["title"],
        effective=effective,
        notice=file.notice,
        files=read_files([file.entry]),
        tally=tally,
        systems=[SystemLoad(head, concepts)],
    )


def _candidates(source: Source) -> list[Entry]:
    """The files that are of the kind, in the order in which they are taken."""
    files = [e for e in source.entries() if e.base.lower().endswith(_SUFFIXES)]
    named = [e for e in files if _NAMED.search(e.base) and looks_like(e)]
    found = named or [e for e in files if looks_like(e)]
    return sorted(found, key=lambda e: _SUFFIXES.index(f".{e.base.lower().rpartition('.')[2]}"))


def _file(source: Source, options: Options) -> _File:
    found = _candidates(source)
    if not found:
        raise UnreadableSource(f"{source.path} holds no records and no table of HCPCS Level II.")
    versions = {version for entry in found if (version := _version(entry))}
    if len(versions) > 1:
        names = " and ".join(sorted(versions))
        raise InvalidInput(f"There are HCPCS files of {names}: load one release at a time.")
    version = options.version or (versions.pop() if versions else None)
    if version is None or not re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])", version):
        raise InvalidInput(
            f"The name of {found[0].label} does not tell its release. Name year and month"
            " (--version 2026-10)."
        )
    header = header_of(found[0]) if not found[0].base.lower().endswith(".txt") else None
    line, above = header or (None, [])
    return _File(found[0], version, line, "\n".join(above))


def _version(entry: Entry) -> str | None:
    found = _NAMED.search(entry.base)
    if found is None:
        return None
    # The yearly file, which names no month, is that of January; so is the contractors', CONTR.
    month = month_of(found[2]) if found[2] and found[2].upper() != "CON" else 1
    return f"{found[1]}-{month:02}" if month else None


def _concepts(file: _File, effective: str, options: Options, tally: Tally) -> Iterator[Placed]:
    hard = file.header is None and is_broken_in_words(file.entry)
    seen: set[str] = set()
    withheld = 0
    for first, parts in _grouped(file.records(tally), file.entry.label, tally):
        if first.code in seen:
            tally.bad(file.entry.label, first.line, f"{first.code} stands there a second time")
            continue
        seen.add(first.code)
        text: str | None = joined(parts, hard=hard)
        if is_licensed(first.code) and not options.accept_license:
            text, withheld = None, withheld + 1
        concept = concept_of(first, text, effective, file.entry.label, tally)
        if concept is not None:
            yield Placed(concept)
    if withheld:
        tally.remark(
            f"The descriptions of {withheld} dental and CPT codes were left out: they are the ADA's"
            " and the AMA's, and are loaded for license holders (--accept-license)."
        )
    tally.finish()


def _grouped(
    records: Iterator[Record], label: str, tally: Tally
) -> Iterator[tuple[Record, list[str]]]:
    """Each code's first record with the long text of it and of those that continue it."""
    current: tuple[Record, list[str]] | None = None
    for record in records:
        if record.fault:
            tally.bad(label, record.line, f"{record.code}: {record.fault}")
        elif record.kind in MORE and current is not None and current[0].code == record.code:
            current[1].append(record.long)
        elif record.kind in FIRST and _CODE.fullmatch(record.code):
            if current is not None:
                yield current
            current = record, [record.long]
        else:
            tally.bad(label, record.line, _reason(record))
    if current is not None:
        yield current


def _reason(record: Record) -> str:
    if record.kind in MORE:
        return f"it continues {record.code!r}, which is not the code before it"
    if record.kind in FIRST:
        return f"{record.code!r} is no code and no modifier"
    return f"{record.kind!r} is no kind of record"
