"""fhirclient and fhirpy ask `Procedure/$validate` and `Claim/$validate` of the running service."""

from typing import Any

import pytest
from fhirclient.client import FHIRClient
from fhirclient.models.claim import Claim
from fhirclient.models.operationoutcome import OperationOutcome
from fhirclient.models.procedure import Procedure
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome as Refused

from tests.clients.asked import BASES, CPT
from tests.service.claims import NO_SPLIT, claim, item, procedure

DAY = "2025-10-15"
LINES = claim(item(1, "37244", "26"), item(2, "37243"), insurer={"display": "Medicare"})


@pytest.fixture
def smart(server: str) -> Any:
    return FHIRClient(settings={"app_id": "proterm-tests", "api_base": f"{server}/r4"}).server


def _found(outcome: Any) -> set[tuple[str, str, str]]:
    """Severity, rule and place of what the rules found, from the models of fhirclient."""
    return {
        (issue.severity, coding.code, issue.expression[0])
        for issue in outcome.issue
        for coding in issue.details.coding or ()
    }


def test_fhirclient_validates_a_procedure(smart: Any) -> None:
    sent = Procedure(procedure("37244:26", performedDateTime=DAY))
    answer = smart.post_json("Procedure/$validate?payer=medicare", sent.as_json())
    outcome = OperationOutcome(answer.json())
    at = "Procedure.code.coding[0].code"
    assert _found(outcome) == {("warning", NO_SPLIT, at)}
    assert "American Medical Association" in outcome.extension[0].valueMarkdown


def test_fhirclient_validates_a_procedure_that_is_right(smart: Any) -> None:
    sent = Procedure(procedure("37244:59", performedDateTime=DAY))
    answer = smart.post_json("Procedure/$validate?payer=medicare", sent.as_json())
    (issue,) = OperationOutcome(answer.json()).issue
    assert (issue.severity, issue.code) == ("information", "informational")


def test_fhirclient_validates_a_claim(smart: Any) -> None:
    answer = smart.post_json("Claim/$validate", Claim(LINES).as_json())
    assert _found(OperationOutcome(answer.json())) >= {
        ("error", NO_SPLIT, "Claim.item[0].modifier[0]"),
        ("error", "ncci-pair", "Claim.item[1].productOrService.coding[0].code"),
    }


@pytest.fixture(params=BASES)
def sync(server: str, request: pytest.FixtureRequest) -> Any:
    return SyncFHIRClient(f"{server}/{request.param}")


def _rules(outcome: Any) -> set[tuple[str, str]]:
    return {
        (issue["severity"], coding["code"])
        for issue in outcome["issue"]
        for coding in issue["details"].get("coding", ())
    }


def test_fhirpy_validates_a_procedure(sync: Any) -> None:
    day = "occurrenceDateTime" if sync.url.endswith("r5") else "performedDateTime"
    sent = sync.resource(
        "Procedure",
        status="completed",
        subject={"reference": "Patient/1"},
        code={"coding": [{"system": CPT, "code": "37244:26"}]},
        **{day: DAY},
    )
    outcome = sync.execute(
        "Procedure/$validate", method="post", data=sent.serialize(), params={"payer": "medicare"}
    )
    assert _rules(outcome) == {("warning", NO_SPLIT)}


def test_fhirpy_validates_a_claim(sync: Any) -> None:
    outcome = sync.execute("Claim/$validate", method="post", data=LINES)
    assert {("error", NO_SPLIT), ("error", "ncci-pair")} <= _rules(outcome)


def test_fhirpy_raises_the_outcome_of_a_mode_that_is_refused(sync: Any) -> None:
    with pytest.raises(Refused) as raised:
        sync.execute("Claim/$validate", method="post", data=LINES, params={"mode": "delete"})
    assert raised.value.resource["issue"][0]["expression"] == ["mode"]
