"""What the engine asks of a store, whatever keeps the data.

A store holds one release: resources as they were loaded, the concepts of code systems as rows
in document order, and the tables that are keyed by procedure code (fee schedule, unit limits).
Concepts are numbered within their system as `terminology.tree` says, so that a set of concepts
is a set of small integers.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from terminology.store.search import SearchPage, SearchQuery
from terminology.tree import Listed, PlacedConcept

SCHEMA_VERSION = "2"
"""Changes with the tables of `terminology.store.schema`: a store of another version is built anew,
never misread. It stands here since readers need it, and not SQLAlchemy, which takes half a second
to load.
"""


class StoredHead(NamedTuple):
    """A canonical resource without its bulk, enough to choose and to describe it."""

    key: int
    """The store's number of the resource."""
    url: str
    version: str | None
    body: bytes
    """The resource's JSON, a code system's without its concepts."""


class ReferenceRow(NamedTuple):
    """A row of a published table that says something of a procedure code from a date on."""

    table: str
    release: str
    effective: str
    """The first day on which the release is in force, `YYYY-MM-DD`."""
    body: bytes
    """The row's columns as a JSON object."""


class Store(Protocol):
    """One release of content. All methods only read, and may be called from any thread."""

    @property
    def release(self) -> str:
        """The fingerprint of what is loaded: it changes with any change of content."""

    def resource(self, resource_type: str, resource_id: str) -> bytes | None:
        """The JSON of a resource as it was loaded, None where there is none."""

    def resource_by_key(self, key: int) -> bytes:
        """The JSON of the resource with the store's own number."""

    def search(self, query: SearchQuery) -> SearchPage:
        """One page of the resources that match, in a stable order, with the total."""

    def resource_counts(self) -> dict[str, int]:
        """How many resources of each type are loaded."""

    def heads(self, resource_type: str) -> list[StoredHead]:
        """Every loaded canonical resource of a type, without its bulk."""

    def size(self, system: int) -> int:
        """How many concepts the code system has."""

    def concept(self, system: int, code: str) -> PlacedConcept | None:
        """The concept with exactly this code."""

    def concept_folded(self, system: int, code: str) -> PlacedConcept | None:
        """The concept whose code is this one when case is not looked at."""

    def concepts(self, system: int, ordinals: Sequence[int]) -> list[PlacedConcept]:
        """The concepts with these ordinals, in the order asked for."""

    def listed(self, system: int, ordinals: Sequence[int]) -> list[Listed]:
        """What a list shows of the concepts with these ordinals, in the order asked for."""

    def has_hierarchy(self, system: int) -> bool:
        """Whether any concept of the code system has a parent."""

    def children(self, system: int, ordinal: int) -> list[int]:
        """The ordinals of the direct children, in document order."""

    def parents(self, system: int, ordinal: int) -> list[int]:
        """The ordinals of the direct parents: there may be several."""

    def descendants(self, system: int, ordinal: int) -> list[int]:
        """The ordinals of all that is below, without itself."""

    def is_descendant(self, system: int, ordinal: int, ancestor: int) -> bool:
        """Whether `ordinal` is below `ancestor`; nothing is below itself."""

    def property_values(self, system: int, code: str) -> Iterable[tuple[int, str]]:
        """Each (ordinal, value as text) of the property, in document order."""

    def with_property(self, system: int, code: str, values: Sequence[str]) -> list[int]:
        """The ordinals of the concepts that have one of the values, in document order."""

    def matching_text(self, system: int, words: Sequence[str]) -> list[int]:
        """The ordinals of the concepts whose code, display or designations hold every word."""

    def reference_rows(self, code: str, date: str) -> list[ReferenceRow]:
        """For each table, the row of `code` in the release in force on `date` (`YYYY-MM-DD`)."""

    def reference_releases(self) -> list[tuple[str, str, str, int]]:
        """(table, release, effective, rows) of every table's release."""
