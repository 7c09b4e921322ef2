"""Reading and searching resources: https://hl7.org/fhir/R5/http.html#read and #search."""

from service.answers import Answer
from service.bundles import searchset
from service.call import Call
from service.operations import Handler
from service.search import parse_search
from service.state import State
from service.summary import summarised, with_elements
from terminology.errors import InvalidInput, NotFound
from terminology.fhir import json

_MODES = ("true", "text", "data", "false")


def reader(state: State, resource_type: str) -> Handler:
    """The handler of `GET [base]/[type]/[id]`."""

    def handle(call: Call, id: str) -> Answer:
        body = state.store.resource(resource_type, id)
        if body is None:
            raise NotFound(f"There is no {resource_type}/{id} here.")
        asked = dict(call.pairs)
        mode, elements = asked.get("_summary", "false"), asked.get("_elements")
        if mode not in _MODES:
            raise InvalidInput(
                f"_summary is '{mode[:20]}'; it takes one of {', '.join(_MODES)}.",
                expression="_summary",
            )
        if elements:
            return Answer(
                resource=with_elements(json.decode(body), elements.split(",")), cacheable=True
            )
        if mode != "false":
            return Answer(resource=summarised(json.decode(body), mode), cacheable=True)
        return Answer(resource=body, cacheable=True)

    return handle


def searcher(state: State, resource_type: str) -> Handler:
    """The handler of `GET [base]/[type]` and `POST [base]/[type]/_search`."""

    def handle(call: Call) -> Answer:
        pairs = [*call.pairs, *(call.form() or ())]
        search = parse_search(resource_type, pairs, strict=call.strict, settings=state.settings)
        return Answer(resource=searchset(search, state.store, call.base_url), cacheable=True)

    return handle
