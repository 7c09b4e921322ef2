"""A file that takes another's place, and what is left of builds that were killed."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from terminology.model import Json
from terminology.store.build import build
from terminology.store.fresh import fresh_file, remove_leftovers
from terminology.store.sqlite import SqliteStore
from tests.terminology.builders import value_set

HEX = "0123456789abcdef"
KILLED = """
import sys, time
from pathlib import Path
from terminology.store.build import build

def resources():
    yield {"resourceType": "ValueSet", "id": "a"}
    print("writing", flush=True)
    time.sleep(600)

build(Path(sys.argv[1]), "killed", resources())
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_the_next_build_removes_what_a_killed_one_left(path: Path) -> None:
    build(path, "old", [])
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(signal.SIGKILL)
    assert len(names(path.parent)) == 2
    store = SqliteStore(path)
    assert store.release == "old"
    store.close()
    build(path, "new", [])
    assert names(path.parent) == ["store.db"]


def test_a_build_at_work_keeps_its_file(path: Path) -> None:
    def resources() -> Iterator[Json]:
        yield value_set("a")
        build(path, "inner", [])
        remove_leftovers(path)

    build(path, "outer", resources())
    store = SqliteStore(path)
    assert store.release == "outer"
    assert names(path.parent) == ["store.db"]
    store.close()


@pytest.mark.parametrize(
    "name",
    [
        "store.db",
        f"other.db.{HEX}.new",
        f"astore.db.{HEX}.new",
        f"storexdb.{HEX}.new",
        f"store.db.{HEX}.new~",
        f"store.db.{HEX}a.new",
        f"store.db.{HEX.upper()}.new",
        "store.db.new",
        "notes.txt",
    ],
)
def test_other_files_are_left_alone(path: Path, name: str) -> None:
    path.with_name(name).write_text("mine")
    remove_leftovers(path)
    assert names(path.parent) == [name]


@pytest.mark.parametrize("make", [Path.mkdir, lambda place: place.symlink_to("nowhere")])
def test_what_only_has_the_name_of_a_leftover_stops_nothing(
    path: Path, make: Callable[[Path], None]
) -> None:
    make(path.with_name(f"store.db.{HEX}.new"))
    build(path, "new", [])
    assert names(path.parent) == ["store.db", f"store.db.{HEX}.new"]


def test_a_leftover_that_may_not_be_removed_stops_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = path.with_name(f"store.db.{HEX}.new")
    left.touch()

    def refused(_: Path) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refused)
        remove_leftovers(path)
    assert left.exists()


def test_without_locks_nothing_is_taken_for_a_leftover(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = path.with_name(f"store.db.{HEX}.new")
    left.touch()

    def unsupported(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(fcntl, "flock", unsupported)
    build(path, "new", [])
    assert names(path.parent) == ["store.db", left.name]


def test_a_file_that_was_taken_for_a_leftover_before_it_was_locked_is_made_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Path] = []
    lock = fcntl.flock

    def late(descriptor: int, operation: int) -> None:
        if not taken:
            taken.extend(path.parent.iterdir())
            taken[0].unlink()
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with fresh_file(path) as file:
        assert file.exists()
        assert file != taken[0]
    assert names(path.parent) == ["store.db"]


def test_no_descriptor_is_left_open(path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names are enough
    for _ in range(5):
        build(path, "new", [])
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_sweeps_and_builds_at_once_lose_nothing(path: Path) -> None:
    over = threading.Event()

    def sweep() -> None:
        while not over.is_set():
            remove_leftovers(path)

    sweeper = threading.Thread(target=sweep)
    sweeper.start()
    try:
        for number in range(30):
            build(path, str(number), [])
    finally:
        over.set()
        sweeper.join()
    assert names(path.parent) == ["store.db"]
