"""Building a store: whatever happens on the way, the file that serves is whole."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.store import build as builder
from terminology.store import fresh
from terminology.store.base import CodePair
from terminology.store.build import build
from terminology.store.contents import TableLoad
from terminology.store.sqlite import SqliteStore
from tests.terminology.builders import code_system, concept, value_set

SYSTEM = code_system("letters", [concept("a", "A"), concept("b", "B")])
ROW = {"code": "a", "modifier": "", "status": "A"}
PAIR = CodePair("a", "b", "", "", "1", "")
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


class Fault(Exception):
    """What a test makes go wrong."""


def failing(*before: Json) -> Iterator[Any]:
    """Some of what is to be loaded, and then a fault."""
    yield from before
    raise Fault


def fails(*_arguments: object, **_more: object) -> None:
    """A function that takes the place of one that works."""
    raise Fault


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store that serves."""
    path = tmp_path / "var" / "store.db"
    build(path, "old", [SYSTEM])
    return path


def serves(path: Path, release: str) -> bool:
    """Whether the file is a whole store of this release, with nothing left beside it."""
    store = SqliteStore(path)
    whole = store.release == release and store._rows("PRAGMA integrity_check") == [("ok",)]
    store.close()
    return whole and os.listdir(path.parent) == [path.name]  # noqa: PTH208 - names are enough


def fees(rows: Iterable[Any] = (), pairs: Iterable[Any] = ()) -> TableLoad:
    return TableLoad(
        table="fees",
        release="2025A",
        title="Fees 2025 A",
        effective="2025-01-01",
        until="2025-03-31",
        source="a",
        rows=rows,
        pairs=pairs,
    )


@pytest.mark.parametrize(
    ("resources", "tables"),
    [
        (failing(), ()),
        (failing(SYSTEM, value_set("v")), ()),
        ([SYSTEM], [fees(failing(ROW))]),
        ([SYSTEM, SYSTEM], ()),
        ([{"id": "no-type"}], ()),
        ([{"resourceType": "CodeSystem"}], ()),
        ([code_system("wrong", [{"display": "no code"}])], ()),
        ([code_system("twice", [concept("a"), concept("b", "B", concept("a"))])], ()),
        ([code_system("odd", [concept("a", object())])], ()),  # type: ignore[arg-type]
        ([SYSTEM], [fees([{"modifier": ""}])]),
        ([SYSTEM], [fees([ROW, ROW])]),
    ],
)
def test_a_fault_in_what_is_loaded_leaves_the_old_store(
    path: Path, resources: Iterable[Json], tables: Any
) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it is
        build(path, "new", resources, tables)
    assert serves(path, "old")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (builder, "write_concepts"),
        (builder, "bulk_insert"),
        (fresh, "_sync"),
        (os, "fsync"),
        (Path, "replace"),
        (builder, "index_rows"),
    ],
)
@pytest.mark.parametrize("error", [Fault, OSError, KeyboardInterrupt, MemoryError])
def test_a_fault_at_any_step_leaves_the_old_store(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: object,
    name: str,
    error: type[BaseException],
) -> None:
    def broken(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(place, name, broken)
        with pytest.raises(error):
            build(path, "new", [SYSTEM])
    assert serves(path, "old")


def test_a_first_build_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(Fault):
        build(tmp_path / "store.db", "new", failing(SYSTEM))
    assert list(tmp_path.iterdir()) == []


def test_a_code_that_stands_twice_is_refused_in_words(tmp_path: Path) -> None:
    twice = code_system("twice", [concept("a", None, concept("b")), concept("b")])
    with pytest.raises(InvalidInput, match=r"'https://.*/twice\|1\.0\.0' has the code 'b' twice"):
        build(tmp_path / "store.db", "new", [twice])


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({}, "Resource 2 has no 'resourceType'"),
        ({"id": "a"}, r"Resource 2 \(a\) has no 'resourceType'"),
        ({"resourceType": None, "id": "a"}, "has no 'resourceType'"),
        ({"resourceType": "ValueSet", "url": "urn:x"}, r"\(ValueSet, urn:x\) has no 'id'; give"),
        ({"resourceType": "ValueSet", "id": 7}, "has no 'id'; give it one, as text"),
        (SYSTEM, "two resources CodeSystem/letters; give each an id of its own"),
    ],
)
def test_a_resource_that_can_t_be_named_is_refused_in_words(
    path: Path, resource: Json, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        build(path, "new", [SYSTEM, resource])
    assert serves(path, "old")


@pytest.mark.parametrize(
    "tables",
    [
        [fees([ROW, ROW])],
        [fees([ROW, {**ROW, "status": "B"}])],
        [fees([ROW]), fees([])],
    ],
)
def test_what_a_table_has_twice_is_refused_in_words(path: Path, tables: list[TableLoad]) -> None:
    said = (
        r"The release 2025A \(Fees 2025 A\) of the table 'fees' is there twice, or a row of it is"
    )
    with pytest.raises(InvalidInput, match=said):
        build(path, "new", [], tables)
    assert serves(path, "old")


def test_a_pair_that_stands_twice_is_refused_in_words(path: Path) -> None:
    with pytest.raises(InvalidInput, match="A pair of a is there twice with the same dates"):
        build(path, "new", [], [fees(pairs=[PAIR, PAIR._replace(rationale="other")])])
    assert serves(path, "old")


def test_pairs_of_a_code_that_stand_apart_are_refused_in_words(path: Path) -> None:
    apart = [PAIR, PAIR._replace(column1="b"), PAIR._replace(column2="c")]
    with pytest.raises(InvalidInput, match="the pairs of one code beside each other"):
        build(path, "new", [], [fees(pairs=apart)])
    assert serves(path, "old")


def test_a_table_of_more_than_one_chunk_is_written_as_it_is_read(path: Path) -> None:
    rows = ({"code": f"{n:05}", "status": "A"} for n in range(20_001))
    pairs = (CodePair(f"{n:05}", "1", "", "", "0", "") for n in range(10_000))
    build(path, "new", [], [fees(rows, pairs)])
    store = SqliteStore(path)
    assert store.table_releases()[0].rows == 30_001
    every = [f"{n:05}" for n in range(20_001)]
    assert [row.code for row in store.table_rows((1,), every[::-1])] == every
    assert len(store.code_pairs(1, [*every, "1"])) == 10_000
    store.close()


def test_a_place_that_is_no_folder_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        build(tmp_path / "file" / "store.db", "new", [])


def test_a_folder_that_may_only_be_read_is_an_os_error(
    tmp_path_factory: pytest.TempPathFactory, unprivileged: Callable[[Path], None]
) -> None:
    folder = tmp_path_factory.mktemp("read-only")
    unprivileged(folder)
    with pytest.raises(PermissionError):
        build(folder / "store.db", "new", [])


def test_who_serves_may_be_another_user_than_who_builds(path: Path) -> None:
    mask = os.umask(0o022)
    try:
        build(path, "new", [])
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o644


def test_builds_at_once_leave_one_of_them_whole(path: Path) -> None:
    start = threading.Barrier(4)
    releases = [f"release-{number}" for number in range(4)]

    def run(release: str) -> None:
        start.wait()
        build(path, release, [SYSTEM, value_set(release)])

    threads = [threading.Thread(target=run, args=(release,)) for release in releases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = SqliteStore(path)
    assert store.resource("ValueSet", store.release) is not None
    assert store.resource_counts() == {"CodeSystem": 1, "ValueSet": 1}
    assert serves(path, store.release)
    store.close()


def test_a_reader_keeps_the_release_that_it_opened(path: Path) -> None:
    reader = SqliteStore(path)
    build(path, "new", [])
    assert reader.release == "old"
    assert reader.resource("CodeSystem", "letters") is not None
    assert serves(path, "new")
    reader.close()


@pytest.mark.parametrize("name", ["a b", "50%20", "what?mode=rw", "#1", "ümlaut", "a&b=c", "';--"])
def test_any_name_of_a_folder_will_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "store.db"
    build(path, "odd", [SYSTEM])
    assert serves(path, "odd")


def test_nothing_at_all_is_a_release_too(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    build(path, "", [])
    store = SqliteStore(path)
    assert store.release == ""
    assert store.heads("CodeSystem") == []
    assert store.resource_counts() == {}
    assert store.table_releases() == []
    assert store.table_rows((1,), ("a",)) == []
    store.close()


def test_a_head_has_all_but_the_concepts(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        ((body, head),) = connection.execute("SELECT body, head FROM resource").fetchall()
    connection.close()
    assert b'"concept"' in body
    assert b'"concept"' not in head
    assert b'"letters"' in head


@settings(max_examples=10)
@given(st.dictionaries(TEXTS.filter(bool), TEXTS, max_size=20))
def test_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, names: dict[str, str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "text.db"
    build(path, "any", [code_system("any", [concept(*named) for named in names.items()])])
    store = SqliteStore(path)
    found = store.concepts(1, range(len(names)))
    assert {p.concept.code: p.concept.display for p in found} == names
    assert [store.concept(1, code) for code in names] == found
    store.close()
