"""The releases of an installation, in a folder and in a database: whole or not at all."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from terminology.errors import InvalidInput, StoreUnavailable
from terminology.store import changes
from terminology.store.contents import Contents, SystemLoad, TableLoad
from terminology.store.repository import Repository
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


def test_one_writes_at_a_time(
    installation: Installation, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("embedded", "postgres_writing"):
        monkeypatch.setattr(f"terminology.store.{module}._PATIENCE", 0.1)
    other = installation.repository()
    add(repository, "one", letters("1", "a"), activate=False)
    with repository.writing() as session:
        session.write(Contents(resources=[letters("2", "a")]))
        with pytest.raises(StoreUnavailable, match=r"Another process is writing.*Wait until"):
            add(other, "three", letters("3", "a"))
        with pytest.raises(StoreUnavailable, match=r"Another process is writing.*Wait until"):
            changes.drop(other, "one", "me")
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
