"""`/r4`, `/r4b` and `/r5`: three bases with one engine behind them."""

import json

import pytest
from flask.testing import FlaskClient

from terminology.fhir.versions import FhirVersion
from tests.service.asking import BASES, CPT, LOOKUP, MODIFIERS, USABLE, check_model, resource_of

every_base = pytest.mark.parametrize("base", BASES)
ANSWERS = (
    "metadata",
    "metadata?mode=terminology",
    "metadata?mode=normative",
    "$versions",
    LOOKUP,
    f"CodeSystem/$lookup?system={CPT}&code=59",
    f"CodeSystem/$lookup?system={CPT}&code=37244&date=2024-08-01",
    f"CodeSystem/$lookup?system={CPT}&code=none",
    f"CodeSystem/$validate-code?url={CPT}&code=none",
    f"ValueSet/$validate-code?url={USABLE}&system={CPT}&code=37244&display=other",
    f"ValueSet/$validate-code?url={MODIFIERS}&system={CPT}&code=37244",
    f"ValueSet/$expand?url={MODIFIERS}",
    f"ValueSet/$expand?url={USABLE}&includeDesignations=true&includeDefinition=true",
    f"ValueSet/$expand?url={MODIFIERS}&property=kind&property=modifier&count=5&offset=2",
    "ValueSet/$expand?url=https://example.org/none",
    "InsurancePlan?_include=InsurancePlan:owned-by",
    "InsurancePlan?_count=2&_summary=true",
    "Organization?_revinclude=Provenance:target",
    "CodeSystem?_elements=url,version",
    "CodeSystem?_summary=count",
    "CodeSystem?_count=x",
    "nowhere",
)


@every_base
@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize("asked", ["json", "xml"])
def test_every_answer_is_good_fhir_of_its_version(
    client: FlaskClient, base: str, path: str, asked: str
) -> None:
    version = BASES[base]
    answer = client.get(f"/{base}/{path}{'&' if '?' in path else '?'}_format={asked}")
    assert answer.mimetype == f"application/fhir+{asked}"
    check_model(resource_of(answer, version), version)


@every_base
@pytest.mark.parametrize("path", ANSWERS)
def test_xml_and_json_say_the_same(client: FlaskClient, base: str, path: str) -> None:
    accepts = ({"Accept": f"application/fhir+{asked}"} for asked in ("json", "xml"))
    found = [
        resource_of(client.get(f"/{base}/{path}", headers=accept), BASES[base])
        for accept in accepts
    ]
    for resource in found:
        # Two expansions have two names and two times, two bundles two ids.
        resource.pop("id", None)
        for name in ("identifier", "timestamp"):
            resource.get("expansion", {}).pop(name, None)
    assert found[0] == found[1]


@pytest.mark.parametrize("version", FhirVersion, ids=lambda version: version.base)
def test_each_base_says_which_version_it_is(client: FlaskClient, version: FhirVersion) -> None:
    statement = json.loads(client.get(f"/{version.base}/metadata").data)
    assert statement["fhirVersion"] == version.value
    said = json.loads(client.get(f"/{version.base}/$versions").data)["parameter"]
    assert {each["valueCode"] for each in said} == {version.mime}


@pytest.mark.parametrize("version", FhirVersion, ids=lambda version: version.base)
def test_a_client_may_name_the_version_of_the_base_and_no_other(
    client: FlaskClient, version: FhirVersion
) -> None:
    for other in FhirVersion:
        accept = {"Accept": f"application/fhir+json; fhirVersion={other.mime}"}
        expected = 200 if other is version else 406
        assert client.get(f"/{version.base}/{LOOKUP}", headers=accept).status_code == expected
        sent = client.post(
            f"/{version.base}/{LOOKUP}",
            data=b'{"resourceType":"Parameters"}',
            content_type=accept["Accept"],
        )
        assert sent.status_code == (200 if other is version else 415)


def test_what_r5_alone_has_stays_in_r5(client: FlaskClient) -> None:
    expansion = "ValueSet/$expand?url=" + MODIFIERS + "&property=kind&count=1"
    r5, r4 = (json.loads(client.get(f"/{base}/{expansion}").data) for base in ("r5", "r4"))
    assert "property" in r5["expansion"]["contains"][0]
    assert "property" not in r4["expansion"]["contains"][0]
    assert "extension" in r4["expansion"]["contains"][0]
