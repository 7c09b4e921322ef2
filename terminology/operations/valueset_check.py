"""One coding against a value set: where it stands, and what is wrong with it."""

from collections.abc import Sequence

import msgspec

from terminology.canonical import fits, version_key
from terminology.codesystems.provider import Provider
from terminology.errors import MissingInput, NotFound
from terminology.fhir import messages
from terminology.fhir.outcome import Issue
from terminology.languages import Languages
from terminology.model import Concept, ValueSet
from terminology.operations.displays import check_display
from terminology.operations.place import Found, Place
from terminology.operations.reasons import reasons_of, reservations_of
from terminology.operations.validation import (
    Candidate,
    Checked,
    found_in_system,
    unknown_system,
)
from terminology.valuesets.membership import Member, Membership, membership, systems_of
from terminology.valuesets.resolution import Resolution
from terminology.valuesets.scope import Scope
from terminology.valuesets.statuses import is_deprecated
from terminology.valuesets.wording import worded

_CAUSE, _UNKNOWN = "x-caused-by-unknown-system", "x-unknown-system"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """How codings are checked.

    Attributes:
        value_set: the value set.
        scope: what it is worked out with.
        wanted: the languages of displays.
        decides: whether one coding decides the result: it is not one of a codeable concept.
        infer_system: whether the system of a coding without one is looked for.
        abstract: whether abstract codes are allowed.
        active_only: whether inactive codes are refused.
        membership_only: whether nothing but membership is tested.
        lenient: whether a wrong display only warns.
    """

    value_set: ValueSet
    scope: Scope
    wanted: Languages | None
    decides: bool
    infer_system: bool
    abstract: bool
    active_only: bool
    membership_only: bool
    lenient: bool

    def run(self, candidate: Candidate) -> Found:
        """What is found of one coding.

        Raises:
            MissingInput: it has no code.
            InvalidInput: the value set has a filter that can't be read.
        """
        coding = candidate.coding
        if coding.code is None:
            raise MissingInput("The coding has no code.", expression=candidate.code_path)
        try:
            if coding.system is None:
                inferred = self._inferred(candidate, coding.code)
                if isinstance(inferred, Found):
                    return inferred
                candidate = inferred
            return self._check(candidate, candidate.coding.system or "", coding.code)
        except NotFound as error:
            issue = messages.unresolved_value_set(error.message)
            return Found(Checked(coding=coding, issues=[issue]), Place.UNDECIDED)

    def _inferred(self, candidate: Candidate, code: str) -> Candidate | Found:
        """The candidate with its system, or what is found where there is no one system."""
        named, path = self.value_set.canonical, candidate.code_path
        if not self.infer_system:
            return self._unnamed(candidate, messages.no_system(candidate.path))
        asked = {
            system: membership(self.value_set, system, code, self.scope)
            for system in systems_of(self.value_set, self.scope)
        }
        systems = [system for system, found in asked.items() if found.members]
        if len(systems) > 1:
            issue = messages.ambiguous_system(code, named, systems, path)
            return self._unnamed(candidate, issue)
        if systems:
            coding = msgspec.structs.replace(candidate.coding, system=systems[0])
            return msgspec.structs.replace(candidate, coding=coding)
        missing = [r for found in asked.values() for r in found.resolutions if not r.provider]
        if missing:
            return self._undecided(candidate, missing[0])
        return self._unnamed(candidate, messages.cannot_infer(code, named, path))

    def _unnamed(self, candidate: Candidate, issue: Issue) -> Found:
        issues = [issue, self._outside(candidate)]
        return Found(Checked(coding=candidate.coding, issues=issues), Place.OUTSIDE)

    def _check(self, candidate: Candidate, system: str, code: str) -> Found:
        sent = candidate.coding.version
        found = membership(self.value_set, system, code, self.scope, sent)
        members = found.members
        if sent is not None and any(r.version == sent for r in found.resolutions):
            members = [m for m in members if m.provider.head.version == sent]
        if members:
            return self._inside(candidate, self._best(candidate, members))
        missing = [r for r in found.resolutions if r.provider is None]
        if missing:
            return self._undecided(candidate, missing[0])
        return self._not_inside(candidate, system, code, found)

    def _best(self, candidate: Candidate, members: Sequence[Member]) -> Member:
        display, path = candidate.coding.display, candidate.display_path
        for member in members:
            wrong = check_display(display, member.provider, _worded(member), self.wanted, path)
            if not wrong:
                return member
        return members[0]

    def _inside(self, candidate: Candidate, member: Member) -> Found:
        provider, concept = member.provider, member.placed.concept
        coding = candidate.coding
        if self.membership_only:
            candidate = msgspec.structs.replace(
                candidate, coding=msgspec.structs.replace(coding, display=None)
            )
        checked = found_in_system(
            candidate, provider, _worded(member), self.wanted, lenient=self.lenient
        )
        issues = checked.issues
        if member.resolution is not None:
            issues += self._version_issues(candidate, member.resolution, checked)
        path = candidate.code_path
        left = reservations_of(self.value_set, provider, member.placed, path)
        issues += [issue for issue in left if issue not in issues]
        reference = member.reference
        if reference is not None and is_deprecated(reference):
            system, named = coding.system or "", self.value_set.canonical
            issues.append(messages.deprecated_in_value_set(concept.code, system, named, path))
        return self._allowed(candidate, provider, checked)

    def _allowed(self, candidate: Candidate, provider: Provider, checked: Checked) -> Found:
        concept, code = checked.concept, candidate.coding.code or ""
        refusal = None
        if concept is not None and not self.abstract and provider.is_abstract(concept):
            system = candidate.coding.system or ""
            refusal = messages.abstract_code(system, code, candidate.code_path)
        elif self.active_only and checked.inactive:
            refusal = messages.not_active(code, candidate.code_path)
        if refusal is None:
            return Found(checked, Place.INSIDE)
        checked.issues += [refusal, self._outside(candidate)]
        return Found(checked, Place.OUTSIDE)

    def _version_issues(
        self, candidate: Candidate, resolution: Resolution, checked: Checked
    ) -> list[Issue]:
        issues: list[Issue] = []
        sent, path = candidate.coding.version, candidate.version_path
        system, version = resolution.system, resolution.version or ""
        if resolution.required is not None:
            issues.append(messages.version_refused(system, version, resolution.required, path))
        if sent is None or fits(version, sent):
            return issues
        known = self.scope.code_systems.find(system, sent) is not None
        if resolution.rule == "include":
            issues.append(messages.version_mismatch(system, version, sent, path))
        elif resolution.rule == "latest":
            issues.append(messages.version_mismatch_default(system, version, sent, path))
        elif not (known and resolution.rule == "force"):
            effective, stated = resolution.wanted or "", resolution.stated
            issues.append(messages.version_mismatch_changed(system, effective, stated, sent, path))
        if not known:
            issue, named = unknown_system(
                system, sent, self.scope.code_systems, candidate.system_path
            )
            issues.append(issue)
            checked.unknown_systems.append((_CAUSE, named))
        return issues

    def _undecided(self, candidate: Candidate, resolution: Resolution) -> Found:
        coding, system = candidate.coding, resolution.system
        systems = self.scope.code_systems
        checked = self._reported(candidate, resolution)
        issue, named = unknown_system(system, resolution.wanted, systems, candidate.system_path)
        checked.issues.append(issue)
        checked.unknown_systems.append((_CAUSE, named))
        wanted = resolution.wanted
        if coding.version is not None and wanted is not None and coding.version != wanted:
            path = candidate.version_path
            checked.issues.append(messages.version_mismatch(system, wanted, coding.version, path))
        return Found(checked, Place.UNDECIDED)

    def _reported(self, candidate: Candidate, resolution: Resolution) -> Checked:
        """The coding as the version it named has it, or the one that would be meant."""
        coding, system = candidate.coding, resolution.system
        provider = self.scope.code_systems.find(system, coding.version)
        if coding.version is None or provider is None:
            provider = self.scope.resolve(system, None).provider
        placed = provider.find(coding.code or "") if provider is not None else None
        if provider is None or placed is None:
            return Checked(coding=coding, issues=[], provider=provider)
        return found_in_system(
            candidate, provider, placed.concept, self.wanted, lenient=self.lenient
        )

    def _not_inside(self, candidate: Candidate, system: str, code: str, found: Membership) -> Found:
        coding = candidate.coding
        outside = self._outside(candidate)
        if self.membership_only:
            return Found(Checked(coding=coding, issues=[outside]), Place.OUTSIDE)
        resolution = _closest(found.resolutions, coding.version)
        provider = resolution.provider if resolution is not None else None
        if provider is None:
            provider = self.scope.code_systems.find(system, coding.version)
        if provider is None:
            return self._unknown_system(candidate, system, outside)
        placed = provider.find(code)
        if placed is None:
            refusals = provider.refusals(code, candidate.code_path)
            inside = found.whole and all(issue.severity == "warning" for issue in refusals)
            issues = refusals if inside else [outside, *refusals]
            checked = Checked(coding=coding, issues=issues, provider=provider)
            if resolution is not None:
                checked.issues += self._version_issues(candidate, resolution, checked)
            return Found(checked, Place.INSIDE if inside else Place.OUTSIDE)
        checked = found_in_system(
            candidate, provider, placed.concept, self.wanted, lenient=self.lenient
        )
        checked.issues.append(outside)
        path = candidate.code_path
        reasons = tuple(reasons_of(self.value_set, provider, placed, path))
        if resolution is not None:
            checked.issues += self._version_issues(candidate, resolution, checked)
        if found.inactive is not None:
            checked.issues.append(messages.not_active(code, path))
        return Found(checked, Place.OUTSIDE, reasons)

    def _unknown_system(self, candidate: Candidate, system: str, outside: Issue) -> Found:
        path, issues = candidate.system_path, [outside]
        checked = Checked(coding=candidate.coding, issues=issues)
        if self.scope.value_sets.is_value_set(system):
            issues.append(messages.system_is_value_set(system, path))
            return Found(checked, Place.OUTSIDE)
        if self.scope.code_systems.is_supplement(system):
            issues.append(messages.system_is_supplement(system, path))
            return Found(checked, Place.OUTSIDE)
        if ":" not in system:
            issues.append(messages.relative_system(path))
        version = candidate.coding.version
        issue, named = unknown_system(system, version, self.scope.code_systems, path)
        issues.append(issue)
        checked.unknown_systems.append((_UNKNOWN, named))
        return Found(checked, Place.OUTSIDE)

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


def _closest(resolutions: Sequence[Resolution], sent: str | None) -> Resolution | None:
    """The include to report of: the one of the version that was sent, else the newest."""
    same = [r for r in resolutions if sent is not None and r.version == sent]
    if same:
        return same[0]
    return max(resolutions, key=lambda r: version_key(r.version), default=None)


def _worded(member: Member) -> Concept:
    language = member.provider.head.language
    return worded(member.placed.concept, language, member.reference)
