"""The CapabilityStatement: what the service answers at one of its bases.

https://hl7.org/fhir/R5/capabilitystatement.html. All of it is made from the registry of operations
and the table of search parameters, so that nothing is claimed that has no handler.
"""

from collections.abc import Iterable

from conformance.identity import (
    RELEASED,
    implementation,
    software_version,
    statement,
)
from conformance.operation_definitions import canonical_of
from conformance.versions import DEFINITION as VERSIONS_DEFINITION
from terminology.fhir.versions import FhirVersion
from terminology.model import Json
from terminology.operations.registry import OPERATIONS, Operation
from terminology.store.search.params import (
    SEARCHED_TYPES,
    SearchParameter,
    parameters_of,
)

FORMATS = ("application/fhir+json", "application/fhir+xml", "json", "xml")
"""What `_format` and Accept can ask for by FHIR's own names."""
TERMINOLOGY_SERVER = "http://hl7.org/fhir/CapabilityStatement/terminology-server"
_NO_SECURITY = "None: every interaction only reads, and no credentials are asked for."


def capability_statement(
    version: FhirVersion,
    base_url: str,
    resource_types: Iterable[str],
    release: str,
    *,
    cors: bool = True,
) -> Json:
    """The claims at one base, R5-shaped.

    Args:
        version: the FHIR version of the base; it decides levels and canonicals.
        base_url: the base, such as `https://tx.example/r4`, no slash at its end.
        resource_types: the types that are loaded; those with operations are added.
        release: the fingerprint of the loaded content.
        cors: whether pages from other origins may call.
    """
    types = sorted({*resource_types, *(operation.resource_type for operation in OPERATIONS)})
    title = f"Proterm, a terminology service for procedure coding, in FHIR {version.value}"
    return {
        **statement("CapabilityStatement", "Proterm", title, f"{base_url}/metadata", release),
        "instantiates": [TERMINOLOGY_SERVER],
        "software": {"name": "Proterm", "version": software_version(), "releaseDate": RELEASED},
        "implementation": implementation(base_url, release),
        "fhirVersion": version.value,
        "format": list(FORMATS),
        "rest": [
            {
                "mode": "server",
                "documentation": "Reading, searching and operations; nothing can be written.",
                "security": {
                    "cors": cors,
                    "service": [{"text": "None"}],
                    "description": _NO_SECURITY,
                },
                "resource": [_resource(name, version) for name in types],
                "interaction": [{"code": "batch"}],
                "operation": [{"name": "versions", "definition": VERSIONS_DEFINITION}],
            }
        ],
    }


def search_includes(resource_type: str) -> list[str]:
    """What `_include` takes in a search of the type, `InsurancePlan:owned-by`."""
    return [f"{resource_type}:{each.name}" for each in _references(resource_type)]


def search_reverse_includes(resource_type: str) -> list[str]:
    """What `_revinclude` takes in a search of the type, `Provenance:target`."""
    if resource_type not in SEARCHED_TYPES:
        return []
    return [
        f"{source}:{each.name}"
        for source in sorted(SEARCHED_TYPES)
        for each in _references(source)
        if not each.target or resource_type in each.target
    ]


def _references(resource_type: str) -> list[SearchParameter]:
    # Only a literal reference is followed, and only such a one has the modifier `:[type]`. A
    # canonical like CodeSystem.supplements can be searched by, but brings nothing along.
    return [each for each in parameters_of(resource_type).values() if "type" in each.modifiers]


def _resource(resource_type: str, version: FhirVersion) -> Json:
    resource: Json = {"type": resource_type}
    if resource_type in SEARCHED_TYPES:  # others are sent to an operation, and none is kept
        resource |= {
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "versioning": "no-version",
            "conditionalRead": "not-match",
        }
    lists = {
        "searchInclude": search_includes(resource_type),
        "searchRevInclude": search_reverse_includes(resource_type),
        "searchParam": [
            _search_parameter(each, resource_type, version)
            for each in parameters_of(resource_type).values()
        ],
        "operation": [
            _operation(o, version) for o in OPERATIONS if o.resource_type == resource_type
        ],
    }
    return resource | {name: found for name, found in lists.items() if found}


def _search_parameter(each: SearchParameter, resource_type: str, version: FhirVersion) -> Json:
    is_r5 = version is FhirVersion.R5
    return {
        "name": each.name,
        "definition": each.url if is_r5 else each.url_before_r5(resource_type),
        "type": each.type,
        "documentation": each.documentation,
    }


def _operation(operation: Operation, version: FhirVersion) -> Json:
    # A server that names FHIR's own definition claims all of it; ours says which part is served:
    # https://hl7.org/fhir/R4/capabilitystatement-definitions.html, rest.resource.operation.
    levels = "the type and at an instance" if at_instance(operation, version) else "the type only"
    return {
        "name": operation.name,
        "definition": canonical_of(operation),
        "documentation": f"{operation.description} It is served at {levels}.",
    }


def at_instance(operation: Operation, version: FhirVersion) -> bool:
    """Whether the operation is served at instance level in a FHIR version."""
    return version.base in operation.instance_versions
