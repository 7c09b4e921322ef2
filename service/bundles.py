"""The Bundle that answers a search.

https://hl7.org/fhir/R5/http.html#paging and https://hl7.org/fhir/R5/bundle.html#searchset.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol
from urllib.parse import quote

from service.search import Inclusion, Search
from service.summary import summarised, with_elements
from terminology.errors import TooCostly
from terminology.fhir import json
from terminology.model import Json
from terminology.store.search import Criterion, SearchPage, SearchQuery
from terminology.store.search.index import references
from terminology.store.search.values import ReferenceValue, localised

Key = tuple[str, str]
"""(resource type, id)."""

MAX_INCLUDED = 1_000
"""How many resources may come along with the matches of a page."""
_AT_ONCE = 100


class SearchStore(Protocol):
    """What a search asks of a store."""

    def search(self, query: SearchQuery) -> SearchPage:
        """One page of the resources that match, with the total."""

    def resource(self, resource_type: str, resource_id: str) -> bytes | None:
        """The JSON of a resource, None where there is none."""


def searchset(search: Search, store: SearchStore, base_url: str) -> Json:
    """Run a search and answer it.

    Args:
        search: what `service.search.parse_search` read.
        store: where the resources are.
        base_url: the base that the request was addressed to, such as `http://host/r4`, without a
            slash at its end. The links start with it; references with it are this server's own.

    Returns:
        A Bundle, and in it resources, in R5's shape.

    Raises:
        TooCostly: more resources than `MAX_INCLUDED` would come along with the matches.
    """
    query = SearchQuery(
        search.resource_type,
        tuple(localised(each, base_url) for each in search.criteria),
        search.count,
        search.offset,
        heads=_without_concepts(search),
    )
    page = store.search(query)
    bundle: Json = {"resourceType": "Bundle", "type": "searchset"}
    if search.total or search.summary == "count":
        bundle["total"] = page.total
    bundle["link"] = _links(search, page.total, f"{base_url}/{search.resource_type}")
    if search.summary == "count":
        return bundle
    matches = {_key(resource): resource for resource in map(json.decode, page.bodies)}
    included = _included(search, store, matches)
    entries = [_entry(_cut(search, each, True), base_url, "match") for each in matches.values()]
    entries += [_entry(_cut(search, each, False), base_url, "include") for each in included]
    if entries:
        bundle["entry"] = entries
    return bundle


def _without_concepts(search: Search) -> bool:
    if search.elements:
        return "concept" not in search.elements
    return search.summary in ("true", "text")


def _cut(search: Search, resource: Json, is_match: bool) -> Json:
    # _elements names the elements of the type that is searched, so it cuts the matches only.
    if search.elements and is_match:
        return with_elements(resource, search.elements)
    return summarised(resource, search.summary or "false")


def _entry(resource: Json, base_url: str, mode: str) -> Json:
    url = f"{base_url}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": url, "resource": resource, "search": {"mode": mode}}


def _key(resource: Json) -> Key:
    return resource["resourceType"], resource["id"]


def _links(search: Search, total: int, url: str) -> list[Json]:
    offsets = {"self": search.offset}
    if search.summary != "count":
        last = max(total - 1, 0) // search.count * search.count
        offsets["first"] = 0
        if search.offset > 0:
            offsets["previous"] = min(max(search.offset - search.count, 0), last)
        if search.offset + search.count < total:
            offsets["next"] = search.offset + search.count
        offsets["last"] = last
    return [
        {"relation": relation, "url": _link(search, url, offset)}
        for relation, offset in offsets.items()
    ]


def _link(search: Search, url: str, offset: int) -> str:
    pairs = [*search.used, ("_offset", str(offset))] if offset else search.used
    text = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    return f"{url}?{text}" if text else url


def _quoted(text: str) -> str:
    return quote(text, safe="/:,-._~")


def _included(search: Search, store: SearchStore, matches: dict[Key, Json]) -> Iterable[Json]:
    found: dict[Key, Json] = {}
    for key, resource in _reached(search, store, matches):
        if key not in matches:
            found[key] = resource
        if len(found) > MAX_INCLUDED:
            raise TooCostly(
                f"More than {MAX_INCLUDED} resources would come along with this page. "
                "Ask for fewer matches with _count, or without _include and _revinclude."
            )
    return found.values()


def _reached(
    search: Search, store: SearchStore, matches: dict[Key, Json]
) -> Iterator[tuple[Key, Json]]:
    for inclusion in search.include:
        for key in dict.fromkeys(_targets(inclusion, matches.values())):
            body = store.resource(*key)
            if body is not None:
                yield key, json.decode(body)
    for inclusion in search.revinclude:
        for body in _sources(inclusion, store, list(matches)):
            resource = json.decode(body)
            yield _key(resource), resource


def _targets(inclusion: Inclusion, resources: Iterable[Json]) -> Iterator[Key]:
    for resource in resources:
        for key in references(resource, inclusion.parameter):
            if inclusion.target in (None, key[0]):
                yield key


def _sources(inclusion: Inclusion, store: SearchStore, keys: list[Key]) -> Iterator[bytes]:
    wanted = [ReferenceValue(*key) for key in keys if inclusion.target in (None, key[0])]
    for start in range(0, len(wanted), _AT_ONCE):
        values = tuple(wanted[start : start + _AT_ONCE])
        query = SearchQuery(
            inclusion.source, (Criterion(inclusion.parameter, None, values),), MAX_INCLUDED + 1
        )
        yield from store.search(query).bodies
