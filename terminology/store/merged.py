"""Several releases read as one store: what ships, and whatever is active beside it.

A later release goes before an earlier one where both have the same thing. What ships stands until
something better is loaded: a part of a code system of which a whole is loaded is not seen any more,
nor is an extract of a release of a table that is loaded itself.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from terminology.store.base import (
    CodePair,
    Store,
    StoredHead,
    TableRelease,
    TableRow,
    release_of,
)
from terminology.store.search import Found, SearchPage, SearchQuery
from terminology.store.words import WordRow
from terminology.tree import Listed, Neighbours, PlacedConcept


class Part(NamedTuple):
    """A release of a merged store."""

    key: int
    release: str
    """Its fingerprint."""
    store: Store
    effective: str | None = None
    """The first day that it is in force, where that is known."""


class _Content(msgspec.Struct):
    id: str
    content: str | None = None


class MergedStore:
    """What ships and other releases as one store.

    Args:
        shipped: what ships with the program that reads.
        loaded: the releases that are active, by their keys; later ones go before earlier ones.
    """

    def __init__(self, shipped: Part, loaded: Sequence[Part] = ()) -> None:
        """Take the parts; what is hidden is worked out when it is first asked for."""
        self._shipped = shipped
        self._parts = (shipped, *sorted(loaded, key=lambda part: part.key))
        self._of = {part.key: part.store for part in self._parts}
        self._latest_first = self._parts[::-1]
        self._ids_of: dict[str, Mapping[str, int]] = {}

    @property
    def release(self) -> str:
        """The fingerprint of all that is loaded."""
        first, *others = (part.release for part in self._parts)
        if not others:
            return first
        return hashlib.sha256(" ".join((first, *others)).encode()).hexdigest()[:16]

    @property
    def stores(self) -> tuple[Store, ...]:
        """The stores of its parts, what ships first, the others in the order of their keys."""
        return tuple(part.store for part in self._parts)

    def close(self) -> None:
        """Close this thread's connections."""
        for part in self._parts:
            part.store.close()

    def resource(self, resource_type: str, resource_id: str) -> bytes | None:
        """The JSON of a resource as it was loaded, None where there is none."""
        for part in self._latest_first:
            if part is self._shipped and (resource_type, resource_id) in self._shadowed:
                return None
            body = part.store.resource(resource_type, resource_id)
            if body is not None:
                return body
        return None

    def resource_by_key(self, key: int) -> bytes:
        """The JSON of the resource with the store's own number."""
        return self._of[release_of(key)].resource_by_key(key)

    def search(self, query: SearchQuery) -> SearchPage:
        """One page of the resources that match, in a stable order, with the total."""
        if len(self._parts) == 1:
            return self._shipped.store.search(query)
        found = self.found(query)
        page = found[query.offset : query.offset + query.count]
        bodies = self.bodies(query, [one.key for one in page])
        return SearchPage(len(found), [bodies[one.key] for one in page])

    def found(self, query: SearchQuery) -> list[Found]:
        """Every resource that matches, by id."""
        found: dict[str, Found] = {}
        ids = self._ids(query.resource_type)
        for part in self._parts:
            for one in part.store.found(query):
                # One that a later release has too is not there, whether that one matches or not.
                if ids.get(one.id, one.key) == one.key:
                    found[one.id] = one
        return [found[name] for name in sorted(found)]

    def bodies(self, query: SearchQuery, keys: Sequence[int]) -> dict[int, bytes]:
        """The JSON of resources by their keys, as the query wants it."""
        of: dict[int, list[int]] = {}
        for key in keys:
            of.setdefault(release_of(key), []).append(key)
        bodies: dict[int, bytes] = {}
        for release, wanted in of.items():
            bodies |= self._of[release].bodies(query, wanted)
        return bodies

    def resource_counts(self) -> dict[str, int]:
        """How many resources of each type are loaded."""
        if len(self._parts) == 1:
            return self._shipped.store.resource_counts()
        types = {kind for part in self._parts for kind in part.store.resource_counts()}
        return {kind: len(self.found(_all(kind))) for kind in sorted(types)}

    def heads(self, resource_type: str) -> list[StoredHead]:
        """Every loaded canonical resource of a type, without its bulk; later ones come later."""
        found: list[StoredHead] = []
        for part in self._parts:
            heads = part.store.heads(resource_type)
            if part is self._shipped and resource_type == "CodeSystem" and self._shadowed:
                heads = [h for h in heads if (resource_type, _content(h).id) not in self._shadowed]
            found += (head._replace(effective=part.effective) for head in heads)
        return found

    def size(self, system: int) -> int:
        """How many concepts the code system has."""
        return self._of[release_of(system)].size(system)

    def concept(self, system: int, code: str) -> PlacedConcept | None:
        """The concept with exactly this code."""
        return self._of[release_of(system)].concept(system, code)

    def concept_folded(self, system: int, code: str) -> PlacedConcept | None:
        """The concept whose code is this one when case is not looked at."""
        return self._of[release_of(system)].concept_folded(system, code)

    def concepts(self, system: int, ordinals: Sequence[int]) -> list[PlacedConcept]:
        """The concepts with these ordinals, in the order asked for."""
        return self._of[release_of(system)].concepts(system, ordinals)

    def listed(self, system: int, ordinals: Sequence[int]) -> list[Listed]:
        """What a list shows of the concepts with these ordinals, in the order asked for."""
        return self._of[release_of(system)].listed(system, ordinals)

    def has_hierarchy(self, system: int) -> bool:
        """Whether any concept of the code system has a parent."""
        return self._of[release_of(system)].has_hierarchy(system)

    def neighbours(self, system: int, code: str) -> Neighbours | None:
        """The concept with exactly this code, and those directly above and below it."""
        return self._of[release_of(system)].neighbours(system, code)

    def children(self, system: int, ordinal: int) -> list[int]:
        """The ordinals of the direct children, in document order."""
        return self._of[release_of(system)].children(system, ordinal)

    def parents(self, system: int, ordinal: int) -> list[int]:
        """The ordinals of the direct parents."""
        return self._of[release_of(system)].parents(system, ordinal)

    def descendants(self, system: int, ordinal: int) -> list[int]:
        """The ordinals of all that is below, without itself."""
        return self._of[release_of(system)].descendants(system, ordinal)

    def is_descendant(self, system: int, ordinal: int, ancestor: int) -> bool:
        """Whether `ordinal` is below `ancestor`."""
        return self._of[release_of(system)].is_descendant(system, ordinal, ancestor)

    def property_values(self, system: int, code: str) -> Iterable[tuple[int, str]]:
        """Each (ordinal, value as text) of the property, in document order."""
        return self._of[release_of(system)].property_values(system, code)

    def with_property(self, system: int, code: str, values: Sequence[str]) -> list[int]:
        """The ordinals of the concepts that have one of the values, in document order."""
        return self._of[release_of(system)].with_property(system, code, values)

    def codes(self, system: int, prefix: str) -> list[WordRow]:
        """The concepts whose code, without case, begins so, as rows like those of words."""
        return self._of[release_of(system)].codes(system, prefix)

    def words(self, system: int, prefix: str) -> list[WordRow]:
        """Each folded word that begins so, with the concepts that have it, by place."""
        return self._of[release_of(system)].words(system, prefix)

    def table_releases(self) -> list[TableRelease]:
        """Every release of every table, by table, setting and effective date."""
        found: dict[tuple[str, str, str], TableRelease] = {}
        whole: set[tuple[str, str]] = set()
        for part in self._latest_first:
            for one in part.store.table_releases():
                # What tells of earlier days too stands in the place of every extract.
                if part is self._shipped and (one.table, one.setting) in whole:
                    continue
                found.setdefault((one.table, one.setting, one.release), one)
                if one.whole and one.dated:
                    whole.add((one.table, one.setting))
        return sorted(found.values(), key=lambda one: (one.table, one.setting, one.effective))

    def table_rows(self, releases: Sequence[int], codes: Sequence[str]) -> list[TableRow]:
        """The rows of the codes in the releases with these keys."""
        of: dict[int, list[int]] = {}
        for key in releases:
            of.setdefault(release_of(key), []).append(key)
        rows = (self._of[part].table_rows(keys, codes) for part, keys in of.items())
        return sorted(row for found in rows for row in found)

    def code_pairs(self, release: int, codes: Sequence[str]) -> list[CodePair]:
        """The rows of a release both of whose codes are among `codes`."""
        return self._of[release_of(release)].code_pairs(release, codes)

    def bodies_by_code(self, system: int) -> Iterator[tuple[str, bytes]]:
        """Every code of a code system with its concept's JSON, sorted by code."""
        return self._of[release_of(system)].bodies_by_code(system)

    def all_rows(self, release: int) -> Iterator[TableRow]:
        """Every row of a table's release, sorted by code and modifier."""
        return self._of[release_of(release)].all_rows(release)

    def packs(self, release: int) -> Iterator[tuple[str, bytes]]:
        """Every code of column one with its pairs, packed."""
        return self._of[release_of(release)].packs(release)

    @cached_property
    def _shadowed(self) -> frozenset[tuple[str, str]]:
        """Type and id of what ships and is not seen any more."""
        whole = {
            head.url
            for part in self._parts[1:]
            for head in part.store.heads("CodeSystem")
            if _content(head).content == "complete"
        }
        heads = self._shipped.store.heads("CodeSystem") if whole else []
        contents = ((head, _content(head)) for head in heads)
        return frozenset(
            ("CodeSystem", said.id)
            for head, said in contents
            if head.url in whole and said.content == "fragment"
        )

    def _ids(self, kind: str) -> Mapping[str, int]:
        """The resource that stands behind each id; 0 behind one that is not seen any more."""
        known = self._ids_of.get(kind)
        if known is not None:
            return known
        ids = {name: 0 for of, name in self._shadowed if of == kind}
        for part in self._parts[1:]:
            ids |= {one.id: one.key for one in part.store.found(_all(kind))}
        self._ids_of[kind] = ids
        return ids


def _all(kind: str) -> SearchQuery:
    return SearchQuery(kind, (), 0)


def _content(head: StoredHead) -> _Content:
    return msgspec.json.decode(head.body, type=_Content)
