"""What the rules are told of tables: which pairs a release as loaded holds all of."""

from collections.abc import Sequence

import pytest

from terminology.codesystems.cpt.facts import CptFacts
from terminology.codesystems.cpt.tables import Tables
from terminology.store.base import TableRelease


class Listing:
    """A store with one release of pairs, and nothing in it."""

    def __init__(self, *, whole: bool, complete_for: tuple[str, ...]) -> None:
        day, last = "2026-07-01", "2026-09-30"
        release = ("ncci-ptp", "practitioner", "2026Q3", "", day, last, "")
        self._found = TableRelease(1, *release, whole=whole, rows=0, complete_for=complete_for)

    def table_releases(self) -> list[TableRelease]:
        return [self._found]


def holds_all(*codes: str, whole: bool = False, complete_for: Sequence[str] = ()) -> bool:
    store = Listing(whole=whole, complete_for=tuple(complete_for))
    facts = CptFacts(list, Tables(store))  # type: ignore[arg-type]
    release = facts.in_force("ncci-ptp", "practitioner", "2026-08-01")
    assert release is not None
    return facts.covers_pairs_of(release, "practitioner", codes)


def test_an_extract_that_names_no_code_holds_all_pairs_of_none() -> None:
    assert not holds_all("37244", "37243")
    assert not holds_all("11111", "22222", "33333")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("11111", "22222"), True),
        (("22222", "11111"), True),
        (("11111", "33333"), True),
        # The pair of 22222 and 44444 may be missing, whatever else is held.
        (("11111", "22222", "44444"), False),
        (("22222", "44444"), False),
        (("11111", "33333", "44444"), True),
        (("11111", "33333", "22222", "44444"), False),
        # A code that comes twice is no pair.
        (("22222", "22222"), True),
    ],
)
def test_an_extract_holds_the_pairs_of_the_codes_it_names(
    codes: tuple[str, ...], expected: bool
) -> None:
    assert holds_all(*codes, complete_for=("11111", "33333")) is expected


def test_a_whole_release_holds_every_pair() -> None:
    assert holds_all("11111", "22222", "33333", whole=True)
