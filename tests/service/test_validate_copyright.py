"""`$validate`: the AMA's line, with the release's year, in each answer that tells of CPT."""

import pytest
from flask.testing import FlaskClient

from tests.service.asking import CPT, Json, check_model, version_of
from tests.service.claims import HCPCS, claim, concept, item, outcome, procedure

COPYRIGHT = "http://hl7.org/fhir/StructureDefinition/artifact-copyright"
LOADED = "https://proterm.example/fhir/CodeSystem/embolic-agents"


def line(client: FlaskClient) -> str:
    """What `$validate-code` answers as the copyright of the release."""
    query = f"url={CPT}&code=37244"
    parts = client.get(f"/r4/CodeSystem/$validate-code?{query}").get_json(force=True)["parameter"]
    (found,) = [part["valueString"] for part in parts if part["name"] == "copyright"]
    return str(found)


@pytest.mark.parametrize("base", ["r4", "r4b", "r5"])
@pytest.mark.parametrize(
    "resource",
    [
        procedure("37244"),
        procedure("37244:1P"),
        procedure("99213"),
        claim(item(1, "37244", "26")),
        claim(item(1, "", productOrService=concept("G0269", HCPCS), modifier=[concept("59")])),
    ],
)
def test_it_stands_where_cpt_is_told_of(client: FlaskClient, base: str, resource: Json) -> None:
    answer = outcome(client, resource, base=base)
    assert answer["extension"] == [{"url": COPYRIGHT, "valueMarkdown": line(client)}]
    assert "2026 American Medical Association" in answer["extension"][0]["valueMarkdown"]
    assert "American Medical Association" not in str(answer["issue"])
    check_model(answer, version_of(f"/{base}/Procedure"))


@pytest.mark.parametrize(
    "resource",
    [
        procedure({"text": "closure"}),
        procedure(concept("coil", LOADED)),
        procedure(concept("G0269", HCPCS)),
        claim(),
    ],
)
def test_it_does_not_stand_where_there_is_none(client: FlaskClient, resource: Json) -> None:
    assert "extension" not in outcome(client, resource)
