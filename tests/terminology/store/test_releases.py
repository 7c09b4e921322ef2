"""Which release is in force on a day."""

from hypothesis import given
from hypothesis import strategies as st

from terminology.store.base import TableRelease
from terminology.store.releases import Releases

DAYS = [f"2025-{month:02}-01" for month in range(1, 13)]


class Listing:
    """A store that has nothing but releases."""

    def __init__(self, *effective: str) -> None:
        self.found = [
            TableRelease(key, "fees", "", day, day, day, f"{day[:8]}31", "", whole=True, rows=1)
            for key, day in enumerate(effective, start=1)
        ]

    def table_releases(self) -> list[TableRelease]:
        return self.found


def releases(*effective: str) -> Releases:
    return Releases(Listing(*effective))  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(DAYS), unique=True), st.sampled_from([*DAYS, "2024-12-31"]))
def test_the_latest_that_has_begun_is_in_force(effective: list[str], day: str) -> None:
    begun = [one for one in effective if one <= day]
    found = releases(*effective).in_force("fees", "", day)
    assert (found.release.effective if found else None) == max(begun, default=None)


def test_only_the_last_one_gets_stale_and_only_after_its_own_period() -> None:
    found = releases("2025-01-01", "2025-06-01")
    asked = ("2025-03-01", "2025-06-30", "2025-07-01")
    chosen = [found.in_force("fees", "", day) for day in asked]
    assert [one.is_stale for one in chosen if one] == [False, False, True]


def test_another_table_or_setting_has_none() -> None:
    found = releases("2025-01-01")
    assert found.in_force("fees", "practitioner", "2025-02-01") is None
    assert found.in_force("units", "", "2025-02-01") is None
    assert found.settings("fees") == [""]
