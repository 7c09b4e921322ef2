"""HTTP: an answer, or in words why there is none."""

import http.server
import socket
import time
from collections.abc import Callable

import pytest

from conformance.runner import client as module
from conformance.runner.client import Answer, Client, NoAnswer, NotJson
from conformance.runner.requests import Request
from conformance.runner.server import discover, wire_version
from conformance.runner.suite import Unusable
from terminology.fhir.versions import FhirVersion
from tests.conformance.runner.serving import Fake

Handler = http.server.BaseHTTPRequestHandler


def send_head(handler: Handler, *headers: tuple[str, str]) -> None:
    handler.send_response(200)
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()


def test_requests_and_answers(fake: Fake) -> None:
    fake.tell("/x", {"resourceType": "X", "a": 1}, 201)
    with Client(f"{fake.address}/") as client:
        assert client.get("x?y=1").status == 201
        answer = client.send(Request("x", b'{"resourceType": "Y"}', {"Accept-Language": "de"}))
    assert answer.resource() == {"resourceType": "X", "a": 1}
    got, posted = fake.asked
    assert (got.method, got.path, got.body) == ("GET", "/x?y=1", None)
    assert (posted.method, posted.body) == ("POST", {"resourceType": "Y"})
    assert posted.headers["Accept-Language"] == "de"
    assert posted.headers["Accept"] == posted.headers["Content-Type"] == "application/fhir+json"


def drop(handler: Handler) -> None:
    handler.close_connection = True


def cut(handler: Handler) -> None:
    send_head(handler, ("Content-Length", "100"))
    handler.wfile.write(b'{"resourceType": "X"}')
    handler.close_connection = True


def cut_chunks(handler: Handler) -> None:
    send_head(handler, ("Transfer-Encoding", "chunked"))
    handler.wfile.write(b"15\r\n{")
    handler.close_connection = True


def noise(handler: Handler) -> None:
    handler.wfile.write(b"hello\r\n\r\n")
    handler.close_connection = True


def hang(handler: Handler) -> None:
    time.sleep(0.4)
    handler.close_connection = True


def drip(handler: Handler) -> None:
    send_head(handler, ("Content-Length", "100"))
    for _ in range(10):
        handler.wfile.write(b" ")
        time.sleep(0.05)
    handler.close_connection = True


def flood(handler: Handler) -> None:
    send_head(handler, ("Content-Length", "2000"))
    handler.wfile.write(b" " * 2000)


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        (drop, "closed connection"),
        (cut, "ended 79 bytes early"),
        (cut_chunks, "IncompleteRead"),
        (noise, "hello"),
        (hang, "no answer within 0.2 seconds"),
        (drip, "no answer within 0.2 seconds"),
        (flood, "more than 1000 bytes"),
    ],
)
def test_what_is_no_answer(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, does: Callable[[Handler], None], reason: str
) -> None:
    monkeypatch.setattr(module, "MAX_ANSWER", 1000)
    fake.does("/x", does)
    with Client(fake.address, timeout=0.2) as client:
        with pytest.raises(NoAnswer, match=reason):
            client.get("x")
        assert client.get("$versions").status == 200


def test_a_connection_that_lay_idle_is_opened_again(fake: Fake) -> None:
    def answer_and_close(handler: Handler) -> None:
        send_head(handler, ("Content-Length", "2"))
        handler.wfile.write(b"{}")
        handler.close_connection = True

    fake.does("/x", answer_and_close)
    with Client(fake.address) as client:
        for _ in range(3):
            assert client.get("x").body == b"{}"


def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with (
            Client(f"http://127.0.0.1:{free.getsockname()[1]}") as client,
            pytest.raises(NoAnswer, match="Connection refused"),
        ):
            client.get("metadata")


def test_a_header_that_is_none(fake: Fake) -> None:
    with Client(fake.address) as client:
        with pytest.raises(NoAnswer, match="Invalid header"):
            client.send(Request("metadata", None, {"X": "a\r\nb"}))
        assert client.get("metadata").status == 200


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost:8080",
        "ftp://localhost/r4",
        "http://",
        "http://[::1/r4",
        "http://localhost:99999/r4",
        "http://localhost/r4?x=1",
        "http://user:secret@localhost/r4",
    ],
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(Unusable, match=r"address"):
        Client(address)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b"<html>", "malformed"),
        (b"[]", "array"),
        (b"{}", "resourceType"),
        (b'{"resourceType": "X", "a": NaN}', "malformed"),
        (b'{"resourceType": "X"} more', "malformed"),
        (b'{"resourceType": "X", "a": "\xff"}', "UTF-8"),
        (b'{"resourceType": "X", "a": 1, "a": 1}', "property a twice"),
        (b'{"resourceType": "X", "b": [{"a": 1, "a": 2}]}', "property a twice"),
        (b'{"resourceType": "X", "a":' + b"[" * 5000 + b"]" * 5000 + b"}", "nested"),
    ],
)
def test_a_body_that_is_no_resource(body: bytes, reason: str) -> None:
    with pytest.raises(NotJson, match=reason):
        Answer(200, body).resource()


@pytest.mark.parametrize(
    ("versions", "metadata", "wire", "version"),
    [
        ({"default": "4.0"}, {"fhirVersion": "4.0.1"}, FhirVersion.R4, "4.0.1"),
        ({"default": "5.0"}, {}, FhirVersion.R5, "5.0.0"),
        ({}, {"fhirVersion": "4.3.0"}, FhirVersion.R4B, "4.3.0"),
        (b"<html>", {"fhirVersion": "5.0.0"}, FhirVersion.R5, "5.0.0"),
        ({"parameter": [{"name": "default", "valueCode": "4.0"}]}, {}, FhirVersion.R4, "4.0.1"),
        (
            {"parameter": ["x", {"name": "default"}]},
            {"fhirVersion": "6.0.0"},
            FhirVersion.R5,
            "6.0.0",
        ),
    ],
)
def test_which_version_a_server_speaks(
    fake: Fake, versions: bytes, metadata: bytes, wire: FhirVersion, version: str
) -> None:
    fake.tell("/$versions", versions)
    fake.tell("/metadata", metadata)
    with Client(fake.address) as client:
        server = discover(client)
    assert (server.wire, server.version) == (wire, version)
    assert server.software == ""


@pytest.mark.parametrize("version", ["3.0.1", "1.0.2", "x", "", "0.5"])
def test_versions_that_are_not_spoken(version: str) -> None:
    with pytest.raises(Unusable, match="R4, R4B and R5"):
        wire_version(version)


def test_a_server_that_does_not_tell_its_version(fake: Fake) -> None:
    fake.answers.clear()
    fake.tell("/metadata", b"<html>")
    with (
        Client(fake.address) as client,
        pytest.raises(Unusable, match=r"\$versions.*HTTP 404; metadata.*malformed"),
    ):
        discover(client)
