"""What a reader gives: one load, which is one release, everything in it lazy and read once."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct

from terminology.importers.dates import end_of_quarter
from terminology.importers.entry import Entry
from terminology.importers.problems import Tally, Threshold
from terminology.model import Concept, Json


class Options(Struct, frozen=True, kw_only=True):
    """What a person says of a load.

    Attributes:
        effective: `YYYY-MM-DD`, the first day that a table is in force, where no file tells it.
        version: of the code system, or the name of the table's release, where no file tells it.
        accept_license: whether the person holds the license that the file's notice speaks of.
        threshold: how many rows may be bad.
    """

    effective: str | None = None
    version: str | None = None
    accept_license: bool = False
    threshold: Threshold = Threshold()


class ReadFile(NamedTuple):
    """A file that a load reads."""

    name: str
    size: int
    sha256: str


class Placed(NamedTuple):
    """A concept and its parents, by their numbers in the order of the concepts, from 0.

    Parents come before their children. The first is the one that it is nested in; those that its
    properties state need not be told again.
    """

    concept: Concept
    parents: tuple[int, ...] = ()


class SystemLoad(Struct, frozen=True):
    """A code system.

    Attributes:
        head: the CodeSystem resource, R5-shaped, without its concepts.
        concepts: in their order; to be read once.
    """

    head: Json
    concepts: Iterator[Placed]


class ReleaseHead(Struct, frozen=True, kw_only=True):
    """What a table's release says of itself.

    Attributes:
        table: its name, `medicare-fee-schedule`.
        setting: what kind of provider it is for, empty where that makes no difference.
        release: the publisher's short name, `2025D`.
        title: its name for people, `RVU 2025 October`.
        effective: the first day that it is in force.
        until: the last day of its own period.
        source: the file that it was read from.
        whole: whether it holds all that the publisher has; an extract says nothing of what it
            does not hold.
    """

    table: str
    setting: str
    release: str
    title: str
    effective: str
    until: str
    source: str
    whole: bool = True


Row = tuple[str, str, dict[str, str]]
"""Code, modifier (empty for the row of the code itself), and column to text."""


class TableLoad(Struct, frozen=True):
    """A release of a table that is keyed by code; its rows are to be read once."""

    head: ReleaseHead
    rows: Iterator[Row]


PairRow = tuple[str, str, str, str, str, str]
"""A pair of codes as one row of the file has it; the same pair may stand in several.

Column one, column two, the day it took effect, the day it was deleted (empty: it was not), the
modifier indicator, the publisher's rationale. Days are `YYYY-MM-DD`.
"""


class PairLoad(Struct, frozen=True):
    """A release of code pairs; its rows are sorted by both codes, and to be read once."""

    head: ReleaseHead
    rows: Iterator[PairRow]


class Delivery(Struct, frozen=True, kw_only=True):
    """One load.

    Attributes:
        kind: of the registry, such as `cpt`.
        version: of the code system, or the name of the table's release.
        title: for people.
        effective: the first day that it is in force, where that is known.
        notice: the copyright notice as it stands in the file.
        files: what it is read from.
        systems: code systems.
        tables: tables keyed by code.
        pairs: tables of code pairs.
        resources: FHIR resources, R5-shaped; to be read once.
        tally: counts rows and problems while the parts are read.
    """

    kind: str
    version: str
    title: str
    effective: str | None = None
    notice: str = ""
    files: list[ReadFile]
    tally: Tally
    systems: list[SystemLoad] = []
    tables: list[TableLoad] = []
    pairs: list[PairLoad] = []
    resources: Iterator[Json] = iter(())


def read_files(entries: Iterable[Entry]) -> list[ReadFile]:
    """Name the files of a load, each with its size and hash; this reads them once."""
    return [ReadFile(entry.name, entry.size, entry.sha256) for entry in entries]


def quarterly(
    *, table: str, setting: str, release: str, title: str, effective: str, source: str
) -> ReleaseHead:
    """The head of a release that CMS publishes for the quarter that it takes effect in."""
    return ReleaseHead(
        table=table,
        setting=setting,
        release=release,
        title=title,
        effective=effective,
        until=end_of_quarter(effective),
        source=source,
    )
