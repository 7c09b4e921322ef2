"""A small server that answers as it is told, and remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from terminology.fhir.json import decode, encode

Json = dict[str, Any]


@dataclass
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Json | None


@dataclass
class Told:
    """What to answer: a resource or bytes, or a function that does as it likes with the handler."""

    body: Json | bytes = b""
    status: int = 200
    does: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass
class Fake:
    """The server: `answers` by path without a query, `asked` in order."""

    address: str
    answers: dict[str, Told] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def tell(self, path: str, body: Json | bytes, status: int = 200) -> None:
        self.answers[path] = Told(body, status)

    def does(self, path: str, does: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.answers[path] = Told(does=does)

    def speaks(self, version: str) -> None:
        """Answer to `metadata` and `$versions`."""
        default = {"name": "default", "valueString": version.rpartition(".")[0]}
        self.tell("/$versions", {"resourceType": "Parameters", "parameter": [default]})
        software = {"name": "Fake", "version": "0.9"}
        self.tell(
            "/metadata",
            {
                "resourceType": "CapabilityStatement",
                "fhirVersion": version,
                "software": software,
                "kind": "instance",
            },
        )


def reply(handler: BaseHTTPRequestHandler, content: bytes, status: int = 200) -> None:
    """Send a body as HTTP wants it."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing of a client that hung up; some tests want it to."""


@contextmanager
def serving() -> Iterator[Fake]:
    """A server at a port of its own, below the path /fhir."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            body = decode(self.rfile.read(length)) if length else None
            path = self.path.removeprefix("/fhir")
            fake.asked.append(Asked(self.command, path, dict(self.headers.items()), body))
            told = fake.answers.get(path.partition("?")[0], Told({"resourceType": "X"}, 404))
            if told.does:
                told.does(self)
                return
            content = told.body if isinstance(told.body, bytes) else encode(told.body)
            reply(self, content, told.status)

        do_GET = do_POST = handle_any  # noqa: N815 - as http.server calls them

        def log_message(self, *_: Any) -> None:
            pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        fake = Fake(f"http://127.0.0.1:{server.server_port}/fhir")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()
