"""Pages of an expansion: refused before anything is read, and together the whole."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.stored import StoredProvider
from terminology.errors import TooCostly
from terminology.model import Json
from terminology.valuesets.expansion import Page, check_size, contents, total_of
from terminology.valuesets.members import members
from terminology.valuesets.part import Part
from tests.terminology.builders import ANIMALS, COLOURS, condition, include, scope_over, value_set

URL = "https://test.example/ValueSet/v"
MIXED = [
    include(COLOURS, "b"),
    include(ANIMALS, filter=[condition("concept", "is-a", "animal")]),
    include(COLOURS),
    include(ANIMALS, "stone", "nothing"),
]


def worked_out(systems: CodeSystems, *wanted: Json, exclude: tuple[Json, ...] = ()) -> list[Part]:
    scope = scope_over(systems, value_set("v", *wanted, exclude=exclude))
    return members(scope.value_sets.get(URL), scope)


class Codes:
    """Writes a concept as its code alone."""

    def lists(self, _provider: Any) -> bool:
        return False

    def write(self, _provider: Any, placed: Any, _reference: Any) -> Json:
        return {"code": placed.concept.code}


def flat(entries: list[Json]) -> list[str]:
    return [c for e in entries for c in (e["code"], *flat(e.get("contains", [])))]


def listed(parts: list[Part], **page: Any) -> list[str]:
    return flat(contents(parts, Page(**page), Codes()))


@pytest.mark.parametrize(
    ("total", "page", "refused"),
    [
        (10, {}, False),
        (11, {}, True),
        (11, {"offset": 1}, False),
        (12, {"offset": 1}, True),
        (11, {"count": 0}, False),
        (10**9, {"count": 20}, False),
        (10**9, {"count": 21}, True),
        (0, {"count": 21}, True),
        (0, {"offset": 2**31 - 1}, False),
    ],
)
def test_an_expansion_over_a_limit_is_refused(
    systems: CodeSystems, total: int, page: Any, refused: bool
) -> None:
    found = scope_over(systems, value_set("v")).value_sets.get(URL)
    if not refused:
        check_size(found, total, Page(**page), 10, 20)
        return
    words = r"page of 21 codes.* count=20" if page else r"/v\|1\.0\.0' .* too many codes .*>10"
    if page.get("count") is None:
        words = "too many codes"
    with pytest.raises(TooCostly, match=words):
        check_size(found, total, Page(**page), 10, 20)


def test_nothing_is_read_to_know_the_members(
    systems: CodeSystems, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        pytest.fail("a concept was read")

    monkeypatch.setattr(StoredProvider, "at", read)
    assert total_of(worked_out(systems, *MIXED, exclude=(include(COLOURS, "red"),))) == 9


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(MIXED), min_size=1, max_size=4),
    st.integers(1, 12),
    st.sampled_from([(), (include(ANIMALS, "bird"),), (include(COLOURS),)]),
)
def test_pages_joined_are_the_whole(
    systems: CodeSystems, wanted: list[Json], count: int, exclude: tuple[Json, ...]
) -> None:
    parts = worked_out(systems, *wanted, exclude=exclude)
    whole = listed(parts, nested=False)
    total = total_of(parts)
    assert len(whole) == len(set(whole)) == total
    pages = [listed(parts, offset=start, count=count) for start in range(0, total + count, count)]
    assert [code for page in pages for code in page] == whole
    assert all(len(page) == count for page in pages[: total // count])
    for offset in range(total + 2):
        assert listed(parts, offset=offset, nested=False) == whole[offset:]
    assert sorted(listed(parts)) == sorted(whole)


def test_a_page_of_none_and_a_page_past_the_end_are_empty(systems: CodeSystems) -> None:
    parts = worked_out(systems, *MIXED)
    assert listed(parts, count=0) == []
    assert listed(parts, offset=99) == []
    assert listed(parts, offset=2**31 - 1, count=5) == []


def tree(entries: list[Json]) -> dict[str, Any]:
    return {entry["code"]: tree(entry.get("contains", [])) for entry in entries}


@pytest.mark.parametrize(
    ("wanted", "exclude", "shape"),
    [
        (include(ANIMALS, filter=[condition("concept", "is-a", "bird")]), (),
         {"bird": {"duck": {}, "dodo": {}}}),
        (include(ANIMALS, filter=[condition("concept", "is-a", "animal")]),
         (include(ANIMALS, "bird"),),
         {"animal": {"swimmer": {"otter": {}}}, "duck": {}, "dodo": {}}),
        (include(ANIMALS, "bird", "duck"), (), {"bird": {}, "duck": {}}),
        (include(ANIMALS, filter=[condition("concept", "is-a", "swimmer")]), (),
         {"duck": {}, "swimmer": {"otter": {}}}),
    ],
)  # fmt: skip
def test_codes_are_nested_as_their_code_system_nests_them(
    systems: CodeSystems, wanted: Json, exclude: tuple[Json, ...], shape: dict[str, Any]
) -> None:
    parts = worked_out(systems, wanted, exclude=exclude)
    assert tree(contents(parts, Page(), Codes())) == shape
    flat_shape = tree(contents(parts, Page(nested=False), Codes()))
    assert all(inner == {} for inner in flat_shape.values())
    assert tree(contents(parts, Page(count=99), Codes())) == flat_shape


def test_what_was_used_is_recorded_once(systems: CodeSystems) -> None:
    scope = scope_over(systems, value_set("v", *MIXED))
    assert list(scope.used_systems) == []
    members(scope.value_sets.get(URL), scope)
    assert list(scope.used_systems) == [f"{COLOURS}|2024", f"{ANIMALS}|1.0.0"]
    assert [head.content for head in scope.used_systems.values()] == ["fragment", "complete"]
    assert scope.used_value_sets == {}
