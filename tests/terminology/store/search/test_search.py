"""What code systems are found by, and how criteria and pages join."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.store.search import (
    Criterion,
    SearchQuery,
    criterion,
    index_rows,
    parameters_of,
)
from terminology.store.sql import SqlStore
from tests.terminology.store.stores import StoreWith

CPT = "http://www.ama-assn.org/go/cpt"
STATUS = "http://hl7.org/fhir/publication-status"

CODES = {
    "resourceType": "CodeSystem",
    "id": "cpt",
    "url": CPT,
    "version": "2026",
    "name": "CPT",
    "title": "Procédure codes",
    "status": "active",
    "content": "fragment",
    "date": "2026-01-01",
    "concept": [{"code": "37244", "concept": [{"code": "37244-inner"}]}, {"code": "59"}],
}
NOTES = {
    "resourceType": "CodeSystem",
    "id": "notes",
    "url": "https://proterm.example/fhir/CodeSystem/notes",
    "name": "Notes",
    "status": "draft",
    "content": "supplement",
    "supplements": f"{CPT}|2026",
    "concept": [{"code": "37244"}],
}
BARE = {"resourceType": "CodeSystem", "id": "bare", "status": "active", "content": "complete"}
RESOURCES = (CODES, NOTES, BARE)

Find = Callable[..., list[str]]


def asked(resource_type: str, name: str, text: str) -> Criterion:
    bare, _, modifier = name.partition(":")
    return criterion(parameters_of(resource_type)[bare], modifier or None, text)


@pytest.fixture(scope="module")
def store(store_with: StoreWith) -> SqlStore:
    return store_with(*RESOURCES)


@pytest.fixture(scope="module")
def find(store: SqlStore) -> Find:
    def _find(resource_type: str, *criteria: tuple[str, str]) -> list[str]:
        each = tuple(asked(resource_type, name, text) for name, text in criteria)
        page = store.search(SearchQuery(resource_type, each, 100))
        assert page.total == len(page.bodies)
        return [msgspec.json.decode(body)["id"] for body in page.bodies]

    return _find


def test_a_resource_type_without_parameters_has_no_rows() -> None:
    assert index_rows({"resourceType": "Basic", "id": "x"}) == []
    assert parameters_of("Basic") == {}


@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [
        ("_id", "cpt", ["cpt"]),
        ("_id", "CPT", []),
        ("_id", "cpt,bare,none", ["bare", "cpt"]),
        ("status", "active", ["bare", "cpt"]),
        ("status", "Active", []),
        ("status", f"{STATUS}|active", ["bare", "cpt"]),
        ("status", f"{STATUS}|", ["bare", "cpt", "notes"]),
        ("status", "|active", ["bare", "cpt"]),
        ("status", "http://other.example|active", []),
        ("status:not", "active", ["notes"]),
        ("status:not", "active,draft", []),
        ("version:not", "2026", ["bare", "notes"]),
        ("version:missing", "true", ["bare", "notes"]),
        ("version:missing", "false", ["cpt"]),
        ("content-mode", "fragment,supplement", ["cpt", "notes"]),
        ("code", "37244", ["cpt", "notes"]),
        ("code", "37244-inner", ["cpt"]),
        ("code", f"{CPT}|37244", ["cpt"]),
        ("code", f"{CPT}|", ["cpt"]),
        ("code", "|37244", []),
        ("code:not", "59", ["bare", "notes"]),
        ("code:missing", "true", ["bare"]),
    ],
)
def test_tokens_of_a_code_system(find: Find, name: str, text: str, ids: list[str]) -> None:
    assert find("CodeSystem", (name, text)) == ids


def test_strings_are_compared_without_accents(find: Find) -> None:
    assert find("CodeSystem", ("title", "procedure")) == ["cpt"]
    assert find("CodeSystem", ("title:exact", "Procedure codes")) == []


@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [
        ("url", CPT, ["cpt"]),
        ("url", CPT + "/", []),
        ("url", f"{CPT}|2026", ["cpt"]),
        ("url", f"{CPT}|2025", []),
        ("url:below", "http://www.ama-assn.org/go", ["cpt"]),
        ("url:below", "http://www.ama-assn.org/g", []),
        ("url:below", CPT, ["cpt"]),
        ("url:missing", "true", ["bare"]),
        ("system", CPT, ["cpt"]),
        ("supplements", CPT, ["notes"]),
        ("supplements", f"{CPT}|2026", ["notes"]),
        ("supplements", f"{CPT}|2025", []),
        ("supplements:missing", "false", ["notes"]),
    ],
)
def test_uris(find: Find, name: str, text: str, ids: list[str]) -> None:
    assert find("CodeSystem", (name, text)) == ids


_CRITERIA = st.sampled_from(
    [
        ("status", "active"),
        ("status:not", "active"),
        ("content-mode", "fragment"),
        ("code", "37244"),
        ("url:missing", "false"),
        ("name", "n"),
        ("date", "ge2026"),
        ("_id", "bare,cpt"),
    ]
)


@given(st.lists(_CRITERIA, max_size=4))
def test_repeated_criteria_all_hold(find: Find, criteria: list[tuple[str, str]]) -> None:
    expected = set(find("CodeSystem"))
    for each in criteria:
        expected &= set(find("CodeSystem", each))
    assert set(find("CodeSystem", *criteria)) == expected


@given(st.lists(st.sampled_from(["cpt", "notes", "bare", "other"]), min_size=1, max_size=5))
def test_a_comma_joins_alternatives_and_not_is_the_rest(find: Find, ids: list[str]) -> None:
    found = {each for text in ids for each in find("CodeSystem", ("_id", text))}
    assert set(find("CodeSystem", ("_id", ",".join(ids)))) == found
    rest = set(find("CodeSystem", ("_id:not", ",".join(ids))))
    assert rest == set(find("CodeSystem")) - found


@given(st.integers(1, 5))
def test_pages_one_after_another_are_the_whole(store: SqlStore, count: int) -> None:
    found = []
    for offset in range(0, len(RESOURCES) + count, count):
        page = store.search(SearchQuery("CodeSystem", (), count, offset))
        assert page.total == len(RESOURCES)
        assert len(page.bodies) <= count
        found += [msgspec.json.decode(body)["id"] for body in page.bodies]
    assert found == ["bare", "cpt", "notes"]


def test_a_count_of_nothing_gives_the_total(store: SqlStore) -> None:
    assert store.search(SearchQuery("CodeSystem", (), 0)) == (3, [])


def test_heads_come_without_concepts_and_are_found_by_them_all_the_same(
    store: SqlStore,
) -> None:
    query = SearchQuery("CodeSystem", (asked("CodeSystem", "code", "59"),), 9, heads=True)
    (body,) = store.search(query).bodies
    assert "concept" not in msgspec.json.decode(body)
