"""Loads that can't be finished: a bad file, a full disk, a connection that ends."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from terminology.errors import InvalidInput, ProtermError, StoreUnavailable
from terminology.importers import loading
from terminology.importers.delivery import Options
from terminology.importers.loading import Order, load
from terminology.importers.problems import Threshold
from terminology.model import Json
from terminology.store import changes
from terminology.store.contents import Contents
from terminology.store.repository import Repository
from tests.postgres import Cluster
from tests.terminology.importers.generate.hcpcs import rows, text
from tests.terminology.importers.packing import zipped
from tests.terminology.store.stores import Installation, add, displays, letters, release, rows_of

CODES = 300
Unchanged = Callable[[], None]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A sound file of HCPCS Level II."""
    return written(tmp_path, bad=0)


def written(folder: Path, bad: int) -> Path:
    """A file of codes, of which the last ones have a day that there never was."""
    made = [
        row | {"ADD DT": "20209999"} if n >= CODES - bad else row
        for n, row in enumerate(rows(CODES))
    ]
    path = folder / "HCPC2026_OCT_ANWEB.txt"
    path.write_text(text(iter(made)), newline="")
    return path


def order(path: Path) -> Order:
    return Order("hcpcs", path, Options(threshold=Threshold(number=2)), "a test")


@pytest.fixture
def unchanged(installation: Installation, repository: Repository) -> Unchanged:
    """Holds that an installation is as it was, and takes the next release."""
    add(repository, "before", letters("1", "a"))
    was, number = rows_of(installation), repository.number()

    def hold() -> None:
        other = installation.repository()
        assert rows_of(installation) == was
        assert other.number() == number
        assert [one.name for one in changes.listed(other.reading())] == ["before"]
        assert displays(other, "a") == ["a of 1"]
        add(other, "after", letters("2", "a"))
        assert displays(other, "a") == ["a of 1", "a of 2"]
        other.close()

    return hold


def refused(repository: Repository, path: Path, error: type[ProtermError], said: str) -> None:
    with pytest.raises(error, match=said):
        load(repository, order(path))


def test_rows_that_are_bad_above_the_threshold_stop_it(
    repository: Repository, tmp_path: Path, unchanged: Unchanged
) -> None:
    refused(
        repository, written(tmp_path, bad=3), InvalidInput, "3 rows can't be read, more than the 2"
    )
    unchanged()


def test_an_archive_that_is_cut_off_changes_nothing(
    repository: Repository, files: Path, unchanged: Unchanged
) -> None:
    archive = files.with_suffix(".zip")
    packed = zipped({files.name: files.read_bytes()})
    archive.write_bytes(packed[: len(packed) // 2])
    refused(repository, archive, InvalidInput, "no sound zip|cut off|damaged")
    unchanged()


def test_the_same_files_are_loaded_once(repository: Repository, files: Path) -> None:
    first = load(repository, order(files))
    changes.deactivate(repository, [first.release.name], "a test")
    again = load(repository, order(files))
    assert (first.is_new, first.is_active, again.is_new, again.is_active) == (
        True,
        True,
        False,
        False,
    )
    assert again.release == first.release
    changes.drop(repository, first.release.name, "a test", lambda _: None)
    assert load(repository, order(files)).is_new


def test_the_same_files_at_the_same_time_are_loaded_once(
    installation: Installation, repository: Repository, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, asked = loading._known, []

    def late(repository: Repository, draft: object) -> object:
        """Another process loads the files after they were looked for, and before the lock."""
        asked.append(draft)
        if len(asked) == 1:
            other = installation.repository()
            load(other, order(files))
            other.close()
            return None
        return known(repository, draft)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "_known", late)
    assert not load(repository, order(files)).is_new
    assert [one.name for one in changes.listed(repository.reading())] == ["hcpcs-2026-10"]


@contextmanager
def files_of(size: int) -> Iterator[None]:
    """No file can grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
@pytest.mark.parametrize("size", [0, 4096, 100_000, 400_000])
def test_a_disk_that_is_full_is_told_in_words(
    repository: Repository, files: Path, unchanged: Unchanged, size: int
) -> None:
    with files_of(size):
        refused(repository, files, StoreUnavailable, r"The store can't be written to .*\(.+\)\.")
    unchanged()


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_a_catalogue_that_can_not_be_written_changes_nothing(
    installation: Installation, repository: Repository, unchanged: Unchanged
) -> None:
    with repository.writing() as session:
        session.write(Contents(resources=[letters("2", "a")]))
        with files_of(4096), pytest.raises(StoreUnavailable, match="can't be written to"):
            session.commit(release("two", session.key), activate=True)
    unchanged()


@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
def test_a_connection_that_ends_is_told_in_words(
    installation: Installation, repository: Repository, cluster: Cluster, unchanged: Unchanged
) -> None:
    name = str(installation.address).partition("?")[0].rpartition("/")[2]

    def resources() -> Iterator[Json]:
        yield letters("2", "a")
        assert cluster.end_connections(name) >= 1
        yield letters("3", "a") | {"id": "other"}

    with (
        pytest.raises(StoreUnavailable, match="The database can't be written now"),
        repository.writing() as session,
    ):
        session.write(Contents(resources=resources()))
    unchanged()


@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
def test_what_the_database_refuses_is_told_in_words(
    installation: Installation, repository: Repository, cluster: Cluster, unchanged: Unchanged
) -> None:
    name = str(installation.address).partition("?")[0].rpartition("/")[2]
    cluster.execute("ALTER TABLE concept ADD CONSTRAINT small CHECK (code <> 'zz')", name)
    with (
        pytest.raises(StoreUnavailable, match="violates check constraint"),
        repository.writing() as session,
    ):
        session.write(Contents(resources=[letters("2", "a", "zz")]))
    unchanged()
