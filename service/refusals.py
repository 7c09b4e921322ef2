"""What gunicorn refuses before the application sees it, said as FHIR says it.

gunicorn finds the status of a request that it can't read, and would send it with a page of HTML.
"""

import http

from terminology.fhir import json
from terminology.fhir.outcome import Issue, operation_outcome

# The OperationOutcome issue type (http://hl7.org/fhir/issue-type) and the sentence of a status.
_SENTENCES = {
    400: ("structure", "This is not an HTTP request that can be read: {}. Correct it."),
    403: ("forbidden", "The request was refused: {}."),
    414: ("too-long", "The request line is too long: {}. Send the parameters by POST."),
    417: ("not-supported", "The expectation can't be met: {}. Leave out the Expect header."),
    431: ("too-long", "The headers are too long or too many: {}. Send fewer."),
    501: ("not-supported", "The transfer coding is not known: {}. Send chunked, or a length."),
}
_FAILURE = ("exception", "The service failed at this request; its log says why.")


class Recorder:
    """Stands for a client's socket while gunicorn writes its page, and keeps the status."""

    status = 500

    def gettimeout(self) -> None:
        """The socket has none."""

    def setblocking(self, flag: bool) -> None:
        """A recorder never waits."""

    def sendall(self, page: bytes) -> None:
        """Read the status from the first line of the page, such as `HTTP/1.1 400 Bad Request`."""
        self.status = int(page.split(b" ", 2)[1])


def refusal(status: int, error: BaseException) -> bytes:
    """The whole HTTP answer for a request that was refused before the application saw it.

    Args:
        status: the HTTP status, from gunicorn.
        error: why, from gunicorn's parser.
    """
    code, sentence = _SENTENCES.get(status, _FAILURE)
    text = sentence.format(" ".join(str(error).split()).rstrip(".")[:200])
    body = json.encode(operation_outcome([Issue("error", code, text)]))
    head = (
        f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}\r\n"
        "Connection: close\r\n"
        "Content-Type: application/fhir+json; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
