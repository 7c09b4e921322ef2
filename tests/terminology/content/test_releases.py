"""The releases of the shipped tables: their periods, and the rows that are theirs."""

from datetime import date, timedelta
from typing import Any

import pytest

from terminology import content
from terminology.importers.shipped import shipped_tables
from terminology.store.base import CodePair

Json = dict[str, Any]
HEADS = list(content.releases())
NAMES = ["/".join(h[k] for k in ("table", "setting", "release") if h[k]) for h in HEADS]
FAMILY_PAIRS = {("37243", "37242"), ("37243", "37241"), ("37242", "37241")}


@pytest.mark.parametrize("head", HEADS, ids=NAMES)
def test_a_release_is_for_a_quarter_and_ends_with_it(head: dict[str, str]) -> None:
    first, last = date.fromisoformat(head["effective"]), date.fromisoformat(head["until"])
    following = last + timedelta(days=1)
    assert (following.day, following.month % 3) == (1, 1)
    assert first <= last < first + timedelta(days=92)


@pytest.mark.parametrize("head", HEADS, ids=NAMES)
def test_a_release_cites_a_shipped_document_and_has_rows(
    head: dict[str, str], shipped: dict[str, Json]
) -> None:
    assert f"DocumentReference/{head['source']}" in shipped
    assert head["whole"] == "0"
    assert list(content.rows(head))


def test_no_release_is_there_twice() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", content.TABLES)
def test_every_row_is_of_one_release(name: str) -> None:
    of_releases = [row for h in HEADS if h["table"] == name for row in content.rows(h)]
    every = list(content.table(name))
    assert sorted(map(repr, of_releases)) == sorted(map(repr, every))


def test_only_of_37244_do_the_extracts_of_pairs_hold_every_row() -> None:
    assert {h["complete_for"] for h in HEADS if h["table"] == "ncci-ptp"} == {"37244"}
    assert {h["complete_for"] for h in HEADS if h["table"] != "ncci-ptp"} == {""}


def test_titles_are_those_that_people_know() -> None:
    titles = {(h["table"], h["release"]): h["title"] for h in HEADS}
    assert titles["medicare-fee-schedule", "2020A"] == "RVU 2020 January"
    assert titles["medicare-fee-schedule", "2025D"] == "RVU 2025 October"
    assert titles["medicare-mue", "2024Q3"] == "MUE 2024 Q3"
    assert titles["ncci-ptp", "2024Q3"] == "NCCI PTP 2024 Q3"


def test_pairs_without_37244_are_those_of_its_family_and_their_indicator_is_not_known() -> None:
    rows = [r for r in content.table("ncci-ptp") if "37244" not in (r["column1"], r["column2"])]
    assert {(r["column1"], r["column2"]) for r in rows} == FAMILY_PAIRS
    assert {r["setting"] for r in rows} == {"practitioner"}
    assert {r["indicator"] for r in rows} == {""}


def test_no_pair_says_since_when_it_is_in_force() -> None:
    # The extract does not hold the dates, so none may be stated.
    assert {r["effective"] for r in content.table("ncci-ptp")} == {""}


def test_days_of_deletion_are_dates_before_the_release() -> None:
    for row in content.table("ncci-ptp"):
        assert not row["deleted"] or date.fromisoformat(row["deleted"]) < date(2024, 7, 1)


def test_what_is_loaded_is_what_ships() -> None:
    for head, load in zip(HEADS, shipped_tables(), strict=True):
        assert (load.table, load.setting, load.release) == (
            head["table"],
            head["setting"],
            head["release"],
        )
        rows, pairs = list(load.rows), list(load.pairs)
        assert (not rows) == (load.table in content.PAIRS)
        assert len(rows) + len(pairs) == len(list(content.rows(head)))
        assert all(isinstance(pair, CodePair) for pair in pairs)
        assert load.complete_for == tuple(head["complete_for"].split())
