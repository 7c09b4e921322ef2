"""The short way for what is asked most: reads at an address without a variable part.

A `$lookup` takes less time than Flask needs to find out who answers it (routing, contexts,
signals). So GET requests at a fixed address go from WSGI straight to their handler; whatever is
out of the ordinary there, an error above all, goes the whole way through Flask. A test holds that
both ways give the same.
"""

from collections.abc import Callable, Iterable
from typing import Any

from service.replies import Environ, common_headers
from service.site import Place, Site

_Start = Callable[..., Any]
Wsgi = Callable[[Environ, _Start], Iterable[bytes]]


def with_short_way(site: Site, application: Wsgi) -> Wsgi:
    """A WSGI application that answers what it can itself and passes on the rest.

    Args:
        site: the places.
        application: Flask's.
    """
    fixed: dict[str, Place] = {
        place.path: place
        for place in site.places.values()
        if "GET" in place.methods and "<" not in place.path
    }
    settings = site.settings

    def answer(environ: Environ, start_response: _Start) -> Iterable[bytes]:
        place = fixed.get(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "GET" else None
        if place is None:
            return application(environ, start_response)
        try:
            status, headers, body = reply = site.reply(environ, place, {}, _no_body)
        except Exception:
            # Flask's way gives the same error again, and answers and logs it there.
            return application(environ, start_response)
        if status != 304:
            headers.append(("Content-Length", str(len(body))))
        headers += common_headers(environ, settings)
        start_response(reply.status_line, headers)
        return (body,)

    return answer


def _no_body() -> bytes:
    return b""
