"""Whose plan a request is about: the coverage's payer, else the insurer, else nobody's."""

from typing import Any

import pytest

from terminology.coverage.eligibility_payers import Insured, Insurers
from terminology.coverage.eligibility_request import Submission, submission
from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.operations.context import Context

MEDICARE: Json = {"reference": "Organization/medicare"}
AETNA: Json = {"reference": "Organization/aetna"}
NOBODY: Json = {"reference": "Organization/nobody"}


def request(insurer: Json, *coverages: Json, **more: Any) -> Json:
    body = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["benefits"],
        "patient": {"reference": "Patient/1"},
        "created": "2026-11-23",
        "insurer": insurer,
    }
    insurance = [{"coverage": each} for each in coverages]
    return body | ({"insurance": insurance} if insurance else {}) | more


def submitted(body: Json, *along: Json) -> Submission:
    entries = [{"resource": each} if "resourceType" in each else each for each in (body, *along)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return submission(bundle if along else body, lambda _: None)


@pytest.fixture
def insurers(context: Context) -> Insurers:
    return Insurers(context.code_systems.store)


def ids(found: list[Insured]) -> list[str | None]:
    return [one.payer.id if one.payer else None for one in found]


@pytest.mark.parametrize(
    "insurer",
    [
        MEDICARE,
        {"reference": "InsurancePlan/medicare"},
        {"display": "Medicare"},
        {"display": "medicare"},
        {"reference": "Organization/2", "display": "Medicare"},
    ],
)
def test_the_insurer_answers_where_no_coverage_is_named(insurers: Insurers, insurer: Json) -> None:
    (found,) = insurers.insured(submitted(request(insurer)))
    assert found.payer is not None
    assert found.payer.id == "medicare"
    assert found.coverage is None
    assert found.path == "CoverageEligibilityRequest.insurer"


def test_an_alias_names_a_payer(insurers: Insurers) -> None:
    assert ids(insurers.insured(submitted(request({"display": "UHC"})))) == ["uhc"]


@pytest.mark.parametrize(
    ("insurer", "called"),
    [
        (NOBODY, "Organization/nobody"),
        ({"display": "Medi"}, "Medi"),
        ({"display": "Medicare Advantage"}, "Medicare Advantage"),
        ({"identifier": {"system": "urn:x", "value": "7"}}, "7"),
        ({"reference": "http://else.example/Organization/medicare"}, "http://else.example"),
        ({"reference": "Patient/medicare"}, "Patient/medicare"),
        ({"display": "  "}, "  "),
        ({"type": "Organization"}, ""),
    ],
)
def test_an_insurer_that_is_not_loaded_is_nobody(
    insurers: Insurers, insurer: Json, called: str
) -> None:
    (found,) = insurers.insured(submitted(request(insurer)))
    assert found.payer is None
    assert found.named.startswith(called)
    assert bool(found.named) is bool(called)


R4 = {"resourceType": "Coverage", "id": "own", "payor": [AETNA]}
R5 = {"resourceType": "Coverage", "id": "own", "insurer": AETNA}


@pytest.mark.parametrize("coverage", [R4, R5], ids=["r4", "r5"])
def test_the_payer_of_the_coverage_goes_before_the_insurer(
    insurers: Insurers, coverage: Json
) -> None:
    contained = request(MEDICARE, {"reference": "#own"}, contained=[coverage])
    assert ids(insurers.insured(submitted(contained))) == ["aetna"]
    by_id = submitted(request(MEDICARE, {"reference": "Coverage/own"}), coverage)
    assert ids(insurers.insured(by_id)) == ["aetna"]
    entry = {"fullUrl": "urn:uuid:1", "resource": {k: v for k, v in coverage.items() if k != "id"}}
    by_url = submitted(request(MEDICARE, {"reference": "urn:uuid:1"}), entry)
    assert ids(insurers.insured(by_url)) == ["aetna"]


def test_the_plan_of_the_coverage_is_the_plan(insurers: Insurers) -> None:
    coverage = R5 | {"insurancePlan": {"reference": "InsurancePlan/cigna"}}
    body = request(MEDICARE, {"reference": "#own"}, contained=[coverage])
    (found,) = insurers.insured(submitted(body))
    assert found.payer is not None
    assert [plan["id"] for plan in found.payer.plans] == ["cigna"]


def test_a_payer_of_the_coverage_that_is_not_loaded_is_not_replaced(insurers: Insurers) -> None:
    coverage = R4 | {"payor": [NOBODY]}
    body = request(MEDICARE, {"reference": "#own"}, contained=[coverage])
    (found,) = insurers.insured(submitted(body))
    assert found.payer is None
    assert found.path == "CoverageEligibilityRequest.insurance[0].coverage"


def test_a_coverage_that_is_elsewhere_or_names_no_payer_leaves_it_to_the_insurer(
    insurers: Insurers,
) -> None:
    silent = {"resourceType": "Coverage", "id": "own"}
    body = request(MEDICARE, {"reference": "Coverage/9"}, {"reference": "#own"}, contained=[silent])
    assert ids(insurers.insured(submitted(body))) == ["medicare", "medicare"]


def test_each_coverage_has_its_own_payer(insurers: Insurers) -> None:
    body = request(MEDICARE, {"reference": "#own"}, {"reference": "Coverage/2"}, contained=[R4])
    found = insurers.insured(submitted(body))
    assert ids(found) == ["aetna", "medicare"]
    assert [one.coverage for one in found] == [{"reference": "#own"}, {"reference": "Coverage/2"}]


def test_a_payer_in_the_place_of_the_coverage(insurers: Insurers) -> None:
    assert ids(insurers.insured(submitted(request(NOBODY, AETNA)))) == ["aetna"]


def test_an_organization_that_came_along_is_told_by_what_it_says_and_not_by_its_id(
    insurers: Insurers,
) -> None:
    own = {"resourceType": "Organization", "id": "medicare", "name": "Aetna"}
    assert ids(insurers.insured(submitted(request(MEDICARE), own))) == ["aetna"]
    stranger = own | {"name": "A stranger"}
    assert ids(insurers.insured(submitted(request(MEDICARE), stranger))) == [None]
    contained = request({"reference": "#medicare"}, contained=[own])
    assert ids(insurers.insured(submitted(contained))) == ["aetna"]


@pytest.mark.parametrize(
    "broken",
    [
        {"resourceType": "Coverage", "id": "own", "payor": [{"reference": 1}]},
        {"resourceType": "Coverage", "id": "own", "insurer": {"reference": "Organization/x"}},
    ],
)
def test_what_came_along_and_can_not_be_read_is_told_of(insurers: Insurers, broken: Json) -> None:
    wrong = {"resourceType": "Organization", "id": "x", "identifier": "?"}
    body = request(MEDICARE, {"reference": "Coverage/own"})
    with pytest.raises(InvalidInput, match=r"insurance\[0\].coverage leads to can't be read"):
        insurers.insured(submitted(body, broken, wrong))
