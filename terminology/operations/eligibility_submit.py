"""`CoverageEligibilityRequest/$submit`: what loaded plans say of the codes of a request.

https://hl7.org/fhir/R5/coverageeligibilityrequest-operation-submit.html.
"""

from datetime import UTC, datetime

import msgspec

from terminology.codesystems import cpt
from terminology.coverage.eligibility import response
from terminology.coverage.eligibility_items import asked
from terminology.coverage.eligibility_payers import Insurers
from terminology.coverage.eligibility_request import Request, submission
from terminology.coverage.plans import Plans
from terminology.errors import MissingInput, TooCostly
from terminology.fhir.eligibility import as_written
from terminology.fhir.outcome import InvalidResource
from terminology.fhir.structure import structure_issues
from terminology.model import Json
from terminology.operations.context import Context
from terminology.operations.fields import ResourceField
from terminology.operations.schema import ParametersSchema

MAX_ANSWERS = 1000
"""How many items an answer may have: those of the request for each of its coverages."""


class SubmitRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked; the parameter is described in `SubmitParameters`."""

    resource: Json | None = None


class SubmitParameters(ParametersSchema[SubmitRequest]):
    """The parameters of `$submit`."""

    request = SubmitRequest

    resource = ResourceField(
        "A CoverageEligibilityRequest, or a Bundle with one and with what it refers to: Coverage,"
        " Organization, Patient."
    )


def submit(request: SubmitRequest, context: Context) -> Json:
    """The CoverageEligibilityResponse, in the shape of the endpoint's version.

    Raises:
        MissingInput: nothing was submitted.
        InvalidInput: it is no valid request, or no Bundle with one.
        NotSupported: the Bundle holds several requests.
        TooCostly: items and coverages make more than 1,000 answers.
    """
    if request.resource is None:
        raise MissingInput(
            "Send a CoverageEligibilityRequest, or a Bundle with one.", expression="resource"
        )
    submitted = submission(request.resource, lambda body: _check(body, context))
    items, coverages = submitted.request.item, submitted.request.insurance
    if len(items) * max(len(coverages), 1) > MAX_ANSWERS:
        raise TooCostly(
            f"{len(items)} items for {len(coverages)} coverages would have more than {MAX_ANSWERS}"
            " answers; submit several requests."
        )
    day = submitted.request.day(context.day(None))
    store = context.code_systems.store
    answer = response(
        submitted,
        Insurers(store, context.base_url).insured(submitted),
        asked(items, context.code_systems),
        Plans(store),
        day=day,
        notice=_notice(submitted.request, context),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return as_written(answer, context.version)


def _notice(request: Request, context: Context) -> str | None:
    """The copyright of CPT, where codes of it are asked about."""
    concepts = [c for item in request.item for c in (item.product_or_service, *item.modifier) if c]
    if not any(coding.system == cpt.URL for concept in concepts for coding in concept.coding):
        return None
    provider = context.code_systems.find(cpt.URL)
    return provider.notice if provider is not None else None


def _check(body: Json, context: Context) -> None:
    issues = structure_issues(body, context.version)
    if issues:
        raise InvalidResource.of(issues)
