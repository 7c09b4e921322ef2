"""No client holds what another one needs: sockets that are idle, slow, greedy or never closed."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.worker import LARGEST_HEAD, LARGEST_WAIT, is_whole

GET = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
LAST = b"GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
PROMPT = 2.0
"""Seconds; far more than an answer takes, far less than any time-out that could let it through."""


class Server(NamedTuple):
    """gunicorn with one worker of ours, so that whoever is held up is seen."""

    process: subprocess.Popen[bytes]
    address: tuple[str, int]

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=PROMPT)

    def ask(self, request: bytes = LAST) -> bytes:
        """The whole answer to a request after which the server closes."""
        with self.connect() as client:
            client.sendall(request)
            return b"".join(iter(lambda: client.recv(65536), b""))


@contextmanager
def serving(threads: int) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        options = {
            "bind": f"fd://{listener.fileno()}",
            "worker-class": "service.worker.Worker",
            "threads": str(threads),
            "limit-request-field_size": "1000",
            "log-level": "critical",
        }
        command = [sys.executable, "-m", "gunicorn", "--no-control-socket"]
        command += [f"--{name}={value}" for name, value in options.items()]
        command += ["wsgiref.simple_server:demo_app"]
        process = subprocess.Popen(command, pass_fds=[listener.fileno()])
        running = Server(process, listener.getsockname())
        try:
            with socket.create_connection(running.address, timeout=20) as first:
                first.sendall(LAST)
                assert first.recv(12) == b"HTTP/1.1 200"
            yield running
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module", params=[1, 2], ids=["in the loop", "in threads"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(request.param) as running:
        yield running


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: here\r\n",
        b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nhalf",
    ],
    ids=["nothing", "half a line", "half a head", "half a body"],
)
def test_clients_that_make_others_wait_do_not(server: Server, sent: bytes) -> None:
    with ExitStack() as clients:
        for _ in range(20):
            clients.enter_context(server.connect()).sendall(sent)
        assert b"Hello world!" in server.ask()


def test_a_client_that_does_not_close_holds_up_nobody(server: Server) -> None:
    with ExitStack() as clients:
        for _ in range(8):
            client = clients.enter_context(server.connect())
            client.sendall(LAST)
            assert client.recv(12) == b"HTTP/1.1 200"
        started = time.monotonic()
        server.ask()
        assert time.monotonic() - started < PROMPT


def test_a_request_in_pieces_is_answered(server: Server) -> None:
    with server.connect() as client:
        for byte in LAST:
            client.sendall(bytes([byte]))
        assert client.recv(12) == b"HTTP/1.1 200"


def test_a_connection_serves_one_request_after_another(server: Server) -> None:
    with server.connect() as client:
        for _ in range(3):
            client.sendall(GET)
            answer = b""
            while b"Hello world!" not in answer:
                answer += client.recv(65536)


def test_requests_that_come_at_once_are_all_answered(server: Server) -> None:
    # More than the interpreter would allow if each were answered within the one before.
    assert server.ask(GET * 1500 + LAST).count(b"Hello world!") == 1501


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (b"NONSENSE\r\n\r\n", 400, "structure"),
        (b"GET / HTTP/9.9\r\n\r\n", 400, "structure"),
        (b"GET / HTTP/1.1\r\nBad Name: x\r\n\r\n", 400, "structure"),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 2000 + b"\r\n\r\n", 431, "too-long"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: odd\r\n\r\n", 501, "not-supported"),
    ],
)
def test_what_can_not_be_read_is_refused_with_an_outcome(
    server: Server, request_: bytes, status: int, code: str
) -> None:
    head, _, body = server.ask(request_).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"application/fhir+json" in head
    outcome = json.loads(body)
    assert outcome["resourceType"] == "OperationOutcome"
    assert [issue["code"] for issue in outcome["issue"]] == [code]


@pytest.mark.parametrize("threads", [1, 2])
def test_the_server_stops_promptly_whoever_is_connected(threads: int) -> None:
    with serving(threads) as server, server.connect(), server.connect() as half:
        half.sendall(b"GET / HT")
        server.ask()
        server.process.terminate()
        assert server.process.wait(10) == 0


@given(st.binary(max_size=200), st.integers(0, 400))
def test_a_request_is_whole_when_all_of_its_body_is_there(body: bytes, came: int) -> None:
    head = b"POST / HTTP/1.1\r\nCONTENT-length: %d\r\n\r\n" % len(body)
    request = head + body
    assert is_whole(request[:came]) == (came >= len(request))


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n" + b"x" * LARGEST_WAIT, True),
        (b"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nX: Content-Length: 5\r\n\r\n", True),
        (b"x" * LARGEST_HEAD, False),
        (b"x" * (LARGEST_HEAD + 1), True),
    ],
)
def test_when_a_request_is_worth_serving(data: bytes, whole: bool) -> None:
    assert is_whole(data) is whole
