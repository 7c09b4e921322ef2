"""The page, the OpenAPI description and the health checks, without a network."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from service.app import create_app
from service.errors import AWAY
from service.settings import Settings
from service.state import open_state
from service.view import Note, label, view
from terminology.errors import StoreUnavailable
from terminology.operations.lookup import LookupRequest, lookup
from terminology.store.sqlite import SqliteStore

CPT = "http://www.ama-assn.org/go/cpt"


@pytest.fixture
def settings(data_folder: Path) -> Settings:
    return Settings(data=data_folder)


def main_of(response: TestResponse) -> str:
    """The words of the page's main part."""
    part = response.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", part.partition(">")[2]).split())


class TestFailures:
    @pytest.mark.parametrize(
        ("query", "status", "sentence"),
        [
            ("code=99213", 404, "not among the"),
            ("code=", 400, "Type a code, such as 37244."),
            ("code=+", 400, "Type a code, such as 37244."),
            ("code=37244&date=yesterday", 400, "date"),
            ("code=37244&code=59", 400, "send it once"),
            ("code=37244-59", 404, "Write 37244:59"),
            ("code=37244:52:53", 404, "exclude each other on 37244"),
            ("code=a++b", 400, "is not a code"),
            ("code=a%00b", 400, "U+0000"),
            ("code=%ff", 404, "not among the"),
            ("code=" + "9" * 4000, 404, "not among the"),
            ("code=" + "9" * 5000, 400, "has 5000 characters"),
        ],
    )
    def test_bad_input_gives_a_sentence(
        self, client: FlaskClient, query: str, status: int, sentence: str
    ) -> None:
        response = client.get(f"/?{query}")
        assert response.status_code == status
        assert sentence in main_of(response)
        assert "\0" not in response.text

    def test_too_long_an_address_is_refused(self, client: FlaskClient) -> None:
        response = client.get("/?code=" + "9" * 70_000)
        assert response.status_code == 414
        assert response.json is not None
        assert response.json["resourceType"] == "OperationOutcome"

    def test_what_was_typed_is_escaped(self, client: FlaskClient) -> None:
        response = client.get("/", query_string={"code": "\"><script>alert('1')</script>"})
        assert response.status_code == 404
        assert "<script" not in response.text
        assert "&lt;script&gt;" in response.text

    @given(st.text(max_size=200), st.text(max_size=30))
    def test_nothing_that_is_typed_breaks_it(self, app: Flask, code: str, date: str) -> None:
        fields = {"code": code, "date": date}
        query = {k: v.encode("utf-8", "replace").decode() for k, v in fields.items()}
        response = app.test_client().get("/", query_string=query)
        assert response.status_code in (200, 400, 404)
        assert response.mimetype == "text/html"

    def test_a_post_is_refused_as_everywhere(self, client: FlaskClient) -> None:
        response = client.post("/")
        assert response.status_code == 405
        assert response.json is not None
        assert response.json["resourceType"] == "OperationOutcome"


class TestPage:
    def test_it_says_what_this_is_and_offers_37244(self, client: FlaskClient) -> None:
        response = client.get("/")
        assert response.status_code == 200
        assert "FHIR terminology service" in response.text
        assert 'value="37244"' in response.text
        assert "/r4/CodeSystem/$lookup?system=" in response.text

    def test_it_looks_up_37244(self, client: FlaskClient) -> None:
        response = client.get("/?code=+37244+")
        words = main_of(response)
        assert response.status_code == 200
        assert "37244 Endovascular closure of a vessel to control bleeding or leakage" in words
        assert "Conscious sedation or general anesthesia" in words
        assert "ICD-10 pairing unknown" in words
        assert "Release 2025D, in force from 2025-10-01" in words
        assert "UnitedHealthcare unknown" in words
        assert "Medicare's national coverage determination" in words.replace("&#39;", "'")
        assert "Copyright 2026 American Medical Association" in words

    def test_it_looks_up_a_code_with_modifiers(self, client: FlaskClient) -> None:
        response = client.get("/?code=37244:RT:26&date=2025-10-15")
        words = main_of(response).replace("&#39;", "'")
        assert response.status_code == 200
        assert "37244:RT:26 Endovascular closure of a vessel to control" in words
        assert "Modifier code 26 (Physician's part only), RT (Right side)" in words
        assert "37244 has PC/TC indicator 0 in RVU 2025 October" in words
        assert "Conscious sedation or general anesthesia" in words
        assert "UnitedHealthcare unknown" in words

    def test_each_source_is_linked(self, client: FlaskClient) -> None:
        text = client.get("/?code=37244").text
        marks = {int(number) for number in re.findall(r'href="#source-(\d+)"', text)}
        links = dict(re.findall(r'id="source-(\d+)"><a href="(r5/DocumentReference/[^"]+)"', text))
        assert marks == {int(number) for number in links}
        for link in links.values():
            assert client.get(f"/{link}").status_code == 200

    def test_the_date_chooses_the_release(self, client: FlaskClient) -> None:
        words = main_of(client.get("/?code=37244&date=2024-02-01"))
        assert "Release 2024A, in force from 2024-01-01" in words
        assert "2025D" not in words

    def test_hcpcs_is_asked_where_cpt_has_no_such_code(self, client: FlaskClient) -> None:
        response = client.get("/?code=GZ")
        assert response.status_code == 200
        assert "HCPCSReleaseCodeSets" in main_of(response)

    def test_it_needs_nothing_from_elsewhere(self, client: FlaskClient) -> None:
        response = client.get("/?code=37244")
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        for tag in ("<script", "<style", "style=", 'src="http', "@import"):
            assert tag not in response.text

    @pytest.mark.parametrize("query", ["", "?code=37244", "?code=GZ", "?code=99213"])
    def test_every_link_leads_somewhere(self, client: FlaskClient, query: str) -> None:
        text = client.get(f"/{query}").text
        links = set(re.findall(r'href="([^"#]+)"', text))
        assert links
        for link in links:
            with client.get("/" + link.replace("&amp;", "&").removeprefix("./")) as found:
                assert found.status_code == 200, link

    @pytest.mark.parametrize("query", ["", "?code=37244", "?code=99213"])
    def test_it_is_well_formed(self, client: FlaskClient, query: str) -> None:
        checker = _Outline()
        checker.feed(client.get(f"/{query}").text)
        checker.close()
        assert checker.open == []
        assert checker.landmarks >= {"header", "search", "main", "aside", "footer"}
        assert checker.headings.count("h1") == 1
        assert checker.labelled >= {"code", "date"}

    def test_a_base_url_of_its_own_is_shown(self, settings: Settings) -> None:
        behind = Settings(data=settings.data, base_url="https://tx.example/fhir")
        text = create_app(behind).test_client().get("/").text
        assert "https://tx.example/fhir/r4/CodeSystem/$lookup" in text


class _Outline(HTMLParser):
    """What a page is made of; an end tag that closes something else fails."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.landmarks: set[str] = set()
        self.headings: list[str] = []
        self.labelled: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.landmarks.add(tag)
        if re.fullmatch(r"h\d", tag):
            self.headings.append(tag)
        if tag == "label":
            self.labelled.add(dict(attrs).get("for"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class TestView:
    def test_values_of_one_source_stand_together(self, settings: Settings) -> None:
        state = open_state(settings)
        found = view(lookup(LookupRequest(code="37244", system=CPT), state.context), state.store)
        notes = {note.label: note for note in found.notes}
        agents = notes["Embolic agent"]
        assert len(agents.values) == 4
        assert found.mark(agents.source) == 1
        assert notes["Taxonomy"] == Note("Taxonomy", (), "unknown", agents.source)
        assert len({id(source) for source in found.sources}) == len(found.sources)

    def test_only_what_was_asked_for(self, settings: Settings) -> None:
        state = open_state(settings)
        request = LookupRequest(code="37244", system=CPT, properties=("kind",))
        found = view(lookup(request, state.context), state.store)
        assert found.facts == (("Kind", "code"),)
        assert found.definition is None
        assert found.notes + found.tables + found.coverage == ()

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("kind", "Kind"),
            ("icd-10-pairing", "ICD-10 pairing"),
            ("pc-tc", "PC/TC"),
            ("non-facility-pe-rvu", "Non-facility PE RVU"),
            ("mue-adjudication", "MUE adjudication"),
            ("notSelectable", "NotSelectable"),
        ],
    )
    def test_labels(self, code: str, expected: str) -> None:
        assert label(code) == expected


class TestForMachines:
    def test_openapi_names_this_server(self, client: FlaskClient) -> None:
        response = client.get("/openapi.json", headers={"Host": "tx.example"})
        assert response.mimetype == "application/json"
        assert response.json is not None
        assert response.json["openapi"].startswith("3.1")
        assert response.json["servers"][0]["url"] == "http://tx.example/{base}"

    def test_live(self, client: FlaskClient) -> None:
        response = client.get("/health/live")
        assert response.json == {"status": "ok"}
        assert response.headers["Cache-Control"] == "no-store"

    def test_ready(self, client: FlaskClient, settings: Settings) -> None:
        response = client.get("/health/ready")
        assert response.json == {"status": "ok", "release": open_state(settings).store.release}
        assert response.headers["Cache-Control"] == "no-store"

    def test_not_ready_while_the_store_does_not_answer(
        self, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        open_state(settings)
        app = create_app(settings, _Silent(next(settings.data.glob("shipped-*.sqlite3"))))
        response = app.test_client().get("/health/ready")
        assert response.status_code == 503
        assert response.json == {"status": "unavailable", "reason": AWAY}
        assert "Not ready: the disk is gone" in caplog.text
        assert response.headers["Cache-Control"] == "no-store"
        assert app.test_client().get("/health/live").status_code == 200

    def test_style_is_served_as_what_it_is(self, client: FlaskClient) -> None:
        with client.get("/static/proterm.css") as response:
            assert response.mimetype == "text/css"
            assert response.headers["X-Content-Type-Options"] == "nosniff"


class _Silent(SqliteStore):
    """A store that opened and then was lost."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)

    def resource(self, resource_type: str, resource_id: str) -> bytes | None:
        raise StoreUnavailable("the disk is gone")
