"""An older store is upgraded, whole or not at all; one that can't be read is refused in words."""

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection

from terminology.errors import OtherVersion, StoreUnavailable
from terminology.store import changes, migrations
from terminology.store.base import SCHEMA_VERSION
from terminology.store.locks import locked
from terminology.store.migrations import Step
from terminology.store.postgres_writing import take_turn, transaction
from terminology.store.sqlite import SqliteStore
from tests.terminology.store.stores import Installation, add, displays, letters

OLDER, OLDEST = "4.5", "4.1"
"""Versions that there never were."""


class Fault(Exception):
    """What a test makes go wrong."""


def rename(table: str, before: str, after: str) -> Callable[[Connection], None]:
    """What a step does that gives a column another name."""
    sql = f'ALTER TABLE {table} RENAME COLUMN "{before}" TO "{after}"'

    def step(connection: Connection) -> None:
        connection.exec_driver_sql(sql)

    return step


STEPS = (
    Step(OLDEST, OLDER, contents=rename("concept", "words", "name")),
    Step(
        OLDER,
        SCHEMA_VERSION,
        contents=rename("concept", "name", "display"),
        catalogue=rename("activation", "reason", "why"),
    ),
)


def state(installation: Installation, version: str, *statements: str) -> None:
    """Make an installation one of another version, by statements on its tables."""
    stated = f"UPDATE {{}} SET value = '{version}' WHERE name = 'schema'"  # noqa: S608
    if installation.address is not None:
        with psycopg.connect(installation.address) as connection:
            for sql in (*statements, stated.format("catalogue_meta")):
                connection.execute(sql.encode())
        return
    for path in (installation.folder / "releases").iterdir():
        of_file = [sql for sql in statements if "activation" not in sql]
        execute(path, *of_file, stated.format("meta"))
    of_file = [sql for sql in statements if "activation" in sql]
    execute(installation.folder / "catalogue.sqlite3", *of_file, stated.format("catalogue_meta"))


def execute(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for sql in statements:
        connection.execute(sql)
    connection.commit()
    connection.close()


def aged(installation: Installation) -> Installation:
    """An installation of two releases, made one of two steps before."""
    repository = installation.repository()
    add(repository, "one", letters("1", "a"))
    add(repository, "two", letters("2", "a"))
    repository.open().store.close()
    repository.close()
    state(
        installation,
        OLDEST,
        "ALTER TABLE concept RENAME COLUMN display TO words",
        "ALTER TABLE activation RENAME COLUMN why TO reason",
    )
    return installation


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps from there."""
    monkeypatch.setattr(migrations, "STEPS", STEPS)


@pytest.fixture
def older(installation: Installation, steps: None) -> Installation:
    """An installation of two steps before."""
    return aged(installation)


def test_an_older_store_is_upgraded_step_by_step(older: Installation) -> None:
    repository = older.repository()
    assert displays(repository, "a") == ["a of 1", "a of 2"]
    assert [one.why for one in repository.reading().history(2)] == ["load two", "load one"]
    add(repository, "three", letters("3", "a"))
    assert displays(older.repository(), "a") == ["a of 1", "a of 2", "a of 3"]


def test_who_changes_what_is_active_upgrades_too(older: Installation) -> None:
    repository = older.repository()
    changes.deactivate(repository, ["one"], "me")
    assert displays(repository, "a") == ["a of 2"]


def test_who_drops_upgrades_too(older: Installation) -> None:
    repository = older.repository()
    changes.drop(repository, "one", "me", lambda _: None)
    assert displays(repository, "a") == ["a of 2"]


def test_who_writes_upgrades_too(older: Installation) -> None:
    repository = older.repository()
    add(repository, "three", letters("3", "a"))
    assert displays(repository, "a") == ["a of 1", "a of 2", "a of 3"]


def test_a_step_that_fails_leaves_all_as_it_was_and_the_next_start_goes_on(
    older: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: Connection) -> None:
        raise Fault

    failing = (STEPS[0], STEPS[1]._replace(catalogue=fail))
    monkeypatch.setattr(migrations, "STEPS", failing)
    repository = older.repository()
    for _ in range(2):
        with pytest.raises(Fault):
            repository.open()
    monkeypatch.setattr(migrations, "STEPS", STEPS)
    assert displays(repository, "a") == ["a of 1", "a of 2"]


def test_an_upgrade_waits_for_no_load(older: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("embedded", "postgres_writing"):
        monkeypatch.setattr(f"terminology.store.{module}._PATIENCE", 0.1)
    with ExitStack() as held:
        if older.address is None:
            held.enter_context(locked(older.folder / "lock", 0, ""))
        else:
            take_turn(held.enter_context(transaction(older.address)))
        with pytest.raises(StoreUnavailable, match="Another process is writing"):
            older.repository().open()
    assert displays(older.repository(), "a") == ["a of 1", "a of 2"]


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("99", r"written by a newer Proterm: its tables are of version 99.*Use a Proterm as new"),
        ("3", r"tables of version '3', which this Proterm neither reads nor upgrades"),
        ("", r"tables of version '', which this Proterm neither"),
        ("five", r"tables of version 'five', which this Proterm neither"),
    ],
)
def test_what_is_of_another_version_is_refused_in_words(
    installation: Installation, version: str, said: str
) -> None:
    repository = installation.repository()
    add(repository, "one", letters("1", "a"))
    state(installation, version)
    other = installation.repository()
    setting = "PROTERM_DATA" if installation.address is None else "PROTERM_STORE"
    for use in (
        other.open,
        lambda: add(other, "two", letters("2", "a")),
        lambda: changes.activate(other, ["one"], "me"),
    ):
        with pytest.raises(OtherVersion, match=f"{said}.*{setting}"):
            use()
    state(installation, SCHEMA_VERSION)
    assert displays(other, "a") == ["a of 1"]


def test_one_file_of_another_version_is_not_misread(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "var")
    repository = installation.repository()
    one = add(repository, "one", letters("1", "a"))
    path = installation.folder / "releases" / f"{one.key:06}.sqlite3"
    execute(path, "UPDATE meta SET value = '99' WHERE name = 'schema'")
    with pytest.raises(StoreUnavailable, match=r"another version.*`proterm deactivate one`"):
        repository.open()
    changes.deactivate(repository, ["one"], "me")
    assert displays(repository, "s") == ["Ships"]


def test_who_serves_while_the_files_are_upgraded_reads_on(tmp_path: Path, steps: None) -> None:
    older = aged(Installation(tmp_path / "var"))
    path = older.folder / "releases" / "000001.sqlite3"
    before = path.stat().st_ino
    with path.open("rb") as opened:
        was = opened.read()
        older.repository().open()
        opened.seek(0)
        assert opened.read() == was
    assert path.stat().st_ino != before
    SqliteStore(path).close()
