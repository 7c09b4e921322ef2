"""HTTP: a request in, an answer out, or in words why there is none.

The standard library's client, one connection for each thread, kept open. Redirects are not
followed, proxies not used: what is measured is the server at the address that was given.
"""

import http.client
import json
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from conformance.runner.requests import Request
from conformance.runner.suite import Unusable
from terminology.errors import ProtermError
from terminology.fhir.json import Json, decode, decode_any

MEDIA_TYPE = "application/fhir+json"
MAX_ANSWER = 50_000_000
"""Bytes of an answer that are read; far above any that a test expects."""

_PIECE = 1 << 16
# What a connection raises that the server closed while it lay idle.
_STALE = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError)


class NoAnswer(Exception):
    """The server could not be reached, or what it sent is no HTTP answer."""


class NotJson(Exception):
    """The body of an answer is no JSON, or none that says one thing."""


@dataclass(frozen=True)
class Answer:
    """A status and a body."""

    status: int
    body: bytes

    def resource(self) -> Json:
        """The body as a resource.

        Raises:
            NotJson: it is none.
        """
        try:
            value = decode(self.body)
            _refuse_repeated(self.body)
        except ProtermError as error:
            raise NotJson(error.message) from None
        return value

    def json(self) -> Any:
        """The body as any JSON.

        Raises:
            NotJson: it is none.
        """
        try:
            return decode_any(self.body)
        except ProtermError as error:
            raise NotJson(error.message) from None


class Client:
    """One server.

    Args:
        address: of the FHIR endpoint, such as `http://127.0.0.1:8080/r4`.
        timeout: seconds for one request, from connecting to the last byte of the answer.

    Raises:
        Unusable: the address is none.
    """

    def __init__(self, address: str, timeout: float = 60) -> None:
        self.address = address.rstrip("/")
        self._timeout = timeout
        self._kind, self._host, self._port, self._path = _read_address(self.address)
        self._local = threading.local()
        self._all: list[http.client.HTTPConnection] = []

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection."""
        for connection in self._all:
            connection.close()

    def send(self, request: Request) -> Answer:
        """Send a request: a GET, or a POST where there is a body.

        Raises:
            NoAnswer: with the reason.
        """
        try:
            return self._send(request)
        except TimeoutError:
            raise NoAnswer(f"no answer within {self._timeout:g} seconds") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise NoAnswer(f"no answer: {reason}") from None

    def get(self, path: str) -> Answer:
        """Get a path below the address.

        Raises:
            NoAnswer: with the reason.
        """
        return self.send(Request(path, None, {}))

    def _send(self, request: Request) -> Answer:
        connection = self._connection()
        used = connection.sock is not None
        try:
            return self._exchange(connection, request)
        except _STALE:
            connection.close()
            if not used:
                raise
        except BaseException:
            connection.close()  # what is left of the answer must not begin the next one
            raise
        try:
            return self._exchange(connection, request)
        except BaseException:
            connection.close()
            raise

    def _exchange(self, connection: http.client.HTTPConnection, request: Request) -> Answer:
        headers = {"Accept": MEDIA_TYPE} | request.headers
        if request.body is not None:
            headers["Content-Type"] = MEDIA_TYPE
        deadline = time.monotonic() + self._timeout
        method = "GET" if request.body is None else "POST"
        connection.request(method, f"{self._path}/{request.path}", request.body, headers)
        with connection.getresponse() as response:
            return Answer(response.status, _read(response, deadline))

    def _connection(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._kind(self._host, self._port, timeout=self._timeout)
            self._local.connection = connection
            self._all.append(connection)
        return connection


def _read(response: http.client.HTTPResponse, deadline: float) -> bytes:
    """The body, in pieces as they come: a socket's timeout starts anew with each of them."""
    pieces, size = [], 0
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if time.monotonic() > deadline:
            raise TimeoutError
        if size > MAX_ANSWER:
            raise http.client.HTTPException(f"more than {MAX_ANSWER} bytes were sent")
    if response.length:
        raise http.client.HTTPException(f"the answer ended {response.length} bytes early")
    return b"".join(pieces)


def _read_address(address: str) -> tuple[type[http.client.HTTPConnection], str, int | None, str]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Unusable(f"{address} is no address: {error}.") from None
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise Unusable(
            f"{address} is no address of a FHIR endpoint; it looks like http://localhost:8080/r4."
        )
    if parts.username or parts.password:
        raise Unusable("A name or a password in the address is not supported.")
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    return kind, host, port, parts.path


def _refuse_repeated(body: bytes) -> None:
    """Refuse an object with one name twice; the decoder, like most, would take the last."""

    def check(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise NotJson(f"The JSON has the property {twice} twice in one object.")

    json.loads(body, object_pairs_hook=check)
