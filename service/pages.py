"""What is not FHIR: the page for people, the OpenAPI description, the health checks."""

import logging
from typing import NamedTuple

from flask import Flask, Response, jsonify, make_response, render_template, request

from conformance.identity import software_version
from conformance.openapi import openapi
from service.errors import AWAY, LineTooLong, of_error
from service.live import Live
from service.procedure_codes import look_up
from service.settings import Settings
from service.state import State
from service.view import View, view
from terminology.errors import MissingInput, ProtermError
from terminology.fhir import json
from terminology.fhir.versions import FhirVersion

_log = logging.getLogger("proterm")
_EXAMPLE = "37244"
_PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_MAX_TYPED = 100
_NOBODY = "-"
"""An id that nothing has: the store has to look for it, and has nothing to send."""


class _Found(NamedTuple):
    """What the page shows: an answer, a sentence why there is none, or neither."""

    status: int = 200
    view: View | None = None
    problem: str | None = None


def register(app: Flask, live: Live) -> None:
    """Add the routes to the application."""
    app.add_url_rule("/", "page", lambda: _page(live.state()))
    app.add_url_rule("/openapi.json", "openapi", lambda: _openapi(live.settings))
    app.add_url_rule("/health/live", "live", lambda: _health(200, status="ok"))
    app.add_url_rule("/health/ready", "ready", lambda: _ready(live))
    app.after_request(_static_headers)


def _page(state: State) -> Response:
    if len(request.query_string) > state.settings.max_url:
        raise LineTooLong(
            f"The address is over the limit of {state.settings.max_url} bytes (PROTERM_MAX_URL)."
        )
    found = _found(state)
    html = render_template(
        "page.html",
        found=found.view,
        problem=found.problem,
        code=_typed("code", _EXAMPLE),
        date=_typed("date", ""),
        root=_root(state.settings),
        versions=[(version.base, version.value) for version in FhirVersion],
        release=state.store.release,
        software=software_version(),
    )
    return make_response(html, found.status, _PAGE_HEADERS)


def _found(state: State) -> _Found:
    """What the form asked for."""
    if "code" not in request.args:
        return _Found()
    sent = {"code": [text.strip() for text in request.args.getlist("code")]}
    if dates := [text for text in request.args.getlist("date") if text]:
        sent["date"] = dates
    try:
        if sent["code"] == [""]:
            raise MissingInput(f"Type a code, such as {_EXAMPLE}.")
        return _Found(view=view(look_up(state.context, sent), state.store))
    except ProtermError as error:
        answer = of_error(error)
        said = AWAY if answer.status == 503 else error.message
        return _Found(answer.status, problem=said)


def _typed(name: str, default: str) -> str:
    """What the form is filled with again: what was typed, cut off where it is out of all reason."""
    text = request.args.get(name, default).strip()[:_MAX_TYPED]
    return "".join(character for character in text if character.isprintable())


def _root(settings: Settings) -> str:
    """What stands before `/r4` for the client."""
    return settings.base_url or request.host_url.rstrip("/")


def _openapi(settings: Settings) -> Response:
    body = json.encode(openapi(_root(settings)))
    return Response(body, headers={"Cache-Control": "no-cache"}, mimetype="application/json")


def _ready(live: Live) -> Response:
    """Whether the store answers: a balancer sends no requests to a worker whose store does not."""
    try:
        state = live.state()
        state.store.resource("CodeSystem", _NOBODY)
    except Exception as error:  # whatever it is, no request can be answered while it lasts
        _log.warning("Not ready: %s", error)
        return _health(503, status="unavailable", reason=AWAY)
    return _health(200, status="ok", release=state.store.release)


def _health(http_status: int, **content: str) -> Response:
    response = jsonify(content)
    response.status_code = http_status
    response.headers["Cache-Control"] = "no-store"
    return response


def _static_headers(response: Response) -> Response:
    if request.endpoint == "static":
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response
