"""`CodeSystem/$validate-code`: whether a code is in a code system.

https://hl7.org/fhir/R5/codesystem-operation-validate-code.html.
"""

import msgspec

from terminology.canonical import split
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
    found_in_system,
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
        "codeSystem": "load the code system first, and name it by url",
        "lenient-display-validation": "look at the issue's kind, invalid-display",
        "tx-resource": "load the resource first",
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
    context.code_systems.require(request.use_supplement)
    sent = candidates(code, request.coding, request.codeable_concept)
    wanted = wanted_languages(request.display_language)
    checked = [_check(candidate, request, context, wanted) for candidate in sent]
    shown = next((c for c in checked if c.concept is not None and not c.wrong), checked[0])
    concept = request.codeable_concept
    return ValidationResult(
        result=not any(c.wrong for c in checked),
        issues=[issue for c in checked for issue in c.issues],
        shown=shown,
        codeable_concept=msgspec.to_builtins(concept) if concept is not None else None,
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
    if request.url is not None and coding.system not in (None, request.url):
        text = f"The coding is of '{coding.system}', not of '{request.url}'"
        return Checked(coding=coding, issues=[_other_system(text, candidate.system_path)])
    if not url:
        return Checked(coding=coding, issues=[_other_system("The coding has no system", "")])
    version = coding.version or pinned or request.version
    provider = context.code_systems.find(url, version)
    if provider is None:
        return _unknown_system(candidate, url, version, context)
    if request.use_supplement:
        provider = context.code_systems.supplemented(provider, request.use_supplement)
    placed = provider.find(coding.code)
    if placed is None:
        issue = provider.unknown_code(coding.code, candidate.code_path)
        return Checked(coding=coding, issues=[issue], provider=provider)
    checked = found_in_system(candidate, provider, placed.concept, wanted)
    if request.abstract is False and provider.is_abstract(placed.concept):
        path = candidate.code_path
        checked.issues.append(messages.abstract_code(url, coding.code, path))
    return checked


def _unknown_system(
    candidate: Candidate, url: str, version: str | None, context: Context
) -> Checked:
    known = [v or "(none)" for v in context.code_systems.versions(url)]
    path = candidate.system_path
    if version and known:
        issue = messages.unknown_system_version(url, version, known, path)
        named = f"{url}|{version}"
    else:
        issue, named = messages.unknown_system(url, path), url
    return Checked(coding=candidate.coding, issues=[issue], unknown_system=named)


def _other_system(text: str, path: str) -> Issue:
    return Issue("error", "invalid", text, (path,) if path else (), tx_issue_type="invalid-data")
