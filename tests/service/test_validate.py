"""`Claim/$validate` and `Procedure/$validate`: each finding where it stands, as grave as it is."""

import json
from typing import Any

import pytest
import requests

CPT = "http://www.ama-assn.org/go/cpt"
Json = dict[str, Any]
Found = list[tuple[str, str, str]]


def item(sequence: int, code: str, *modifiers: str, units: int | None = None) -> Json:
    made: Json = {
        "sequence": sequence,
        "productOrService": {"coding": [{"system": CPT, "code": code}]},
        "servicedDate": "2025-10-15",
    }
    if modifiers:
        made["modifier"] = [{"coding": [{"system": CPT, "code": m}]} for m in modifiers]
    return made | ({"quantity": {"value": units}} if units else {})


def claim(*items: Json) -> Json:
    return {
        "resourceType": "Claim",
        "status": "active",
        "type": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/claim-type",
                    "code": "professional",
                }
            ]
        },
        "use": "claim",
        "patient": {"reference": "Patient/1"},
        "created": "2025-10-20",
        "provider": {"reference": "Organization/2"},
        "priority": {"coding": [{"code": "normal"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/1"}}],
        "item": list(items),
    }


def procedure(code: str, **more: Any) -> Json:
    return {
        "resourceType": "Procedure",
        "status": "completed",
        "subject": {"reference": "Patient/1"},
        "code": {"coding": [{"system": CPT, "code": code}]},
        **more,
    }


def found(server: str, resource: Json, query: str = "", base: str = "r4") -> Found:
    answer = requests.post(
        f"{server}/{base}/{resource['resourceType']}/$validate{query}",
        data=json.dumps(resource),
        headers={"Content-Type": "application/fhir+json"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    return [
        (
            issue["severity"],
            next((c["code"] for c in issue["details"].get("coding", [])), ""),
            issue.get("expression", [""])[0],
        )
        for issue in answer.json()["issue"]
    ]


MEDICARE = "?payer=medicare"


def test_26_on_37244_is_an_error_in_a_claim_to_medicare(server: str) -> None:
    expected = ("error", "mpfs-pctc-no-split", "Claim.item[0].modifier[0]")
    assert expected in found(server, claim(item(1, "37244", "26")), MEDICARE)


def test_without_a_payer_medicares_rules_inform(server: str) -> None:
    severities = {severity for severity, _, _ in found(server, claim(item(1, "37244", "26")))}
    assert severities == {"information"}


def test_37244_with_37243_is_a_pair_that_59_bypasses(server: str) -> None:
    apart = found(server, claim(item(1, "37244"), item(2, "37243", "59")), MEDICARE)
    beside = found(server, claim(item(1, "37244"), item(2, "37243")), MEDICARE)
    assert ("error", "ncci-pair") in {issue[:2] for issue in beside}
    assert ("information", "ncci-pair-bypassed") in {issue[:2] for issue in apart}
    assert "error" not in {severity for severity, _, _ in apart}


def test_three_units_are_over_the_limit_of_two(server: str) -> None:
    issues = found(server, claim(item(1, "37244", units=3)), MEDICARE)
    assert "Claim.item[0].quantity" in {path for _, rule, path in issues if "mue" in rule}


def test_a_code_that_is_not_loaded_is_a_warning(server: str) -> None:
    issues = found(server, claim(item(1, "99213")))
    assert ("warning", "", "Claim.item[0].productOrService.coding[0].code") in issues
    assert "error" not in {severity for severity, _, _ in issues}


@pytest.mark.parametrize(("query", "severity"), [("", "information"), (MEDICARE, "warning")])
def test_a_procedure_warns_where_a_claim_errs(server: str, query: str, severity: str) -> None:
    expected = (severity, "mpfs-pctc-no-split", "Procedure.code.coding[0].code")
    resource = procedure("37244:26", performedDateTime="2025-10-15")
    assert expected in found(server, resource, query)


def test_the_grammar_is_an_error_in_a_procedure(server: str) -> None:
    issues = found(server, procedure("37244:1P", performedDateTime="2025-10-15"))
    assert "error" in {severity for severity, _, _ in issues}


def test_a_status_that_is_none_is_an_error_where_it_stands(server: str) -> None:
    resource = procedure("37244") | {"status": "done"}
    assert ("error", "", "Procedure.status") in found(server, resource)


def test_the_day_is_named_as_each_version_names_it(server: str) -> None:
    resource = procedure("37244:26", occurrenceDateTime="2019-05-01")
    issues = found(server, resource, MEDICARE, base="r5")
    assert "mpfs-pctc-no-split" not in {rule for _, rule, _ in issues}
    assert "error" not in {severity for severity, _, _ in issues}
    assert "error" in {severity for severity, _, _ in found(server, resource, MEDICARE)}


@pytest.mark.parametrize("query", ["?mode=delete", "?profile=http://example.org/p"])
def test_what_is_not_done_is_refused_by_name(server: str, query: str) -> None:
    answer = requests.post(
        f"{server}/r4/Procedure/$validate{query}",
        json=procedure("37244"),
        headers={"Content-Type": "application/fhir+json"},
        timeout=30,
    )
    assert 400 <= answer.status_code < 500
    assert answer.json()["resourceType"] == "OperationOutcome"
