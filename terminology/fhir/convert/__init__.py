"""Resources between the R5 shape that is used inside and the versions on the wire.

`engine` applies the rules, one module for each family of resources holds them. R4B (4.3.0) has the
same elements as R4 (4.0.1) in all of these resources, so that one set of rules serves both.
"""

from typing import Any

from terminology.fhir.convert.concept_maps import CONCEPT_MAP, EQUIVALENCES, RELATIONSHIPS
from terminology.fhir.convert.conformance import (
    CAPABILITY_STATEMENT,
    OPERATION_DEFINITION,
    SEARCH_PARAMETER,
    TERMINOLOGY_CAPABILITIES,
)
from terminology.fhir.convert.coverage import INSURANCE_PLAN, ORGANIZATION
from terminology.fhir.convert.documents import DOCUMENT_REFERENCE, LIBRARY, PROVENANCE
from terminology.fhir.convert.engine import convert
from terminology.fhir.convert.questionnaires import QUESTIONNAIRE
from terminology.fhir.convert.steps import change
from terminology.fhir.convert.terminologies import CODE_SYSTEM, NAMING_SYSTEM, VALUE_SET
from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion

__all__ = ["EQUIVALENCES", "RELATIONSHIPS", "from_version", "to_version"]

_AS_SENT = frozenset(
    {"Claim", "CoverageEligibilityRequest", "CoverageEligibilityResponse", "Procedure"}
)
"""What is judged, and answered, in the shape of its own version, all it contains among it."""

SHAPES = {
    shape.path: shape
    for shape in (
        CAPABILITY_STATEMENT,
        CODE_SYSTEM,
        CONCEPT_MAP,
        DOCUMENT_REFERENCE,
        INSURANCE_PLAN,
        LIBRARY,
        NAMING_SYSTEM,
        OPERATION_DEFINITION,
        ORGANIZATION,
        PROVENANCE,
        QUESTIONNAIRE,
        SEARCH_PARAMETER,
        TERMINOLOGY_CAPABILITIES,
        VALUE_SET,
    )
}


def to_version(resource: Json, version: FhirVersion) -> Json:
    """Write an R5-shaped resource as `version` has it.

    Args:
        resource: R5-shaped; it is not written to.
        version: any that is spoken on the wire.

    Returns:
        The argument itself for R5, and where nothing changes. What R4 has no element for is an
        extension of the kind https://hl7.org/fhir/R5/versions.html#extensions describes.
    """
    return resource if version is FhirVersion.R5 else _resource(resource, down=True)


def from_version(resource: Json, version: FhirVersion) -> Json:
    """Read a resource of `version` as R5-shaped; undoes `to_version`.

    Args:
        resource: as it came; nothing about it is trusted, and what does not fit stays as it is.
        version: in which it came.

    Returns:
        The argument itself for R5, and where nothing changes.
    """
    return resource if version is FhirVersion.R5 else _resource(resource, down=False)


def _resource(resource: Any, *, down: bool) -> Any:
    if not isinstance(resource, dict):
        return resource
    name = resource.get("resourceType")
    if isinstance(name, str) and name in _AS_SENT:
        return resource
    if name == "Parameters":
        converted = _each(resource, "parameter", down=down)
        return _matches(converted) if down else converted
    if name == "Bundle":
        # Bundle.issues is new in R5, and no extension can hold a resource.
        dropped = down and "issues" in resource
        bundle = change(resource, "issues") if dropped else resource
        return _each(bundle, "entry", down=down)
    shape = SHAPES.get(name) if isinstance(name, str) else None
    result = resource if shape is None else convert(shape, resource, down=down)
    if "contained" in result:
        return _list(result, "contained", down=down)
    return result


def _matches(parameters: Json) -> Json:
    """Write the relationship in each match of `$translate` as R4 does, an equivalence."""
    entries = parameters.get("parameter")
    if not isinstance(entries, list):
        return parameters
    changed: dict[int, Json] = {}
    for index, entry in enumerate(entries):
        if type(entry) is not dict or entry.get("name") != "match":
            continue
        parts = entry.get("part")
        if isinstance(parts, list):
            changed[index] = entry | {"part": [_as_equivalence(part) for part in parts]}
    if not changed:
        return parameters
    written = [changed.get(index, entry) for index, entry in enumerate(entries)]
    return parameters | {"parameter": written}


def _as_equivalence(part: Any) -> Any:
    if type(part) is not dict or part.get("name") != "relationship":
        return part
    equivalence = EQUIVALENCES.get(str(part.get("valueCode")), "relatedto")
    return {"name": "equivalence", "valueCode": equivalence}


def _each(holder: Json, key: str, *, down: bool) -> Json:
    """Convert the resources in the parts of a Parameters, or in the entries of a Bundle."""
    parts = holder.get(key)
    if not isinstance(parts, list):
        return holder
    changed: list[Any] | None = None
    for index, part in enumerate(parts):
        if type(part) is not dict:
            continue
        if "resource" in part:
            resource = part["resource"]
            new = _resource(resource, down=down)
            result = part if new is resource else part | {"resource": new}
        elif "part" in part and _any_holder(part["part"]):
            result = _each(part, "part", down=down)
        else:
            continue
        if result is not part:
            changed = parts.copy() if changed is None else changed
            changed[index] = result
    return holder if changed is None else holder | {key: changed}


def _any_holder(parts: Any) -> bool:
    # Few parts hold resources, and an answer to $lookup has many parts.
    if isinstance(parts, list):
        for part in parts:
            if type(part) is dict and ("resource" in part or "part" in part):
                return True
    return False


def _list(holder: Json, key: str, *, down: bool) -> Json:
    resources = holder[key]
    if not isinstance(resources, list):
        return holder
    converted = [_resource(resource, down=down) for resource in resources]
    if all(new is old for new, old in zip(converted, resources, strict=True)):
        return holder
    return holder | {key: converted}
