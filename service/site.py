"""The FHIR service over a WSGI environment: what is asked, who answers, how it goes back.

Flask routes to it, and `service.direct` too; it knows neither.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from service import errors, replies
from service.answers import Answer
from service.batch import run_batch
from service.call import SHAPING, Call, Pair, pairs_of
from service.errors import LineTooLong
from service.live import Live
from service.negotiation import JSON, UnsupportedMedia, response_format, strict_handling
from service.operations import Handler
from service.replies import Environ, Reply
from service.routes import Route, refusals, routes
from service.state import State
from terminology import deadline
from terminology.errors import NotSupported, ProtermError
from terminology.fhir.versions import FhirVersion

_BASES = {version.base: version for version in FhirVersion}
_READS = ("GET", "HEAD")
Body = Callable[[], bytes]
"""Reads the body of a request, or raises where it is over the limit."""


class Place(NamedTuple):
    """An address of one version, and the handler that answers there."""

    version: FhirVersion
    path: str
    """With the base, `/r4/metadata`; `<...>` stands for a variable part."""
    methods: tuple[str, ...]
    handler: Handler


class Site:
    """All places of the service.

    Args:
        live: the state that answers at a moment; a request has one from its beginning to its end.
    """

    def __init__(self, live: Live) -> None:
        """Make the handlers of every version."""
        self.live = live
        self.settings = live.settings
        self.places: dict[str, Place] = {}
        for version in FhirVersion:
            self._add(version, Route("", ("POST",), self._batch))
            for route in (*routes(), *refusals()):
                if version.base in route.versions:
                    self._add(version, route)

    def _add(self, version: FhirVersion, route: Route) -> None:
        path = f"/{version.base}/{route.path}".rstrip("/")
        endpoint = f"{path} {'/'.join(route.methods)}"
        self.places[endpoint] = Place(version, path, route.methods, route.handler)

    def use_map(self, url_map: Map) -> None:
        """Take the map by which the entries of a batch find their handlers."""
        self._url_map = url_map

    def reply(self, environ: Environ, place: Place, arguments: dict[str, Any], body: Body) -> Reply:
        """The reply to a request at a place.

        Raises:
            ProtermError: the request can't be answered; `failure` makes the reply of it.
        """
        deadline.start(self.settings.deadline_ms)
        state = self.live.state()
        query = environ.get("QUERY_STRING", "")
        self._check_line(len(query) + len(environ["PATH_INFO"]))
        if not query.isascii():
            query = query.encode("latin-1").decode(errors="replace")
        pairs = pairs_of(query)
        shape = dict(pair for pair in pairs if pair[0].startswith("_"))
        version = place.version
        call = self._call(version, pairs, environ, body)
        shape |= {name: value for name, value in call.form() or () if name in SHAPING}
        media = response_format(environ.get("HTTP_ACCEPT", ""), shape.get("_format"), version)
        known = environ.get("HTTP_IF_NONE_MATCH", "")
        tag = self._tag(state, environ, media) if environ["REQUEST_METHOD"] in _READS else None
        if tag is not None and tag in known:
            return replies.not_modified(tag)
        answer = place.handler(state, call, **arguments)
        if tag is not None and known.strip() == "*" and answer.cacheable:
            return replies.not_modified(tag)
        pretty = shape.get("_pretty") == "true"
        return replies.reply(answer, version, media, environ, self.settings, tag=tag, pretty=pretty)

    def failure(self, error: Exception, environ: Environ) -> Reply:
        """The reply to an error, in the format the client asked for where that is possible."""
        if isinstance(error, ProtermError):
            answer = errors.of_error(error)
        elif isinstance(error, HTTPException):
            method = environ["REQUEST_METHOD"]
            answer = errors.of_http_error(error, method, self.settings.max_body)
        else:
            answer = errors.of_fault(error)
        path = environ.get("PATH_INFO", "")
        version = _BASES.get(path.lstrip("/").partition("/")[0], FhirVersion.R5)
        return replies.reply(answer, version, _media_of(environ, version), environ, self.settings)

    def _call(
        self, version: FhirVersion, pairs: list[Pair], environ: Environ, read_body: Body
    ) -> Call:
        method = environ["REQUEST_METHOD"]
        body = b""
        if method == "POST":
            if environ.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
                raise UnsupportedMedia("The body is compressed; send it as it is.")
            body = read_body()
        root = self.settings.base_url
        if not root:
            host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
            root = f"{environ['wsgi.url_scheme']}://{host}"
        return Call(
            version=version,
            method="GET" if method == "HEAD" else method,
            pairs=pairs,
            base_url=f"{root}/{version.base}",
            accept_language=environ.get("HTTP_ACCEPT_LANGUAGE"),
            strict=strict_handling(environ.get("HTTP_PREFER", "")),
            content_type=environ.get("CONTENT_TYPE", "") if body else "",
            body=body,
        )

    def _tag(self, state: State, environ: Environ, media: str) -> str:
        # The day is a part of the request: tables are chosen by it where no date was sent.
        return replies.entity_tag(
            state.edition,
            str(date.today()),  # noqa: DTZ011 - the day where the service runs
            environ["wsgi.url_scheme"],
            environ.get("HTTP_HOST", ""),
            environ.get("HTTP_ACCEPT_LANGUAGE", ""),
            environ.get("HTTP_PREFER", ""),
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            media,
        )

    def _check_line(self, length: int) -> None:
        if length > self.settings.max_url:
            raise LineTooLong(
                f"The address has {length} bytes; {self.settings.max_url} are the most"
                " (PROTERM_MAX_URL). POST the parameters in a Parameters resource."
            )

    def _batch(self, state: State, call: Call) -> Answer:
        return run_batch(call, partial(self._inner, state))

    def _inner(self, state: State, call: Call, path: str) -> Answer:
        if not path:
            raise NotSupported("A batch in a batch is not performed.")
        try:
            adapter = self._url_map.bind("")
            endpoint, arguments = adapter.match(f"/{call.version.base}/{path}", call.method)
            return self.places[endpoint].handler(state, call, **arguments)
        except HTTPException as error:
            return errors.of_http_error(error, call.method, self.settings.max_body)
        except ProtermError as error:
            return errors.of_error(error)
        except Exception as error:
            return errors.of_fault(error)


def _media_of(environ: Environ, version: FhirVersion) -> str:
    """The format of an error: what the client asked for, where that can be told."""
    asked = None
    with suppress(ProtermError):
        asked = dict(pairs_of(environ.get("QUERY_STRING", ""))).get("_format")
    with suppress(ProtermError):
        return response_format(environ.get("HTTP_ACCEPT", ""), asked, version)
    return JSON
