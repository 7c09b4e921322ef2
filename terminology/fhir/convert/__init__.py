"""Resources between the R5 shape that is used inside and the versions on the wire."""

from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion


def to_version(resource: Json, version: FhirVersion) -> Json:
    """Write an R5-shaped resource as `version`; the argument itself where nothing changes."""
    return resource


def from_version(resource: Json, version: FhirVersion) -> Json:
    """Read a resource of `version` as R5-shaped; the argument itself where nothing changes."""
    return resource
