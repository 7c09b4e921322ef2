"""The service as an OpenAPI 3.1 description, https://spec.openapis.org/oas/v3.1.0.html.

It is made from the registry of operations and the table of search parameters. The bases of the
FHIR versions are one variable of the server's URL; a path that not every version has names its own.
"""

from collections.abc import Iterable, Mapping, Sequence

from conformance.identity import software_version
from conformance.openapi_parts import (
    MEDIA_TYPES,
    SCHEMAS,
    answer,
    body,
    field_parameter,
    field_schema,
    form,
    parameters,
    references,
    result_parameters,
    search_schema,
)
from terminology.fhir.versions import FhirVersion
from terminology.model import Json
from terminology.operations.fields import FhirField
from terminology.operations.registry import OPERATIONS, Operation
from terminology.store.search.params import SEARCHED_TYPES, parameters_of

_BASES = tuple(version.base for version in FhirVersion)


def openapi(base_url: str, resource_types: Iterable[str] = SEARCHED_TYPES) -> Json:
    """The description of everything below the FHIR bases.

    Args:
        base_url: what stands before `/r4`, `/r4b` and `/r5`, no slash at its end.
        resource_types: the types that can be read and searched.
    """
    paths: Json = {"/": _batch(), "/metadata": _metadata(), "/$versions": _versions()}
    for resource_type in sorted(resource_types):
        paths |= _resource_paths(resource_type)
    for operation in OPERATIONS:
        paths |= _operation_paths(operation, base_url)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Proterm",
            "summary": "A FHIR terminology microservice for procedure coding",
            "version": software_version(),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [_server(base_url, _BASES)],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "parameters": parameters()},
    }


def _server(base_url: str, bases: Sequence[str]) -> Json:
    names = ", ".join(f"{v.base} is FHIR {v.value}" for v in FhirVersion if v.base in bases)
    variable = {"enum": list(bases), "default": bases[-1], "description": names}
    return {"url": f"{base_url}/{{base}}", "variables": {"base": variable}}


def _call(name: str, summary: str, tag: str, answered: str, **more: object) -> Json:
    return {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        **{key: value for key, value in more.items() if value},
        "responses": {"200": answer(answered), "default": answer("OperationOutcome")},
    }


def _batch() -> Json:
    summary = "Several of the interactions below in one request, a Bundle of type batch"
    return {"post": _call("batch", summary, "System", "Bundle", requestBody=body("Bundle"))}


def _metadata() -> Json:
    mode = {
        "name": "mode",
        "in": "query",
        "description": "terminology asks for the TerminologyCapabilities.",
        "schema": {"enum": ["full", "normative", "terminology"], "default": "full"},
    }
    given = [mode, *references()]
    summary = "What is served: the CapabilityStatement"
    return {"get": _call("metadata", summary, "System", "Resource", parameters=given)}


def _versions() -> Json:
    summary = "The FHIR version of this base"
    call = _call("versions", summary, "System", "Parameters", parameters=references())
    return {"get": call, "post": call | {"operationId": "versionsByPost"}}


def _resource_paths(resource_type: str) -> Json:
    known = parameters_of(resource_type)
    searched: list[Json] = [
        {
            "name": name,
            "in": "query",
            "description": each.documentation,
            "schema": search_schema(each),
        }
        for name, each in known.items()
    ]
    fields = {name: search_schema(each) for name, each in known.items()} | result_parameters()
    read = _call(
        f"read{resource_type}",
        f"Read a {resource_type} by its id",
        resource_type,
        "Resource",
        parameters=references("id", "_summary", "_elements"),
    )
    search = _call(
        f"search{resource_type}",
        f"Search {resource_type}",
        resource_type,
        "Bundle",
        parameters=[*searched, *references(*result_parameters())],
    )
    posted = _call(
        f"search{resource_type}ByForm",
        f"Search {resource_type} by a form",
        resource_type,
        "Bundle",
        parameters=references(),
        requestBody={"required": True, "content": form(fields)},
    )
    return {
        f"/{resource_type}": {"get": search},
        f"/{resource_type}/_search": {"post": posted},
        f"/{resource_type}/{{id}}": {"get": read},
    }


def _operation_paths(operation: Operation, base_url: str) -> Json:
    kind, name = operation.resource_type, operation.name
    paths: Json = {f"/{kind}/${name}": _operation(operation, at_instance=False)}
    bases = [base for base in _BASES if base in operation.instance_versions]
    if bases:
        item = _operation(operation, at_instance=True)
        if bases != list(_BASES):
            item = {"servers": [_server(base_url, bases)]} | item
        paths[f"/{kind}/{{id}}/${name}"] = item
    return paths


def _operation(operation: Operation, *, at_instance: bool) -> Json:
    described = {
        name: field
        for name, field in operation.schema.described().items()
        if not (at_instance and field.type_level_only)
    }
    if operation.body is not None:
        return {"post": _bare(operation, described)}
    as_text = {name: field for name, field in described.items() if field.as_text}
    level = "Instance" if at_instance else "Type"
    name = f"{operation.resource_type}-{operation.name}-{level}"
    addressed = references("id") if at_instance else references()
    common: Mapping[str, object] = {"description": operation.description}
    content = body("Parameters")["content"] | form(
        {name: field_schema(field) for name, field in as_text.items()}
    )
    return {
        "get": _call(
            f"{name}-get",
            operation.title,
            operation.resource_type,
            operation.output,
            parameters=[*addressed, *(field_parameter(*each) for each in as_text.items())],
            **common,
        ),
        "post": _call(
            f"{name}-post",
            f"{operation.title}, its parameters in the body",
            operation.resource_type,
            operation.output,
            parameters=addressed,
            requestBody={"description": _names(described), "content": content},
            **common,
        ),
    }


def _bare(operation: Operation, described: Mapping[str, FhirField]) -> Json:
    """The call of an operation that takes a resource as it is, the rest in the query."""
    kind = operation.resource_type
    in_query = [field_parameter(*each) for each in described.items() if each[1].as_text]
    return _call(
        f"{kind}-{operation.name}-Type-post",
        operation.title,
        kind,
        operation.output,
        parameters=[*references(), *in_query],
        requestBody={
            "description": f"A {kind} by itself ({' or '.join(MEDIA_TYPES)}), or a Parameters"
            f" resource with any of {', '.join(described)}.",
            **body("Resource"),
        },
        description=operation.description,
    )


def _names(described: Iterable[str]) -> str:
    return (
        f"A Parameters resource ({' or '.join(MEDIA_TYPES)}) or a form, with any of"
        f" {', '.join(described)}. A form can't carry those of a complex type."
    )
