"""A release in a SQLite file: what is no store is refused in words."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from terminology.errors import StoreUnavailable
from terminology.store.build import build
from terminology.store.sqlite import SqliteStore
from tests.terminology.builders import code_system, concept, store_of


def write(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_missing_file_is_refused_in_words_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"nothing\.db can't be read .*Start the service"):
        SqliteStore(tmp_path / "nothing.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="can't be read"):
        SqliteStore(tmp_path)


@pytest.mark.parametrize("content", [b"", b"garbage", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_file_of_something_else_is_no_store(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(content)
    with pytest.raises(StoreUnavailable, match="can't be read"):
        SqliteStore(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = '0' WHERE name = 'schema'",
        "UPDATE meta SET value = '999' WHERE name = 'schema'",
        "DELETE FROM meta WHERE name = 'schema'",
        "DELETE FROM meta WHERE name = 'release'",
        "DELETE FROM meta",
    ],
)
def test_a_store_of_other_tables_is_never_misread(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "store.db"
    build(path, "old", [])
    write(path, statement)
    with pytest.raises(StoreUnavailable, match=r"another version of Proterm.*Start the service"):
        SqliteStore(path)


def test_damage_that_a_read_meets_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    build(path, "old", [code_system("c", [concept("a")])])
    write(path, "DROP TABLE concept")
    store = SqliteStore(path)
    for read in (lambda: store.concept(1, "a"), lambda: store.concepts(1, [0])):
        with pytest.raises(StoreUnavailable, match="no such table"):
            read()
    store.close()


def test_a_store_in_a_read_only_folder_is_read(
    tmp_path: Path, unprivileged: Callable[[Path], None]
) -> None:
    store_of(tmp_path, code_system("c", [concept("a")])).close()
    unprivileged(tmp_path)
    store = SqliteStore(tmp_path / "store.db")
    assert store.size(1) == 1
    store.close()
    assert [file.name for file in tmp_path.iterdir()] == ["store.db"]
