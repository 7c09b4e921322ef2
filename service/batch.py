"""Batch Bundles: several interactions in one request, each with its own outcome.

https://hl7.org/fhir/R5/http.html#transaction.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from service import errors
from service.answers import Answer
from service.call import Call, pairs_of
from terminology.errors import InvalidInput, MalformedInput, NotSupported, ProtermError, TooCostly
from terminology.fhir.versions import FhirVersion
from terminology.model import Json

MAX_ENTRIES = 1000
"""How many interactions one batch may have."""

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
Perform = Callable[[Call, str], Answer]
"""Runs the interaction of a call at a path below the base, errors turned into answers."""


def run_batch(call: Call, perform: Perform) -> Answer:
    """The answer to a Bundle of type batch.

    Raises:
        MalformedInput: the body is no Bundle with a list of entries.
        NotSupported: the Bundle is not a batch.
        TooCostly: it has more than 1,000 entries.
    """
    bundle = call.resource()
    if bundle.get("resourceType") != "Bundle":
        raise MalformedInput(
            f"The body is a {str(bundle.get('resourceType'))[:60]}; POST a Bundle of type batch"
            " here, or an operation at its own address."
        )
    if bundle.get("type") != "batch":
        raise NotSupported(
            f"The Bundle is of type {str(bundle.get('type'))[:60]}; only batch is performed:"
            " entries here only read, so that a transaction would add nothing.",
            expression="Bundle.type",
        )
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise MalformedInput("Bundle.entry must be a list.", expression="Bundle.entry")
    if len(entries) > MAX_ENTRIES:
        raise TooCostly(f"The batch has {len(entries)} entries; {MAX_ENTRIES} are the most.")
    answered = [_entry(call, entry, i, perform) for i, entry in enumerate(entries)]
    bundle = {"resourceType": "Bundle", "type": "batch-response"}
    return Answer(resource=bundle | ({"entry": answered} if answered else {}))


def _entry(call: Call, entry: Any, index: int, perform: Perform) -> Json:
    try:
        inner, path = _inner(call, entry, f"Bundle.entry[{index}]")
        answer = perform(inner, path)
    except ProtermError as error:
        answer = errors.of_error(error)
    resource = answer.decoded(FhirVersion.R5)
    response: Json = {"status": str(answer.status)}
    if answer.status >= 400:
        return {"response": response | {"outcome": resource}}
    return {"resource": resource, "response": response}


def _inner(call: Call, entry: Any, where: str) -> tuple[Call, str]:
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(request, dict) or not isinstance(request.get("url"), str):
        raise InvalidInput(f"{where} has no request with a method and a url.", expression=where)
    method = request.get("method")
    if method not in ("GET", "POST"):
        raise NotSupported(
            f"{where} asks for the method {str(method)[:60]}; GET and POST are performed here.",
            expression=f"{where}.request.method",
        )
    path, query = _address(call, request["url"], f"{where}.request.url")
    resource = entry.get("resource")
    return Call(
        version=call.version,
        method=method,
        pairs=pairs_of(query),
        base_url=call.base_url,
        strict=call.strict,
        accept_language=call.accept_language,
        content_type="application/fhir+json",
        body=resource if isinstance(resource, dict) else b"",
        inner=True,
    ), path


def _address(call: Call, url: str, where: str) -> tuple[str, str]:
    """The path below the base, escapes undone, and the query of an entry's url.

    It is relative to the base as `CodeSystem/cpt` is; the base itself may stand before it, whole
    or as its path alone.
    """
    address, _, query = url.partition("#")[0].partition("?")
    # No URL parser here: the host is what the client sent, and a parser may refuse it.
    below_host = f"/{call.base_url.partition('://')[2].partition('/')[2]}"
    for base in (call.base_url, below_host):
        if address == base or address.startswith(f"{base}/"):
            return unquote(address[len(base) :]).strip("/"), query
    if _ELSEWHERE.match(address):
        raise InvalidInput(
            f"{where} is {address[:100]}, which is not below {call.base_url}: write it relative to"
            " that, such as CodeSystem/cpt.",
            expression=where,
        )
    return unquote(address).removeprefix("/"), query
