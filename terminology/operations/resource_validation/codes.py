"""The codes of a resource: read as procedures where they are some, looked up in any case."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from terminology.canonical import split
from terminology.codesystems import cpt
from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.cpt.expression import code_faults, parse
from terminology.codesystems.provider import Provider
from terminology.fhir import messages
from terminology.fhir.outcome import Issue
from terminology.model import Coding, Json
from terminology.operations.displays import check_display
from terminology.operations.resource_validation.modifiers import (
    Modifiers,
    modifier_issues,
    read_modifiers,
)
from terminology.operations.resource_validation.reading import left, objects, text
from terminology.operations.resource_validation.systems import NAMES, OIDS, SYSTEMS, not_loaded
from terminology.operations.validation import Candidate, found_in_system
from terminology.rules.request import Fault


class Code(NamedTuple):
    """A procedure code as it was sent, and the FHIRPath of the coding's code."""

    base: str
    path: str
    modifiers: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()
    sent: str = ""


class Codes:
    """Reads the codes of one resource and keeps what is to be said of them.

    Args:
        systems: what is loaded, on the day of the request.
    """

    def __init__(self, systems: CodeSystems) -> None:
        """Start with nothing said."""
        self._given = self._systems = systems
        self._facts = systems.facts
        self._unchecked: list[Issue] = []
        self.issues: list[Issue] = []
        self.holds_cpt = False
        """Whether a code or a modifier is one of CPT, or may be."""

    def on(self, day: str | None) -> None:
        """Read what follows as of a day of service; None is the day of the request."""
        self._systems = self._given.on(day)
        self._facts = self._systems.facts

    def procedures(self, holder: Json, name: str, path: str) -> list[Code]:
        """The procedure codes of a CodeableConcept; every other coding of it is checked too.

        What could not be checked is a warning where it is all that there is: a procedure that
        nobody checked must not look like one that was.

        Args:
            holder: the object that has it.
            name: of the element.
            path: the FHIRPath of the element.
        """
        concept = holder.get(name)
        sent = objects(concept, "coding")
        self._unchecked = []
        read = [self._coding(coding, f"{path}.coding[{index}]") for index, coding in sent]
        if text(concept, "text") and not sent:
            told = f"`{path}` is text without a code, and was not checked"
            self._unchecked.append(left(told, path))
        is_all = len(self._unchecked) >= len(sent)
        severity = "warning" if is_all else "information"
        for issue in self._unchecked:
            self.issues.append(msgspec.structs.replace(issue, severity=severity))
        return [code for code in read if code is not None]

    def modifiers(self, holder: Json, path: str) -> Modifiers:
        """The modifiers of a line, `modifier` of a claim's item."""
        found = read_modifiers(holder, path, self._facts)
        self.issues += found.issues
        for code in found.codes:
            known = self._facts.code(code)
            self.holds_cpt |= known is None or known.system == cpt.URL
        return found

    def _coding(self, sent: Json, path: str) -> Code | None:
        system, code = text(sent, "system"), text(sent, "code")
        if system is None or code is None:
            what = "system" if system is None else "code"
            self._unchecked.append(left(f"`{path}` has no {what}, and was not checked", path))
            return None
        url, pinned = split(system)
        version = text(sent, "version") or pinned
        at = f"{path}.code"
        named = SYSTEMS.get(url)
        coding = Coding(
            system=named or url, version=version, code=code, display=text(sent, "display")
        )
        if named is None:
            self._check(coding, path)
            return None
        if url in OIDS:
            told = f"{url} is the OID of {NAMES[named]}; in FHIR its URL names it: {named}"
            self.issues.append(Issue("warning", "value", told, (f"{path}.system",)))
        self.holds_cpt |= named == cpt.URL
        self._check_version(coding, path)
        read = self._read(code, at)
        self._known(read, named)
        self._check_display(coding, path)
        return read

    def _read(self, code: str, at: str) -> Code:
        expression = parse(code)
        if expression is None:
            known = self._facts.code(code)
            wrong = known is None or known.is_modifier
            return Code(code, at, faults=code_faults(code) if wrong else (), sent=code)
        if expression.faults:
            return Code(expression.base, at, faults=expression.faults, sent=code)
        return Code(expression.base, at, expression.modifiers, expression.positions, sent=code)

    def _known(self, read: Code, system: str) -> None:
        """Say which parts are not loaded, or are of another code system, or no longer used."""
        if read.faults:
            return
        found = self._facts.code(read.base)
        if found is None:
            provider = self._systems.find(system)
            story = provider.elsewhere(read.base) if provider is not None else None
            told = ". ".join(filter(None, (not_loaded("code", read.base), story)))
            self.issues.append(left(told, read.path, severity="warning"))
        elif found.system != system:
            told = f"{read.base} is a code of {NAMES.get(found.system, found.system)}"
            told += f", not of {NAMES[system]}; it was judged as what it is"
            self.issues.append(Issue("warning", "code-invalid", told, (read.path,)))
        elif found.is_inactive:
            self.issues.append(messages.inactive_concept(read.base, "inactive", read.path))
            provider = self._systems.find(system)
            self.issues += provider.remarks(read.base, read.path) if provider is not None else []
        for modifier in read.modifiers:
            self.issues += modifier_issues(modifier, system, read.path, self._facts)

    def _check_version(self, coding: Coding, path: str) -> None:
        """Say where the version that was sent is not the one that codes are looked up in."""
        if not coding.version:
            return
        named = self._systems.find(coding.system or "", coding.version)
        meant = self._systems.find(coding.system or "")
        if named is None or meant is None:
            told = f"{NAMES[coding.system or '']} {coding.version} is not loaded; the"
            told += " codes were looked up in the version that is"
            self.issues.append(left(told, f"{path}.version", severity="warning"))
        elif named.head.version != meant.head.version:
            told = f"{NAMES[coding.system or '']} {coding.version} was sent; on {self._systems.day}"
            told += f" {meant.head.version} is in force, and its codes decide"
            self.issues.append(Issue("warning", "business-rule", told, (f"{path}.version",)))

    def _check_display(self, coding: Coding, path: str) -> None:
        named = self._systems.find(coding.system or "", coding.version) if coding.version else None
        provider = named or self._systems.find(coding.system or "")
        placed = provider.find(coding.code or "") if provider and coding.display else None
        if provider is not None and placed is not None:
            at = f"{path}.display"
            self.issues += check_display(coding.display, provider, placed.concept, None, at)

    def _check(self, coding: Coding, path: str) -> None:
        """Look up a coding of any other code system."""
        system, code = coding.system or "", coding.code or ""
        provider = self._systems.find(system, coding.version)
        if provider is None:
            told = f"The code system {system[:100]} is not loaded, so that its code was not checked"
            self._unchecked.append(left(told, path))
            return
        self.issues += _looked_up(coding, code, provider, path)


def _looked_up(coding: Coding, code: str, provider: Provider, path: str) -> list[Issue]:
    placed = provider.find(code)
    if placed is None:
        return provider.refusals(code, f"{path}.code")
    code_path, system_path = f"{path}.code", f"{path}.system"
    candidate = Candidate(
        coding, code_path, system_path, f"{path}.version", f"{path}.display", path
    )
    return found_in_system(candidate, provider, placed.concept, None).issues


def with_modifiers(code: Code, more: Modifiers) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The modifiers of a line, those of its expression first, each with its FHIRPath."""
    own = (code.path,) * len(code.modifiers)
    return (*code.modifiers, *more.codes), (*own, *more.paths)


def merged(issues: Sequence[Issue]) -> list[Issue]:
    """Issues that say the same of several elements as one that names them all."""
    alike: dict[Any, list[Issue]] = {}
    for issue in issues:
        key = (issue.severity, issue.code, issue.text, issue.tx_issue_type, issue.message_id)
        alike.setdefault(key, []).append(issue)
    return [
        msgspec.structs.replace(
            several[0], expression=tuple(dict.fromkeys(p for i in several for p in i.expression))
        )
        for several in alike.values()
    ]
