"""Reading and searching resources: https://hl7.org/fhir/R5/http.html#read and #search."""

from conformance.operation_definitions import operation_definitions
from service.answers import Answer
from service.bundles import searchset
from service.call import FORM, Call
from service.negotiation import UnsupportedMedia
from service.operations import Handler
from service.search import parse_search
from service.state import State
from service.summary import summarised, with_elements
from terminology.errors import InvalidInput, NotFound
from terminology.fhir import json
from terminology.fhir.versions import FhirVersion
from terminology.model import Json

_MODES = ("true", "text", "data", "false")


def reader(resource_type: str) -> Handler:
    """The handler of `GET [base]/[type]/[id]`."""

    def handle(state: State, call: Call, id: str) -> Answer:
        body = state.store.resource(resource_type, id)
        if body is None:
            raise NotFound(f"There is no {resource_type}/{id} here.")
        call.refuse_unknown("_summary", "_elements")
        asked = dict(call.pairs)
        mode, elements = asked.get("_summary", "false"), asked.get("_elements")
        if mode not in _MODES:
            raise InvalidInput(
                f"_summary is '{mode[:20]}'; it takes one of {', '.join(_MODES)}.",
                expression="_summary",
            )
        if elements is None and mode == "false" and resource_type != "OperationDefinition":
            return Answer(resource=body, cacheable=True)
        resource = _as_served(json.decode(body), call.version)
        cut = with_elements(resource, elements.split(",")) if elements else None
        return Answer(resource=cut or summarised(resource, mode), cacheable=True)

    return handle


def searcher(resource_type: str) -> Handler:
    """The handler of `GET [base]/[type]` and `POST [base]/[type]/_search`."""

    def handle(state: State, call: Call) -> Answer:
        form = call.form()
        if form is None and call.body:
            raise UnsupportedMedia(f"A search is sent as a form, {FORM}, or in the address.")
        pairs = [*call.pairs, *(form or ())]
        search = parse_search(resource_type, pairs, strict=call.strict, settings=state.settings)
        bundle = searchset(search, state.store, call.base_url)
        for entry in bundle.get("entry", ()):
            entry["resource"] = _as_served(entry["resource"], call.version)
        return Answer(resource=bundle, cacheable=True)

    return handle


def _as_served(resource: Json, version: FhirVersion) -> Json:
    # Whether an operation is served at instance level is the one claim that differs by version,
    # and the store has R5's.
    if resource["resourceType"] != "OperationDefinition" or "instance" not in resource:
        return resource
    served = {d["id"]: d["instance"] for d in operation_definitions(version)}
    return resource | {"instance": served.get(resource["id"], resource["instance"])}
