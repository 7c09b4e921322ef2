"""What is written into a store as one release; everything that may be large is lazy, read once."""

from collections.abc import Iterable, Mapping

import msgspec

from terminology.model import Json
from terminology.store.pairs import Pair
from terminology.tree import PlacedConcept


class SystemLoad(msgspec.Struct, frozen=True):
    """A code system whose concepts come one by one.

    Attributes:
        head: the CodeSystem resource, R5-shaped, without its concepts.
        concepts: by ordinal from 0, a parent before its children.
    """

    head: Json
    concepts: Iterable[PlacedConcept]


class TableLoad(msgspec.Struct, frozen=True, kw_only=True):
    """A release of a table with its rows.

    Attributes:
        table: its name, `medicare-fee-schedule`.
        setting: whose table it is, empty where there is but one.
        release: the publisher's name of it.
        title: its name for people.
        effective: the first day in force, `YYYY-MM-DD`.
        until: the last day of its own period.
        source: the id of a DocumentReference.
        whole: whether it is all that was published.
        complete_for: the procedure codes of which an extract holds every row.
        dated: whether each row says from when to when it is in force.
        rows: of a table keyed by code: `code`, `modifier` where it is of one, and the columns.
        pairs: of a table keyed by two codes; those of one code in column one beside each other.
    """

    table: str
    setting: str = ""
    release: str
    title: str
    effective: str
    until: str
    source: str
    whole: bool = True
    complete_for: tuple[str, ...] = ()
    dated: bool = False
    rows: Iterable[Mapping[str, str]] = ()
    pairs: Iterable[Pair] = ()


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """All of a release, written in this order.

    Attributes:
        systems: code systems that are too large to be held as one resource.
        resources: FHIR resources, R5-shaped; code systems with their concepts among them.
        tables: the releases of tables, each with its rows.
    """

    systems: Iterable[SystemLoad] = ()
    resources: Iterable[Json] = ()
    tables: Iterable[TableLoad] = ()
