"""`ValueSet/$validate-code`: whether a code is in a value set.

https://hl7.org/fhir/R5/valueset-operation-validate-code.html.
"""

import msgspec

from terminology.canonical import split
from terminology.codesystems.provider import Provider
from terminology.errors import MissingInput, NotFound
from terminology.fhir import messages
from terminology.fhir.outcome import Issue
from terminology.languages import Languages
from terminology.model import Coding, ValueSet
from terminology.operations.context import Context
from terminology.operations.fields import BooleanField, StringField, UriField
from terminology.operations.validation import (
    Candidate,
    Checked,
    ValidationResult,
    candidates,
    found_in_system,
    wanted_languages,
)
from terminology.operations.validation_parameters import ValidationParameters, ValidationRequest
from terminology.valuesets.members import check_imports
from terminology.valuesets.membership import Member, find_member, systems_of
from terminology.valuesets.wording import worded


class ValueSetValidateCodeRequest(ValidationRequest, frozen=True, kw_only=True):
    """What is asked; the parameters are described in `ValueSetValidateCodeParameters`."""

    value_set_version: str | None = None
    system: str | None = None
    system_version: str | None = None
    infer_system: bool = False


class ValueSetValidateCodeParameters(ValidationParameters[ValueSetValidateCodeRequest]):
    """The parameters of `ValueSet/$validate-code`."""

    request = ValueSetValidateCodeRequest
    refused = {  # noqa: RUF012 - marshmallow's metaclass reads class attributes
        "valueSet": "load the value set first, and name it by url",
        "context": "name the value set by url",
        "activeOnly": "look at the part inactive of the answer",
        "valueset-membership-only": "look at the issues' kinds",
        "lenient-display-validation": "look at the issue's kind, invalid-display",
        "system-version": "name the version in the value set",
        "check-system-version": "name the version in the value set",
        "force-system-version": "name the version in the value set",
        "default-valueset-version": "name the version in the value set",
        "tx-resource": "load the resource first",
    }

    url = UriField("The value set.", type_level_only=True)
    value_set_version = StringField(
        "The version of the value set; the latest that is loaded if left out.",
        type_level_only=True,
        data_key="valueSetVersion",
    )
    system = UriField("The code system of the code.")
    system_version = StringField("The version of the code system.", data_key="systemVersion")
    infer_system = BooleanField(
        "Whether to find the system of a code that comes without one in the value set.",
        data_key="inferSystem",
        versions=("r5",),
    )


def validate_code(request: ValueSetValidateCodeRequest, context: Context) -> ValidationResult:
    """Whether a code, coding or codeable concept is in a value set.

    Raises:
        MissingInput: no value set, no code, or no code system for it.
        InvalidInput: more than one of code, coding and codeableConcept; a value set whose
            definition can't be read.
        NotFound: the value set or a supplement is not loaded. What the value set itself names
            and is not loaded is an issue of the result.
        CircularReference: the value set imports itself.
    """
    value_set = _value_set(request, context)
    check_imports(value_set, context.value_sets)
    context.code_systems.require(request.use_supplement)
    sent = candidates(_coding(request), request.coding, request.codeable_concept)
    wanted = wanted_languages(request.display_language)
    single = request.codeable_concept is None
    check = _Check(value_set, request, context, wanted, single)
    checked = [check.run(candidate) for candidate in sent]
    issues = [issue for found in checked for issue in found.issues]
    if not single and not any(found.member for found in checked):
        issues.insert(0, messages.no_coding_in_value_set(value_set.canonical))
    concept = request.codeable_concept
    return ValidationResult(
        result=not any(issue.severity == "error" for issue in issues),
        issues=issues,
        shown=checked[0] if single else next((c for c in checked if c.member), None),
        codeable_concept=msgspec.to_builtins(concept) if concept is not None else None,
    )


def _value_set(request: ValueSetValidateCodeRequest, context: Context) -> ValueSet:
    if request.url is None:
        raise MissingInput("Name the value set: send url.", expression="url")
    url, version = split(request.url)
    version = version or request.value_set_version
    return context.value_sets.get(f"{url}|{version}" if version else url)


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
        version=request.system_version,
        code=request.code,
        display=request.display,
    )


class _Check(msgspec.Struct, frozen=True):
    """One coding against the value set."""

    value_set: ValueSet
    request: ValueSetValidateCodeRequest
    context: Context
    wanted: Languages | None
    decides: bool
    """Whether this coding alone decides the result: it is not one of a codeable concept."""

    def run(self, candidate: Candidate) -> Checked:
        """What was found of the coding."""
        try:
            return self._run(candidate)
        except NotFound as error:
            issue = Issue("error", "not-found", error.message, tx_issue_type=error.tx_issue_type)
            return Checked(coding=candidate.coding, issues=[issue])

    def _run(self, candidate: Candidate) -> Checked:
        coding = candidate.coding
        if coding.code is None:
            raise MissingInput("The coding has no code.", expression=candidate.code_path)
        if coding.system is None:
            candidate, issue = self._inferred(candidate, coding.code)
            if issue is not None:
                return Checked(coding=coding, issues=[issue, self._outside(candidate)])
        return self._check(candidate, candidate.coding.system or "", coding.code)

    def _inferred(self, candidate: Candidate, code: str) -> tuple[Candidate, Issue | None]:
        named = self.value_set.canonical
        if not self.request.infer_system:
            return candidate, messages.no_system(candidate.path)
        sets = self.context.value_sets
        systems = [
            system
            for system in systems_of(self.value_set, sets)
            if find_member(self.value_set, system, code, sets) is not None
        ]
        if not systems:
            return candidate, messages.cannot_infer(code, named, candidate.code_path)
        if len(systems) > 1:
            path = candidate.code_path
            return candidate, messages.ambiguous_system(code, named, systems, path)
        coding = msgspec.structs.replace(candidate.coding, system=systems[0])
        return msgspec.structs.replace(candidate, coding=coding), None

    def _check(self, candidate: Candidate, system: str, code: str) -> Checked:
        member = find_member(self.value_set, system, code, self.context.value_sets)
        if member is None:
            return self._not_member(candidate, system, code)
        provider = self._supplemented(member.provider)
        concept = (provider.find(code) or member.placed).concept
        concept = worded(concept, provider.head.language, member.reference)
        checked = found_in_system(candidate, provider, concept, self.wanted)
        checked.issues.extend(self._of_member(candidate, member))
        checked.member = True
        return checked

    def _of_member(self, candidate: Candidate, member: Member) -> list[Issue]:
        provider, coding = member.provider, candidate.coding
        issues: list[Issue] = []
        if coding.version is not None and coding.version != provider.head.version:
            included = provider.head.version or ""
            path = candidate.version_path
            system = coding.system or ""
            issues.append(messages.version_mismatch(system, included, coding.version, path))
        if self.request.abstract is False and provider.is_abstract(member.placed.concept):
            system, code = coding.system or "", coding.code or ""
            issues.append(messages.abstract_code(system, code, candidate.code_path))
        return issues

    def _not_member(self, candidate: Candidate, system: str, code: str) -> Checked:
        outside = self._outside(candidate)
        provider = self.context.code_systems.find(system, candidate.coding.version)
        if provider is None:
            return self._unknown_system(candidate, system, outside)
        provider = self._supplemented(provider)
        placed = provider.find(code)
        if placed is None:
            issue = provider.unknown_code(code, candidate.code_path)
            return Checked(coding=candidate.coding, issues=[outside, issue], provider=provider)
        checked = found_in_system(candidate, provider, placed.concept, self.wanted)
        checked.issues.insert(0, outside)
        if checked.inactive and self.value_set.compose and self.value_set.compose.inactive is False:
            checked.issues.append(messages.not_active(code, candidate.code_path))
        return checked

    def _unknown_system(self, candidate: Candidate, system: str, outside: Issue) -> Checked:
        version = candidate.coding.version
        known = [v or "(none)" for v in self.context.code_systems.versions(system)]
        path = candidate.system_path
        if version and known:
            issue = messages.unknown_system_version(system, version, known, path)
            named = f"{system}|{version}"
        else:
            issue, named = messages.unknown_system(system, path), system
        return Checked(coding=candidate.coding, issues=[outside, issue], unknown_system=named)

    def _outside(self, candidate: Candidate) -> Issue:
        coding = candidate.coding
        return messages.not_in_value_set(
            coding.system,
            coding.version,
            coding.code or "",
            coding.display,
            self.value_set.canonical,
            candidate.code_path,
            decides=self.decides,
        )

    def _supplemented(self, provider: Provider) -> Provider:
        supplements = self.request.use_supplement
        if not supplements:
            return provider
        return self.context.code_systems.supplemented(provider, supplements)
