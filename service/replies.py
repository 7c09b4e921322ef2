"""What goes back over HTTP: the body in its version and format, compression, headers."""

import gzip
import hashlib
from http import HTTPStatus
from typing import Any, NamedTuple

from service.answers import Answer
from service.negotiation import JSON, accepts_gzip
from service.settings import Settings
from terminology.fhir import json, xml
from terminology.fhir.versions import FhirVersion

Environ = dict[str, Any]
"""The WSGI environment of a request: https://peps.python.org/pep-3333/#environ-variables."""
Headers = list[tuple[str, str]]

_GZIP_LEVEL = 5
# What RFC 9110 section 15.4.5 asks of 304 too: the headers that 200 would have had.
_REVALIDATE = ("Cache-Control", "no-cache")
_MAX_REQUEST_ID = 200


class Reply(NamedTuple):
    """A status, headers and a body, whoever sends them."""

    status: int
    headers: Headers
    body: bytes

    @property
    def status_line(self) -> str:
        """`200 OK`."""
        return _STATUS_LINES[self.status]


_STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def not_modified(tag: str) -> Reply:
    """The reply to a client that has the answer already."""
    return Reply(304, [("ETag", tag), _REVALIDATE], b"")


def reply(
    answer: Answer,
    version: FhirVersion,
    media: str,
    environ: Environ,
    settings: Settings,
    *,
    tag: str | None = None,
    pretty: bool = False,
) -> Reply:
    """An answer as it goes back.

    Args:
        answer: what was found.
        version: the FHIR version of the endpoint.
        media: the media type that was asked for.
        environ: the request's.
        settings: from which size on bodies are compressed.
        tag: the validator of the request, where it can have one.
        pretty: whether JSON is indented.
    """
    body = as_bytes(answer, version, media, pretty=pretty)
    headers = [("Content-Type", f"{media}; charset=utf-8"), *answer.headers.items()]
    if tag is not None and answer.cacheable and answer.status == 200:
        headers += [("ETag", tag), _REVALIDATE]
    encodings = environ.get("HTTP_ACCEPT_ENCODING", "")
    if len(body) >= settings.gzip_min_size and accepts_gzip(encodings):
        body = gzip.compress(body, compresslevel=_GZIP_LEVEL, mtime=0)
        headers.append(("Content-Encoding", "gzip"))
    return Reply(answer.status, headers, body)


def as_bytes(answer: Answer, version: FhirVersion, media: str, *, pretty: bool = False) -> bytes:
    """The answer's body in the version and format that were asked for."""
    if media != JSON:
        return xml.dumps(answer.decoded(version), version)
    resource = answer.resource
    if isinstance(resource, bytes) and version is FhirVersion.R5 and not pretty:
        return resource
    return json.encode(answer.decoded(version), pretty=pretty)


def entity_tag(*parts: str) -> str:
    """A weak validator made of the release and of the request.

    Two bodies of one request are equal in meaning, not to the byte: an expansion carries the
    moment at which it was made.
    """
    digest = hashlib.blake2b("\n".join(parts).encode("utf-8", "surrogateescape"), digest_size=9)
    return f'W/"{digest.hexdigest()}"'


def common_headers(environ: Environ, settings: Settings) -> Headers:
    """The headers that every reply has, errors and pages included."""
    headers = [("Vary", "Accept, Accept-Encoding, Accept-Language")]
    if settings.cors_origins and "*" not in settings.cors_origins:
        # Whoever asks: a cache must not give one origin what was said to another, or to none.
        headers.append(("Vary", "Origin"))
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None:
        headers += _allow_origin(origin, settings.cors_origins)
    request_id = environ.get("HTTP_X_REQUEST_ID")
    if request_id is not None and len(request_id) <= _MAX_REQUEST_ID and request_id.isprintable():
        headers.append(("X-Request-Id", request_id))
    return headers


def preflight_headers(allowed_methods: str) -> Headers:
    """What a browser asks before a request of another origin.

    https://fetch.spec.whatwg.org/#http-cors-protocol.
    """
    return [
        ("Access-Control-Allow-Methods", allowed_methods),
        (
            "Access-Control-Allow-Headers",
            "Accept, Accept-Language, Content-Type, If-None-Match, Prefer, X-Request-Id",
        ),
        ("Access-Control-Max-Age", "86400"),
    ]


def _allow_origin(origin: str, allowed: tuple[str, ...]) -> Headers:
    if "*" in allowed:
        named = "*"
    elif origin in allowed:
        named = origin
    else:
        return []
    return [
        ("Access-Control-Allow-Origin", named),
        ("Access-Control-Expose-Headers", "ETag, X-Request-Id"),
    ]
