"""`$versions`: the FHIR versions of an endpoint.

https://hl7.org/fhir/R5/capabilitystatement-operation-versions.html.
"""

from collections.abc import Iterable

from terminology.fhir.versions import FhirVersion
from terminology.model import Json

DEFINITION = "http://hl7.org/fhir/OperationDefinition/CapabilityStatement-versions"


def versions(default: FhirVersion, supported: Iterable[FhirVersion] = ()) -> Json:
    """The answer as a Parameters resource, with versions as `4.0`.

    Args:
        default: the version of the endpoint.
        supported: the versions that a client can ask the same endpoint for with `fhirVersion` in
            a media type; if left out, the default alone. A version with an endpoint of its own
            is not among them: the operation tells what one endpoint understands.
    """
    found = dict.fromkeys((*supported, default))
    return {
        "resourceType": "Parameters",
        "parameter": [
            *({"name": "version", "valueCode": version.mime} for version in found),
            {"name": "default", "valueCode": default.mime},
        ],
    }
