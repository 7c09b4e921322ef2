"""Search over stored resources: what a store is asked and what it answers.

See https://hl7.org/fhir/R5/search.html.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from terminology.store.searchparams import SEARCH_PARAMETERS, SearchParameter

__all__ = [
    "SEARCH_PARAMETERS",
    "Criterion",
    "SearchPage",
    "SearchParameter",
    "SearchQuery",
    "index_rows",
    "run",
]

Execute = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]
"""Runs a statement with `?` placeholders and gives its rows."""


class Criterion(NamedTuple):
    """One search parameter with its values: the resource matches any of them."""

    parameter: SearchParameter
    modifier: str | None
    values: tuple[str, ...]
    """As they came, still escaped, one for each part between commas."""


class SearchQuery(NamedTuple):
    """The resources of a type that meet every criterion, `count` of them from `offset` on."""

    resource_type: str
    criteria: tuple[Criterion, ...]
    count: int
    offset: int


class SearchPage(NamedTuple):
    """How many resources match in all, and the JSON of those on the page."""

    total: int
    bodies: list[bytes]


def index_rows(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of table `search_value` for a resource, without the resource's key."""
    raise NotImplementedError


def run(query: SearchQuery, execute: Execute) -> SearchPage:
    """Answer a query from the tables `resource` and `search_value`."""
    raise NotImplementedError
