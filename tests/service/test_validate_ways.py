"""`$validate`: every way to send a resource, what goes beside it, and what is refused by name."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from terminology.fhir import xml
from tests.service.asking import (
    BASES,
    JSON,
    XML,
    Json,
    check_model,
    check_outcome,
    resource_of,
    version_of,
)
from tests.service.claims import (
    DAY,
    MEDICARE,
    NO_SPLIT,
    claim,
    issues_in,
    item,
    procedure,
    severities,
    told,
)

every_base = pytest.mark.parametrize("base", BASES)
BASE = "http://hl7.org/fhir/StructureDefinition/"
CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-procedure"


def day(base: str) -> Json:
    return {"occurrenceDateTime" if base == "r5" else "performedDateTime": DAY}


def asked(**values: Any) -> Json:
    """A Parameters of `name=value`, each with its type: `payer_string` is `payer.valueString`."""
    parameter: list[Json] = []
    for name, value in values.items():
        called, _, kind = name.partition("_")
        parameter.append({"name": called, f"value{kind}" if kind else "resource": value})
    return {"resourceType": "Parameters", "parameter": parameter}


def post(client: FlaskClient, path: str, body: Json, **headers: str) -> Any:
    return client.post(path, data=json.dumps(body), content_type=JSON, headers=headers)


@every_base
def test_alone_and_in_parameters_are_answered_alike(client: FlaskClient, base: str) -> None:
    sent = procedure("37244:26", **day(base))
    path = f"/{base}/Procedure/$validate"
    alone = post(client, f"{path}?payer=medicare&mode=create", sent)
    more = {
        "mode_Code": "create",
        "profile_Canonical" if base == "r5" else "profile_Uri": f"{BASE}Procedure",
        "payer_String": "medicare",
        "date_DateTime": "2024-05-02",
    }
    whole = post(client, path, asked(resource=sent, **more))
    assert alone.status_code == whole.status_code == 200
    assert alone.get_json(force=True) == whole.get_json(force=True)
    check_model(resource_of(whole, version_of(path)), version_of(path))


@every_base
@pytest.mark.parametrize("make", [procedure, claim])
def test_in_xml_it_is_answered_as_in_json(client: FlaskClient, base: str, make: Any) -> None:
    sent = procedure("37244:26", **day(base)) if make is procedure else claim(item(1, "37244:26"))
    path = f"/{base}/{sent['resourceType']}/$validate{MEDICARE}"
    version = version_of(path)
    body = xml.dumps(sent, version)
    by_xml = client.post(path, data=body, content_type=XML, headers={"Accept": XML})
    by_json = post(client, path, sent)
    assert by_xml.mimetype == XML
    assert resource_of(by_xml, version) == resource_of(by_json, version)


ONE = {"value": 1}


@every_base
def test_all_is_well_is_an_information_that_says_what_was_checked(
    client: FlaskClient, base: str
) -> None:
    (well,) = told(client, procedure("37244:59", **day(base)), MEDICARE, base)
    assert (well.severity, well.paths) == ("information", ("Procedure",))
    assert well.text == (
        "No error and no warning. Checked: the structure of the Procedure; 37244:59, by CPT's"
        f" grammar, Medicare's fee schedule; services of {DAY}; the payer Medicare"
    )
    one, other = (item(1, "37244", quantity=ONE), item(2, "37243", "59", quantity=ONE))
    found = told(client, claim(one, other), MEDICARE, base)
    assert {issue.severity for issue in found} == {"information"}
    assert found[0].text.startswith("No error and no warning. Checked: the structure of the Claim")
    assert "NCCI's procedure pairs, NCCI's unit limits (MUE)" in found[0].text


@pytest.mark.parametrize("resource", [procedure("37244:26"), claim(item(1, "37244:26"))])
def test_it_does_not_stand_beside_a_warning(client: FlaskClient, resource: Json) -> None:
    assert not [i for i in told(client, resource, MEDICARE) if i.text.startswith("No error")]


@every_base
@pytest.mark.parametrize("resource", [procedure("37244"), claim(item(1, "37244"))])
@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("mode=delete", "not-supported", "The mode 'delete' is not supported: nothing is kept"),
        ("mode=nonsense", "invalid", "'nonsense' is unknown; it is one of create, update"),
        (f"profile={CORE}", "not-supported", f"The profile '{CORE}' is not supported"),
        (f"profile={BASE}Patient", "not-supported", f"'{BASE}Patient' is not supported"),
        ("payer=", "invalid", "'payer' is empty"),
        ("date=soon", "invalid", "YYYY-MM-DD"),
        ("usageContext=x", "not-supported", "The parameter 'usageContext' is not supported"),
    ],
)
def test_what_is_not_done_is_refused_by_its_name(
    client: FlaskClient, base: str, resource: Json, query: str, code: str, words: str
) -> None:
    path = f"/{base}/{resource['resourceType']}/$validate?{query}"
    issue = check_outcome(post(client, path, resource), path, 400)
    assert issue["code"] == code
    assert words in issue["details"]["text"]
    assert issue["expression"] == [query.partition("=")[0]]


@pytest.mark.parametrize("mode", ["create", "update", "profile"])
def test_the_other_modes_change_nothing(client: FlaskClient, mode: str) -> None:
    sent = procedure("37244:26", performedDateTime=DAY)
    assert told(client, sent, f"{MEDICARE}&mode={mode}") == told(client, sent, MEDICARE)


@every_base
def test_the_base_definition_may_be_named_in_the_version_of_the_endpoint(
    client: FlaskClient, base: str
) -> None:
    sent = procedure("37244", **day(base))
    version = version_of(f"/{base}/x").value
    expected = told(client, sent, base=base)
    for profile in (f"{BASE}Procedure", f"{BASE}Procedure|{version}"):
        assert told(client, sent, f"?profile={profile}", base) == expected
    path = f"/{base}/Procedure/$validate?profile={BASE}Procedure|3.0.2"
    check_outcome(post(client, path, sent), path, 400)


def test_a_profile_that_the_resource_claims_is_told_by_name(client: FlaskClient) -> None:
    claiming = procedure("37244", performedDateTime=DAY, meta={"profile": [CORE]})
    (said,) = [i for i in told(client, claiming) if i.paths == ("Procedure.meta.profile",)]
    assert (said.severity, CORE in said.text) == ("information", True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"resourceType": "Patient"}, "The resource is a Patient; Procedure/$validate takes"),
        ({"resourceType": "Bundle", "type": "batch"}, "is a Bundle; Procedure/$validate takes"),
        (asked(mode_Code="create"), "Send a Procedure: POST it by itself"),
        (asked(resource=claim()), "The resource is a Claim; Procedure/$validate takes"),
    ],
)
def test_something_else_than_a_procedure_is_refused(
    client: FlaskClient, body: Json, words: str
) -> None:
    path = "/r4/Procedure/$validate"
    assert words in check_outcome(post(client, path, body), path, 400)["details"]["text"]


@every_base
def test_a_batch_of_them(client: FlaskClient, base: str) -> None:
    sent = {
        f"Procedure/$validate{MEDICARE}": procedure("37244:26", **day(base)),
        "Procedure/$validate": asked(
            resource=procedure("37244:1P", **day(base)), payer_String="medicare"
        ),
        "Claim/$validate": claim(
            item(1, "37244", "26"),
            insurer={"reference": f"http://localhost/{base}/Organization/medicare"},
        ),
        "Claim/$validate?mode=delete": claim(item(1, "37244")),
        f"Procedure/$validate?profile={CORE}": procedure("37244"),
        "Claim/$validate?payer=medicare": procedure("37244"),
    }
    entries = [
        {"resource": resource, "request": {"method": "POST", "url": url}}
        for url, resource in sent.items()
    ]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    answer = post(client, f"/{base}", bundle)
    assert answer.status_code == 200
    found = answer.get_json(force=True)["entry"]
    statuses = [entry["response"]["status"][:3] for entry in found]
    assert statuses == ["200", "200", "200", "400", "400", "400"]
    assert severities(issues_in(found[0]["resource"]), NO_SPLIT) == {"warning"}
    assert severities(issues_in(found[1]["resource"]), "cpt-category-2-modifier") == {"error"}
    assert severities(issues_in(found[2]["resource"]), NO_SPLIT) == {"error"}
    refused = [entry["response"]["outcome"]["issue"][0]["details"]["text"] for entry in found[3:]]
    assert "'delete'" in refused[0]
    assert CORE in refused[1]
    assert "is a Procedure; Claim/$validate takes a Claim" in refused[2]
    for entry, (url, resource) in zip(found[:3], list(sent.items())[:3], strict=True):
        alone = post(client, f"/{base}/{url}", resource).get_json(force=True)
        assert entry["resource"] == alone
