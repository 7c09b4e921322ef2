"""Coverage and CoverageEligibilityResponse, where R4 and R5 name things otherwise.

https://hl7.org/fhir/R4/coverage.html: `payor`, any number. https://hl7.org/fhir/R5/coverage.html:
`insurer`, at most one, and `insurancePlan`. Both resources stay in the shape in which they came or
go: parts of the request stand in the answer as they were sent.
"""

from terminology.fhir.convert.engine import R5_EXTENSION
from terminology.fhir.convert.steps import as_list, change, with_extensions
from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion

_EXPRESSION = f"{R5_EXTENSION}CoverageEligibilityResponse.error.expression"


def payers_of(coverage: Json) -> list[Json]:
    """The references of a Coverage that tell who pays, the most exact first.

    Args:
        coverage: of any version; nothing about it is trusted.

    Returns:
        That of the plan, then those of the organizations.
    """
    found = [
        coverage.get("insurancePlan"),
        coverage.get("insurer"),
        *as_list(coverage.get("payor")),
    ]
    return [reference for reference in found if isinstance(reference, dict)]


def as_written(response: Json, version: FhirVersion) -> Json:
    """A CoverageEligibilityResponse as a version has it.

    Args:
        response: with R5's elements, parts of the request in the shape of `version`.
        version: of the request.

    Returns:
        The resource; `error.expression`, which came with R5, is an extension before it.
    """
    if version is FhirVersion.R5 or "error" not in response:
        return response
    return response | {"error": [_error(error) for error in response["error"]]}


def _error(error: Json) -> Json:
    paths = as_list(error.get("expression"))
    return with_extensions(change(error, "expression"), _EXPRESSION, "valueString", paths)
