"""What changed between two releases: codes added, ended and reworded; rows and pairs of tables."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import msgspec

from terminology.model import CodeSystem, Concept
from terminology.store.base import CodePair, Store, StoredHead, TableRelease
from terminology.store.pairs import unpacked
from terminology.tree import property_codes

SHOWN = 1_000
"""So many of each kind of change are named; all are counted."""
_INACTIVE = ("retired", "inactive", "withdrawn")
_decode = msgspec.json.Decoder(Concept).decode
T = TypeVar("T")


class Change(NamedTuple):
    """What changed of one code, row or pair."""

    kind: str
    """`added`, `ended`, `reworded` or `changed`."""
    what: str
    """The code; of a row with its modifier, of a pair both codes."""
    detail: str = ""
    """What it was and is, where that is told."""


class Difference(msgspec.Struct):
    """What changed in one code system or table.

    Attributes:
        what: the code system's URL, or the table's name and setting.
        counts: how many of each kind of change.
        changes: the first of them.
        before: how many codes were active in the earlier release, or how many rows or pairs it has.
    """

    what: str
    counts: dict[str, int]
    changes: list[Change] = []
    before: int = 0

    def take(self, changes: Iterable[Change]) -> "Difference":
        """Count changes and keep the first `SHOWN` of each kind."""
        for change in changes:
            number = self.counts.get(change.kind, 0) + 1
            self.counts[change.kind] = number
            if number <= SHOWN:
                self.changes.append(change)
        return self


def differences(before: Store, after: Store) -> list[Difference]:
    """What changed from one release to another, for each code system and table of the later one.

    Something that the earlier one has not is not compared. A code has ended where it is not there
    any more, or is inactive and was not.
    """
    found = [
        _of_systems(before, old, after, head)
        for head in after.heads("CodeSystem")
        for old in before.heads("CodeSystem")
        if old.url == head.url
    ]
    for table in after.table_releases():
        for old in before.table_releases():
            if (old.table, old.setting) == (table.table, table.setting):
                named = " ".join(filter(None, (table.table, table.setting)))
                changes = _rows(before, old, after, table)
                found.append(Difference(named, {}, before=old.rows).take(changes))
    return found


def _of_systems(
    before: Store, old_head: StoredHead, after: Store, new_head: StoredHead
) -> Difference:
    found = Difference(new_head.url, {})

    def olds() -> Iterator[tuple[str, _Code]]:
        for code, old in _codes(before, old_head):
            found.before += old.is_active
            yield code, old

    return found.take(_concepts(olds(), _codes(after, new_head)))


class _Code(NamedTuple):
    display: str
    is_active: bool


def _concepts(
    olds: Iterable[tuple[str, _Code]], news: Iterable[tuple[str, _Code]]
) -> Iterator[Change]:
    for code, old, new in _beside(olds, news):
        if old is None or not old.is_active:
            if new is not None and new.is_active:
                yield Change("added", code, new.display)
        elif new is None or not new.is_active:
            yield Change("ended", code, old.display)
        elif old.display != new.display:
            yield Change("reworded", code, f"{old.display} -> {new.display}")


def _codes(store: Store, head: StoredHead) -> Iterator[tuple[str, _Code]]:
    definitions = msgspec.json.decode(head.body, type=CodeSystem).property
    flags = property_codes(definitions, "inactive")
    statuses = property_codes(definitions, "status")
    for code, body in store.bodies_by_code(head.key):
        concept = _decode(body)
        active = not any(
            (p.code in flags and p.text() == "true")
            or (p.code in statuses and p.text() in _INACTIVE)
            for p in concept.property
        )
        yield code, _Code(concept.display or "", active)


def _rows(
    before: Store, old_table: TableRelease, after: Store, new_table: TableRelease
) -> Iterator[Change]:
    olds = _of_rows(before, old_table)
    for what, old, new in _beside(olds, _of_rows(after, new_table)):
        if old is None:
            yield Change("added", what)
        elif new is None:
            yield Change("ended", what)
        elif old != new:
            yield Change("changed", what, _changed(old, new))
    olds_of, news_of = before.packs(old_table.key), after.packs(new_table.key)
    for column1, old_pairs, new_pairs in _beside(olds_of, news_of):
        if old_pairs != new_pairs:
            yield from _pairs(_paired(column1, old_pairs), _paired(column1, new_pairs))


def _of_rows(store: Store, table: TableRelease) -> Iterator[tuple[str, bytes]]:
    """Each row of a table's release by its code and modifier, sorted."""
    for row in store.all_rows(table.key):
        yield f"{row.code} {row.modifier}".strip(), row.body


def _changed(old: bytes, new: bytes) -> str:
    one, other = msgspec.json.decode(old), msgspec.json.decode(new)
    names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
    return ", ".join(f"{n} {one.get(n, '') or '-'} -> {other.get(n, '') or '-'}" for n in names)


def _paired(column1: str, pack: bytes | None) -> list[CodePair]:
    return [] if pack is None else [*unpacked(column1, pack)]


def _pairs(olds: list[CodePair], news: list[CodePair]) -> Iterator[Change]:
    known = {(pair.column2, pair.effective): pair for pair in olds}
    for pair in news:
        old = known.pop((pair.column2, pair.effective), None)
        what = f"{pair.column1} {pair.column2}"
        if old is None:
            yield Change("added", what, f"from {pair.effective or 'an unknown day'}")
        elif pair.deleted and not old.deleted:
            yield Change("ended", what, f"on {pair.deleted}")
        elif pair != old:
            yield Change("changed", what, f"indicator {old.indicator} -> {pair.indicator}")
    for pair in known.values():
        if not pair.deleted:
            yield Change("ended", f"{pair.column1} {pair.column2}", "not in the release any more")


def _beside(
    olds: Iterable[tuple[str, T]], news: Iterable[tuple[str, T]]
) -> Iterator[tuple[str, T | None, T | None]]:
    """Two sorted streams side by side, by their keys."""
    left, right = iter(olds), iter(news)
    old, new = next(left, None), next(right, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old[0] < new[0]):
            assert old is not None  # noqa: S101 - one of the two is there
            yield old[0], old[1], None
            old = next(left, None)
        elif old is None or new[0] < old[0]:
            yield new[0], None, new[1]
            new = next(right, None)
        else:
            yield old[0], old[1], new[1]
            old, new = next(left, None), next(right, None)
