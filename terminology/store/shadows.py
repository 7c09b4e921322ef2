"""What is loaded and not seen any more, since something else stands in its place."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from terminology.store.base import Store, StoredHead, TableRelease
from terminology.store.merged import MergedStore

_CANONICAL = ("CodeSystem", "ValueSet", "ConceptMap")


class Shadow(NamedTuple):
    """Something that is not seen, and what is seen instead."""

    kind: str
    """`CodeSystem`, `ValueSet` or `ConceptMap`; `table` of a release of a table."""
    name: str
    """The URL, or the table with its setting."""
    version: str | None
    """Of a table, the publisher's name of the release."""
    key: int
    by: int
    """The key of what stands in its place; `release_of` tells of either in which release it is."""


class _Head(msgspec.Struct):
    content: str | None = None


def shadows(store: Store) -> list[Shadow]:
    """What stands in the shadow of what, by kind and name; nothing does in a single release."""
    if not isinstance(store, MergedStore):
        return []
    parts = store.stores
    found = [shadow for kind in _CANONICAL for shadow in _heads(kind, parts, store)]
    return sorted([*found, *_tables(parts, store)])


def seen_heads(store: Store, resource_type: str) -> list[StoredHead]:
    """The canonical resources that answer: of one URL and version the one that came last.

    One without a URL can be read by its id alone.
    """
    heads = (head for head in store.heads(resource_type) if head.url)
    found = {(head.url, head.version): head for head in heads}
    return sorted(found.values(), key=lambda head: (head.url, head.version or ""))


def _heads(kind: str, parts: Sequence[Store], store: MergedStore) -> Iterator[Shadow]:
    seen = seen_heads(store, kind)
    same = {(head.url, head.version): head.key for head in seen}
    keys = set(same.values())
    for head in (head for part in parts for head in part.heads(kind)):
        if head.url and head.key not in keys:
            by = same.get((head.url, head.version)) or _whole(head, seen)
            yield Shadow(kind, head.url, head.version, head.key, by)


def _whole(head: StoredHead, seen: Sequence[StoredHead]) -> int:
    """The complete code system in whose shadow a part of it stands; the latest of several."""
    return max(
        one.key
        for one in seen
        if one.url == head.url and msgspec.json.decode(one.body, type=_Head).content == "complete"
    )


def _tables(parts: Sequence[Store], store: MergedStore) -> Iterator[Shadow]:
    seen = store.table_releases()
    keys = {one.key for one in seen}
    for one in (release for part in parts for release in part.table_releases()):
        if one.key not in keys:
            name = " ".join(filter(None, (one.table, one.setting)))
            yield Shadow("table", name, one.release, one.key, _instead(one, seen))


def _instead(one: TableRelease, seen: Sequence[TableRelease]) -> int:
    of_table = [other for other in seen if (other.table, other.setting) == (one.table, one.setting)]
    same = [other.key for other in of_table if other.release == one.release]
    return max(same or [other.key for other in of_table if other.whole and other.dated])
