"""FHIR operations over HTTP: GET, form and Parameters, at type and at instance level."""

from collections.abc import Callable

import msgspec

from service.answers import Answer
from service.call import Call
from service.state import State
from terminology import languages
from terminology.errors import InvalidInput, NotFound
from terminology.fhir import json
from terminology.languages import InvalidLanguage
from terminology.operations.context import Context
from terminology.operations.registry import Operation
from terminology.operations.schema import fast_reader

Handler = Callable[..., Answer]
"""Takes the state that answers, the call, and the variable parts of the address by name."""

_IDENTITY = {
    ("CodeSystem", "lookup"): ("system", "version"),
    ("CodeSystem", "validate-code"): ("url", "version"),
    ("ValueSet", "validate-code"): ("url", "valueSetVersion"),
    ("ValueSet", "expand"): ("url", "valueSetVersion"),
    ("ValueSet", "batch-validate-code"): ("url", "valueSetVersion"),
    ("CodeSystem", "subsumes"): ("system", "version"),
    ("ConceptMap", "translate"): ("url", "conceptMapVersion"),
}
"""The parameters that name the resource, which an instance stands for."""
_WHOLE = {"CodeSystem": "codeSystem", "ValueSet": "valueSet"}
"""The parameters that are the resource."""


def type_level(operation: Operation) -> Handler:
    """The handler of `[base]/[type]/$[name]`."""
    read = fast_reader(operation.schema)
    schema, perform = operation.schema, operation.perform

    def handle(state: State, call: Call) -> Answer:
        request = None
        if call.method == "GET" and not call.strict:
            request = read([pair for pair in call.pairs if not pair[0].startswith("_")])
        if request is None:
            request = schema.read(call.sent(operation.body), strict=call.strict)
        context = context_of(state, call)
        if operation.body is not None:
            context = msgspec.structs.replace(context, base_url=call.base_url)
        return Answer(resource=perform(request, context), cacheable=True)

    return handle


def instance_level(operation: Operation) -> Handler:
    """The handler of `[base]/[type]/[id]/$[name]`."""
    named = _IDENTITY[(operation.resource_type, operation.name)]
    fixed = [name for name, f in operation.schema.described().items() if f.type_level_only]

    def handle(state: State, call: Call, id: str) -> Answer:
        sent = call.sent()
        for name in fixed:
            if name in sent:
                raise InvalidInput(
                    f"The parameter '{name}' has no place here: {operation.resource_type}/{id} is"
                    " named by the address.",
                    expression=name,
                )
        body = state.store.resource(operation.resource_type, id)
        if body is None:
            raise NotFound(f"There is no {operation.resource_type}/{id} here.")
        identity = msgspec.json.decode(body, type=_Identity)
        values = (identity.url, identity.version)
        sent |= {name: [value] for name, value in zip(named, values, strict=True) if value}
        if identity.url is None and operation.resource_type in _WHOLE:
            # It has no name by which the engine could find it, and is sent along itself.
            sent[_WHOLE[operation.resource_type]] = [json.decode(body)]
        request = operation.schema.read(sent, strict=call.strict)
        return Answer(resource=operation.perform(request, context_of(state, call)), cacheable=True)

    return handle


def context_of(state: State, call: Call) -> Context:
    """The engine's context for a call: HL7's own content in the version of the endpoint."""
    context = state.contexts[call.version]
    if not call.accept_language:
        return context
    try:
        languages.parse(call.accept_language)
    except InvalidLanguage:
        # A header that is none was not asked for by a person; a parameter that is none is refused.
        return context
    return msgspec.structs.replace(context, accept_language=call.accept_language)


def type_level_only(operation: Operation) -> Handler:
    """The handler of an instance in a version whose specification has the operation at types."""
    kind, name = operation.resource_type, operation.name

    def handle(_state: State, call: Call, id: str) -> Answer:
        if operation.body is not None:
            raise NotFound(
                f"There is no {kind}/{id} here, since none is kept: POST the {kind} to"
                f" {kind}/${name}."
            )
        raise NotFound(
            f"${name} is no operation of an instance in FHIR {call.version.value}: send it to"
            f" {kind}/${name}, with the parameters that name the resource, and not to {kind}/{id}."
        )

    return handle


class _Identity(msgspec.Struct):
    url: str | None = None
    version: str | None = None
