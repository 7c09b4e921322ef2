"""`CodeSystem/$validate-code`: whether a code is in a code system.

https://hl7.org/fhir/R5/codesystem-operation-validate-code.html.
"""

import msgspec

from terminology.canonical import split
from terminology.codesystems.provider import Provider
from terminology.errors import MissingInput
from terminology.fhir import messages
from terminology.fhir.outcome import Issue
from terminology.languages import Languages
from terminology.model import Coding
from terminology.operations.context import Context
from terminology.operations.fields import StringField, UriField
from terminology.operations.validation import (
    Candidate,
    Checked,
    ValidationResult,
    candidates,
    day_issues,
    found_in_system,
    unknown_system,
    wanted_languages,
)
from terminology.operations.validation_parameters import ValidationParameters, ValidationRequest


class CodeSystemValidateCodeRequest(ValidationRequest, frozen=True, kw_only=True):
    """What is asked; the parameters are described in `CodeSystemValidateCodeParameters`."""

    version: str | None = None


class CodeSystemValidateCodeParameters(ValidationParameters[CodeSystemValidateCodeRequest]):
    """The parameters of `CodeSystem/$validate-code`."""

    request = CodeSystemValidateCodeRequest
    refused = {  # noqa: RUF012 - marshmallow's metaclass reads class attributes
        "codeSystem": "send the code system as tx-resource, and name it by url",
    }

    url = UriField(
        "The code system; not needed where a coding names its system.", type_level_only=True
    )
    version = StringField(
        "The version of the code system; the latest that is loaded if left out.",
        type_level_only=True,
    )


def validate_code(request: CodeSystemValidateCodeRequest, context: Context) -> ValidationResult:
    """Whether a code, coding or codeable concept is right in its code system.

    Raises:
        MissingInput: no code, or no code system for it.
        InvalidInput: more than one of code, coding and codeableConcept.
        NotFound: a supplement is not loaded.
    """
    context = request.context_of(context).on(request.date)
    context.code_systems.require(request.use_supplement)
    code = None
    if request.code is not None:
        if request.url is None:
            raise MissingInput(
                f"The code '{request.code}' needs its code system: send url.", expression="url"
            )
        code = Coding(
            system=request.url,
            version=request.version,
            code=request.code,
            display=request.display,
        )
    sent = candidates(code, request.coding, request.codeable_concept)
    wanted = wanted_languages(request.display_language or context.accept_language)
    checked = [_check(candidate, request, context, wanted) for candidate in sent]
    shown = next((c for c in checked if c.concept is not None and not c.wrong), checked[0])
    concept = request.codeable_concept
    return ValidationResult(
        result=not any(c.wrong for c in checked),
        issues=[*(issue for c in checked for issue in c.issues), *day_issues(request.date)],
        shown=shown,
        codeable_concept=msgspec.to_builtins(concept) if concept is not None else None,
        unknown_systems=tuple(unknown for c in checked for unknown in c.unknown_systems),
    )


def _check(
    candidate: Candidate,
    request: CodeSystemValidateCodeRequest,
    context: Context,
    wanted: Languages | None,
) -> Checked:
    coding = candidate.coding
    if coding.code is None:
        raise MissingInput("The coding has no code.", expression=candidate.code_path)
    url, pinned = split(coding.system or request.url or "")
    if not url or (request.url is not None and coding.system not in (None, request.url)):
        return Checked(coding=coding, issues=[_other_system(candidate, request.url)])
    systems = context.code_systems
    if systems.is_supplement(url):
        issue = messages.system_is_supplement(url, candidate.system_path)
        return Checked(coding=coding, issues=[issue])
    version = coding.version or pinned or request.version
    provider = systems.find(url, version)
    if provider is None:
        issue, named = unknown_system(url, version, systems, candidate.system_path)
        unknown = ("x-caused-by-unknown-system", named)
        return Checked(coding=coding, issues=[issue], unknown_systems=[unknown])
    if request.use_supplement:
        provider = systems.supplemented(provider, request.use_supplement)
    return _found(candidate, coding.code, provider, request, wanted)


def _found(
    candidate: Candidate,
    code: str,
    provider: Provider,
    request: CodeSystemValidateCodeRequest,
    wanted: Languages | None,
) -> Checked:
    placed = provider.find(code)
    if placed is None:
        issues = provider.refusals(code, candidate.code_path)
        return Checked(coding=candidate.coding, issues=issues, provider=provider)
    lenient = request.lenient_display_validation
    checked = found_in_system(candidate, provider, placed.concept, wanted, lenient=lenient)
    if request.abstract is False and provider.is_abstract(placed.concept):
        path = candidate.code_path
        checked.issues.append(messages.abstract_code(provider.head.url or "", code, path))
    return checked


def _other_system(candidate: Candidate, url: str | None) -> Issue:
    system, path = candidate.coding.system, candidate.system_path
    if system is None:
        text = "The coding has no system: send system with it, or url"
    else:
        text = f"The coding is of '{system}', not of '{url}'"
    return Issue("error", "invalid", text, (path,), tx_issue_type="invalid-data")
