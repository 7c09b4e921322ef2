"""Codes that a person typed, judged as the lines of one claim."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import msgspec

from service.cli.answers import issue_line, known_as, status_of, validated
from service.cli.common import UNUSABLE, WRONG, Failure
from service.cli.layout import paragraph
from terminology.codesystems import cpt
from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.cpt.expression import code_faults, parse
from terminology.coverage.payers import ORGANIZATION, Payer, Payers
from terminology.errors import NotFound
from terminology.fhir.outcome import Issue, operation_outcome
from terminology.model import Json
from terminology.operations.context import Context
from terminology.operations.validation import ValidationResult, day_issues
from terminology.rules.evaluator import evaluate
from terminology.rules.facts import Facts
from terminology.rules.issues import NAMES, issues_of
from terminology.rules.model import CPT, FEE_SCHEDULE
from terminology.rules.report import Finding
from terminology.rules.request import OUTPATIENT_HOSPITAL, Line, Request
from terminology.rules.told import checked, once
from terminology.store.base import Store
from terminology.store.search import SearchQuery

_PLACE = re.compile(r"[0-9]{2}", re.ASCII)
_LISTED = 20


class Asked(NamedTuple):
    """What was typed."""

    codes: tuple[str, ...]
    system: str | None
    date: str | None
    payer: str | None
    units: tuple[int, ...]
    place: str | None
    setting: str


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Codes under the rules.

    Attributes:
        codes: as they were typed.
        results: what CPT's grammar says of each.
        issues: what the rules find of all, and what was not checked.
        checked: the families that were asked of every code, for people.
        to: what it is judged as, for people.
        copyright: the AMA's, where CPT is loaded.
    """

    codes: tuple[str, ...]
    results: tuple[ValidationResult, ...]
    issues: tuple[Issue, ...]
    checked: tuple[str, ...]
    to: str
    copyright: str | None

    @property
    def status(self) -> int:
        """The exit status: one code or rule that is wrong makes all of it wrong."""
        if self.is_refused:
            return WRONG
        return max(map(_status, self.results))

    @property
    def is_refused(self) -> bool:
        """Whether CPT's grammar or the payer would not take it."""
        return any(issue.severity == "error" for issue in self.issues)

    def outcome(self) -> Json:
        """All of it as an OperationOutcome."""
        told = f"No error and no warning. Checked: {', '.join(self.checked)}"
        is_well = all(issue.severity == "information" for issue in self.issues)
        well = (Issue("information", "informational", told),) if is_well else ()
        return operation_outcome((*well, *self.issues), self.copyright)

    def lines(self) -> Iterator[str]:
        """All of it for a person."""
        said = {0: "is right", WRONG: "is wrong", UNUSABLE: "can't be checked"}
        for code, result in zip(self.codes, self.results, strict=True):
            known = known_as(result)
            text = f"{code} {said[_status(result)]} by CPT's grammar"
            yield paragraph(f"{text}: {known}" if known else text)
        wrong = "it is wrong" if len(self.codes) == 1 else "they are wrong"
        found = wrong if self.is_refused else "nothing that was checked refuses it"
        yield f"{self.to}, {found}" + (":" if self.issues else ".")
        yield from map(issue_line, self.issues)
        if self.checked:
            yield paragraph(f"Checked: {', '.join(self.checked)}.")


def judged(context: Context, asked: Asked) -> Claim:
    """What the rules say of codes as one claim.

    Args:
        context: the engine.
        asked: what was typed.

    Raises:
        Failure: units or a place can't be meant so.
        NotFound: the payer is not loaded.
        InvalidInput: a code or the date is none.
    """
    _check(asked)
    results = tuple(validated(context, code, asked.system, date=asked.date) for code in asked.codes)
    payer = _payer(asked.payer, context.code_systems.store)
    systems = context.on(asked.date).code_systems
    day = context.day(asked.date)
    request = Request(
        lines=tuple(_line(asked, index, systems.facts) for index in range(len(asked.codes))),
        day=day,
        payer=payer.id if payer else None,
        setting=asked.setting,
    )
    issues, families = _issues(request, systems)
    if any(_status(result) == UNUSABLE for result in results):
        families = tuple(name for name in families if name != NAMES[CPT])
    of_codes = [issue for index, result in enumerate(results) for issue in _own(result, index)]
    provider = systems.find(cpt.URL)
    to = f"As a claim to {payer.name}" if payer else "As a claim, no payer named"
    return Claim(
        codes=asked.codes,
        results=results,
        issues=(*of_codes, *issues, *day_issues(asked.date)),
        checked=families,
        to=f"{to}, for services on {day}",
        copyright=provider.notice if provider else None,
    )


def _check(asked: Asked) -> None:
    if len(asked.units) not in (0, len(asked.codes)):
        raise Failure(
            f"--units was given {len(asked.units)} times for {len(asked.codes)} codes; give it once"
            " for each code, in their order, or not at all."
        )
    if asked.place is not None and not _PLACE.fullmatch(asked.place):
        raise Failure(
            f"--place is '{asked.place[:20]}'; a place of service has two digits, such as 21."
        )


def _line(asked: Asked, index: int, facts: Facts) -> Line:
    code = asked.codes[index]
    expression = parse(code)
    units = Decimal(asked.units[index]) if asked.units else None
    path = f"code[{index}]"
    if expression is None:
        known = facts.code(code)
        # A modifier is a code too, and no procedure.
        faults = code_faults(code) if known is not None and known.is_modifier else ()
        return Line(code=code, faults=faults, units=units, place=asked.place, path=path)
    return Line(
        code=expression.base,
        modifiers=() if expression.faults else expression.modifiers,
        positions=expression.positions,
        faults=expression.faults,
        units=units,
        place=asked.place,
        path=path,
    )


def _issues(request: Request, systems: CodeSystems) -> tuple[list[Issue], tuple[str, ...]]:
    # The fee schedule is that of practitioners.
    is_facility = request.setting == OUTPATIENT_HOSPITAL
    scopes = systems.rules.scopes - (frozenset({FEE_SCHEDULE}) if is_facility else frozenset())
    report = evaluate(request, systems.facts, systems.rules, scopes)

    def where(finding: Finding) -> str:
        return request.lines[finding.line].path

    found = issues_of(
        msgspec.structs.replace(report, findings=tuple(once(report.findings))),
        request,
        "claim",
        where,
        lambda index: request.lines[index].path,
    )
    if is_facility:
        told = "Medicare's fee schedule was not checked: it is that of practitioners"
        found.append(Issue("information", "incomplete", told))
    return found, tuple(NAMES[scope] for scope in checked(report, request, scopes))


def _own(result: ValidationResult, index: int) -> Iterator[Issue]:
    """What is said of a code beside the rules: that it is not loaded, or whose modifier it is."""
    for issue in result.issues:
        of_code = issue.expression not in ((), ("date",))
        if issue.coding is None and issue.code != "incomplete" and of_code:
            # Not to be loaded is no fault of a claim; what is wrong with it names a rule.
            severity = "warning" if issue.severity == "error" else issue.severity
            where = (f"code[{index}]",)
            yield msgspec.structs.replace(issue, severity=severity, expression=where)


def _status(result: ValidationResult) -> int:
    """Whether a code is right: one that no rule refuses, and that is not loaded, can't be told."""
    refused = any(i.severity == "error" and i.coding is not None for i in result.issues)
    return WRONG if refused else status_of(result) and UNUSABLE


def _payer(text: str | None, store: Store) -> Payer | None:
    if text is None:
        return None
    found = Payers(store).asked(text)
    if found is None:
        page = store.search(SearchQuery(ORGANIZATION, (), count=_LISTED))
        loaded = ", ".join(msgspec.json.decode(body)["id"] for body in page.bodies)
        raise NotFound(f"The payer '{text[:60]}' is not loaded. Loaded are: {loaded}.")
    return found
