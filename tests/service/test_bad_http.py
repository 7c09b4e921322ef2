"""Headers and sizes that are not as they should be, in this process and through gunicorn."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from tests.service.asking import (
    BASES,
    CPT,
    JSON,
    LOOKUP,
    XML,
    check_answer,
    check_outcome,
    parameters,
)

ASKED = parameters(("system", "valueUri", CPT), ("code", "valueCode", "37244"))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "x"])
def test_a_compressed_body(client: FlaskClient, encoding: str) -> None:
    answer = client.post(
        "/r4/CodeSystem/$lookup",
        data=b"\x1f\x8b",
        content_type=JSON,
        headers={"Content-Encoding": encoding},
    )
    assert "compressed" in check_outcome(answer, "/r4", 415)["details"]["text"]


HEADERS = {
    "Range": "bytes=0-1",
    "If-Match": "*",
    "If-Modified-Since": "yesterday",
    "If-None-Match": "é".encode().decode("latin-1"),
    "Accept-Language": "x" * 3000,
    "Accept-Encoding": ";;q=,gzip;q=é",
    "Accept-Charset": "utf-7",
    "Prefer": "handling=strict;;=,,handling",
    "X-Request-Id": "a\tb",
    "X-HTTP-Method-Override": "DELETE",
    "X-Forwarded-Proto": "javascript",
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "host=evil.example;proto=ftp",
    "Authorization": "Bearer \x7f",
    "Cookie": "session=" + "x" * 3000,
    "Expect": "the unexpected",
    "Host": "[",
    "Content-Length": "",
    "Origin": "null",
    "Upgrade": "h2c",
    "Connection": "upgrade",
    "TE": "trailers",
}


@pytest.mark.parametrize("name", HEADERS)
def test_odd_headers(client: FlaskClient, name: str) -> None:
    for path in (f"/r4/{LOOKUP}", "/r5/CodeSystem/cpt", "/r4/metadata", "/r4/InsurancePlan"):
        answer = client.get(path, headers={name: HEADERS[name]})
        check_answer(answer, path)
        assert answer.status_code == 200
        assert b"evil.example" not in answer.data
        assert b"javascript:" not in answer.data


def test_a_body_over_the_limit(client: FlaskClient) -> None:
    limit = Settings().max_body
    for path in ("/r4/CodeSystem/$lookup", "/r4", "/r4/CodeSystem/_search"):
        answer = client.post(path, data=b" " * (limit + 1), content_type=JSON)
        issue = check_outcome(answer, path, 413)
        assert issue["code"] == "too-long"
        assert str(limit) in issue["details"]["text"]


@pytest.fixture
def narrow(data_folder: Path) -> FlaskClient:
    """A service with the smallest limits."""
    return create_app(Settings(data=data_folder, max_body=1024, max_url=1024)).test_client()


def test_at_the_limit_and_one_over_it(narrow: FlaskClient) -> None:
    body = json.dumps(ASKED).encode()
    for size, expected in ((1024, 200), (1025, 413)):
        sent = body.ljust(size)
        answer = narrow.post("/r4/CodeSystem/$lookup", data=sent, content_type=JSON)
        assert answer.status_code == expected
    for size, expected in ((1024, 200), (1025, 414)):
        path = f"/r4/{LOOKUP}&nonsense="
        path += "x" * (size - len(path) + 1)
        answer = narrow.get(path)
        assert answer.status_code == expected
        if expected == 414:
            issue = check_outcome(answer, path, 414)
            assert issue["code"] == "too-long"
            assert "POST" in issue["details"]["text"]


@pytest.mark.parametrize("path", ["/r4/CodeSystem/" + "x" * 70_000, "/" + "x" * 70_000])
def test_a_path_that_is_long(client: FlaskClient, path: str) -> None:
    check_outcome(client.get(path), path, 404, 414)


def ask(server: str, data: bytes) -> tuple[int, bytes]:
    """Send raw bytes, and give the status and the body of what comes back."""
    address = urlsplit(server)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as sock:
        sock.sendall(data)
        received = b""
        while chunk := sock.recv(65536):
            received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]), body


@pytest.mark.parametrize("size", [5_000, 9_000, 60_000])
def test_a_long_request_line_is_answered(server: str, size: int) -> None:
    answer = requests.get(f"{server}/r4/{LOOKUP}&nonsense={'x' * size}", timeout=10)
    assert answer.status_code == 200


def test_a_request_line_over_the_limit(server: str) -> None:
    for size in (66_000, 500_000):
        answer = requests.get(f"{server}/r4/{LOOKUP}&nonsense={'x' * size}", timeout=10)
        assert answer.status_code == 414
        assert answer.json()["resourceType"] == "OperationOutcome"


def test_a_body_over_the_limit_over_http(server: str) -> None:
    address = f"{server}/r4/CodeSystem/$lookup"
    too_much = Settings().max_body + 1
    body = b" " * too_much

    def chunks() -> Iterator[bytes]:
        for start in range(0, too_much, 1 << 20):
            yield body[start : start + (1 << 20)]

    for data in (body, chunks()):
        try:
            answer = requests.post(
                address, data=data, headers={"Content-Type": JSON, "Accept": XML}, timeout=20
            )
        except requests.ConnectionError:  # closed on what it would not read
            pytest.fail("the connection was cut before the answer could be read")
        assert answer.status_code == 413
        assert answer.headers["Content-Type"].startswith(XML)
        assert "too-long" in answer.text


def test_a_chunked_body_is_read(server: str) -> None:
    def chunks() -> Iterator[bytes]:
        body = json.dumps(ASKED).encode()
        yield body[:10]
        yield body[10:]

    headers = {"Content-Type": JSON}
    answer = requests.post(
        f"{server}/r4/CodeSystem/$lookup", data=chunks(), headers=headers, timeout=10
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "line",
    [
        b"BREW /r4/metadata HTTP/1.1",
        b"DELETE /r4/CodeSystem/cpt HTTP/1.1",
        b"GET /r4/CodeSystem/%00 HTTP/1.1",
        b"GET /r4/CodeSystem/a%2Fb HTTP/1.1",
        b"GET /r4/../r5/nothing HTTP/1.1",
        b"POST /r4 HTTP/1.1\r\nContent-Length: 0",
    ],
)
def test_odd_lines_reach_the_application(server: str, line: bytes) -> None:
    status, body = ask(server, line + b"\r\nHost: here\r\nConnection: close\r\n\r\n")
    assert 400 <= status < 500
    assert json.loads(body)["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /r4/\xff HTTP/1.1\r\nHost: here",
        b"nonsense\r\nHost: here",
        b"GET /r4/metadata HTTP/9.9\r\nHost: here",
        b"GET /r4/metadata HTTP/1.1\r\nHost: here\r\nnonsense",
        b"GET /r4/metadata HTTP/1.1\r\nHost: here\r\nContent-Length: x",
        b"GET /r4/metadata HTTP/1.1\r\nHost: here\r\nX: " + b"x" * 20_000,
        b"GET /r4/metadata HTTP/1.1\r\nHost: here" + b"\r\nX: x" * 101,
        b"POST /r4 HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: x",
    ],
)
def test_what_gunicorn_refuses_it_refuses_as_the_clients_fault(
    server: str, request_head: bytes
) -> None:
    """It is no request yet, so that no FHIR can be asked for; but the service goes on."""
    status, _ = ask(server, request_head + b"\r\n\r\n")
    assert 400 <= status < 600
    assert status not in (500, 502, 503, 504)
    assert requests.get(f"{server}/health/live", timeout=5).status_code == 200


@pytest.mark.parametrize("over", [0, 1])
def test_the_limit_of_a_body_of_unknown_length(server: str, over: int) -> None:
    body = json.dumps(ASKED).encode().ljust(Settings().max_body + over)
    answer = requests.post(
        f"{server}/r4/CodeSystem/$lookup",
        data=iter([body[:1000], body[1000:]]),
        headers={"Content-Type": JSON},
        timeout=20,
    )
    assert answer.status_code == (413 if over else 200)


@pytest.mark.parametrize(
    "body", [b"5\r\n{}{}{\r\nZZ\r\n", b"-1\r\n", b"\r\n", b"5\r\nabc\r\n0\r\n\r\n"]
)
def test_chunks_that_are_none(server: str, body: bytes) -> None:
    head = b"POST /r4/CodeSystem/$lookup HTTP/1.1\r\nHost: here\r\nConnection: close\r\n"
    head += b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    status, _ = ask(server, head + body)
    assert status == 400


def test_every_base_works_over_http(server: str) -> None:
    for base in BASES:
        answer = requests.get(f"{server}/{base}/{LOOKUP}", timeout=10)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == f"{JSON}; charset=utf-8"
        head = requests.head(f"{server}/{base}/{LOOKUP}", timeout=10)
        assert head.status_code == 200
        assert head.content == b""
        tag = {"If-None-Match": answer.headers["ETag"]}
        assert requests.get(answer.url, headers=tag, timeout=10).status_code == 304
