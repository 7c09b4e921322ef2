"""What the engine asks of a store, whatever keeps the data.

A store holds releases: resources as they were loaded, the concepts of code systems as rows in
document order, and the tables that are keyed by procedure code (fee schedule, unit limits). It may
be one release, or all that are active at a moment (`terminology.store.merged`). Concepts are
numbered within their system as `terminology.tree` says, so that a set of concepts is a set of
small integers.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

from terminology.store.search import Found, SearchPage, SearchQuery
from terminology.store.words import WordRow
from terminology.tree import Listed, Neighbours, PlacedConcept

SCHEMA_VERSION = "5"
"""Changes with the tables of `terminology.store.schema`: a store of another version is upgraded or
refused, never misread. It stands here since readers need it, and not SQLAlchemy, which takes half a
second to load.
"""
KEY_BITS = 20
"""A key is its release's key, shifted by so many bits, and a number within the release."""


def first_key(release: int) -> int:
    """The key below all keys of a release."""
    return release << KEY_BITS


def release_of(key: int) -> int:
    """The release that a resource or a table's release with this key is in."""
    return key >> KEY_BITS


class StoredHead(NamedTuple):
    """A canonical resource without its bulk, enough to choose and to describe it."""

    key: int
    """The store's number of the resource."""
    url: str
    version: str | None
    body: bytes
    """The resource's JSON, a code system's without its concepts."""
    effective: str | None = None
    """The first day that its release is in force, where that is known."""


class TableRelease(NamedTuple):
    """A release of a published table, for one setting where the table has several."""

    key: int
    """The store's number of the release."""
    table: str
    setting: str
    """Empty where the table has but one."""
    release: str
    """The publisher's name of it, `2025D`."""
    title: str
    """Its name for people, `RVU 2025 October`."""
    effective: str
    """The first day on which it is in force, `YYYY-MM-DD`."""
    until: str
    """The last day of its own period, whether a later release is loaded or not."""
    source: str
    """The id of the DocumentReference that names the file."""
    whole: bool
    """Whether all of the publisher's release is loaded; an extract holds a part."""
    rows: int
    complete_for: tuple[str, ...] = ()
    """The procedure codes of which an extract holds every row that was published."""
    dated: bool = False
    """Whether each row says from when to when it is in force: then it tells of earlier days too."""


class TableRow(NamedTuple):
    """A row of a release that is keyed by procedure code."""

    release: int
    code: str
    modifier: str
    """Empty for the row of the code alone."""
    body: bytes
    """The other columns as a JSON object of text."""


class CodePair(NamedTuple):
    """A row of a release that is keyed by two procedure codes."""

    column1: str
    column2: str
    effective: str
    """Its first day, empty where it is not known."""
    deleted: str
    """Its last day, empty where it has none."""
    indicator: str
    """Empty where it is not known."""
    rationale: str


class Store(Protocol):
    """Content that does not change. All methods only read, and may be called from any thread."""

    @property
    def release(self) -> str:
        """The fingerprint of what is loaded: it changes with any change of content."""

    def resource(self, resource_type: str, resource_id: str) -> bytes | None:
        """The JSON of a resource as it was loaded, None where there is none."""

    def resource_by_key(self, key: int) -> bytes:
        """The JSON of the resource with the store's own number."""

    def search(self, query: SearchQuery) -> SearchPage:
        """One page of the resources that match, in a stable order, with the total."""

    def found(self, query: SearchQuery) -> list[Found]:
        """Every resource that matches, by id; the page asked for is not looked at."""

    def bodies(self, query: SearchQuery, keys: Sequence[int]) -> dict[int, bytes]:
        """The JSON of resources by their keys, as the query wants it."""

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

    def neighbours(self, system: int, code: str) -> Neighbours | None:
        """The concept with exactly this code, and those directly above and below it."""

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

    def codes(self, system: int, prefix: str) -> list[WordRow]:
        """The concepts whose code, without case, begins so, as rows like those of words."""

    def words(self, system: int, prefix: str) -> list[WordRow]:
        """Each folded word that begins so, with the concepts that have it, by place.

        Of a prefix of one or two letters, the word that it is and one row for all together.
        """

    def table_releases(self) -> list[TableRelease]:
        """Every release of every table, by table, setting and effective date."""

    def table_rows(self, releases: Sequence[int], codes: Sequence[str]) -> list[TableRow]:
        """The rows of the codes in the releases with these keys."""

    def code_pairs(self, release: int, codes: Sequence[str]) -> list[CodePair]:
        """The rows of a release both of whose codes are among `codes`, whatever their dates."""

    def bodies_by_code(self, system: int) -> Iterator[tuple[str, bytes]]:
        """Every code of a code system with its concept's JSON, sorted by code."""

    def all_rows(self, release: int) -> Iterator[TableRow]:
        """Every row of a table's release, sorted by code and modifier."""

    def packs(self, release: int) -> Iterator[tuple[str, bytes]]:
        """Every code of column one with its pairs as `terminology.store.pairs` packs them."""

    def close(self) -> None:
        """Close this thread's connections; they open again when they are needed."""
