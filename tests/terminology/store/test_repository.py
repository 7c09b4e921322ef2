"""The releases of an installation, in a folder and in a database: whole or not at all."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from terminology.errors import InvalidInput, NotFound, StoreUnavailable
from terminology.store import changes
from terminology.store.contents import Contents, SystemLoad, TableLoad
from terminology.store.repository import GRACE, Repository
from terminology.tree import flatten
from tests.terminology.builders import code_system, concept, value_set
from tests.terminology.store.stores import Installation, add, displays, letters, release, rows_of

ROW = {"code": "a", "modifier": "", "status": "A"}
PAIR = ("a", "b", "", "", "1", "")


class Fault(Exception):
    """What a test makes go wrong."""


def failing(*before: Any) -> Iterator[Any]:
    """Some of what is to be loaded, and then a fault."""
    yield from before
    raise Fault


def fees(label: str = "2026A", rows: Any = (ROW,), pairs: Any = ()) -> TableLoad:
    """A release of a table."""
    return TableLoad(
        table="fees",
        release=label,
        title=f"Fees {label}",
        effective="2026-01-01",
        until="2026-03-31",
        source="a",
        rows=rows,
        pairs=pairs,
    )


def write_and_fail(repository: Repository) -> None:
    """Write a release whole, and then nothing comes of it."""
    with repository.writing() as session:
        session.write(Contents(resources=[letters("2", "a")]))
        raise Fault


def test_what_ships_is_all_there_is_at_first(installation: Installation) -> None:
    repository = installation.repository()
    assert changes.listed(repository.reading()) == []
    assert repository.reading().history(9) == []
    assert displays(repository, "s") == ["Ships"]
    assert changes.listed(repository.reading()) == []
    assert repository.number() == repository.open().number
    repository.close()


def test_a_release_is_seen_when_it_is_committed_and_not_before(
    installation: Installation, repository: Repository
) -> None:
    add(repository, "one", letters("1", "a"))
    other = installation.repository()
    with repository.writing() as session:
        written = session.write(Contents(resources=[letters("2", "a", "b")]))
        assert written.resource_counts() == {"CodeSystem": 1}
        assert displays(other, "a") == ["a of 1"]
        before = other.number()
        session.commit(release("two", session.key), activate=True)
    assert other.number() == before + 1
    assert displays(other, "a") == ["a of 1", "a of 2"]
    other.close()


@pytest.mark.parametrize(
    "contents",
    [
        lambda: Contents(resources=failing(letters("2", "a"))),
        lambda: Contents(
            systems=[
                SystemLoad(
                    code_system("l", [], concept=[]),
                    failing(*flatten([])),
                )
            ]
        ),
        lambda: Contents(tables=[fees(rows=failing(ROW))]),
        lambda: Contents(tables=[fees(), fees(label="2026B", pairs=failing(PAIR))]),
    ],
    ids=["resources", "systems", "rows", "pairs"],
)
def test_a_fault_on_the_way_leaves_nothing(
    installation: Installation, repository: Repository, contents: Callable[[], Contents]
) -> None:
    add(repository, "one", letters("1", "a"))
    before, number = rows_of(installation), repository.number()
    with pytest.raises(Fault), repository.writing() as session:
        session.write(contents())
    with pytest.raises(Fault):
        write_and_fail(repository)
    with repository.writing() as session:
        session.write(Contents(resources=[letters("2", "a")]))
    assert rows_of(installation) == before
    assert repository.number() == number
    assert displays(repository, "a") == ["a of 1"]
    add(repository, "two", letters("2", "a"))
    assert displays(repository, "a") == ["a of 1", "a of 2"]


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        (Contents(resources=[letters("1", "a", "a")]), "has the code 'a' twice"),
        (Contents(resources=[letters("1", "a"), letters("2", "a")]), "two resources"),
        (Contents(tables=[fees(rows=[ROW, ROW])]), "is there twice"),
        (Contents(tables=[fees(), fees()]), "is there twice"),
        (Contents(tables=[fees(pairs=[PAIR, PAIR])]), "is there twice"),
        (Contents(resources=[letters("1", "a\0")]), "U[+]0000"),
        (Contents(resources=[value_set("v", title="a\0")]), "U[+]0000"),
        (Contents(tables=[fees(rows=[ROW | {"modifier": "\0"}])]), "U[+]0000"),
    ],
)
def test_what_no_store_keeps_is_refused_in_the_same_words(
    installation: Installation, repository: Repository, contents: Contents, said: str
) -> None:
    repository.open()
    before = rows_of(installation) if installation.address else None
    with pytest.raises(InvalidInput, match=said), repository.writing() as session:
        session.write(contents)
    assert before is None or rows_of(installation) == before
    assert changes.listed(repository.reading()) == []


def test_another_load_of_the_same_takes_the_place_and_has_a_number(repository: Repository) -> None:
    names = [add(repository, "cpt-2026", letters(v, "a")).name for v in "123"]
    assert names == ["cpt-2026", "cpt-2026.2", "cpt-2026.3"]
    assert displays(repository, "a") == ["a of 3"]
    assert add(repository, "cpt-2025", letters("0", "a")).name == "cpt-2025"
    assert displays(repository, "a") == ["a of 3", "a of 0"]


def test_forth_back_and_out(installation: Installation, repository: Repository) -> None:
    repository.open()
    empty = rows_of(installation) if installation.address else {}
    one = add(repository, "one", letters("1", "a"))
    two = add(repository, "two", letters("2", "a"), tables=[fees()], activate=False)
    assert displays(repository, "a") == ["a of 1"]
    assert changes.activate(repository, ["two"], "me").brought == (two,)
    assert displays(repository, "a") == ["a of 1", "a of 2"]
    assert changes.deactivate(repository, ["one"], "me").taken == (one,)
    assert displays(repository, "a") == ["a of 2"]
    assert changes.rollback(repository, "me").brought == (one,)
    assert displays(repository, "a") == ["a of 1", "a of 2"]
    unchanged = changes.activate(repository, ["one", "two"], "me")
    assert (unchanged.brought, unchanged.taken) == ((), ())
    waited: list[float] = []
    for name in ("one", "two"):
        changes.drop(repository, name, "me", waited.append)
    assert len(waited) == 2
    assert all(GRACE - 2 < seconds <= GRACE for seconds in waited)
    assert displays(repository, "a") == []
    assert rows_of(installation) == empty
    with pytest.raises(NotFound, match="There is no release 'one'"):
        changes.activate(repository, ["one"], "me")
    with pytest.raises(InvalidInput, match="dropped since"):
        changes.rollback(repository, "me")


def test_what_was_never_active_is_dropped_at_once(repository: Repository) -> None:
    add(repository, "one", letters("1", "a"), activate=False)
    waited: list[float] = []
    changes.drop(repository, "one", "me", waited.append)
    assert waited == []


def test_a_key_is_never_used_again(repository: Repository) -> None:
    first = add(repository, "one", letters("1", "a"))
    changes.drop(repository, "one", "me", lambda _: None)
    assert add(repository, "one", letters("2", "a")).key > first.key


def test_what_is_active_is_not_removed(repository: Repository) -> None:
    one = add(repository, "one", letters("1", "a"))
    with pytest.raises(InvalidInput, match="active"):
        repository.remove(one)
    assert displays(repository, "a") == ["a of 1"]


def test_one_writes_at_a_time(
    installation: Installation, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("embedded", "postgres_writing"):
        monkeypatch.setattr(f"terminology.store.{module}._PATIENCE", 0.1)
    other = installation.repository()
    one = add(repository, "one", letters("1", "a"), activate=False)
    with repository.writing() as session:
        session.write(Contents(resources=[letters("2", "a")]))
        with pytest.raises(StoreUnavailable, match=r"Another process is writing.*Wait until"):
            add(other, "three", letters("3", "a"))
        with pytest.raises(StoreUnavailable, match=r"Another process is writing.*Wait until"):
            other.remove(one)
        # What is active can be changed meanwhile, and the load does not undo it.
        changes.activate(other, ["one"], "me")
        session.commit(release("two", session.key), activate=True)
    assert displays(other, "a") == ["a of 1", "a of 2"]
    add(other, "three", letters("3", "a"))
    other.close()


def test_a_writer_that_is_done_soon_is_waited_for(
    installation: Installation, repository: Repository
) -> None:
    repository.open()
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        first = installation.repository()
        with first.writing() as session:
            begun.set()
            session.write(Contents(resources=[letters("1", "a")]))
            ended.wait(0.3)
            session.commit(release("one", session.key), activate=True)
        first.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert begun.wait(10)
    add(repository, "two", letters("2", "a"))
    thread.join()
    assert displays(repository, "a") == ["a of 1", "a of 2"]


def test_changes_at_the_same_time_are_all_there(
    installation: Installation, repository: Repository
) -> None:
    names = [f"r{number}" for number in range(6)]
    for name in names:
        add(repository, name, letters(name, "a"), activate=False)

    def activate(name: str) -> None:
        own = installation.repository()
        changes.activate(own, [name], "me")
        own.close()

    before = repository.number()
    threads = [threading.Thread(target=activate, args=[name]) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert displays(repository, "a") == [f"a of {name}" for name in names]
    assert repository.number() == before + len(names)
    assert len(repository.reading().history(6)) == 6


def test_a_view_stays_as_it_was(repository: Repository) -> None:
    one = add(repository, "one", letters("1", "a"))
    view = repository.open()
    changes.deactivate(repository, ["one"], "me")
    add(repository, "two", letters("2", "a", "b"))
    (key,) = [head.key for head in view.store.heads("CodeSystem") if head.key >> 20 == one.key]
    found = view.store.concept(key, "a")
    assert found is not None
    assert found.concept.display == "a of 1"
    assert view.store.concept(key, "b") is None


def test_a_release_that_is_gone_is_never_taken_for_an_empty_one(repository: Repository) -> None:
    one = add(repository, "one", letters("1", "a"))
    view = repository.open()
    (key,) = [head.key for head in view.store.heads("CodeSystem") if head.key >> 20 == one.key]
    changes.drop(repository, "one", "me", lambda _: None)
    reads: list[Callable[[], object]] = [
        lambda: view.store.concept(key, "a"),
        lambda: view.store.size(key),
        lambda: view.store.resource("CodeSystem", "letters"),
        lambda: view.store.heads("CodeSystem"),
        view.store.resource_counts,
    ]
    with ThreadPoolExecutor(len(reads), initializer=view.store.close) as threads:
        told = [threads.submit(read).exception() for read in reads]
    assert [type(error) for error in told] == [StoreUnavailable] * len(reads)


def test_each_version_reads_what_ships_with_it(installation: Installation) -> None:
    def shipping(version: str) -> Repository:
        system = code_system("shipped", [concept("s", version)], content="fragment")
        return installation.repository(version, system)

    versions = ["v1", "v2", "v3", "v4"]
    opened = [shipping(version) for version in versions]
    for version, repository in zip(versions, opened, strict=True):
        assert displays(repository, "s") == [version]
    add(opened[-1], "one", letters("1", "a"))
    # The last one before may still be running; what is older went when a newer one came.
    assert displays(shipping("v3"), "s") == ["v3"]
    if installation.address is None:
        kept = {path.name for path in installation.folder.glob("shipped-*")}
        assert kept == {"shipped-v3.sqlite3", "shipped-v4.sqlite3"}
    else:
        kept = {r.name for r in opened[0].reading().releases() if r.kind == "shipped"}
        assert kept == {"shipped-v3", "shipped-v4"}
    assert displays(opened[-1], "a") == ["a of 1"]
    for repository in opened:
        repository.close()
