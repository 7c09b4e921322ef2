"""NCCI's procedure-to-procedure edits: pairs of codes, as text and as workbooks.

CMS delivers the pairs of practitioners and those of outpatient hospitals in four parts each. A
part begins with a copyright notice and a header of six rows, and holds pairs that were deleted, and
the same pair again with other dates: all are kept, since a day of the past may be asked about. A
pair that was deleted on the day that it took effect has the indicator 9.
https://www.cms.gov/medicare/coding-billing/national-correct-coding-initiative-ncci-edits
"""

from collections.abc import Iterator
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from terminology.errors import InvalidInput
from terminology.importers.choosing import without_twins
from terminology.importers.dates import named_day, quarter
from terminology.importers.delivery import (
    Delivery,
    Options,
    PairLoad,
    PairRow,
    ReleaseHead,
    quarterly,
    read_files,
)
from terminology.importers.entry import Entry
from terminology.importers.grids import WORKBOOKS
from terminology.importers.ncci.names import PairFile, pair_file, setting_in
from terminology.importers.ncci.rows import Layout, is_sorted, layout_of, pairs_of
from terminology.importers.problems import Tally, UnreadableSource
from terminology.importers.sorting import in_order
from terminology.importers.source import Source

KIND = "ncci-ptp"
PARTS = 4
"""Into how many files CMS cuts the pairs of a setting."""
_SUFFIXES = (".txt", ".tsv", *WORKBOOKS)


class _Part(Struct, frozen=True):
    entry: Entry
    named: PairFile | None
    setting: str
    layout: Layout


def recognise(source: Source) -> str | None:
    """Tell whether files of a source are named as CMS names pairs, or begin as they do."""
    for entry in source.entries():
        if entry.base.lower().endswith(_SUFFIXES):
            if pair_file(entry.name):
                return f"{entry.name} is named as CMS names NCCI's pairs"
            if "Column 1\tColumn 2" in entry.start_text():
                return f"{entry.name} has the header of NCCI's pairs"
    return None


def read(source: Source, options: Options) -> Delivery:
    """Read the pairs of each setting as a release.

    Raises:
        InvalidInput: files of several versions, a part that is missing before another one, no
            version or day where the names tell none, or no pairs.
    """
    parts = _parts(source)
    version = _version(parts, options)
    effective = _effective(parts, options)
    tally = Tally(options.threshold)
    loads = []
    for setting in sorted({part.setting for part in parts}):
        chosen = [part for part in parts if part.setting == setting]
        head = _head(chosen, version, effective, tally)
        loads.append(PairLoad(head, _rows(chosen, tally)))
    return Delivery(
        kind=KIND,
        version=version,
        title=loads[0].head.title,
        effective=effective,
        notice=parts[0].layout.notice,
        files=read_files(part.entry for part in parts),
        tally=tally,
        pairs=loads,
    )


def _parts(source: Source) -> list[_Part]:
    """The files that hold pairs, by setting and part; text where there is a workbook too."""
    found: dict[tuple[str, int | None, str], _Part] = {}
    named_so = [e for e in source.entries() if e.base.lower().endswith(_SUFFIXES)]
    for entry in without_twins(named_so):
        layout = layout_of(entry)
        if layout is None:
            continue
        named = pair_file(entry.name)
        setting = named.setting if named else setting_in(entry.name)
        if setting is None:
            raise InvalidInput(
                f"{entry.label} holds NCCI pairs, but its name tells neither practitioners nor"
                " outpatient hospitals. Give it CMS's name, such as ccipra-v322r0-f1.txt."
            )
        key = (setting, named.part if named else None, named.version if named else entry.name)
        if key in found:
            raise InvalidInput(
                f"{found[key].entry.name} and {entry.name} are the same part of the same pairs:"
                " leave one of them."
            )
        found[key] = _Part(entry, named, setting, layout)
    if not found:
        raise UnreadableSource(
            f"{source.path} holds no file with NCCI's header and pairs below it."
        )
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1] or 0, key[2]))]


def _version(parts: list[_Part], options: Options) -> str:
    named = sorted({part.named.version for part in parts if part.named})
    if len(named) > 1:
        raise InvalidInput(f"There are pairs of {' and '.join(named)}: load one version at a time.")
    version = options.version or (named[0] if named else None)
    if version is None:
        raise InvalidInput(
            f"{parts[0].entry.label} is not named as CMS names it, so its version is not known."
            " Name the version (--version v322r0)."
        )
    return version


def _effective(parts: list[_Part], options: Options) -> str:
    if options.effective:
        return named_day(options.effective, "--effective")
    named = {part.named.effective for part in parts if part.named and part.named.effective}
    if not named:
        raise InvalidInput(
            f"The name of {parts[0].entry.label} does not tell from when it is in force. Name the"
            " first day (--effective 2026-07-01)."
        )
    return named.pop()


def _head(parts: list[_Part], version: str, effective: str, tally: Tally) -> ReleaseHead:
    numbers = [part.named.part for part in parts if part.named and part.named.part]
    missing = sorted(set(range(1, max(numbers, default=0))) - set(numbers))
    setting = parts[0].setting
    if missing:
        names = ", ".join(f"f{n}" for n in missing)
        raise InvalidInput(
            f"The {setting} pairs of {version} lack the parts {names}: load all parts at once, as a"
            " folder of CMS's zip files for instance."
        )
    whole = not numbers or len(numbers) >= PARTS
    if not whole:
        tally.remark(
            f"The {setting} pairs of {version} are {len(numbers)} of {PARTS} parts: loaded as an"
            " extract, which says nothing of the pairs that it does not hold."
        )
    head = quarterly(
        table=KIND,
        setting=setting,
        release=version,
        title=f"NCCI PTP {effective[:4]} Q{quarter(effective)}",
        effective=effective,
        source=", ".join(part.entry.base for part in parts),
    )
    return replace(head, whole=whole)


def _rows(parts: list[_Part], tally: Tally) -> Iterator[PairRow]:
    files = [(part.entry, part.layout) for part in parts]
    rows = chain.from_iterable(pairs_of(entry, layout, tally) for entry, layout in files)
    text = not any(entry.base.lower().endswith(WORKBOOKS) for entry, _ in files)
    # Looking once whether they are sorted costs a fraction of sorting them.
    yield from _distinct(rows if text and is_sorted(files) else in_order(rows), tally)
    tally.finish()


def _distinct(rows: Iterator[PairRow], tally: Tally) -> Iterator[PairRow]:
    """The rows, each once: the same pair may come again, but not with the same dates and mark."""
    one = two = ""
    known: set[tuple[str, ...]] = set()
    repeated = 0
    for row in rows:
        if row[1] != two or row[0] != one:
            one, two = row[0], row[1]
            known = {row[:5]}
        elif row[:5] in known:
            repeated += 1
            continue
        else:
            known.add(row[:5])
        yield row
    if repeated:
        tally.remark(
            f"{repeated} rows repeat a pair with its dates and indicator; each was taken once."
        )
