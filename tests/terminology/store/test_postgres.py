"""A release read from hosts that have it not yet, or not any more: never taken for an empty one."""

from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from terminology.errors import OtherVersion, StoreUnavailable
from terminology.store import postgres
from terminology.store.postgres import Connections
from terminology.store.postgresql import PostgresRepository
from tests.postgres import Cluster
from tests.terminology.store.stores import Installation, add, letters


@pytest.fixture
def installed(database: str, tmp_path: Any) -> Installation:
    return Installation(tmp_path, database)


class Told:
    """The statements that a connection was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[str] = []
        executed = psycopg.Connection.execute

        def execute(self_: Any, sql: str, values: Sequence[Any] = (), **more: Any) -> Any:
            self.statements.append(sql)
            return executed(self_, sql, values, **more)

        monkeypatch.setattr(psycopg.Connection, "execute", execute)


def test_a_read_that_finds_something_is_one_statement(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = installed.repository()
    one = add(repository, "one", letters("1", "a", "b"))
    store = repository.part(one)
    (head,) = store.heads("CodeSystem")
    told = Told(monkeypatch)
    assert store.concept(head.key, "b")
    assert len(told.statements) == 1
    assert store.concept(head.key, "c") is None
    # What is not found is only known not to be there while the release still is.
    assert len(told.statements) == 3
    repository.close()


def test_a_release_that_comes_between_the_read_and_the_question_is_read_again(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replica may take it up in any moment: here it does after it was looked for in vain."""
    repository = installed.repository()
    assert isinstance(repository, PostgresRepository)
    one = add(repository, "one", letters("1", "a"))
    connections = Connections(installed.address or "")
    sql = "SELECT code FROM concept WHERE system >> 20 = ?"
    has, executed, late = postgres._Held.has, postgres._executed, [False]

    def has_late(held: Any, release: int) -> bool:
        was, late[0] = late[0], True
        return was and has(held, release)

    def read_late(connection: Any, sql: str, values: Sequence[Any]) -> list[Any]:
        return executed(connection, sql, values) if late[0] else []

    monkeypatch.setattr(postgres._Held, "has", has_late)
    monkeypatch.setattr(postgres, "_executed", read_late)
    assert connections.rows(sql, [one.key], of=one.key) == [("a",)]
    connections.close()
    repository.close()


def test_a_number_that_was_lost_and_given_again_is_news(
    installed: Installation, cluster: Cluster
) -> None:
    """So it is where a primary is lost with its last activation, and a replica takes its place."""
    repository = installed.repository()
    add(repository, "one", letters("1", "a"))
    view = repository.open()
    assert repository.number() == view.number
    name = str(installed.address).partition("?")[0].rpartition("/")[2]
    sql = f"UPDATE activation SET at = '2020-01-01' WHERE key = {view.number}"  # noqa: S608
    cluster.execute(sql, name)
    assert repository.number() != view.number
    assert repository.open().number == view.number == repository.number()
    repository.close()


def test_text_that_no_text_can_be_is_found_nowhere(installed: Installation) -> None:
    repository = installed.repository()
    store = repository.part(add(repository, "one", letters("1", "a")))
    (head,) = store.heads("CodeSystem")
    assert store.concept(head.key, "a\0") is None
    assert store.codes(head.key, "a\0b")[0][3] == b""
    repository.close()


def test_nobody_waits_long_for_a_host_that_is_not_there() -> None:
    connections = Connections("postgresql://proterm@/none?host=/nowhere,/elsewhere")
    with pytest.raises(StoreUnavailable, match=r"The database can't be read now"):
        connections.rows("SELECT 1")


def test_a_statement_that_takes_too_long_is_ended(database: str) -> None:
    connections = Connections(database, 50)
    with pytest.raises(StoreUnavailable, match="statement timeout"):
        connections.rows("SELECT pg_sleep(5)")
    assert connections.rows("SELECT 1") == [(1,)]
    connections.close()


def test_a_database_of_another_encoding_is_refused(cluster: Cluster, tmp_path: Any) -> None:
    of_libc = " LOCALE_PROVIDER libc" if cluster.version >= 15 else ""
    cluster.execute(
        f"CREATE DATABASE plain TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'{of_libc}"
    )
    repository = Installation(tmp_path, cluster.address("plain")).repository()
    with pytest.raises(OtherVersion, match=r"SQL_ASCII.*ENCODING 'UTF8'"):
        repository.open()
    repository.close()


def test_a_reader_needs_no_right_to_write(cluster: Cluster, tmp_path: Any) -> None:
    name = cluster.database()
    add(Installation(tmp_path, cluster.address(name)).repository(), "one", letters("1", "a"))
    cluster.execute("CREATE ROLE reader LOGIN; GRANT pg_read_all_data TO reader")
    address = cluster.address(name).replace("proterm@", "reader@")
    repository = Installation(tmp_path, address).repository()
    assert repository.open().store.resource_counts() == {"CodeSystem": 2}
    with pytest.raises(StoreUnavailable, match="permission denied"):
        add(repository, "two", letters("2", "a"))
    repository.close()
