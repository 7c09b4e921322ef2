"""What is active, changed in a folder and in a database: forth, back, and out for good."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from terminology.errors import InvalidInput, NotFound, StoreUnavailable
from terminology.store import changes
from terminology.store.contents import TableLoad
from terminology.store.repository import GRACE, Repository
from tests.terminology.store.stores import Installation, add, displays, letters, rows_of

ROW = {"code": "a", "modifier": "", "status": "A"}
PAIR = ("a", "b", "", "", "1", "")


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
    with pytest.raises(InvalidInput, match="active"), repository.removing(one):
        pass
    assert displays(repository, "a") == ["a of 1"]


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
