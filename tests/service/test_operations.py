"""What the operations answer over HTTP, for the content that ships."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.service.asking import (
    BASES,
    CPT,
    FORM,
    LOOKUP,
    MODIFIERS,
    USABLE,
    XML,
    Json,
    check_model,
    check_outcome,
    parameters,
    part,
    resource_of,
)

LEFT_IN_ITS_OLD_PLACE = "http://terminology.hl7.org/CodeSystem/nowhere"
every_base = pytest.mark.parametrize("base", BASES)


def ask(client: FlaskClient, path: str, **sent: str) -> Json:
    answer = client.get(path, query_string=sent or None)
    assert answer.status_code == 200, answer.data
    found: Json = json.loads(answer.data)
    return found


def issues(answer: Json) -> list[Json]:
    outcome = part(answer, "issues")
    return outcome["issue"] if outcome is not None else []


def codes(issue: Json) -> list[str]:
    return [coding["code"] for coding in issue["details"].get("coding", ())]


@every_base
def test_lookup_tells_the_notes_and_their_source(client: FlaskClient, base: str) -> None:
    answer = ask(client, f"/{base}/CodeSystem/$lookup", system=CPT, code="37244")
    check_model(answer, BASES[base])
    assert part(answer, "display").startswith("Endovascular")
    properties = [p["part"] for p in answer["parameter"] if p["name"] == "property"]
    notes = [parts for parts in properties if any(each["name"] == "source" for each in parts)]
    assert notes


def test_a_code_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    path = f"/r4/CodeSystem/$lookup?system={CPT}&code=99999"
    issue = check_outcome(client.get(path), path, 404)
    assert "99999" in issue["details"]["text"]


def test_a_code_system_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    path = f"/r4/CodeSystem/$lookup?system={LEFT_IN_ITS_OLD_PLACE}&code=1"
    issue = check_outcome(client.get(path), path, 404)
    assert LEFT_IN_ITS_OLD_PLACE in issue["details"]["text"]


@every_base
@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("CodeSystem/$validate-code", {"url": LEFT_IN_ITS_OLD_PLACE, "code": "1"}),
        (
            "ValueSet/$validate-code",
            {"url": USABLE, "system": LEFT_IN_ITS_OLD_PLACE, "code": "1"},
        ),
    ],
)
def test_an_unknown_system_makes_a_code_wrong(
    client: FlaskClient, base: str, path: str, sent: dict[str, str]
) -> None:
    answer = ask(client, f"/{base}/{path}", **sent)
    assert part(answer, "result") is False
    assert any(issue["code"] == "not-found" for issue in issues(answer))


def test_an_unknown_value_set_is_not_found(client: FlaskClient) -> None:
    for operation in ("$expand", "$validate-code"):
        path = f"/r4/ValueSet/{operation}?url=https://example.org/none&code=1&system={CPT}"
        issue = check_outcome(client.get(path), path, 404)
        assert "https://example.org/none" in issue["details"]["text"]


@every_base
@pytest.mark.parametrize("path", ["CodeSystem/$validate-code", "ValueSet/$validate-code"])
@pytest.mark.parametrize("code", ["37245", "00000", "37244X", "cpt", "zz"])
def test_a_cpt_code_that_is_not_loaded_is_wrong_and_says_what_to_do(
    client: FlaskClient, base: str, path: str, code: str
) -> None:
    url = CPT if path.startswith("CodeSystem") else USABLE
    answer = ask(client, f"/{base}/{path}", url=url, system=CPT, code=code)
    assert part(answer, "result") is False
    found = [issue for issue in issues(answer) if "invalid-code" in codes(issue)]
    assert len(found) == 1
    text = found[0]["details"]["text"]
    assert "codes loaded (fragment of CPT 2026); load a licensed release to check it" in text
    assert found[0]["severity"] == "error"


@every_base
@pytest.mark.parametrize("path", ["CodeSystem/$validate-code", "ValueSet/$validate-code"])
@pytest.mark.parametrize(
    "display",
    [
        "Something that the AMA may have written",
        "x",
        "Vaskuläre Embolisation",
        "塞栓術",
        "a" * 5000,
    ],
)
def test_a_foreign_display_never_makes_a_cpt_code_wrong(
    client: FlaskClient, base: str, path: str, display: str
) -> None:
    url = CPT if path.startswith("CodeSystem") else USABLE
    answer = ask(client, f"/{base}/{path}", url=url, system=CPT, code="37244", display=display)
    assert part(answer, "result") is True
    (issue,) = issues(answer)
    assert issue["severity"] == "warning"
    assert codes(issue) == ["display-comment"]
    assert "descriptors are not loaded" in issue["details"]["text"]
    assert part(answer, "display") != display


def test_our_own_display_of_a_cpt_code_needs_no_comment(client: FlaskClient) -> None:
    display = part(ask(client, "/r4/CodeSystem/$lookup", system=CPT, code="37244"), "display")
    answer = ask(
        client, "/r4/CodeSystem/$validate-code", url=CPT, code="37244", display=display.upper()
    )
    assert part(answer, "result") is True
    assert not issues(answer)


@every_base
def test_a_modifier_of_the_value_set(client: FlaskClient, base: str) -> None:
    path = f"/{base}/ValueSet/$validate-code"
    for code, expected in (("59", True), ("26", True), ("50", True), ("37244", False)):
        answer = ask(client, path, url=MODIFIERS, system=CPT, code=code)
        assert part(answer, "result") is expected, code


@every_base
def test_a_codeable_concept_of_a_procedure(client: FlaskClient, base: str) -> None:
    concept = {"coding": [{"system": CPT, "code": "37244"}], "text": "Embolization for bleeding"}
    body = parameters(
        ("url", "valueUri", USABLE), ("codeableConcept", "valueCodeableConcept", concept)
    )
    answer = client.post(f"/{base}/ValueSet/$validate-code", json=body)
    assert answer.status_code == 200
    found = json.loads(answer.data)
    assert part(found, "result") is True
    assert part(found, "codeableConcept") == concept


@every_base
def test_an_expansion_in_pages(client: FlaskClient, base: str) -> None:
    whole = ask(client, f"/{base}/ValueSet/$expand", url=MODIFIERS)
    check_model(whole, BASES[base])
    total = whole["expansion"]["total"]
    joined: list[Any] = []
    while len(joined) < total:
        page = ask(
            client, f"/{base}/ValueSet/$expand", url=MODIFIERS, offset=str(len(joined)), count="7"
        )
        assert page["expansion"]["total"] == total
        assert 0 < len(page["expansion"]["contains"]) <= 7
        joined += page["expansion"]["contains"]
    assert joined == whole["expansion"]["contains"]
    assert (
        ask(client, f"/{base}/ValueSet/$expand", url=MODIFIERS, count="0")["expansion"].get(
            "contains", []
        )
        == []
    )


@every_base
def test_an_instance_answers_as_its_url_does(client: FlaskClient, base: str) -> None:
    at_type = ask(client, f"/{base}/ValueSet/$expand", url=MODIFIERS)
    at_instance = ask(client, f"/{base}/ValueSet/modifiers-37244/$expand")
    assert at_instance["expansion"]["contains"] == at_type["expansion"]["contains"]
    checked = ask(client, f"/{base}/CodeSystem/cpt/$validate-code", code="37244")
    assert part(checked, "result") is True
    inside = ask(client, f"/{base}/ValueSet/modifiers-37244/$validate-code", code="59", system=CPT)
    assert part(inside, "result") is True


def test_lookup_at_an_instance_is_for_r5(client: FlaskClient) -> None:
    assert part(ask(client, "/r5/CodeSystem/cpt/$lookup", code="37244"), "code") == "37244"
    for path in ("/r4/CodeSystem/cpt/$lookup", "/r4b/CodeSystem/cpt/$lookup"):
        for answer in (client.get(f"{path}?code=37244"), client.post(path, data="code=37244")):
            issue = check_outcome(answer, path, 404)
            assert "CodeSystem/$lookup" in issue["details"]["text"]


@pytest.mark.parametrize("id", ["none", "a%2Fb", "%00", "é", "x" * 64, "x" * 65, "..", "a b"])
@pytest.mark.parametrize("kind", ["CodeSystem", "ValueSet"])
def test_an_instance_that_is_not_there(client: FlaskClient, kind: str, id: str) -> None:
    path = f"/r5/{kind}/{id}/$validate-code?code=1"
    check_outcome(client.get(path), path, 404)


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("CodeSystem/$lookup", "code"),
        ("CodeSystem/$lookup?code=37244", "system"),
        (f"CodeSystem/$lookup?system={CPT}", "code"),
        (f"CodeSystem/$validate-code?url={CPT}", "code"),
        ("CodeSystem/$validate-code?code=37244", "url"),
        ("ValueSet/$validate-code?code=37244", "url"),
        (f"ValueSet/$validate-code?url={USABLE}", "code"),
        (f"ValueSet/$validate-code?url={USABLE}&code=37244", "system"),
        ("ValueSet/$expand", "url"),
    ],
)
def test_what_is_missing_is_named(client: FlaskClient, path: str, missing: str) -> None:
    issue = check_outcome(client.get(f"/r4/{path}"), "/r4", 400)
    assert issue["code"] == "required"
    assert issue["expression"] == [missing]


def test_complex_types_have_no_form(client: FlaskClient) -> None:
    path = f"/r4/CodeSystem/$lookup?coding={CPT}|37244"
    issue = check_outcome(client.get(path), path, 400)
    assert "POST it in a Parameters resource" in issue["details"]["text"]


def test_a_form_and_a_query_are_read_together(client: FlaskClient) -> None:
    path = f"/r4/CodeSystem/$lookup?system={CPT}"
    assert client.post(path, data="code=37244", content_type=FORM).status_code == 200
    twice = client.post(f"{path}&code=37243", data="code=37244", content_type=FORM)
    issue = check_outcome(twice, path, 400)
    assert issue["expression"] == ["code"]


def test_a_post_without_a_body_is_read_from_its_query(client: FlaskClient) -> None:
    for content_type in (None, FORM, "application/fhir+json", "text/plain"):
        answer = client.post(f"/r4/{LOOKUP}", content_type=content_type)
        assert answer.status_code == 200


@every_base
def test_xml_says_the_same_as_json(client: FlaskClient, base: str) -> None:
    for path in (
        LOOKUP,
        f"ValueSet/$validate-code?url={USABLE}&system={CPT}&code=37244&display=other",
        f"CodeSystem/$validate-code?url={CPT}&code=1",
    ):
        plain = client.get(f"/{base}/{path}")
        marked = client.get(f"/{base}/{path}", headers={"Accept": XML})
        assert marked.mimetype == XML
        version = BASES[base]
        assert resource_of(marked, version) == resource_of(plain, version)
