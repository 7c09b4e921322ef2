"""`Claim/$validate`: who pays, by whatever a claim or a request names it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from terminology import content
from tests.service.asking import JSON, Json
from tests.service.claims import NO_SPLIT, claim, concept, item, procedure, severities, the, told

DECIDES, INFORMS = {"error"}, {"information"}
every_base = pytest.mark.parametrize("base", ["r4", "r4b", "r5"])
CMS = {"reference": "Organization/medicare"}
PAYERS = sorted(r["id"] for r in content.resources() if r["resourceType"] == "Organization")
NUMBER = {"system": "urn:example:payers", "value": "00042"}


def of(client: FlaskClient, query: str = "", base: str = "r4", **more: Any) -> set[str]:
    """How grave a rule of Medicare is in a claim that names its payer so."""
    return severities(told(client, claim(item(1, "37244", "26"), **more), query, base), NO_SPLIT)


@pytest.fixture(scope="module")
def identified(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The service over what ships, where Medicare has an identifier; no shipped payer has one."""
    shipped = list(content.resources())
    for resource in shipped:
        if (resource["resourceType"], resource["id"]) == ("Organization", "medicare"):
            resource["identifier"] = [NUMBER]
    folder = tmp_path_factory.mktemp("identified")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(content, "resources", lambda: iter(shipped))
        yield create_app(Settings(data=folder)).test_client()


def coverage(base: str, payer: Json) -> Json:
    """A Coverage as each version has it."""
    own: Json = {"kind": "insurance", "insurer": payer} if base == "r5" else {"payor": [payer]}
    return {
        "resourceType": "Coverage",
        "id": "c",
        "status": "active",
        "beneficiary": {"reference": "Patient/1"},
        **own,
    }


def insured(*references: Json, focal: int = 0) -> list[Json]:
    return [
        {"sequence": n + 1, "focal": n == focal, "coverage": reference}
        for n, reference in enumerate(references)
    ]


@every_base
@pytest.mark.parametrize(
    "insurer",
    [
        CMS,
        {"reference": "InsurancePlan/medicare"},
        {"reference": "http://localhost/{base}/Organization/medicare"},
        {"display": "Medicare"},
        {"reference": "#o"},
    ],
)
def test_the_insurer_by_reference_name_and_contained(
    client: FlaskClient, base: str, insurer: Json
) -> None:
    named = {name: value.format(base=base) for name, value in insurer.items()}
    contained = [{"resourceType": "Organization", "id": "o", "name": "Medicare"}]
    if insurer == {"reference": "#o"}:
        assert of(client, base=base, insurer=named, contained=contained) == DECIDES
    else:
        assert of(client, base=base, insurer=named) == DECIDES


@every_base
def test_the_insurer_by_identifier(identified: FlaskClient, base: str) -> None:
    assert of(identified, base=base, insurer={"identifier": NUMBER}) == DECIDES
    contained = [{"resourceType": "Organization", "id": "o", "identifier": [NUMBER]}]
    assert of(identified, base=base, contained=contained, insurer={"reference": "#o"}) == DECIDES
    for other in (NUMBER | {"value": "00043"}, {"value": NUMBER["value"]}):
        assert of(identified, base=base, insurer={"identifier": other}) == INFORMS


@every_base
def test_the_payer_of_a_contained_coverage(identified: FlaskClient, base: str) -> None:
    insurance = insured({"reference": "#c"})
    payers: list[Json] = [CMS, {"identifier": NUMBER}, {"display": "Medicare"}]
    for payer in payers:
        contained = [coverage(base, payer)]
        assert of(identified, base=base, contained=contained, insurance=insurance) == DECIDES
    organization = {"resourceType": "Organization", "id": "o", "name": "Medicare"}
    contained = [coverage(base, {"reference": "#o"}), organization]
    assert of(identified, base=base, contained=contained, insurance=insurance) == DECIDES


def test_of_several_insurances_the_focal_one_decides(client: FlaskClient) -> None:
    both = (CMS, {"reference": "Organization/aetna"})
    assert of(client, insurance=insured(*both, focal=0)) == DECIDES
    assert of(client, insurance=insured(*both, focal=1)) == INFORMS
    elsewhere = ({"reference": "Coverage/1"}, CMS)
    assert of(client, insurance=insured(*elsewhere, focal=0)) == DECIDES


def test_the_insurer_goes_before_the_coverage_and_the_parameter_before_both(
    client: FlaskClient,
) -> None:
    aetna = {"reference": "Organization/aetna"}
    assert of(client, insurer=aetna, insurance=insured(CMS)) == INFORMS
    assert of(client, "?payer=medicare", insurer=aetna) == DECIDES
    assert of(client, "?payer=aetna", insurer=CMS) == INFORMS


@pytest.mark.parametrize(
    "payer",
    [
        "medicare",
        "Organization/medicare",
        "InsurancePlan/medicare",
        "http://localhost/r4/Organization/medicare",
    ],
)
def test_the_parameter_takes_an_id_and_a_reference(client: FlaskClient, payer: str) -> None:
    assert of(client, f"?payer={payer}") == DECIDES


def test_the_parameter_takes_an_identifier(identified: FlaskClient) -> None:
    assert of(identified, f"?payer={NUMBER['system']}|{NUMBER['value']}") == DECIDES


@pytest.mark.parametrize(
    ("query", "more", "path", "severity"),
    [
        ("?payer=nobody", {}, "payer", "warning"),
        ("?payer=https://example.org/r4/Organization/medicare", {}, "payer", "warning"),
        ("", {"insurer": {"reference": "Organization/nobody"}}, "Claim.insurer", "information"),
        ("", {"insurer": {"reference": "#nobody"}}, "Claim.insurer", "information"),
        ("", {"insurer": {"identifier": {"value": "nobody"}}}, "Claim.insurer", "information"),
    ],
)
def test_a_payer_that_is_not_known_is_told_with_what_to_do(
    client: FlaskClient, query: str, more: Json, path: str, severity: str
) -> None:
    found = told(client, claim(item(1, "37244", "26"), **more), query)
    assert severities(found, NO_SPLIT) == INFORMS
    said = the(found, "is not known here")
    assert (said.severity, said.paths) == (severity, (path,))
    assert severity == "information" or "No error and no warning" not in found[0].text
    assert "GET [base]/Organization lists" in said.text
    assert "payers' policies" not in found[0].text


FOREIGN: dict[str, Callable[[str], Json]] = {
    "identifier": lambda name: {"identifier": {"system": "http://acme.org/p", "value": name}},
    "identifier-alone": lambda name: {"identifier": {"value": name}},
    "reference": lambda name: {"reference": f"http://acme.org/fhir/Organization/{name}"},
    "id": lambda name: {"reference": name},
    "contained": lambda name: {"reference": f"#{name}"},
}


@pytest.mark.parametrize("way", FOREIGN)
@pytest.mark.parametrize("name", PAYERS)
def test_a_number_of_somebody_else_that_is_spelled_like_an_id_is_no_payer_here(
    client: FlaskClient, way: str, name: str
) -> None:
    insurer = FOREIGN[way](name)
    contained = [{"resourceType": "Organization", "id": name, "name": "Acme"}]
    sent = claim(item(1, "37244", "26", "59", "XS"), insurer=insurer, contained=contained)
    found = told(client, sent)
    assert severities(found, NO_SPLIT) == INFORMS
    assert severities(found, "payer-59-with-x") <= INFORMS
    assert the(found, "is not known here").paths == ("Claim.insurer",)
    request = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["benefits"],
        "patient": {"reference": "Patient/1"},
        "created": "2025-10-15",
        "insurer": insurer,
        "item": [{"productOrService": concept("37244")}],
        "contained": contained,
    }
    path = "/r4/CoverageEligibilityRequest/$submit"
    answer = client.post(path, data=json.dumps(request), content_type=JSON)
    assert answer.get_json()["outcome"] == "error"


@pytest.mark.parametrize("name", ["Medicare", "MEDICARE", "medicare"])
def test_the_parameter_takes_the_name_in_any_case(client: FlaskClient, name: str) -> None:
    assert of(client, f"?payer={name}") == DECIDES


def test_that_the_claim_names_another_payer_than_the_parameter_is_told(client: FlaskClient) -> None:
    aetna = {"reference": "Organization/aetna"}
    found = told(client, claim(item(1, "37244"), insurer=aetna), "?payer=medicare")
    said = the(found, "the claim names Aetna")
    assert (said.severity, said.paths) == ("information", ("Claim.insurer",))
    assert "rules of Medicare" in said.text
    for insurer in (CMS, {"reference": "InsurancePlan/medicare"}, {"display": "Somebody"}):
        same = told(client, claim(item(1, "37244"), insurer=insurer), "?payer=medicare")
        assert not [issue for issue in same if "the claim names" in issue.text]


def test_a_claim_whose_payer_can_not_be_told_is_told(client: FlaskClient) -> None:
    found = told(client, claim(item(1, "37244", "26")))
    said = the(found, "No payer can be told")
    assert (said.severity, said.paths) == ("information", ("Claim.insurance[0].coverage",))
    assert "the parameter payer" in said.text
    none = told(client, claim(item(1, "37244", "26"), insurance=None), base="r5")
    assert the(none, "No payer can be told").paths == ("Claim",)


def test_a_payer_without_a_policy_here_is_told_by_its_name(client: FlaskClient) -> None:
    found = told(client, claim(item(1, "37244"), insurer={"reference": "Organization/aetna"}))
    said = the(found, "No policy of Aetna is loaded")
    assert (said.severity, said.paths) == ("information", ("Claim.insurer",))
    assert not [issue for issue in found if not issue.paths]


def test_a_policy_decides_for_the_payer_that_publishes_it(client: FlaskClient) -> None:
    both = claim(item(1, "37244", "59", "XS"))
    assert severities(told(client, both, "?payer=hmsa"), "payer-59-with-x") == DECIDES
    assert severities(told(client, both), "payer-59-with-x") == INFORMS
    assert severities(told(client, both, "?payer=medicare"), "payer-59-with-x") == set()


def test_a_procedure_names_no_payer(client: FlaskClient) -> None:
    found = told(client, procedure("37244:26", performedDateTime="2025-10-15"))
    assert not [issue for issue in found if "payer can be told" in issue.text]


def test_every_issue_names_its_place(client: FlaskClient) -> None:
    late = item(3, "37242", "80", servicedDate="2030-01-01")
    lines = item(1, "37244", "26"), item(2, "37243"), late
    for query in ("", "?payer=medicare", "?payer=aetna", "?payer=nobody"):
        found = told(client, claim(*lines), query)
        assert the(found, "as of RVU 2025 October; no later release loaded").paths == ("Claim",)
        assert not [issue for issue in found if not issue.paths]
