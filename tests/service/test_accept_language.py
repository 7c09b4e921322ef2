"""The Accept-Language header: it chooses displays where no parameter does."""

import json

from flask.testing import FlaskClient

_EXPAND = "/r4/ValueSet/$expand?url=https://proterm.example/fhir/ValueSet/embolic-agents"


def _echoed(client: FlaskClient, header: str, query: str = "") -> list[str]:
    answer = client.get(_EXPAND + query, headers={"Accept-Language": header})
    assert answer.status_code == 200, answer.text
    parameters = json.loads(answer.data)["expansion"]["parameter"]
    return [p["valueCode"] for p in parameters if p["name"] == "displayLanguage"]


def test_a_header_that_is_none_is_passed_over(client: FlaskClient) -> None:
    assert _echoed(client, "-;q=what") == _echoed(client, "")


def test_the_header_is_told_in_the_expansion(client: FlaskClient) -> None:
    assert _echoed(client, "de-CH, en;q=0.5") == ["de-CH, en;q=0.5"]


def test_the_parameter_goes_before_the_header(client: FlaskClient) -> None:
    assert _echoed(client, "de", "&displayLanguage=en") == ["en"]


def test_a_kept_answer_is_not_given_to_a_reader_of_another_language(client: FlaskClient) -> None:
    tag = client.get(_EXPAND, headers={"Accept-Language": "de"}).headers["ETag"]
    asked = {"Accept-Language": "en", "If-None-Match": tag}
    assert client.get(_EXPAND, headers=asked).status_code == 200
