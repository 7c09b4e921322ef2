"""Every error as an OperationOutcome with its HTTP status; none of them is HTML."""

import logging

from werkzeug.exceptions import HTTPException, MethodNotAllowed

from service.answers import Answer
from service.negotiation import NotAcceptable, UnsupportedMedia
from terminology.errors import (
    InvalidInput,
    NotFound,
    NotSupported,
    ProtermError,
    StoreUnavailable,
    TooCostly,
    TooLarge,
)
from terminology.fhir.outcome import Issue, from_error, operation_outcome

_log = logging.getLogger("proterm")


class LineTooLong(TooLarge):
    """The request line is over the limit."""


_STATUSES: tuple[tuple[type[ProtermError], int], ...] = (
    (NotAcceptable, 406),
    (UnsupportedMedia, 415),
    (LineTooLong, 414),
    (TooLarge, 413),
    (NotFound, 404),
    (InvalidInput, 400),
    (NotSupported, 400),
    (TooCostly, 422),
    (StoreUnavailable, 503),
    (ProtermError, 422),
)
_ISSUE_CODES = {404: "not-found", 405: "not-supported", 413: "too-long", 415: "not-supported"}
_SENTENCES = {
    404: "There is nothing at this address. The capability statement at /r4/metadata (or /r4b,"
    " /r5) lists what there is.",
    405: "The method {method} is not used at this address; use {allowed}.",
    413: "The body is over the limit of {limit} bytes (PROTERM_MAX_BODY).",
}


AWAY = (
    "The store can't be read now. The same request may succeed soon; the log of the service says"
    " what is wrong."
)
"""What strangers are told in place of the hosts, users and paths that the log names."""


def of_error(error: ProtermError) -> Answer:
    """The answer to an error of the domain."""
    if isinstance(error, StoreUnavailable):
        _log.warning("503: %s", error.message)
        error = StoreUnavailable(AWAY)
    status = next(status for kind, status in _STATUSES if isinstance(error, kind))
    headers = {"Retry-After": "2"} if status == 503 else {}
    return Answer(resource=from_error(error), status=status, headers=headers)


def of_http_error(error: HTTPException, method: str, limit: int) -> Answer:
    """The answer to what Flask refused: no such address, a wrong method, a body too large."""
    status = error.code or 500
    allowed = sorted(error.valid_methods or ()) if isinstance(error, MethodNotAllowed) else []
    spoken = [m for m in allowed if m not in ("HEAD", "OPTIONS")]
    text = error.description or error.name
    if status in _SENTENCES:
        said = {"method": method[:20], "allowed": " or ".join(spoken), "limit": limit}
        text = _SENTENCES[status].format(**said)
    issue = Issue("error", _ISSUE_CODES.get(status, "processing"), text)
    headers = {"Allow": ", ".join(allowed)} if allowed else {}
    return Answer(resource=operation_outcome((issue,)), status=status, headers=headers)


def of_fault(error: Exception) -> Answer:
    """The answer to a fault of our own: the log has the traceback, the client a sentence."""
    _log.error("A request failed by a fault of the service", exc_info=error)
    issue = Issue(
        "fatal",
        "exception",
        "The service failed on this request, and its log says why. It is a fault of the service,"
        " not of the request: please report it.",
    )
    return Answer(resource=operation_outcome((issue,)), status=500)
