"""Loads that are killed at any moment: what was served is served, or the new release whole."""

import random
from pathlib import Path

import pytest

from terminology.store import changes
from terminology.store.repository import Repository
from tests.terminology.importers.generate.hcpcs import rows, text
from tests.terminology.store.killing import load_and_kill, seconds_to_load
from tests.terminology.store.stores import Installation, add, displays, letters, rows_of

KILLS, NEAR_THE_END = 50, 0.4
CODES = 800
"""Few enough to be loaded in some tenths of a second, some of them after the first commit."""
MONTHS = ("JAN", "APR", "JUL")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Releases of HCPCS Level II."""
    folder = tmp_path_factory.mktemp("files")
    made = [folder / f"HCPC2026_{month}_ANWEB.txt" for month in MONTHS]
    for path in made:
        path.write_text(text(rows(CODES)), newline="")
    return made


class Moments:
    """When to kill a load: anywhere in the time that it takes, and often near its end.

    Args:
        seconds: that a load took; how long the next one takes is learnt on the way.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._drawn = random.Random(50)  # noqa: S311 - the same in every run

    def next(self) -> float:
        late = self._drawn.random() < NEAR_THE_END
        return self._drawn.uniform(0.85 if late else 0, 1.05) * self._seconds

    def was(self, *, too_late: bool) -> None:
        self._seconds *= 0.93 if too_late else 1.02


def is_whole(repository: Repository, name: str) -> bool:
    """Whether a release has all its codes, and as many as it says."""
    release = repository.reading().find(name)
    store = repository.part(release)
    (head,) = store.heads("CodeSystem")
    codes = [code for code, _ in store.bodies_by_code(head.key)]
    return len(codes) == release.counts["concepts"] == store.size(head.key) == CODES


def test_whatever_is_killed_nothing_is_lost(
    installation: Installation, repository: Repository, files: list[Path]
) -> None:
    add(repository, "before", letters("1", "a"))
    seconds = seconds_to_load(installation, files[0])
    kept = changes.listed(repository.reading())
    assert [release.name for release in kept] == ["before", "hcpcs-2026-01"]
    view = repository.open()
    killed, moments = 0, Moments(seconds)
    while killed < KILLS:
        was_killed = load_and_kill(installation, files[1 + killed % 2], moments.next())
        moments.was(too_late=not was_killed)
        killed += was_killed
        found = repository.open()
        names = [release.name for release in changes.listed(repository.reading())]
        assert names[:2] == ["before", "hcpcs-2026-01"]
        assert is_whole(repository, "hcpcs-2026-01")
        assert displays(repository, "a") == ["a of 1"]
        if len(names) == 2:
            assert (found.number, found.store.release) == (view.number, view.store.release)
            continue
        (new,) = names[2:]
        assert is_whole(repository, new)
        assert repository.reading().activation().why == f"load {new}"
        assert found.number == view.number + 1
        changes.drop(repository, new, "a test", lambda _: None)
        view = repository.open()
    before = rows_of(installation) if installation.address else {"000001.sqlite3", "000002.sqlite3"}
    # The next load works, and leaves nothing behind of those that were killed.
    assert seconds_to_load(installation, files[1]) < 30
    (new,) = [release.name for release in changes.listed(repository.reading())][2:]
    assert is_whole(repository, new)
    changes.drop(repository, new, "a test", lambda _: None)
    after = rows_of(installation)
    assert (after if installation.address else set(after)) == before
