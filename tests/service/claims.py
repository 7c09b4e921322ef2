"""Claims and Procedures as tests send them to `$validate`, and the issues of the answers."""

import json
from typing import Any, NamedTuple

from flask.testing import FlaskClient

from tests.service.asking import CPT, JSON, Json, resource_of, version_of

HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
CLAIM_TYPE = "http://terminology.hl7.org/CodeSystem/claim-type"
MEDICARE = "?payer=medicare"
DAY = "2025-10-15"
NO_SPLIT = "mpfs-pctc-no-split"
"""The rule that 26 on 37244 breaks: Medicare's, so that it tells whether Medicare decides."""


class Told(NamedTuple):
    """One issue: how grave, of which rule if it has one, where, and in which words."""

    severity: str
    rule: str
    paths: tuple[str, ...]
    text: str


def concept(code: str, system: str | None = CPT) -> Json:
    coding = {"code": code} if system is None else {"system": system, "code": code}
    return {"coding": [coding]}


def item(sequence: int, code: str, *modifiers: str, **more: Any) -> Json:
    """An item of a day; `None` among `more` leaves an element out."""
    made: Json = {
        "sequence": sequence,
        "productOrService": concept(code),
        "modifier": [concept(modifier) for modifier in modifiers] or None,
        "servicedDate": DAY,
    }
    return {name: value for name, value in (made | more).items() if value is not None}


def claim(*items: Json, **more: Any) -> Json:
    """A professional claim, its Coverage elsewhere."""
    made: Json = {
        "resourceType": "Claim",
        "status": "active",
        "type": concept("professional", CLAIM_TYPE),
        "use": "claim",
        "patient": {"reference": "Patient/1"},
        "created": "2025-10-20",
        "provider": {"reference": "Organization/2"},
        "priority": {"coding": [{"code": "normal"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/1"}}],
        "item": list(items),
    }
    return {name: value for name, value in (made | more).items() if value is not None}


def procedure(code: Json | str, **more: Any) -> Json:
    """A Procedure that tells no day unless `more` does."""
    made: Json = {
        "resourceType": "Procedure",
        "status": "completed",
        "subject": {"reference": "Patient/1"},
        "code": concept(code) if isinstance(code, str) else code,
    }
    return made | more


def outcome(client: FlaskClient, resource: Json, query: str = "", base: str = "r4") -> Json:
    """The OperationOutcome of a resource that could be judged."""
    path = f"/{base}/{resource['resourceType']}/$validate{query}"
    answer = client.post(path, data=json.dumps(resource), content_type=JSON)
    assert answer.status_code == 200, answer.text
    return resource_of(answer, version_of(path))


def issues_in(answer: Json) -> list[Told]:
    return [
        Told(
            issue["severity"],
            next(
                (c["code"] for c in issue["details"].get("coding", ()) if "coding-rules" in str(c)),
                "",
            ),
            tuple(issue.get("expression", ())),
            issue["details"]["text"],
        )
        for issue in answer["issue"]
    ]


def told(client: FlaskClient, resource: Json, query: str = "", base: str = "r4") -> list[Told]:
    """Each issue of a resource."""
    return issues_in(outcome(client, resource, query, base))


def the(found: list[Told], words: str) -> Told:
    """The one issue with these words in its sentence."""
    (one,) = [issue for issue in found if words in issue.text]
    return one


def severities(found: list[Told], rule: str) -> set[str]:
    """How grave the findings of a rule are; none where it found nothing."""
    return {issue.severity for issue in found if issue.rule == rule}
