"""`CoverageEligibilityRequest/$submit` over HTTP: versions, formats, ways to send, bad requests."""

import copy
import json
import logging
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.fhir import xml
from terminology.fhir.versions import FhirVersion
from tests.service.asking import (
    BASES,
    CPT,
    JSON,
    XML,
    Json,
    check_answer,
    check_model,
    check_outcome,
    resource_of,
)
from tests.service.test_fuzz import spoil

SUBMIT = "CoverageEligibilityRequest/$submit"
every_base = pytest.mark.parametrize("base", BASES)
PATIENT = {"resourceType": "Patient", "id": "p", "name": [{"family": "Unmistakable"}]}
EXPRESSION = (
    "http://hl7.org/fhir/5.0/StructureDefinition/"
    "extension-CoverageEligibilityResponse.error.expression"
)


def coverage(version: FhirVersion, payer: str) -> Json:
    """A Coverage as the version has it: R4 requires `payor`, R5 `kind`."""
    reference = {"reference": payer}
    own: Json = {"kind": "insurance", "insurer": reference}
    if version is not FhirVersion.R5:
        own = {"payor": [reference]}
    beneficiary = {"beneficiary": {"reference": "#p"}}
    return {"resourceType": "Coverage", "id": "c", "status": "active", **beneficiary, **own}


def request(version: FhirVersion, *codes: str, payer: str = "#o", **more: Any) -> Json:
    """A request that contains all that it refers to."""
    telecom: Json = {"telecom": [{"system": "phone", "value": "1"}]}
    if version is FhirVersion.R5:
        telecom = {"contact": [telecom]}
    organization = {"resourceType": "Organization", "id": "o", "name": "Medicare", **telecom}
    return {
        "resourceType": "CoverageEligibilityRequest",
        "contained": [PATIENT, organization, coverage(version, payer)],
        "status": "active",
        "purpose": ["benefits"],
        "patient": {"reference": "#p"},
        "servicedDate": "2025-10-01",
        "created": "2025-09-20",
        "insurer": {"reference": "#o"},
        "insurance": [{"focal": True, "coverage": {"reference": "#c"}}],
        "item": [
            {"productOrService": {"coding": [{"system": CPT, "code": code}]}} for code in codes
        ],
        **more,
    }


def ways(body: Json) -> dict[str, Json]:
    """The three bodies that FHIR has for one request."""
    return {
        "bare": body,
        "Parameters": {
            "resourceType": "Parameters",
            "parameter": [{"name": "resource", "resource": body}],
        },
        "Bundle": {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": body}, {"resource": PATIENT}],
        },
    }


def post(client: FlaskClient, version: FhirVersion, body: Json, kind: str, accept: str) -> Any:
    data = xml.dumps(body, version) if kind == XML else json.dumps(body).encode()
    path = f"/{version.base}/{SUBMIT}"
    return client.post(path, data=data, content_type=kind, headers={"Accept": accept})


@every_base
@pytest.mark.parametrize("payer", ["#o", "Organization/aetna", "Organization/none"])
def test_each_way_to_send_and_each_format_has_the_same_valid_answer(
    client: FlaskClient, base: str, payer: str
) -> None:
    version = BASES[base]
    sent = request(version, "37244", "37244-59", "99213", payer=payer)
    found = []
    for body in ways(sent).values():
        for kind in (JSON, XML):
            for accept in (JSON, XML):
                answer = post(client, version, body, kind, accept)
                assert answer.status_code == 200, answer.data
                assert answer.mimetype == accept
                resource = resource_of(answer, version)
                check_model(resource, version)
                found.append(resource | {"created": None})
    assert all(each == found[0] for each in found)
    asked, *rest = found[0]["contained"]
    assert {k: v for k, v in sent.items() if k != "contained"}.items() <= asked.items()
    # What is contained goes back as it came, in the shape of its own version.
    assert sorted(rest, key=str) == sorted(sent["contained"], key=str)


@every_base
def test_where_an_error_is_stands_where_the_version_has_a_place_for_it(
    client: FlaskClient, base: str
) -> None:
    body = request(BASES[base], "37244-59")
    (error,) = resource_of(post(client, BASES[base], body, JSON, JSON), BASES[base])["error"]
    path = "CoverageEligibilityRequest.item[0].productOrService.coding[0].code"
    if base == "r5":
        assert error["expression"] == [path]
    else:
        assert error["extension"] == [{"url": EXPRESSION, "valueString": path}]


@every_base
def test_a_structure_that_is_wrong_is_400_with_every_fault(client: FlaskClient, base: str) -> None:
    body = request(BASES[base], "37244", status="open", created="yesterday", event="?")
    answer = post(client, BASES[base], body, JSON, JSON)
    check_outcome(answer, f"/{base}", 400)
    told = {each["expression"][0] for each in resource_of(answer, BASES[base])["issue"]}
    assert told >= {f"CoverageEligibilityRequest.{name}" for name in ("status", "event")}


def test_what_r5_alone_has_is_echoed_there_and_refused_before(client: FlaskClient) -> None:
    event = [{"type": {"text": "admission"}, "whenDateTime": "2025-10-01"}]
    for base, version in BASES.items():
        answer = post(client, version, request(version, "37244", event=event), JSON, JSON)
        if version is FhirVersion.R5:
            assert answer.json["event"] == event
        else:
            check_outcome(answer, f"/{base}", 400)


@every_base
def test_an_entry_of_a_batch(client: FlaskClient, base: str) -> None:
    sent = request(BASES[base], "37244")
    entry = {"request": {"method": "POST", "url": SUBMIT}, "resource": sent}
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [entry]}
    (answered,) = resource_of(client.post(f"/{base}", json=bundle), BASES[base])["entry"]
    assert answered["response"]["status"] == "200"
    check_model(answered["resource"], BASES[base])
    alone = post(client, BASES[base], sent, JSON, JSON).json
    assert answered["resource"] | {"created": None} == alone | {"created": None}


def test_it_is_posted_and_at_the_type_alone(client: FlaskClient) -> None:
    check_outcome(client.get(f"/r4/{SUBMIT}"), "/r4", 405)
    check_outcome(client.post("/r4/CoverageEligibilityRequest/1/$submit"), "/r4", 404)
    check_outcome(client.get("/r4/CoverageEligibilityRequest/1"), "/r4", 404)
    check_outcome(client.post(f"/r4/{SUBMIT}"), "/r4", 400)


@every_base
def test_nothing_of_the_patient_is_logged(
    client: FlaskClient, base: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    good = request(BASES[base], "37244")
    spoilt: list[Json] = [good | {"created": "?"}, good | {"insurer": {"reference": "#x"}}]
    for body in (good, *spoilt, {"resourceType": "Bundle", "entry": [good]}):
        post(client, BASES[base], body, JSON, JSON)
    assert "Unmistakable" not in caplog.text


@given(
    st.sampled_from(sorted(BASES)),
    st.sampled_from(["bare", "Parameters", "Bundle"]),
    st.sampled_from([JSON, XML]),
    st.data(),
)
@settings(max_examples=400)
def test_a_spoilt_request_is_never_a_fault_and_its_answer_is_valid(
    app: Flask, base: str, way: str, accept: str, data: st.DataObject
) -> None:
    version = BASES[base]
    body = copy.deepcopy(request(version, "37244:59", "99213", id="7"))
    spoilt = ways(spoil(body, data.draw))[way] if data.draw(st.booleans()) else None
    if spoilt is None:
        spoilt = spoil(ways(body)[way], data.draw)
    sent = json.dumps(spoilt).encode()
    path = f"/{base}/{SUBMIT}"
    answer = app.test_client().post(path, data=sent, content_type=JSON, headers={"Accept": accept})
    assert answer.mimetype == accept
    check_answer(answer, path)


CODES = st.text(max_size=8) | st.sampled_from(["37244", "37244:59", "37244-59", ":", "37244:" * 9])


@given(
    st.sampled_from(sorted(BASES)),
    st.lists(CODES, max_size=4),
    st.text(max_size=12),
    st.sampled_from([JSON, XML]),
)
@settings(max_examples=200)
def test_any_codes_of_any_payer(
    app: Flask, base: str, codes: list[str], payer: str, accept: str
) -> None:
    version = BASES[base]
    body = request(version, *codes, payer=payer)
    answer = app.test_client().post(f"/{base}/{SUBMIT}", json=body, headers={"Accept": accept})
    check_answer(answer, f"/{base}")
    if answer.status_code == 200 and accept == JSON:
        found = resource_of(answer, version)
        outcome, errors = found["outcome"], found.get("error")
        assert (outcome == "error") is bool(errors)
        items = [each for one in found["insurance"] for each in one.get("item", ())]
        assert all("description" in each for each in items) or outcome != "complete"


@every_base
def test_a_payer_may_be_referred_to_in_full(client: FlaskClient, base: str) -> None:
    insurer = {"reference": f"http://localhost/{base}/Organization/medicare"}
    asked = request(BASES[base], "37244", insurer=insurer, insurance=[{"coverage": insurer}])
    answer = client.post(f"/{base}/{SUBMIT}", data=json.dumps(asked), content_type=JSON)
    assert answer.get_json(force=True)["outcome"] == "complete"
    elsewhere = {"reference": f"https://example.org/{base}/Organization/medicare"}
    asked |= {"insurer": elsewhere, "insurance": [{"coverage": elsewhere}]}
    answer = client.post(f"/{base}/{SUBMIT}", data=json.dumps(asked), content_type=JSON)
    assert answer.get_json(force=True)["outcome"] == "error"
