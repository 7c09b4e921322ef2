"""Which format the client wants: JSON or XML, by `_format` or by Accept.

https://hl7.org/fhir/R5/http.html#mime-type and https://hl7.org/fhir/R5/http.html#parameters.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from terminology.errors import NotSupported, ProtermError
from terminology.fhir.versions import FhirVersion

JSON = "application/fhir+json"
XML = "application/fhir+xml"
FORMATS = (JSON, XML)

_NAMES = {
    "json": JSON,
    "xml": XML,
    "application/json": JSON,
    "text/json": JSON,
    "application/fhir+json": JSON,
    "application/json+fhir": JSON,
    "application/xml": XML,
    "text/xml": XML,
    "application/fhir+xml": XML,
    "application/xml+fhir": XML,
    # A browser asks for a page first; JSON is what it can show of a resource.
    "text/html": JSON,
    "html": JSON,
}
_WILDCARDS = ("*/*", "application/*", "text/*")
_STRICT = re.compile(r'(?:^|[,;])\s*handling\s*=\s*("?)strict\1\s*(?:$|[,;])', re.IGNORECASE)
_GZIP = re.compile(
    r"(?:^|,)\s*gzip\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?(?:$|,)", re.IGNORECASE
)


class NotAcceptable(ProtermError):
    """No format that the client takes is spoken here."""

    issue_code = "not-supported"


class UnsupportedMedia(NotSupported):
    """The body is in a format that is not spoken here."""


class _Range(NamedTuple):
    name: str
    version: str | None
    weight: float

    @property
    def format(self) -> str | None:
        return _NAMES.get(self.name)

    @property
    def formats(self) -> tuple[str, ...]:
        named = self.format
        return FORMATS if self.name in _WILDCARDS else (named,) if named else ()


@lru_cache(maxsize=512)
def response_format(accept: str, asked: str | None, version: FhirVersion) -> str:
    """The media type to answer in.

    Args:
        accept: the Accept header, empty where there is none.
        asked: the `_format` parameter; it goes before the header.
        version: the FHIR version of the endpoint.

    Raises:
        NotAcceptable: the client takes neither JSON nor XML of this version.
    """
    if asked is not None:
        # In a query a plus sign is a space: `application/fhir+json` arrives as with one.
        found = _parse(asked.replace(" ", "+", 1) if "/" in asked else asked)
        if found.format is None or not _speaks(found, version):
            raise NotAcceptable(
                f"The _format '{asked[:60]}' is not spoken at /{version.base}: use json or xml"
                f" (FHIR {version.mime})."
            )
        return found.format
    if not accept.strip():
        return JSON
    ranges = [_parse(part) for part in accept.split(",") if part.strip()]
    weights = _weights([r for r in ranges if _speaks(r, version)])
    best = max(weights, key=lambda name: weights[name], default=JSON)
    if not weights.get(best, 0) > 0:
        raise NotAcceptable(
            f"None of '{accept[:100]}' is spoken at /{version.base}: accept {JSON} or {XML}"
            f" (FHIR {version.mime})."
        )
    return best


@lru_cache(maxsize=512)
def request_format(content_type: str, version: FhirVersion) -> str:
    """The media type of a resource in a body.

    Raises:
        UnsupportedMedia: it is neither JSON nor XML of this version, or not in UTF-8.
    """
    found = _parse(content_type)
    if found.format is None or "/" not in found.name or found.name == "text/html":
        sent = f"'{content_type[:60]}'" if content_type else "a body without Content-Type"
        raise UnsupportedMedia(f"{sent} can't be read here: send {JSON} or {XML}.")
    if not _speaks(found, version):
        raise UnsupportedMedia(
            f"'{content_type[:60]}' is not the version of /{version.base}, FHIR {version.mime}."
        )
    charset = _parameters(content_type).get("charset", "utf-8").lower()
    if found.format == JSON and charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMedia(f"JSON is sent in UTF-8, not in {charset[:30]}.")
    return found.format


def strict_handling(prefer: str) -> bool:
    """Whether a Prefer header asks for `handling=strict`.

    https://hl7.org/fhir/R5/http.html#prefer; how it is written: RFC 7240, section 2.
    """
    return "handling" in prefer.lower() and _STRICT.search(prefer) is not None


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether an Accept-Encoding header names gzip, and not to refuse it (`gzip;q=0`)."""
    found = _GZIP.search(accept_encoding)
    return found is not None and float(found[1] or "1") > 0


def _weights(ranges: list[_Range]) -> dict[str, float]:
    """The weight of each format, in the order in which the client wrote them.

    What a client names outranks what a wildcard of its stands for, whatever they weigh:
    https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1.
    """
    found: dict[str, tuple[int, float]] = {}
    for each in ranges:
        precedence = 2 if each.format else 0 if each.name == "*/*" else 1
        for name in each.formats:
            found[name] = max(found.get(name, (0, 0.0)), (precedence, each.weight))
    return {name: weight for name, (_, weight) in found.items()}


def _parse(text: str) -> _Range:
    name = text.partition(";")[0].strip().lower()
    parameters = _parameters(text)
    try:
        weight = float(parameters.get("q", "1"))
    except ValueError:
        weight = 0.0
    if not 0 <= weight <= 1:
        weight = 0.0
    return _Range(name, parameters.get("fhirversion"), weight)


def _parameters(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";")[1:])
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in pairs}


def _speaks(found: _Range, version: FhirVersion) -> bool:
    return found.version in (None, "", version.mime, version.value)
