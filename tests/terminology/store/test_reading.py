"""Reading a store, in either database: the reads are right, from any thread."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from terminology.errors import StoreUnavailable
from terminology.model import Json
from terminology.store.base import CodePair
from terminology.store.contents import TableLoad
from terminology.store.sql import SqlStore
from terminology.store.words import ascending, ordinals_of
from tests.terminology.builders import code_system, concept, value_set
from tests.terminology.store.stores import StoreWith

PAIRS = [
    CodePair("1", "2", "", "", "1", "new"),
    CodePair("1", "2", "", "2019-12-31", "0", "old"),
    CodePair("1", "3", "", "", "0", ""),
]


def tables() -> Iterator[TableLoad]:
    for release, rows in (
        ("2024A", [{"code": "1", "modifier": "", "status": "A"}]),
        (
            "2025A",
            [
                {"code": "1", "modifier": "", "status": "B"},
                {"code": "1", "modifier": "26", "status": "C"},
                {"code": "2", "modifier": "", "status": "A"},
            ],
        ),
    ):
        yield TableLoad(
            table="fees",
            release=release,
            title=f"Fees {release}",
            effective=f"{release[:4]}-01-01",
            until=f"{release[:4]}-03-31",
            source="a",
            rows=rows,
        )
    yield TableLoad(
        table="pairs",
        setting="practitioner",
        release="2024Q3",
        title="Pairs 2024 Q3",
        effective="2024-07-01",
        until="2024-09-30",
        source="a",
        whole=False,
        complete_for=("1", "2"),
        pairs=PAIRS,
    )


@pytest.fixture(scope="module")
def store(store_with: StoreWith, animals: Json, colours: Json) -> SqlStore:
    many = code_system("many", [concept(f"c{n}", f"Number {n}") for n in range(1500)])
    resources = (animals, colours, many, value_set("v"))
    return store_with(*resources, tables=tables())


def codes(store: SqlStore, system: int, ordinals: list[int]) -> list[str]:
    return [placed.concept.code for placed in store.concepts(system, ordinals)]


def found_codes(store: SqlStore, prefix: str, system: int = 1) -> list[str]:
    found = ordinals_of(store.codes(system, prefix), store.size(system))
    return codes(store, system, list(ascending(found)))


def ordinal(store: SqlStore, code: str) -> int:
    found = store.concept(1, code)
    assert found is not None
    return found.ordinal


def test_a_resource_that_is_gone_is_told_in_words(store: SqlStore) -> None:
    with pytest.raises(StoreUnavailable, match="resource 99"):
        store.resource_by_key(99)


def test_nothing_can_be_written(store: SqlStore) -> None:
    with pytest.raises(StoreUnavailable, match=r"read-?only"):
        store._rows("DELETE FROM concept")


def test_what_is_not_there_is_none_or_empty(store: SqlStore) -> None:
    assert store.resource("CodeSystem", "nothing") is None
    assert store.resource("ValueSet", "animals") is None
    assert store.concept(1, "nothing") is None
    assert store.concept(99, "duck") is None
    assert store.concept(1, "DUCK") is None
    assert store.concept_folded(1, "nothing") is None
    assert store.concepts(1, []) == []
    assert store.size(99) == 0
    assert store.has_hierarchy(2) is False
    assert store.children(1, 99) == store.parents(1, 99) == store.descendants(1, 99) == []
    assert list(store.property_values(1, "nothing")) == []
    assert store.with_property(1, "size", []) == store.with_property(1, "size", ["99"]) == []
    assert found_codes(store, "nothing") == []


@pytest.mark.parametrize("code", ["", "' OR 1=1 --", "%", "_", "duck\x00", "\ufffd", "d" * 10_000])
def test_a_code_is_only_ever_data(store: SqlStore, code: str) -> None:
    assert store.concept(1, code) is None
    assert store.concept_folded(1, code) is None
    assert store.with_property(1, code, [code]) == []
    assert found_codes(store, code or "nothing") == []


def test_the_concepts_come_in_the_order_asked_for(store: SqlStore) -> None:
    backwards = list(range(1499, -1, -1))
    assert [placed.ordinal for placed in store.concepts(3, backwards)] == backwards
    assert codes(store, 3, [7, 7, 0]) == ["c7", "c7", "c0"]
    assert store.size(3) == 1500


def test_the_hierarchy_is_the_nesting_and_the_properties(store: SqlStore) -> None:
    animal, bird, duck = (ordinal(store, code) for code in ("animal", "bird", "duck"))
    swimmer = ordinal(store, "swimmer")
    assert store.has_hierarchy(1)
    assert codes(store, 1, store.parents(1, duck)) == ["bird", "swimmer"]
    assert codes(store, 1, store.children(1, swimmer)) == ["duck", "otter"]
    assert codes(store, 1, store.descendants(1, bird)) == ["duck", "dodo"]
    assert store.is_descendant(1, duck, animal)
    assert store.is_descendant(1, duck, swimmer)
    assert not store.is_descendant(1, animal, duck)
    assert not store.is_descendant(1, duck, duck)
    assert not store.is_descendant(2, duck, animal)


def test_a_hierarchy_in_a_circle_ends(store_with: StoreWith) -> None:
    ring = [
        concept(c, None, property=[{"code": "parent", "valueCode": up}])
        for c, up in zip("abc", "bca", strict=True)
    ]
    store = store_with(code_system("ring", ring))
    assert store.descendants(1, 0) == [1, 2]
    assert store.is_descendant(1, 0, 1)
    assert not store.is_descendant(1, 0, 0)


def test_case_folds_only_where_it_is_asked_to(store: SqlStore) -> None:
    found = store.concept_folded(2, "BLUE")
    assert found is not None
    assert found.concept.code == "Blue"
    assert store.concept(2, "BLUE") is None


def test_codes_are_found_by_their_beginning_without_case(store: SqlStore) -> None:
    assert found_codes(store, "d") == found_codes(store, "d", 1) == ["duck", "dodo"]
    assert found_codes(store, "du") == found_codes(store, "duc") == ["duck"]
    assert found_codes(store, "blue", 2) == found_codes(store, "bl", 2) == ["Blue"]
    assert found_codes(store, "BLUE", 2) == []
    assert len(found_codes(store, "c1", 3)) == 611
    assert len(found_codes(store, "c14", 3)) == 111


def test_rows_are_found_by_release_and_code(store: SqlStore) -> None:
    rows = store.table_rows((2,), ("1", "3"))
    assert [(row.release, row.code, row.modifier) for row in rows] == [(2, "1", ""), (2, "1", "26")]
    assert msgspec.json.decode(rows[0].body) == {"status": "B"}
    assert store.table_rows((1,), ("2",)) == store.table_rows((), ("1",)) == []
    assert [row.release for row in store.table_rows((2, 1), ("1", "1"))] == [1, 2, 2]


def test_releases_are_listed_with_their_rows(store: SqlStore) -> None:
    found = store.table_releases()
    assert [(each.table, each.setting, each.release, each.rows) for each in found] == [
        ("fees", "", "2024A", 1),
        ("fees", "", "2025A", 3),
        ("pairs", "practitioner", "2024Q3", 3),
    ]
    assert [each.whole for each in found] == [True, True, False]
    assert [each.complete_for for each in found] == [(), (), ("1", "2")]


def test_pairs_are_found_where_both_codes_are_asked_for(store: SqlStore) -> None:
    assert store.code_pairs(3, ("2", "1", "2")) == PAIRS[:2]
    assert store.code_pairs(3, ("3", "2", "1")) == PAIRS
    assert store.code_pairs(3, ("2", "3")) == store.code_pairs(3, ()) == []
    assert store.code_pairs(2, ("1", "2")) == []


def test_heads_and_counts_say_what_is_loaded(store: SqlStore, animals: Json) -> None:
    heads = store.heads("CodeSystem")
    assert (heads[0].key, heads[0].url, heads[0].version) == (1, animals["url"], "1.0.0")
    assert store.resource_counts() == {"CodeSystem": 3, "ValueSet": 1}
    assert store.resource_by_key(1) == store.resource("CodeSystem", "animals")
    assert store.heads("Patient") == []


def test_eight_threads_read_the_same(store: SqlStore) -> None:
    def read(number: int) -> tuple[object, ...]:
        code = f"c{number % 1500}"
        found = store.concept(3, code)
        return found and found.concept.code == code, store.descendants(1, 0), store.release

    expected = read(0)
    assert expected[0] is True
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(read, range(800)))
        list(threads.map(lambda _: store.close(), range(8)))
    assert set(map(repr, answers)) == {repr(expected)}


def test_a_closed_store_opens_again_when_it_is_asked(store: SqlStore) -> None:
    store.close()
    store.close()
    assert store.size(3) == 1500
