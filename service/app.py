"""The Flask application: it routes requests to the site and sends what comes back."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from service import pages
from service.direct import with_short_way
from service.live import Live
from service.replies import Reply, common_headers, preflight_headers
from service.settings import Settings
from service.site import Place, Site
from terminology.errors import MalformedInput
from terminology.store.base import Store


def create_app(settings: Settings | None = None, store: Store | None = None) -> Flask:
    """The application.

    Args:
        settings: from the environment if left out.
        store: what to serve, which then stays the same; if left out, what is active in the
            repository that the settings name.

    Raises:
        SettingError: a setting has a value that can't be used.
        StoreUnavailable: the store can neither be read nor built.
    """
    site = Site(Live(settings or Settings.from_env(), store))
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = site.settings.max_body
    # An address is the same with a slash after it; a redirect would lose the body of a POST.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    for endpoint, place in site.places.items():
        app.add_url_rule(place.path, endpoint, _view(site, place), methods=place.methods)
    site.use_map(app.url_map)
    pages.register(app, site.live)
    app.register_error_handler(Exception, lambda e: _response(site.failure(e, request.environ)))
    app.after_request(lambda response: _finished(site, response))
    app.wsgi_app = with_short_way(site, app.wsgi_app)  # type: ignore[assignment, method-assign]
    return app


def _view(site: Site, place: Place) -> Callable[..., Response]:
    def view(**arguments: Any) -> Response:
        reply = site.reply(request.environ, place, arguments, _body)
        return _response(reply)

    return view


def _body() -> bytes:
    try:
        return _read_body()
    except HTTPException:
        raise
    except Exception as error:
        # What a server raises where chunks are none is its own affair, and not of WSGI.
        raise MalformedInput(
            f"The body can't be read ({str(error)[:100]}): send it again, with a Content-Length or"
            " in chunks as HTTP/1.1 writes them."
        ) from error


def _read_body() -> bytes:
    body = request.get_data(cache=False)
    # Of a length that was not announced Werkzeug reads as much as the limit, and no error.
    at_limit = request.content_length is None and len(body) == request.max_content_length
    if at_limit and request.environ["wsgi.input"].read(1):
        raise RequestEntityTooLarge
    return body


def _response(reply: Reply) -> Response:
    return Response(reply.body, reply.status, Headers(reply.headers))


def _finished(site: Site, response: Response) -> Response:
    headers = response.headers
    for name, value in common_headers(request.environ, site.settings):
        headers.add(name, value)
    if request.method == "OPTIONS":
        headers.pop("Content-Type", None)
        if "Access-Control-Allow-Origin" in headers:
            headers.extend(preflight_headers(headers.get("Allow", "GET, POST")))
    return response
