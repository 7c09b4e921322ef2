"""What payers, plans and provenance are found by."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import InvalidInput, NotSupported
from terminology.store.search import (
    Criterion,
    SearchQuery,
    criterion,
    parameters_of,
)
from terminology.store.sql import SqlStore
from tests.terminology.store.stores import StoreWith

CPT = "http://www.ama-assn.org/go/cpt"

PAYER = {
    "resourceType": "Organization",
    "id": "payer-a",
    "active": True,
    "name": "Example Payer",
    "alias": ["Long name 100% of a_payer"],
    "identifier": [{"system": "urn:a", "value": "AbC|1"}, {"value": "no-system"}],
}
SILENT = {
    "resourceType": "Organization",
    "id": "payer-b",
    "_name": {"extension": [{"url": "http://e.example", "valueCode": "unknown"}]},
}
PLAN = {
    "resourceType": "InsurancePlan",
    "id": "plan-a",
    "status": "active",
    "name": "Plan A",
    "ownedBy": {"reference": "Organization/payer-a"},
    "administeredBy": {"reference": "http://elsewhere.example/fhir/Organization/payer-z"},
    "coverage": [
        {"benefit": [{"type": {"coding": [{"system": CPT, "code": "37244"}]}}]},
        {"benefit": [{"type": {"text": "no coding"}}]},
    ],
}
OTHER_PLAN = {
    "resourceType": "InsurancePlan",
    "id": "plan-b",
    "ownedBy": {"reference": "Organization/payer-b"},
}
LOAD = {
    "resourceType": "Provenance",
    "id": "load",
    "recorded": "2026-11-23T10:00:00+02:00",
    "target": [
        {"reference": "CodeSystem/cpt"},
        {"reference": "InsurancePlan/plan-a/_history/1"},
        {"reference": "#inner"},
        {"display": "no reference"},
    ],
}
RESOURCES = (PAYER, SILENT, PLAN, OTHER_PLAN, LOAD)

Find = Callable[..., list[str]]


def asked(resource_type: str, name: str, text: str) -> Criterion:
    bare, _, modifier = name.partition(":")
    return criterion(parameters_of(resource_type)[bare], modifier or None, text)


@pytest.fixture(scope="module")
def store(store_with: StoreWith) -> SqlStore:
    return store_with(*RESOURCES)


@pytest.fixture(scope="module")
def find(store: SqlStore) -> Find:
    def _find(resource_type: str, *criteria: tuple[str, str]) -> list[str]:
        each = tuple(asked(resource_type, name, text) for name, text in criteria)
        page = store.search(SearchQuery(resource_type, each, 100))
        assert page.total == len(page.bodies)
        return [msgspec.json.decode(body)["id"] for body in page.bodies]

    return _find


@given(
    name=st.sampled_from(["name", "identifier", "active", "_id", "_lastUpdated", "name:contains"]),
    text=st.text(max_size=40),
)
def test_any_text_is_answered_or_refused(find: Find, name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    try:
        found = find("Organization", (name, text))
    except (InvalidInput, NotSupported):
        return
    assert set(found) <= {"payer-a", "payer-b"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (r"AbC\|1", ["payer-a"]),
        (r"abc\|1", ["payer-a"]),
        (r"urn:a|abc\|1", ["payer-a"]),
        ("|no-system", ["payer-a"]),
        ("urn:a|no-system", []),
        (r"|abc\|1", []),
        ("urn:a|", ["payer-a"]),
    ],
)
def test_identifiers(find: Find, text: str, ids: list[str]) -> None:
    assert find("Organization", ("identifier", text)) == ids


def test_booleans_are_tokens(find: Find) -> None:
    assert find("Organization", ("active", "true")) == ["payer-a"]
    assert find("Organization", ("active", "false")) == []
    assert find("Organization", ("active:missing", "true")) == ["payer-b"]


def test_finds_the_coverage_notes_of_a_procedure(find: Find) -> None:
    assert find("InsurancePlan", ("coverage-benefit-type", f"{CPT}|37244")) == ["plan-a"]
    assert find("InsurancePlan", ("coverage-benefit-type", "http://other.example|37244")) == []
    assert find("InsurancePlan", ("coverage-benefit-type:missing", "true")) == ["plan-b"]


@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [
        ("name", "example", ["payer-a"]),
        ("name", "EXAMPLE  payer", ["payer-a"]),
        ("name", "payer", []),
        ("name", "long", ["payer-a"]),
        ("name:contains", "PAYER", ["payer-a"]),
        ("name:contains", "100%", ["payer-a"]),
        ("name:contains", "%", ["payer-a"]),
        ("name:contains", "1%o", []),
        ("name:contains", "a_payer", ["payer-a"]),
        ("name:contains", "g_n", []),
        ("name:contains", "!", []),
        ("name:exact", "Example Payer", ["payer-a"]),
        ("name:exact", "Example", []),
        ("name:exact", "example payer", []),
        ("name:missing", "true", ["payer-b"]),
    ],
)
def test_strings(find: Find, name: str, text: str, ids: list[str]) -> None:
    assert find("Organization", (name, text)) == ids


@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [
        ("owned-by", "Organization/payer-a", ["plan-a"]),
        ("owned-by", "payer-a", ["plan-a"]),
        ("owned-by", "payer-a,payer-b", ["plan-a", "plan-b"]),
        ("owned-by:Organization", "payer-a", ["plan-a"]),
        ("owned-by:Organization", "Organization/payer-a", ["plan-a"]),
        ("owned-by", "Organization/none", []),
        ("administered-by", "http://elsewhere.example/fhir/Organization/payer-z", ["plan-a"]),
        ("administered-by", "payer-z", []),
        ("administered-by:missing", "true", ["plan-b"]),
    ],
)
def test_references(find: Find, name: str, text: str, ids: list[str]) -> None:
    assert find("InsurancePlan", (name, text)) == ids


@pytest.mark.parametrize(
    ("name", "text", "ids"),
    [
        ("target", "CodeSystem/cpt", ["load"]),
        ("target:CodeSystem", "cpt", ["load"]),
        ("target:ValueSet", "cpt", []),
        ("target", "InsurancePlan/plan-a", ["load"]),
        ("target", "inner", []),
        ("recorded", "2026-11-23", ["load"]),
        ("recorded", "2026-11-23T08:00Z", ["load"]),
        ("recorded", "2026-11-23T10:00:00+02:00", ["load"]),
        ("recorded", "2026-11-23T10:00:00Z", []),
        ("recorded", "ge2026", ["load"]),
        ("recorded", "gt2026", []),
        ("recorded", "gt2026-10", ["load"]),
        ("recorded", "lt2026-11-23T08:00:01Z", ["load"]),
        ("recorded", "sa2026-11-22", ["load"]),
        ("recorded", "eb2026-11-23", []),
        ("recorded", "le2026-11-22,ge2027", []),
        ("recorded", "ne2026", []),
        ("recorded", "ne2025", ["load"]),
    ],
)
def test_targets_and_dates_of_provenance(find: Find, name: str, text: str, ids: list[str]) -> None:
    assert find("Provenance", (name, text)) == ids
