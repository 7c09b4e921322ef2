"""A rule is added by adding a file: it is asked, looked up and cited, with no code changed."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from terminology import content
from terminology.model import Json
from terminology.rules.model import URL
from tests.service.claims import NO_SPLIT, claim, item, severities, told

CPT = "http://www.ama-assn.org/go/cpt"
ADDED: Json = {
    "sources": {
        "memo": {
            "title": "A memo on the left side",
            "publisher": "A hospital's coding office",
            "date": "2026-01-05",
            "address": "https://example.org/memo",
        }
    },
    "rules": [
        {
            "id": "local-left-side",
            "title": "Left side with 37244",
            "explanation": "The office wants to hear of every closure on the left side.",
            "scope": "payer-policy",
            "payers": [{"name": "A hospital's coding office"}],
            "effect": "information",
            "severity": "information",
            "period": {"start": "2026-01-05"},
            "sources": [{"key": "memo", "section": "2"}],
            "condition": {"all": [{"modifier": ["LT"]}, {"code": ["37241-37244"]}]},
            "message": "{code} is reported for the left side by {modifier}",
            "examples": {"fires": ["37244:LT"], "passes": ["37244:RT"]},
        }
    ],
}


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The service over a copy of the folder that ships, with one more file among its rules."""
    folder = tmp_path / "content"
    shutil.copytree(str(files(content)), folder)
    (folder / "rules" / "local.json").write_text(json.dumps(ADDED), "utf-8")
    monkeypatch.setattr(content, "files", lambda _: folder)
    settings = Settings.from_env({"PROTERM_DATA": str(tmp_path / "data")})
    return create_app(settings).test_client()


def asked(client: FlaskClient, code: str, day: str) -> str:
    address = f"/r4/CodeSystem/$validate-code?url={CPT}&code={code}&date={day}"
    return client.get(address).text


def test_it_is_asked_with_its_source(client: FlaskClient) -> None:
    answer = asked(client, "37244:LT", "2026-02-01")
    assert '"code":"local-left-side"' in answer
    assert "37244 is reported for the left side by LT" in answer
    assert "A hospital's coding office, A memo on the left side, 2, 2026-01-05" in answer


@pytest.mark.parametrize(("code", "day"), [("37244:RT", "2026-02-01"), ("37244:LT", "2025-02-01")])
def test_it_is_not_where_it_does_not_hold(client: FlaskClient, code: str, day: str) -> None:
    assert "local-left-side" not in asked(client, code, day)


def test_it_is_asked_of_a_claim_beside_the_rules_that_ship(client: FlaskClient) -> None:
    lines = claim(item(1, "37244", "LT", "26", servicedDate="2026-02-01"))
    found = told(client, lines)
    (added,) = [issue for issue in found if issue.rule == "local-left-side"]
    assert (added.severity, added.paths) == ("information", ("Claim.item[0].modifier[0]",))
    assert added.text.startswith("Would apply under A hospital's coding office: 37244 is reported")
    assert severities(found, NO_SPLIT) == {"information"}


def test_it_is_looked_up_and_cited(client: FlaskClient) -> None:
    address = f"/r5/CodeSystem/$lookup?system={URL}&code=local-left-side"
    answer = client.get(address).text
    assert '"valueString":"Left side with 37244"' in answer
    assert "The office wants to hear of every closure" in answer
    assert "https://example.org/memo" in answer
