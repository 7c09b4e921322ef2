"""The codes of a resource: read as procedures where they are some, looked up in any case."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from terminology.canonical import split
from terminology.codesystems import cpt, hcpcs
from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.cpt.expression import code_faults, modifier_faults, parse
from terminology.codesystems.provider import Provider
from terminology.fhir import messages
from terminology.fhir.outcome import Issue
from terminology.model import Coding, Json
from terminology.operations.displays import check_display
from terminology.operations.resource_validation.reading import codings, left, objects, text
from terminology.operations.validation import Candidate, found_in_system
from terminology.rules.request import Fault

SYSTEMS = {
    cpt.URL: cpt.URL,
    hcpcs.URL: hcpcs.URL,
    # HL7's naming system lists both; the first one is preferred.
    hcpcs.URL.replace("http:", "https:"): hcpcs.URL,
}
"""The code systems of procedures, by each of their URLs."""
_NAMES = {cpt.URL: "CPT", hcpcs.URL: "HCPCS Level II"}


class Code(NamedTuple):
    """A procedure code as it was sent, and the FHIRPath of the coding's code."""

    base: str
    path: str
    modifiers: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()
    sent: str = ""


class Modifiers(NamedTuple):
    """Modifiers that were sent by themselves, those that can't be any apart."""

    codes: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    faults: tuple[tuple[Fault, str], ...] = ()


class Codes:
    """Reads the codes of one resource and keeps what is to be said of them.

    Args:
        systems: what is loaded, on the day of the request.
    """

    def __init__(self, systems: CodeSystems) -> None:
        """Start with nothing said."""
        self._systems = systems
        self._facts = systems.facts
        self.issues: list[Issue] = []

    def procedures(self, holder: Json, name: str, path: str) -> list[Code]:
        """The procedure codes of a CodeableConcept; every other coding of it is checked too.

        Args:
            holder: the object that has it.
            name: of the element.
            path: the FHIRPath of the element.
        """
        concept = holder.get(name)
        found = [
            code
            for index, coding in objects(concept, "coding")
            if (code := self._coding(coding, f"{path}.coding[{index}]")) is not None
        ]
        if not found and text(concept, "text") and not objects(concept, "coding"):
            self.issues.append(left(f"`{path}` is text without a code, and was not checked", path))
        return found

    def modifiers(self, holder: Json, path: str) -> Modifiers:
        """The modifiers of a line, `modifier` of a claim's item."""
        codes: list[str] = []
        paths: list[str] = []
        faults: list[tuple[Fault, str]] = []
        for index, concept in objects(holder, "modifier"):
            at = f"{path}.modifier[{index}]"
            code = self._modifier(concept, at)
            if code is None:
                continue
            wrong = modifier_faults(code)
            faults += [(fault, at) for fault in wrong]
            if not wrong:
                codes.append(code)
                paths.append(at)
                self._known_modifiers((code,), at)
        return Modifiers(tuple(codes), tuple(paths), tuple(faults))

    def _modifier(self, concept: Json, at: str) -> str | None:
        found = codings({"": concept}, "")
        for _, system, code in found:
            if system is None or split(system)[0] in SYSTEMS:
                return code
        of = f"a code of {_short(found[0][1])}" if found else "no code"
        self.issues.append(left(f"`{at}` has {of}, and was not checked as a modifier", at))
        return None

    def _coding(self, sent: Json, path: str) -> Code | None:
        system, code = text(sent, "system"), text(sent, "code")
        if system is None or code is None:
            what = "system" if system is None else "code"
            self.issues.append(left(f"`{path}` has no {what}, and was not checked", path))
            return None
        url, pinned = split(system)
        version = text(sent, "version") or pinned
        at = f"{path}.code"
        coding = Coding(system=url, version=version, code=code, display=text(sent, "display"))
        if url not in SYSTEMS:
            self._check(coding, path)
            return None
        self._check_version(coding, path)
        read = self._read(code, SYSTEMS[url], at)
        self._known(read, SYSTEMS[url])
        self._check_display(coding, path)
        return read

    def _read(self, code: str, system: str, at: str) -> Code:
        if system == hcpcs.URL:
            return Code(code, at, sent=code)
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
            self.issues.append(left(_not_loaded("code", read.base), read.path, severity="warning"))
        elif found.system != system:
            told = f"{read.base} is a code of {_NAMES.get(found.system, found.system)}"
            told += f", not of {_NAMES[system]}; it was judged as what it is"
            self.issues.append(Issue("warning", "code-invalid", told, (read.path,)))
        elif found.is_inactive:
            self.issues.append(messages.inactive_concept(read.base, "inactive", read.path))
        self._known_modifiers(read.modifiers, read.path)

    def _known_modifiers(self, modifiers: Sequence[str], at: str) -> None:
        for modifier in modifiers:
            if self._facts.code(modifier) is None:
                self.issues.append(left(_not_loaded("modifier", modifier), at, severity="warning"))

    def _check_version(self, coding: Coding, path: str) -> None:
        if coding.version and self._systems.find(coding.system or "", coding.version) is None:
            told = f"{_NAMES[SYSTEMS[coding.system or '']]} {coding.version} is not loaded; the"
            told += " codes were looked up in the version that is"
            self.issues.append(left(told, f"{path}.version", severity="warning"))

    def _check_display(self, coding: Coding, path: str) -> None:
        provider = self._systems.find(SYSTEMS[coding.system or ""])
        placed = provider.find(coding.code or "") if provider and coding.display else None
        if provider is not None and placed is not None:
            at = f"{path}.display"
            self.issues += check_display(coding.display, provider, placed.concept, None, at)

    def _check(self, coding: Coding, path: str) -> None:
        """Look up a coding of any other code system."""
        system, code = coding.system or "", coding.code or ""
        provider = self._systems.find(system, coding.version)
        if provider is None:
            told = f"{_short(coding.system)} is not loaded, so that its code was not checked"
            self.issues.append(left(told, path))
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


def _not_loaded(kind: str, code: str) -> str:
    return (
        f"The {kind} {code[:40]} is not loaded, so that it was not checked; a licensed release of"
        " CPT, or CMS's release of HCPCS Level II, would tell"
    )


def _short(system: str | None) -> str:
    return f"the code system {(system or '')[:100]}"
