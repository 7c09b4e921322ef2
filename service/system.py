"""What the service says of itself: capabilities, versions, an OpenAPI description."""

from conformance.capability import capability_statement
from conformance.terminology_capabilities import terminology_capabilities
from conformance.versions import versions
from service.answers import Answer
from service.call import Call
from service.state import State
from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.store.search.params import SEARCHED_TYPES

_MODES = ("full", "normative", "terminology")


def metadata(state: State, call: Call) -> Answer:
    """Answer `GET [base]/metadata`."""
    call.refuse_unknown("mode")
    mode = dict(call.pairs).get("mode", "full")
    if mode not in _MODES:
        raise InvalidInput(
            f"The mode is '{mode[:20]}'; it takes one of {', '.join(_MODES)}.",
            expression="mode",
        )
    return Answer(resource=_statement(state, call, mode), cacheable=True)


def fhir_versions(_state: State, call: Call) -> Answer:
    """Answer `[base]/$versions`."""
    call.refuse_unknown()
    return Answer(resource=versions(call.version), cacheable=True)


def _statement(state: State, call: Call, mode: str) -> Json:
    if mode == "terminology":
        context = state.contexts[call.version]
        return terminology_capabilities(
            call.version,
            call.base_url,
            context.code_systems.heads(),
            state.store.release,
            context.limits,
            context.code_systems.version_meant,
        )
    return capability_statement(
        call.version,
        call.base_url,
        SEARCHED_TYPES,
        state.store.release,
        cors=bool(state.settings.cors_origins),
    )
