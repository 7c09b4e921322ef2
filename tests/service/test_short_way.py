"""The short way past Flask gives what the whole way gives: status, headers and body."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse

from service.replies import Environ
from tests.service.asking import BASES, CPT, JSON, LOOKUP, MODIFIERS, USABLE, XML, check_answer

PATHS = (
    "metadata",
    "$versions",
    "CodeSystem/$lookup",
    "CodeSystem/$validate-code",
    "ValueSet/$validate-code",
    "ValueSet/$expand",
    "CodeSystem",
    "InsurancePlan",
    "CodeSystem/cpt",
    "CodeSystem/cpt/$validate-code",
    "nowhere",
    "",
)
NAMES = ["system", "url", "code", "version", "property", "_format", "_count", "mode", "nonsense"]
NAMES += ["display", "date", "count", "filter", "displayLanguage", "_pretty", "tx-resource"]
VALUES = [
    CPT,
    MODIFIERS,
    USABLE,
    "37244",
    "59",
    "json",
    "xml",
    "true",
    "5",
    "2026",
    "",
    "none",
    "*",
]
HEADERS = {
    "Accept": st.sampled_from([JSON, XML, "*/*", "text/html", "text/turtle", "é"]),
    "Accept-Encoding": st.sampled_from(["gzip", "identity", "gzip;q=0"]),
    "If-None-Match": st.sampled_from(["*", 'W/"x"', ""]),
    "Origin": st.sampled_from(["https://ehr.example", "null"]),
    "Prefer": st.sampled_from(["handling=strict", "handling=lenient"]),
    "X-Request-Id": st.text(
        st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=9
    ),
    "Range": st.just("bytes=0-10"),
    "Host": st.sampled_from(["tx.example", "tx.example:81", "["]),
}
REQUESTS = st.tuples(
    st.sampled_from([*BASES, "r6"]),
    st.sampled_from(PATHS),
    st.sampled_from(["", "", "", "/"]),
    st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=4))),
    st.fixed_dictionaries({}, optional=HEADERS),
)


class Ways:
    """A client of the application, and one of Flask with the short way taken out."""

    def __init__(self, app: Flask) -> None:
        whole = Flask.wsgi_app.__get__(app)
        self.quick = Client(app.wsgi_app, TestResponse)
        self.whole = Client(whole, TestResponse)

    def both(self, path: str, **more: Any) -> tuple[TestResponse, TestResponse]:
        return self.quick.open(path, **more), self.whole.open(path, **more)

    def same(self, path: str, **more: Any) -> TestResponse:
        quick, whole = self.both(path, **more)
        # The phrase after the number is for nobody, and Flask writes it in capitals.
        assert quick.status_code == whole.status_code
        assert sorted(quick.headers) == sorted(whole.headers), path
        assert _comparable(quick) == _comparable(whole)
        return quick


def _comparable(response: TestResponse) -> bytes:
    """The body; of an expansion or a bundle, which have the time in them, only its length."""
    new = b"timestamp" in response.data or response.headers.get("Content-Encoding") == "gzip"
    return b"" if new else response.data


@pytest.fixture(scope="module")
def ways(app: Flask) -> Ways:
    return Ways(app)


def test_the_short_way_is_taken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise everything below compares Flask with itself."""

    def fail(environ: Environ, start_response: Any) -> Iterable[bytes]:
        raise AssertionError("Flask was asked")

    taken = Client(app.wsgi_app, TestResponse)
    monkeypatch.setattr(Flask, "full_dispatch_request", fail)
    for base in BASES:
        assert taken.get(f"/{base}/{LOOKUP}").status_code == 200
        assert taken.get(f"/{base}/CodeSystem?_count=1").status_code == 200


@given(REQUESTS)
@settings(max_examples=150)
def test_both_ways_give_the_same(ways: Ways, request: Any) -> None:
    base, path, slash, pairs, headers = request
    text = "&".join(f"{quote(n)}={quote(v, errors='replace')}" for n, v in pairs)
    headers = {name: v.encode().decode("latin-1") for name, v in headers.items()}
    for method in ("GET", "HEAD"):
        answer = ways.same(f"/{base}/{path}{slash}?{text}", method=method, headers=headers)
        if method == "GET" and "Content-Encoding" not in answer.headers:
            check_answer(answer, f"/{base}")


@pytest.mark.parametrize("path", [f"/r4/{LOOKUP}", "/r5/metadata", "/r4b/CodeSystem?_count=1"])
def test_a_condition_is_met_on_both_ways(ways: Ways, path: str) -> None:
    tag = ways.quick.get(path).headers["ETag"]
    assert ways.same(path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", [f"/r4/{LOOKUP}", "/r5/CodeSystem/cpt", "/r4/nowhere"])
def test_head_is_get_without_the_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.data == b""
    assert head.status_code == got.status_code
    assert sorted(head.headers) == sorted(got.headers)


def test_a_slash_takes_the_whole_way_and_no_redirect(ways: Ways) -> None:
    for path in ("/r4/metadata/", "/r4/CodeSystem/", "/r4/CodeSystem/$lookup/?code=37244"):
        assert ways.same(path).status_code in (200, 400)


@pytest.mark.parametrize("sent", ["a\tb", "\x7f", "x" * 201, "a\x00b"])
def test_a_request_id_that_is_none_is_not_repeated(ways: Ways, sent: str) -> None:
    for path in (f"/r4/{LOOKUP}", "/r4/nowhere"):
        assert "X-Request-Id" not in ways.same(path, headers={"X-Request-Id": sent}).headers


def test_a_request_id_comes_back(ways: Ways) -> None:
    for path in (f"/r4/{LOOKUP}", "/r4/nowhere", "/r5/CodeSystem/cpt"):
        answer = ways.same(path, headers={"X-Request-Id": "4f1c-22"})
        assert answer.headers["X-Request-Id"] == "4f1c-22"
