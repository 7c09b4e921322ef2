"""What a release lost, and what of it is too little to be told of."""

import pytest

from terminology.importers.losses import losses
from terminology.store.catalogue import Release
from terminology.store.differences import Difference


def release(**counts: int) -> Release:
    """A release that holds so much."""
    return Release(
        name="letters-1",
        slot="letters-1",
        kind="fhir",
        version="1",
        title="Letters",
        fingerprint="1",
        counts=counts,
        loaded_at="2026-01-01T00:00:00+00:00",
        loaded_by="test",
    )


@pytest.mark.parametrize("ended", [21, 100])
def test_a_large_part_that_ended_is_told_once(ended: int) -> None:
    found = [Difference("http://letters", {"ended": ended, "added": 500}, before=100)]
    (told,) = losses(release(concepts=1_000, ValueSet=10), found, {"concepts": 500})
    assert told.startswith(
        f"Warning: {ended} of the 100 in http://letters of letters-1 ended. If that is not what the"
    )


def test_each_system_is_taken_by_itself() -> None:
    small = Difference("http://small", {"ended": 3}, before=4)
    large = Difference("http://large", {"ended": 3}, before=4_000)
    (told,) = losses(release(), [large, small], {})
    assert "3 of the 4 in http://small" in told


def test_what_is_missing_is_told_where_nothing_ended() -> None:
    before = release(concepts=1_000, CodeSystem=10, ValueSet=40)
    told = list(losses(before, [], {"concepts": 900, "ValueSet": 31}))
    assert [one.partition(" of letters-1 are missing.")[0] for one in told] == [
        "Warning: 10 of the 10 CodeSystem",
        "Warning: 9 of the 40 ValueSet",
    ]


@pytest.mark.parametrize("ended", [0, 20])
def test_a_small_part_is_not_told(ended: int) -> None:
    found = [Difference("http://letters", {"ended": ended}, before=100)]
    assert list(losses(release(concepts=100), found, {"concepts": 80})) == []


def test_nothing_can_be_lost_where_nothing_was() -> None:
    found = [Difference("http://letters", {"added": 5}, before=0)]
    assert list(losses(release(), found, {"concepts": 5})) == []
