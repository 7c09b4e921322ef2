"""Who pays: the payer that a request names, else the one that the claim itself names.

It is told by a reference to what is loaded, by an identifier, or by its name, exactly. A claim
names it as `insurer`, or through `insurance.coverage`: a contained Coverage, or in its place the
payer or its plan. https://hl7.org/fhir/R5/claim.html.
"""

from collections.abc import Iterator
from typing import NamedTuple

from terminology.coverage.payers import ORGANIZATION, PLAN, Payer, Payers
from terminology.fhir.eligibility import payers_of
from terminology.fhir.outcome import Issue
from terminology.model import Json
from terminology.operations.resource_validation.reading import an_object, left, objects, text
from terminology.rules.book import RuleBook
from terminology.rules.severity import MEDICARE_PAYER

NOT_LOADED = ""
"""In place of the id of a payer that is named and not loaded: no Organization has it.

What a request calls such a payer is never taken for an id: a number of somebody else's namespace
may be spelled like one.
"""
_LOADED = (f"{ORGANIZATION}/", f"{PLAN}/")
_LISTED = "GET [base]/Organization lists those that are"


class Paying(NamedTuple):
    """The payer as the rules know it, and what is to be said of how it was told."""

    id: str | None
    """Of the payer's Organization; `NOT_LOADED` where that is not loaded; None for none."""
    name: str | None = None
    issues: tuple[Issue, ...] = ()


class _Named(NamedTuple):
    """A reference that may lead to a payer."""

    reference: Json
    path: str
    is_payer: bool = True
    """Whether it names one, even where it leads nowhere."""


def payer_of(asked: str | None, resource: Json, payers: Payers, rules: RuleBook) -> Paying:
    """The payer of a request.

    Args:
        asked: what the parameter `payer` says; it goes before the claim.
        resource: the Claim or the Procedure; the latter names none.
        payers: those that are loaded.
        rules: the payers whose policies they are may be named by their ids.

    Returns:
        The payer. Where it is none that decides anything here, with an issue that says why; so
        where the claim names another one than the parameter.
    """
    is_claim = resource.get("resourceType") == "Claim"
    if asked is None:
        return _of_claim(resource, payers, rules) if is_claim else Paying(None)
    paying = _asked(asked, payers, rules)
    if not is_claim or paying.id == NOT_LOADED:
        return paying
    return paying._replace(issues=(*paying.issues, *_conflict(paying, resource, payers)))


def _asked(asked: str, payers: Payers, rules: RuleBook) -> Paying:
    found = payers.asked(asked)
    if found is not None:
        return _paying(found, "payer", rules)
    if asked in rules.payers:
        return Paying(asked, _publisher(asked, rules))
    # Whoever sends the parameter wants the payer's rules, and a slip of the pen must show.
    return _unknown(asked, "payer", severity="warning")


def _conflict(paying: Paying, claim: Json, payers: Payers) -> Iterator[Issue]:
    """That the claim itself names another payer that is loaded, and where."""
    for named, own in _loaded(claim, payers):
        if own.id != paying.id:
            told = f"Judged by the rules of {paying.name}, as the parameter payer says; the claim"
            yield Issue("information", "informational", f"{told} names {own.name}", (named.path,))
        return


def _loaded(claim: Json, payers: Payers) -> Iterator[tuple[_Named, Payer]]:
    """The payers that a claim names and that are loaded, the likeliest first."""
    for named in _references(claim):
        found = _found(named, claim, payers)
        if found is not None:
            yield named, found


def _of_claim(resource: Json, payers: Payers, rules: RuleBook) -> Paying:
    for named, found in _loaded(resource, payers):
        return _paying(found, named.path, rules)
    unknown: _Named | None = None
    not_followed: list[str] = []
    for named in _references(resource):
        if not named.is_payer:
            not_followed.append(named.path)
        elif unknown is None:
            unknown = named
    if unknown is None:
        return _unnamed(not_followed)
    return _unknown(_shown(unknown.reference, resource), unknown.path)


def _paying(payer: Payer, path: str, rules: RuleBook) -> Paying:
    if payer.id == MEDICARE_PAYER or payer.id in rules.payers:
        return Paying(payer.id, payer.name)
    told = f"No policy of {payer.name} is loaded, so that payers' policies were not checked"
    return Paying(payer.id, payer.name, (left(told, path),))


def _unknown(sent: str, path: str, severity: str = "information") -> Paying:
    told = f"The payer '{sent[:100]}' is not known here, so that its policy was not checked"
    return Paying(NOT_LOADED, None, (left(f"{told}; {_LISTED}", path, severity=severity),))


def _unnamed(not_followed: list[str]) -> Paying:
    told = "No payer can be told, so that payers' rules only inform: "
    if not_followed:
        told += "a reference to a Coverage is not followed. Contain the Coverage, name"
    else:
        told += "name"
    told += " `Claim.insurer`, or send the parameter payer"
    return Paying(None, None, (left(told, *(not_followed or ["Claim"])),))


def _publisher(payer: str, rules: RuleBook) -> str:
    publishers = (each for rule in rules.rules for each in rule.payers)
    return next(each.name for each in publishers if each.id == payer)


def _references(claim: Json) -> Iterator[_Named]:
    """What may lead to the payer, the likeliest first."""
    insurer = an_object(claim, "insurer")
    if insurer:
        yield _Named(insurer, "Claim.insurer")
    insurances = objects(claim, "insurance")
    # The focal one is that which the claim is to be judged by.
    for index, insurance in sorted(insurances, key=lambda each: each[1].get("focal") is not True):
        coverage = an_object(insurance, "coverage")
        path = f"Claim.insurance[{index}].coverage"
        contained = _contained(coverage, claim)
        if contained is not None and contained.get("resourceType") == "Coverage":
            yield from (_Named(reference, path) for reference in payers_of(contained))
        else:
            literal = text(coverage, "reference") or ""
            is_payer = contained is not None or literal.startswith(_LOADED)
            yield _Named(coverage, path, is_payer)


def _found(named: _Named, claim: Json, payers: Payers) -> Payer | None:
    reference, contained = named.reference, _contained(named.reference, claim)
    literal = text(reference, "reference") or ""
    found = payers.referred(literal)
    identifiers = [an_object(reference, "identifier")]
    identifiers += [identifier for _, identifier in objects(contained, "identifier")]
    for each in identifiers:
        value = text(each, "value")
        if found is None and value is not None:
            found = payers.identified(text(each, "system") or "", value)
    # The display of a Coverage is no name of a payer.
    for name in (text(contained, "name"), text(reference, "display") if named.is_payer else None):
        if found is None and name is not None:
            found = payers.named(name)
    return found


def _contained(reference: Json, claim: Json) -> Json | None:
    name = text(reference, "reference") or ""
    inside = (each for _, each in objects(claim, "contained"))
    return next((each for each in inside if name == f"#{text(each, 'id')}"), None)


def _shown(reference: Json, claim: Json) -> str:
    """What a payer that is not found is called."""
    identifier = an_object(reference, "identifier")
    name = text(_contained(reference, claim), "name")
    parts = (name, reference.get("display"), reference.get("reference"), identifier.get("value"))
    return next((part for part in parts if isinstance(part, str) and part), "without a name")
