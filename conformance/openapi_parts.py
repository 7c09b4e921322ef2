"""The pieces that the OpenAPI description repeats: schemas, parameters, bodies and answers."""

from collections.abc import Mapping

from terminology.model import Json
from terminology.operations.fields import FhirField
from terminology.store.search.params import SearchParameter

MEDIA_TYPES = ("application/fhir+json", "application/fhir+xml")
_FORM = "application/x-www-form-urlencoded"
_STRINGS: Json = {"type": "array", "items": {"type": "string"}}
_COUNT: Json = {"type": "integer", "minimum": 0}

FIELD_SCHEMAS: dict[str, Json] = {
    "string": {"type": "string"},
    "code": {"type": "string", "pattern": r"^[^\s]+( [^\s]+)*$"},
    "uri": {"type": "string", "format": "uri"},
    "canonical": {"type": "string"},
    "dateTime": {"type": "string"},
    "boolean": {"type": "boolean"},
    "integer": _COUNT | {"maximum": 2**31 - 1},
}
"""The JSON Schema of each FHIR type that a query can carry."""

RESULT_PARAMETERS: dict[str, tuple[Json, str]] = {
    "_count": (_COUNT, "How many matches a page has at most."),
    "_offset": (_COUNT, "How many matches stand before the page; the links of a page set it."),
    "_summary": (
        {"enum": ["true", "text", "data", "count", "false"]},
        "Which part of each resource to return; `count` returns the total alone.",
    ),
    "_elements": ({"type": "string"}, "The elements to return, separated by commas."),
    "_total": ({"enum": ["none", "estimate", "accurate"]}, "Whether to give the total."),
    "_include": (_STRINGS, "`[type]:[parameter]` of a reference to return the target of too."),
    "_revinclude": (_STRINGS, "`[type]:[parameter]` of references to the matches."),
    "_format": ({"type": "string"}, "json or xml; it goes before the Accept header."),
    "_pretty": ({"enum": ["true", "false"]}, "Whether to indent the answer."),
}
"""What a search takes beside its search parameters: schema and documentation by name."""

SCHEMAS: Json = {
    "Resource": {
        "description": "A FHIR resource in JSON, https://hl7.org/fhir/resourcelist.html",
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"type": "string"}},
    }
} | {
    name: {
        "allOf": [{"$ref": "#/components/schemas/Resource"}],
        "properties": {"resourceType": {"const": name}},
    }
    for name in (
        "Bundle",
        "CoverageEligibilityResponse",
        "OperationOutcome",
        "Parameters",
        "ValueSet",
    )
}


def answer(resource_type: str) -> Json:
    """A response that holds a resource of the type."""
    what = "Issues, each with a sentence" if resource_type == "OperationOutcome" else "Found"
    return {"description": what, "content": _content(resource_type)}


def body(resource_type: str) -> Json:
    """A request body that holds a resource of the type."""
    return {"required": True, "content": _content(resource_type)}


def form(properties: Mapping[str, Json]) -> Json:
    """The content of a body that is a form with these fields."""
    return {_FORM: {"schema": {"type": "object", "properties": dict(properties)}}}


def parameters() -> Json:
    """What stands under `components/parameters`."""
    found: Json = {
        name: {"name": name, "in": "query", "description": text, "schema": schema}
        for name, (schema, text) in RESULT_PARAMETERS.items()
    }
    identifier: Json = {"type": "string", "pattern": r"^[A-Za-z0-9\-.]{1,64}$"}
    found["id"] = {"name": "id", "in": "path", "required": True, "schema": identifier}
    return found


def references(*names: str) -> list[Json]:
    """References to the named parameters, and to those that choose the format."""
    wanted = dict.fromkeys((*names, "_format", "_pretty"))
    return [{"$ref": f"#/components/parameters/{name}"} for name in wanted]


def result_parameters() -> dict[str, Json]:
    """The schema of each result parameter of a search."""
    return {name: schema for name, (schema, _) in RESULT_PARAMETERS.items()}


def field_schema(field: FhirField) -> Json:
    """The schema of a parameter of an operation that a query can carry."""
    schema = FIELD_SCHEMAS[field.fhir_type]
    return {"type": "array", "items": schema} if field.repeats else schema


def field_parameter(name: str, field: FhirField) -> Json:
    """A parameter of an operation, in the query."""
    return {
        "name": name,
        "in": "query",
        "description": field.documentation,
        "schema": field_schema(field),
    }


def search_schema(parameter: SearchParameter) -> Json:
    """The schema of a search parameter: it may be sent several times, and all have to hold."""
    modifiers = ", ".join(f"`{parameter.name}:{name}`" for name in parameter.modifiers)
    text = f"A {parameter.type}; values between commas are alternatives."
    return _STRINGS | {"description": f"{text} Modifiers: {modifiers}." if modifiers else text}


def _content(resource_type: str) -> Json:
    schema = {"$ref": f"#/components/schemas/{resource_type}"}
    # XML carries the same resource; a JSON Schema has nothing to say of it.
    return {media: {"schema": schema} if media.endswith("json") else {} for media in MEDIA_TYPES}
