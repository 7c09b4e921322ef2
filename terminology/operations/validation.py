"""What the two forms of `$validate-code` share: the result, and a code against its code system.

https://hl7.org/fhir/R5/valueset-operation-validate-code.html.
"""

import msgspec

from terminology import languages
from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput, MissingInput
from terminology.fhir import messages
from terminology.fhir.outcome import Issue, operation_outcome
from terminology.languages import Languages
from terminology.model import CodeableConcept, Coding, Concept, Json
from terminology.operations.context import Context
from terminology.operations.displays import check_display

_IN_MESSAGE = frozenset(
    {
        "INACTIVE_CONCEPT_FOUND",
        "DEPRECATED_CONCEPT_FOUND",
        "Coding_has_no_system__cannot_validate",
        "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK",
        "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR",
        "Display_Name_for__should_be_one_of__instead_of",
        "Display_Name_WS_for__should_be_one_of__instead_of",
    }
)
"""What `message` repeats beside the errors."""

_PARTIAL = {4: "year", 7: "month"}
"""What a date is, by its length, where it is no day."""


class Candidate(msgspec.Struct, frozen=True):
    """One coding to be checked, and where it stands in the request."""

    coding: Coding
    code_path: str
    system_path: str
    version_path: str
    display_path: str
    path: str


class Checked(msgspec.Struct, kw_only=True):
    """What was found of one coding."""

    coding: Coding
    issues: list[Issue]
    provider: Provider | None = None
    concept: Concept | None = None
    display: str | None = None
    normalized: str | None = None
    inactive: bool = False
    status: str | None = None
    unknown_systems: list[tuple[str, str]] = []
    """Of each code system that is not known, the parameter that tells it, and its name."""

    @property
    def wrong(self) -> bool:
        """Whether an issue found here makes the result false."""
        return any(issue.severity == "error" for issue in self.issues)


class ValidationResult(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the code is right, and all that was found."""

    result: bool
    issues: list[Issue]
    shown: Checked | None
    """The coding whose code, system, version and display are answered."""
    codeable_concept: Json | None = None
    unknown_systems: tuple[tuple[str, str], ...] = ()
    """(parameter, system) of each code system that is not known."""

    def parameters(self) -> Json:
        """The answer as a Parameters resource."""
        found: list[Json] = [{"name": "result", "valueBoolean": self.result}]
        message = self._message()
        if message:
            found.append({"name": "message", "valueString": message})
        if self.shown is not None:
            found.extend(_described(self.shown))
        found.extend(
            {"name": name, "valueCanonical": canonical} for name, canonical in self.unknown_systems
        )
        if self.codeable_concept is not None:
            found.append({"name": "codeableConcept", "valueCodeableConcept": self.codeable_concept})
        if self.issues:
            found.append({"name": "issues", "resource": operation_outcome(self.issues)})
        return {"resourceType": "Parameters", "parameter": found}

    def _message(self) -> str:
        texts = [
            issue.text
            for issue in self.issues
            if issue.severity == "error" or issue.message_id in _IN_MESSAGE
        ]
        return "; ".join(dict.fromkeys(texts))


def day_issues(date: str | None) -> list[Issue]:
    """What is to be said of how the parameter `date` was read: a year or a month alone."""
    if date is None or len(date) not in _PARTIAL:
        return []
    told = f"The date {date} is a {_PARTIAL[len(date)]} alone; its first day,"
    told += f" {Context.day(date)}, was taken"
    return [Issue("information", "informational", told, ("date",))]


def candidates(
    code: Coding | None, coding: Coding | None, concept: CodeableConcept | None
) -> list[Candidate]:
    """The codings that a request sent in one of its three ways.

    Raises:
        MissingInput: it sent none.
        InvalidInput: it sent them in more than one way.
    """
    sent = [name for name, value in (("code", code), ("coding", coding)) if value is not None]
    sent += ["codeableConcept"] if concept is not None else []
    if not sent:
        raise MissingInput("Send a code, a coding or a codeableConcept.", expression="code")
    if len(sent) > 1:
        raise InvalidInput(f"Send one of {' and '.join(sent)}, not both.", expression=sent[1])
    if code is not None:
        return [Candidate(code, "code", "system", "version", "display", "code")]
    if coding is not None:
        return [_within(coding, "Coding")]
    if concept is None or not concept.coding:
        raise MissingInput("The codeableConcept has no coding.", expression="codeableConcept")
    return [_within(c, f"CodeableConcept.coding[{i}]") for i, c in enumerate(concept.coding)]


def found_in_system(
    candidate: Candidate,
    provider: Provider,
    concept: Concept,
    wanted: Languages | None,
    *,
    lenient: bool = False,
) -> Checked:
    """What the code system says of a coding whose code it has."""
    sent = candidate.coding.code or ""
    issues: list[Issue] = []
    if sent != concept.code and sent.casefold() == concept.code.casefold():
        path = candidate.code_path
        issues.append(messages.case_difference(sent, concept.code, provider.head, path))
    display, path = candidate.coding.display, candidate.display_path
    issues += check_display(display, provider, concept, wanted, path, lenient=lenient)
    issues += provider.remarks(sent, candidate.code_path)
    status = provider.status(concept)
    inactive = provider.is_inactive(concept)
    if inactive:
        said = f"{status} and inactive" if status not in (None, "inactive") else "inactive"
        issues.append(messages.inactive_concept(sent, said, candidate.path))
    elif status == "deprecated":
        issues.append(messages.deprecated_concept(sent, candidate.code_path))
    return Checked(
        coding=candidate.coding,
        issues=issues,
        provider=provider,
        concept=concept,
        display=languages.display_of(concept, provider.head.language, wanted),
        normalized=concept.code if sent != concept.code else None,
        inactive=inactive,
        status=status if status != "active" else None,
    )


def unknown_system(
    system: str, version: str | None, code_systems: CodeSystems, path: str
) -> tuple[Issue, str]:
    """The issue of a code system that is not loaded, and its name with the version asked for."""
    if version is None:
        return messages.unknown_system(system, path), system
    known = [v for v in code_systems.versions(system) if v]
    issue = messages.unknown_system_version(system, version, known, path)
    return issue, f"{system}|{version}" if known else system


def wanted_languages(text: str | None) -> Languages | None:
    """The languages of a `displayLanguage` parameter."""
    return languages.parse(text) if text else None


def _within(coding: Coding, path: str) -> Candidate:
    return Candidate(
        coding, f"{path}.code", f"{path}.system", f"{path}.version", f"{path}.display", path
    )


def _described(checked: Checked) -> list[Json]:
    coding, provider = checked.coding, checked.provider
    found: list[Json] = []
    if coding.code is not None:
        found.append({"name": "code", "valueCode": coding.code})
    if coding.system is not None:
        found.append({"name": "system", "valueUri": coding.system})
    if provider is not None and provider.head.version:
        found.append({"name": "version", "valueString": provider.head.version})
    if checked.display is not None:
        found.append({"name": "display", "valueString": checked.display})
    if checked.normalized is not None:
        found.append({"name": "normalized-code", "valueCode": checked.normalized})
    if checked.inactive:
        found.append({"name": "inactive", "valueBoolean": True})
    if checked.status is not None:
        found.append({"name": "status", "valueCode": checked.status})
    return found + _notice(provider)


def _notice(provider: Provider | None) -> list[Json]:
    if provider is None or provider.notice is None:
        return []
    return [{"name": "copyright", "valueString": provider.notice}]
