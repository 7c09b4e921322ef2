"""Parts of a resource: `_summary` and `_elements`.

https://hl7.org/fhir/R5/search.html#summary and #elements. A resource that was cut says so with the
tag SUBSETTED, so that nobody writes it back as if it were whole.
"""

from collections.abc import Collection

from terminology.model import Json

SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
}

_ALWAYS = frozenset({"resourceType", "id", "meta", "implicitRules", "modifierExtension"})
_CANONICAL = frozenset(
    {"url", "identifier", "version", "versionAlgorithmString", "versionAlgorithmCoding", "name"}
    | {"title", "status", "experimental", "date", "publisher", "contact", "useContext"}
    | {"jurisdiction"}
)
_SUMMARY: dict[str, frozenset[str]] = {
    "CodeSystem": _CANONICAL
    | {"effectivePeriod", "caseSensitive", "valueSet", "hierarchyMeaning", "compositional"}
    | {"versionNeeded", "content", "supplements", "count", "filter", "property"},
    "ValueSet": _CANONICAL | {"immutable", "effectivePeriod"},
    "ConceptMap": _CANONICAL
    | {"effectivePeriod", "property", "additionalAttribute", "sourceScopeUri"}
    | {"sourceScopeCanonical", "targetScopeUri", "targetScopeCanonical"},
    "Questionnaire": _CANONICAL
    | {"derivedFrom", "subjectType", "description", "effectivePeriod", "code"},
    "OperationDefinition": _CANONICAL
    | {"kind", "affectsState", "code", "base", "resource", "system", "type", "instance"},
    "SearchParameter": _CANONICAL | {"description", "code", "base", "type"},
    "StructureDefinition": _CANONICAL
    | {"keyword", "fhirVersion", "kind", "abstract", "context", "contextInvariant", "type"}
    | {"baseDefinition", "derivation"},
    "Organization": frozenset({"identifier", "active", "type", "name", "description", "partOf"}),
    "InsurancePlan": frozenset(
        {"identifier", "status", "type", "name", "ownedBy", "administeredBy", "coverageArea"}
    ),
    "DocumentReference": frozenset(
        {"identifier", "version", "status", "docStatus", "modality", "type", "category", "subject"}
        | {"bodySite", "period", "date", "author", "relatesTo", "description", "securityLabel"}
        | {"content"}
    ),
    "Provenance": frozenset({"target", "recorded", "agent", "entity"}),
}
"""The elements of R5's definition of each type that are marked as part of the summary."""

_MANDATORY: dict[str, frozenset[str]] = {
    "CodeSystem": frozenset({"status", "content"}),
    "ValueSet": frozenset({"status"}),
    "ConceptMap": frozenset({"status"}),
    "Questionnaire": frozenset({"status"}),
    "OperationDefinition": frozenset(
        {"name", "status", "kind", "code", "system", "type", "instance"}
    ),
    "SearchParameter": frozenset({"url", "name", "status", "description", "code", "base", "type"}),
    "StructureDefinition": frozenset({"url", "name", "status", "kind", "abstract", "type"}),
    "DocumentReference": frozenset({"status", "content"}),
    # R4 requires `recorded` too, and what is cut from R5 has to be a resource there.
    "Provenance": frozenset({"target", "recorded", "agent"}),
}
"""The elements that a resource is invalid without, in R4 or R5."""

_CHOICES = frozenset({"versionAlgorithm", "sourceScope", "targetScope", "occurred"})
"""Elements with a type in their name: `_elements` gives them without it."""


def summarised(resource: Json, mode: str) -> Json:
    """What `_summary` leaves of a resource.

    Args:
        resource: R5-shaped JSON; it is not changed.
        mode: true, text or data; anything else leaves the resource whole.

    Returns:
        A new dict with the tag SUBSETTED, or the resource itself where it stays whole.
    """
    resource_type = resource["resourceType"]
    mandatory = _MANDATORY.get(resource_type, frozenset())
    if mode == "data":
        return _tagged({name: value for name, value in resource.items() if name != "text"})
    if mode == "text":
        return _cut(resource, mandatory | {"text"})
    if mode == "true" and resource_type in _SUMMARY:
        return _cut(resource, mandatory | _SUMMARY[resource_type])
    return resource


def with_elements(resource: Json, elements: Collection[str]) -> Json:
    """What `_elements` leaves of a resource: these, and what no resource is valid without."""
    chosen = frozenset(elements) | _MANDATORY.get(resource["resourceType"], frozenset())
    choices = tuple(chosen & _CHOICES)
    also = {name for name in resource if choices and name.startswith(choices)}
    return _cut(resource, chosen | also)


def _cut(resource: Json, names: frozenset[str]) -> Json:
    kept = names | _ALWAYS
    # A primitive's extensions stand beside it under the name with an underscore.
    return _tagged(
        {name: value for name, value in resource.items() if name.removeprefix("_") in kept}
    )


def _tagged(resource: Json) -> Json:
    meta = resource.get("meta", {})
    return resource | {"meta": meta | {"tag": [*meta.get("tag", []), SUBSETTED]}}
