"""`$validate` of a Procedure or a Claim: structure, codes, and the rules on what is reported.

https://hl7.org/fhir/R5/resource-operation-validate.html.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from terminology.canonical import split
from terminology.codesystems import cpt
from terminology.codesystems.catalog import CodeSystems
from terminology.coverage.payers import Payers
from terminology.errors import InvalidInput, MissingInput, NotSupported
from terminology.fhir.outcome import Issue, operation_outcome
from terminology.fhir.structure import structure_issues
from terminology.model import Json
from terminology.operations.context import Context
from terminology.operations.fields import (
    CanonicalField,
    CodeField,
    DateTimeField,
    ResourceField,
    StringField,
)
from terminology.operations.resource_validation.claim import read_claim
from terminology.operations.resource_validation.codes import merged
from terminology.operations.resource_validation.judging import Judged, judge
from terminology.operations.resource_validation.lines import Read
from terminology.operations.resource_validation.payer import Paying, payer_of
from terminology.operations.resource_validation.procedure import read_procedure
from terminology.operations.resource_validation.reading import an_object, left
from terminology.operations.schema import ParametersSchema
from terminology.operations.validation import day_issues
from terminology.rules.severity import Mode

MOST = 1000
"""How many issues are told of one resource."""
_MODES = ("create", "update", "profile")
_BASE = "http://hl7.org/fhir/StructureDefinition/"
_LISTED = 20

_KINDS: dict[str, tuple[Mode, Callable[[Json, CodeSystems, str | None], Read]]] = {
    "Procedure": ("procedure", read_procedure),
    "Claim": ("claim", read_claim),
}


class ValidateRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked; the parameters are described in `ValidateParameters`."""

    resource: Json | None = None
    mode: str | None = None
    profile: str | None = None
    payer: str | None = None
    date: str | None = None


class ValidateParameters(ParametersSchema[ValidateRequest]):
    """The parameters of `$validate`."""

    request = ValidateRequest
    refused = {  # noqa: RUF012 - marshmallow's metaclass reads class attributes
        "usageContext": "no binding that depends on it is checked here",
    }

    resource = ResourceField("The resource to validate.")
    mode = CodeField(
        "What is planned with the resource: create, update or profile. It is validated the same in"
        " each, and nothing is kept here, so that it changes nothing yet. delete is refused."
    )
    profile = CanonicalField(
        "The definition to validate against. The base definition of the resource type is what it is"
        " validated against anyway, so that it changes nothing yet; any other is refused."
    )
    payer = StringField(
        "Who is to pay, by whose rules it is judged: the id, a reference (`Organization/medicare`,"
        " `InsurancePlan/medicare`), an identifier (`system|value`), the canonical or the name of"
        " an Organization or InsurancePlan that is loaded. It goes before what the resource says."
    )
    date = DateTimeField(
        "The day of service, where the resource does not tell it; today if left out. Rules and"
        " tables are those of the day. A year or a month stands for its first day."
    )


def validator(kind: str) -> Callable[[ValidateRequest, Context], Json]:
    """The operation on a resource type, `Procedure` or `Claim`."""

    def perform(request: ValidateRequest, context: Context) -> Json:
        return validate(request, kind, context)

    return perform


def validate(request: ValidateRequest, kind: str, context: Context) -> Json:
    """The OperationOutcome of a resource.

    Args:
        request: what is asked.
        kind: the resource type of the operation.
        context: what is loaded, and the FHIR version of the endpoint.

    Raises:
        MissingInput: there is no resource.
        InvalidInput: it is of another type, or the mode is none.
        NotSupported: mode or profile are not served.
        TooCostly: it has more lines than a claim may have.
    """
    resource = _resource(request, kind, context)
    mode, read_lines = _KINDS[kind]
    systems = context.on(request.date).code_systems
    day = context.day(request.date)
    issues = structure_issues(resource, context.version)
    read = read_lines(resource, systems, request.date)
    paying = payer_of(
        request.payer, resource, Payers(systems.store, context.base_url), systems.rules
    )
    judged = judge(read, mode, paying, day, systems)
    issues += merged(read.issues)
    issues += judged.issues
    issues += paying.issues
    issues += _profiles(resource, kind)
    issues += day_issues(request.date)
    if read.groups and read.undated and request.date is None:
        issues.append(_undated(day, read.undated))
    if not any(issue.severity in ("error", "warning") for issue in issues):
        told = "; ".join((f"the structure of the {kind}", *_checked(read, judged, paying, day)))
        told = f"No error and no warning. Checked: {told}"
        issues.insert(0, Issue("information", "informational", told, (kind,)))
    provider = systems.find(cpt.URL) if read.holds_cpt else None
    return operation_outcome(_first(issues, kind), provider.notice if provider else None)


def _resource(request: ValidateRequest, kind: str, context: Context) -> Json:
    if request.mode == "delete":
        raise NotSupported(
            "The mode 'delete' is not supported: nothing is kept here that could be deleted.",
            expression="mode",
        )
    if request.mode is not None and request.mode not in _MODES:
        raise InvalidInput(
            f"The mode '{request.mode[:60]}' is unknown; it is one of {', '.join(_MODES)}.",
            expression="mode",
        )
    if request.profile is not None:
        _check_profile(request.profile, kind, context.version.value)
    resource = request.resource
    if resource is None:
        raise MissingInput(
            f"Send a {kind}: POST it by itself, or as the parameter 'resource' of Parameters.",
            expression="resource",
        )
    if resource["resourceType"] != kind:
        raise InvalidInput(
            f"The resource is a {resource['resourceType'][:60]}; {kind}/$validate takes a {kind}.",
            expression="resource",
        )
    return resource


def _check_profile(profile: str, kind: str, version: str) -> None:
    url, named = split(profile)
    if url != f"{_BASE}{kind}" or named not in (None, version):
        raise NotSupported(
            f"The profile '{profile[:200]}' is not supported: a {kind} is validated against"
            f" {_BASE}{kind} alone, in FHIR {version}.",
            expression="profile",
        )


def _profiles(resource: Json, kind: str) -> list[Issue]:
    claimed = an_object(resource, "meta").get("profile")
    named = [p for p in claimed if isinstance(p, str)] if isinstance(claimed, list) else []
    others = [profile for profile in named if split(profile)[0] != f"{_BASE}{kind}"]
    if not others:
        return []
    told = f"The profiles that the resource claims were not checked: {_listed(others)}"
    return [left(told, f"{kind}.meta.profile")]


def _undated(day: str, paths: tuple[str, ...]) -> Issue:
    told = f"No day of service can be told, so that rules and tables of {day} were taken"
    return Issue("information", "informational", told, paths)


def _checked(read: Read, judged: Judged, paying: Paying, day: str) -> Iterator[str]:
    lines = [reported for group in read.groups for reported in group]
    if not lines or not judged.checked:
        return
    yield f"{_listed(line.shown for line in lines)}, by {_listed(judged.checked)}"
    yield f"services of {_listed(line.line.date or day for line in lines)}"
    if paying.name:
        yield f"the payer {paying.name}"


def _listed(names: Iterable[str]) -> str:
    unique = list(dict.fromkeys(names))
    more = f" and {len(unique) - _LISTED} more" if len(unique) > _LISTED else ""
    return ", ".join(name[:100] for name in unique[:_LISTED]) + more


def _first(issues: Sequence[Issue], kind: str) -> Sequence[Issue]:
    if len(issues) <= MOST:
        return issues
    told = f"{len(issues) - MOST} more issues were found; send fewer lines at once to see them"
    return [*issues[:MOST], Issue("warning", "too-long", told, (kind,))]
