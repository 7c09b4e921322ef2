"""`ValueSet/$validate-code`: whether a code is in a value set.

https://hl7.org/fhir/R5/valueset-operation-validate-code.html.
"""

import msgspec

from terminology.canonical import split
from terminology.errors import MissingInput
from terminology.fhir import messages
from terminology.fhir.outcome import Issue
from terminology.model import Coding, Json, ValueSet
from terminology.operations.context import Context, as_model
from terminology.operations.fields import BooleanField, ResourceField, StringField, UriField
from terminology.operations.place import Found, Place
from terminology.operations.reasons import with_reasons
from terminology.operations.scoping import Many, VersionedParameters, scope_of
from terminology.operations.validation import (
    Checked,
    ValidationResult,
    candidates,
    day_issues,
    wanted_languages,
)
from terminology.operations.validation_parameters import ValidationParameters, ValidationRequest
from terminology.operations.valueset_check import Check
from terminology.valuesets.members import expansion_parameters, supplements_of
from terminology.valuesets.scope import Scope
from terminology.valuesets.statuses import references


class ValueSetValidateCodeRequest(ValidationRequest, frozen=True, kw_only=True):
    """What is asked; the parameters are described in `ValueSetValidateCodeParameters`."""

    value_set: Json | None = None
    value_set_version: str | None = None
    system: str | None = None
    version: str | None = None
    infer_system: bool = False
    active_only: bool = False
    membership_only: bool = False
    system_version: Many = ()
    check_system_version: Many = ()
    force_system_version: Many = ()
    default_valueset_version: Many = ()


class ValueSetValidateCodeParameters(
    ValidationParameters[ValueSetValidateCodeRequest],
    VersionedParameters[ValueSetValidateCodeRequest],
):
    """The parameters of `ValueSet/$validate-code`."""

    request = ValueSetValidateCodeRequest
    refused = {  # noqa: RUF012 - marshmallow's metaclass reads class attributes
        "context": "name the value set by url",
    }

    url = UriField("The value set, `url` or `url|version`.", type_level_only=True)
    value_set = ResourceField(
        "The value set itself, in place of `url`.", data_key="valueSet", type_level_only=True
    )
    value_set_version = StringField(
        "The version of the value set; the latest that is loaded if left out.",
        type_level_only=True,
        data_key="valueSetVersion",
    )
    system = UriField("The code system of the code.")
    version = StringField("The version of the code system.", data_key="systemVersion")
    infer_system = BooleanField(
        "Whether to find the system of a code that comes without one in the value set.",
        data_key="inferSystem",
        versions=("r5",),
    )
    active_only = BooleanField("Whether inactive codes are refused.", data_key="activeOnly")
    membership_only = BooleanField(
        "Whether to test only if the code is in the value set, and neither its display nor its"
        " code system.",
        data_key="valueset-membership-only",
        versions=("r5",),
    )


def validate_code(request: ValueSetValidateCodeRequest, context: Context) -> ValidationResult:
    """Whether a code, coding or codeable concept is in a value set.

    Raises:
        MissingInput: no value set, no code, or no code system for it.
        InvalidInput: more than one of code, coding and codeableConcept; a value set whose
            definition can't be read.
        NotFound: the value set or a supplement is not loaded.
    """
    context = request.context_of(context).on(request.date)
    value_set = value_set_of(request.url, request.value_set, request.value_set_version, context)
    scope = scope_of(request, context, supplements_of(value_set))
    scope.require_supplements()
    sent = candidates(_coding(request), request.coding, request.codeable_concept)
    single = request.codeable_concept is None
    check = Check(
        value_set=value_set,
        scope=scope,
        wanted=wanted_languages(language_of(request.display_language, value_set, context)),
        decides=single,
        infer_system=request.infer_system,
        abstract=request.abstract is not False,
        active_only=request.active_only,
        membership_only=request.membership_only,
        lenient=request.lenient_display_validation,
    )
    found = [check.run(candidate) for candidate in sent]
    issues = _issues(found, value_set, scope, single=single) + day_issues(request.date)
    concept = request.codeable_concept
    return ValidationResult(
        result=not any(issue.severity == "error" for issue in issues),
        issues=issues,
        shown=_shown(found, single=single),
        codeable_concept=msgspec.to_builtins(concept) if concept is not None else None,
        unknown_systems=tuple(dict.fromkeys(u for f in found for u in f.checked.unknown_systems)),
    )


def value_set_of(
    url: str | None, resource: Json | None, version: str | None, context: Context
) -> ValueSet:
    """The value set that a request names or brings along.

    Raises:
        MissingInput: it does neither.
        InvalidInput: what it brings is none.
        NotFound: what it names is not loaded.
    """
    if resource is not None:
        return as_model(resource, ValueSet)
    if url is None:
        raise MissingInput("Name the value set: send url.", expression="url")
    url, pinned = split(url)
    version = pinned or version
    return context.value_sets.get(f"{url}|{version}" if version else url)


def language_of(asked: str | None, value_set: ValueSet, context: Context) -> str | None:
    """The languages of displays: those asked for, else the value set's, else the client's."""
    stated = None
    if value_set.compose is not None:
        stated = expansion_parameters(value_set.compose).get("displayLanguage")
    return asked or stated or context.accept_language or value_set.language


def _coding(request: ValueSetValidateCodeRequest) -> Coding | None:
    if request.code is None:
        return None
    if request.system is None and not request.infer_system:
        raise MissingInput(
            f"The code '{request.code}' needs its code system: send system, or inferSystem=true.",
            expression="system",
        )
    return Coding(
        system=request.system,
        version=request.version,
        code=request.code,
        display=request.display,
    )


def _issues(found: list[Found], value_set: ValueSet, scope: Scope, *, single: bool) -> list[Issue]:
    issues = list(references(value_set, scope))
    if not single and all(f.place is Place.OUTSIDE for f in found):
        issues.append(messages.no_coding_in_value_set(value_set.canonical))
    # One coding inside is enough, and then what keeps another one outside only informs.
    decides = not any(f.place is Place.INSIDE for f in found)
    for one in found:
        own = one.checked.issues
        issues += with_reasons(own, one.reasons) if decides else own
    # An issue that names a rule holds a coding as JSON, which has no hash.
    return [issue for i, issue in enumerate(issues) if issue not in issues[:i]]


def _shown(found: list[Found], *, single: bool) -> Checked | None:
    if single:
        return found[0].checked
    inside = [f.checked for f in found if f.place is Place.INSIDE]
    return next((c for c in inside if not c.wrong), inside[0]) if inside else None
