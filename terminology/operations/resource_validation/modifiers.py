"""Modifiers that stand by themselves, as those of an item of a claim do."""

from typing import NamedTuple

from terminology.canonical import split
from terminology.codesystems import cpt, hcpcs
from terminology.codesystems.cpt.expression import modifier_faults
from terminology.fhir import messages
from terminology.fhir.outcome import Issue
from terminology.model import Json
from terminology.operations.resource_validation.reading import codings, left, objects
from terminology.operations.resource_validation.systems import NAMES, SYSTEMS, not_loaded
from terminology.rules.facts import CodeFacts, Facts
from terminology.rules.request import Fault

_PRINTED = "hcpcs"
"""HL7's kind of the modifiers of HCPCS Level II that CPT prints too."""


class Modifiers(NamedTuple):
    """Modifiers that were sent by themselves, those that can't be any apart."""

    codes: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    faults: tuple[tuple[Fault, str], ...] = ()
    issues: tuple[Issue, ...] = ()


def read_modifiers(holder: Json, path: str, facts: Facts) -> Modifiers:
    """The modifiers of a line, `modifier` of a claim's item.

    Args:
        holder: the object that has them.
        path: its FHIRPath.
        facts: what is loaded.
    """
    codes: list[str] = []
    paths: list[str] = []
    faults: list[tuple[Fault, str]] = []
    issues: list[Issue] = []
    for index, concept in objects(holder, "modifier"):
        at = f"{path}.modifier[{index}]"
        found = codings({"": concept}, "")
        own = [(s, code) for _, s, code in found if s is None or split(s)[0] in SYSTEMS]
        if not own:
            of = f"a code of the code system {found[0][1] or ''}"[:120] if found else "no code"
            told = f"`{at}` has {of}, and was not checked as a modifier"
            issues.append(left(told, at, severity="warning"))
            continue
        system, code = own[0]
        others = {other: None for _, other in own if other != code}
        if others:
            told = f"`{at}` has several modifiers; {code[:40]} was judged, {', '.join(others)[:80]}"
            issues.append(
                left(f"{told} not: each belongs in a `modifier` of its own", at, severity="warning")
            )
        wrong = modifier_faults(code)
        faults += [(fault, at) for fault in wrong]
        if not wrong:
            codes.append(code)
            paths.append(at)
            url = SYSTEMS[split(system)[0]] if system is not None else None
            issues += modifier_issues(code, url, at, facts)
    return Modifiers(tuple(codes), tuple(paths), tuple(faults), tuple(issues))


def modifier_issues(modifier: str, system: str | None, at: str, facts: Facts) -> list[Issue]:
    """What is to be said of a modifier beside the rules: that it is not loaded, or whose it is.

    Args:
        modifier: well formed.
        system: the code system that it was sent as one of; None where none was named.
        at: its FHIRPath.
        facts: what is loaded.
    """
    known = facts.code(modifier)
    if known is None:
        return [left(not_loaded("modifier", modifier), at, severity="warning")]
    ended = [messages.inactive_concept(modifier, "inactive", at)] if known.is_inactive else []
    return [*ended, *_home_issues(known, system, at)]


def _home_issues(known: CodeFacts, system: str | None, at: str) -> list[Issue]:
    """Whose modifier it is, where it was sent as another's."""
    modifier = known.code
    if system == cpt.URL and known.system == hcpcs.URL:
        told = f"The modifier {modifier} is not among those that CPT lists as loaded; its home is"
        told += f" {NAMES[hcpcs.URL]} ({hcpcs.URL})"
        return [Issue("information", "informational", told, (at,))]
    if system == hcpcs.URL and _is_cpts_alone(known):
        told = f"{modifier} is a modifier of CPT, not of {NAMES[hcpcs.URL]}; it was judged as what"
        return [Issue("warning", "code-invalid", f"{told} it is", (at,))]
    return []


def _is_cpts_alone(known: CodeFacts) -> bool:
    return known.system == cpt.URL and _PRINTED not in known.kinds
