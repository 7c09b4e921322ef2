"""What a plan says of a code, on which days, and whose words these are."""

from collections.abc import Callable

import pytest

from terminology.coverage.payers import Payer, Payers
from terminology.coverage.plans import SOURCE, Plan, Plans
from terminology.model import Json
from terminology.operations.context import Context
from terminology.store.base import Store

CPT = "http://www.ama-assn.org/go/cpt"
CODE = (CPT, "37244")
ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason"}]}


def benefit(code: str, text: str | None = None, **more: object) -> Json:
    said = {} if text is None else {"requirement": text}
    return {"type": {"coding": [{"system": CPT, "code": code}]}, **said, **more}


def plan(name: str, *benefits: Json, **more: object) -> Json:
    return {
        "resourceType": "InsurancePlan",
        "id": name,
        "status": "active",
        "name": name.title(),
        "ownedBy": {"reference": "Organization/payer"},
        "coverage": [{"type": {"text": "x"}, "benefit": list(benefits)}],
        **more,
    }


PAYER = {"resourceType": "Organization", "id": "payer", "name": "Payer"}
DOCUMENT = {
    "resourceType": "DocumentReference",
    "id": "policy",
    "status": "current",
    "content": [{"attachment": {"url": "http://x.example"}}, {"attachment": {"title": "Policy"}}],
}


def sourced(reference: str) -> Json:
    return {"extension": [{"url": SOURCE, "valueReference": {"reference": reference}}]}


def payer_of(store: Store, name: str = "Organization/payer") -> Payer:
    found = Payers(store).find(name)
    assert found is not None
    return found


@pytest.fixture
def store(load: Callable[..., Context]) -> Store:
    resources = [
        PAYER,
        DOCUMENT,
        plan(
            "gold", benefit("37244", "Ask first.", _requirement=sourced("DocumentReference/policy"))
        ),
        plan(
            "silver",
            benefit("37243", "Another code."),
            benefit("37244", "One."),
            benefit("37244", "Two."),
        ),
        plan("other", benefit("99213", "Nothing of it.")),
    ]
    return load(*resources).code_systems.store


def test_only_plans_that_name_the_code_are_read_where_there_are_several(store: Store) -> None:
    found = Plans(store).of(payer_of(store), {CODE})
    assert [each.id for each in found] == ["gold", "silver"]


def test_a_plan_that_was_named_speaks_alone(store: Store) -> None:
    found = Plans(store).of(payer_of(store, "InsurancePlan/silver"), {CODE})
    assert [each.id for each in found] == ["silver"]


def test_every_word_on_the_code_is_told_in_order(store: Store) -> None:
    silver = Plans(store).of(payer_of(store), {CODE})[1]
    assert [note.text for note in silver.notes({CODE})] == ["One.", "Two."]
    assert silver.notes({(CPT, "37242")}) == []
    assert silver.notes({("http://other.example", "37244")}) == []


def test_the_source_is_told_with_its_title(store: Store) -> None:
    gold, silver = Plans(store).of(payer_of(store), {CODE})
    (note,) = gold.notes({CODE})
    assert note.source == {"reference": "DocumentReference/policy", "display": "Policy"}
    assert silver.notes({CODE})[0].source is None


def test_a_source_that_is_not_loaded_is_named_all_the_same(store: Store) -> None:
    lost = plan("lost", benefit("37244", "x", _requirement=sourced("DocumentReference/gone")))
    assert Plan(lost, store).notes({CODE})[0].source == {"reference": "DocumentReference/gone"}


@pytest.mark.parametrize("said", [{}, {"_requirement": ABSENT}, {"requirement": ""}])
def test_a_benefit_without_words_says_nothing(store: Store, said: Json) -> None:
    assert Plan(plan("mute", benefit("37244", **said)), store).notes({CODE}) == []


def test_a_code_is_compared_with_case(load: Callable[..., Context]) -> None:
    context = load(PAYER, plan("a", benefit("0102t", "x")), plan("b", benefit("0102T", "x")))
    store = context.code_systems.store
    found = Plans(store).of(payer_of(store), {(CPT, "0102T")})
    assert [each.id for each in found if each.notes({(CPT, "0102T")})] == ["b"]


@pytest.mark.parametrize(
    ("more", "days"),
    [
        ({}, [True, True, True]),
        ({"period": {"start": "2026-01-01"}}, [False, True, True]),
        ({"period": {"end": "2026-06"}}, [True, True, False]),
        ({"period": {"start": "2026", "end": "2026-06-30T12:00:00Z"}}, [False, True, False]),
        ({"status": "draft"}, [False, False, False]),
        ({"status": "retired"}, [False, False, False]),
    ],
)
def test_a_plan_speaks_in_its_period_and_while_it_is_active(
    store: Store, more: Json, days: list[bool]
) -> None:
    found = Plan(plan("x", **more), store)
    assert [found.holds(day) for day in ("2025-12-31", "2026-06-30", "2026-07-01")] == days
