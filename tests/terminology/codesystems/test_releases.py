"""Releases of one code system side by side: which is meant on a day, where an ended code was."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from terminology.codesystems import cpt
from terminology.errors import NotFound
from terminology.model import Json
from terminology.operations.context import Context
from terminology.store.base import KEY_BITS
from terminology.store.build import build_file
from terminology.store.contents import Contents
from terminology.store.merged import MergedStore, Part
from terminology.store.sqlite import SqliteStore
from tests.terminology.builders import (
    code_system,
    concept,
    context_of,
    issues_of,
    perform,
    prop,
    value_of,
    value_set,
)

URL = "https://test.example/CodeSystem/wares"
TOMORROW = (date.today() + timedelta(days=1)).isoformat()  # noqa: DTZ011
RETIRED = "http://hl7.org/fhir/concept-properties#retirementDate"
Release = tuple[str, str | None, list[Json]]


def wares(version: str, concepts: list[Json], **more: object) -> Json:
    return code_system("wares", concepts, version=version, id=f"wares-{version}", **more)


@pytest.fixture
def beside(tmp_path: Path) -> Callable[..., Context]:
    """A function that makes a context of shipped resources and releases with their days."""

    def part(key: int, effective: str | None, resources: list[Json]) -> Part:
        path = tmp_path / f"{key}.db"
        build_file(path, key, str(key), Contents(resources=resources))
        return Part(key, str(key), SqliteStore(path), effective)

    def made(shipped: list[Json], *releases: tuple[str | None, list[Json]]) -> Context:
        loaded = [part(key, *release) for key, release in enumerate(releases, start=1)]
        return context_of(MergedStore(part(0, None, shipped), loaded))

    return made


@pytest.fixture
def context(beside: Callable[..., Context]) -> Context:
    old = wares("2025", [concept("both", "As it was"), concept("old", "Old ware")])
    new = wares("2026", [concept("both", "As it is"), concept("new", "New ware")])
    coming = wares("2099", [concept("both", "As it will be"), concept("next", "Next ware")])
    return beside([], ("2025-01-01", [old]), ("2099-01-01", [coming]), ("2026-01-01", [new]))


def looked_up(context: Context, code: str, **sent: object) -> tuple[str, str]:
    found = perform(context, "CodeSystem/lookup", system=URL, code=code, **sent)
    return value_of(found, "version"), value_of(found, "display")


def validated(context: Context, code: str, **sent: object) -> Json:
    return perform(context, "CodeSystem/validate-code", url=URL, code=code, **sent)


def test_today_s_release_is_meant_where_none_is_named(context: Context) -> None:
    assert looked_up(context, "both") == ("2026", "As it is")


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2025-06-30", ("2025", "As it was")),
        ("2025-12-31", ("2025", "As it was")),
        ("2026-01-01", ("2026", "As it is")),
        ("2099-01-01", ("2099", "As it will be")),
        ("2024", ("2025", "As it was")),
    ],
)
def test_the_date_of_service_chooses(context: Context, day: str, found: tuple[str, str]) -> None:
    assert looked_up(context, "both", date=day) == found


def test_a_day_before_all_releases_is_told_of(context: Context) -> None:
    answer = validated(context, "both", date="2024-12-31")
    assert value_of(answer, "version") == "2025"
    ((severity, _, text),) = issues_of(answer)
    assert severity == "information"
    assert "The day asked about, 2024-12-31, is before the first day of any release" in text
    assert "version '2025', in force from 2025-01-01, was asked" in text
    for sent in ({}, {"version": "2026"}):
        assert issues_of(validated(context, "both", date="2025-01-01", **sent)) == []


def test_a_version_goes_before_the_day(context: Context) -> None:
    assert looked_up(context, "both", version="2099", date="2025-06-30")[0] == "2099"
    assert value_of(validated(context, "old", version="2025"), "result") is True


def test_a_code_that_ended_says_when_and_what_it_was(context: Context) -> None:
    answer = validated(context, "old")
    assert value_of(answer, "result") is False
    ((severity, kind, text),) = issues_of(answer)
    assert (severity, kind) == ("error", "invalid-code")
    assert "It was in version '2025', as 'Old ware', until 2025-12-31" in text
    with pytest.raises(NotFound, match=r"It was in version '2025', as 'Old ware', until 2025-12"):
        perform(context, "CodeSystem/lookup", system=URL, code="old")


def test_a_code_that_is_yet_to_come_says_from_when(context: Context) -> None:
    ((_, _, text),) = issues_of(validated(context, "next"))
    assert "It is in version '2099', as 'Next ware', from 2099-01-01" in text
    ((_, _, text),) = issues_of(validated(context, "new", date="2025-06-30"))
    assert "It is in version '2026', as 'New ware', from 2026-01-01" in text


def test_a_code_that_never_was_has_no_story(context: Context) -> None:
    ((_, _, text),) = issues_of(validated(context, "nothing"))
    assert "version '2026'" in text
    assert "It " not in text


def test_a_value_set_without_a_version_is_of_the_day(
    beside: Callable[..., Context],
) -> None:
    all_wares = value_set("all", {"system": URL})
    context = beside(
        [all_wares],
        ("2025-01-01", [wares("2025", [concept("old", "Old ware")])]),
        ("2026-01-01", [wares("2026", [concept("new", "New ware")])]),
    )
    for day, code in (("2025-06-30", "old"), ("2026-06-30", "new")):
        expanded = perform(context, "ValueSet/expand", url=all_wares["url"], date=day)
        assert [one["code"] for one in expanded["expansion"]["contains"]] == [code]


def test_what_ships_in_part_gives_way_to_a_whole(beside: Callable[..., Context]) -> None:
    shipped = wares("2030", [concept("s", "Shipped")], content="fragment")
    whole = wares("2026", [concept("s", "Loaded"), concept("t", "Other")])
    context = beside([shipped], ("2026-01-01", [whole]))
    assert looked_up(context, "s") == ("2026", "Loaded")
    store = context.code_systems.store
    assert store.resource("CodeSystem", "wares-2030") is None
    assert store.resource_counts() == {"CodeSystem": 1}
    assert [head.version for head in store.heads("CodeSystem")] == ["2026"]


def test_what_ships_in_part_stays_beside_another_part(beside: Callable[..., Context]) -> None:
    shipped = wares("2030", [concept("s", "Shipped")], content="fragment")
    part = wares("2026", [concept("s", "Loaded")], content="fragment")
    context = beside([shipped], (None, [part]))
    assert looked_up(context, "s") == ("2030", "Shipped")
    assert looked_up(context, "s", version="2026") == ("2026", "Loaded")


def test_a_key_says_its_release(context: Context) -> None:
    keys = [head.key >> KEY_BITS for head in context.code_systems.store.heads("CodeSystem")]
    assert keys == [1, 2, 3]


@pytest.mark.parametrize(("day", "is_known"), [("2025-06-30", True), ("2026-06-30", False)])
def test_a_claim_is_judged_by_the_release_of_its_day(
    beside: Callable[..., Context], day: str, is_known: bool
) -> None:
    def cpt_of(version: str, *codes: str) -> Json:
        kinds = [prop("modifier", valueBoolean=False), prop("kind", valueCode="code")]
        made = [concept(code, f"Made-up {code}", property=kinds) for code in codes]
        return code_system("cpt", made, url=cpt.URL, version=version, id=f"cpt-{version}")

    context = beside(
        [],
        ("2025-01-01", [cpt_of("2025", "11111", "22222")]),
        ("2026-01-01", [cpt_of("2026", "22222")]),
    )
    coding = {"system": cpt.URL, "code": "11111"}
    item = {"sequence": 1, "servicedDate": day, "productOrService": {"coding": [coding]}}
    claim = {"resourceType": "Claim", "item": [item]}
    outcome = perform(context, "Claim/validate", resource=claim)
    told = [issue["details"]["text"] for issue in outcome["issue"]]
    assert any("11111" in text and "until 2025-12-31" in text for text in told) is not is_known
