"""The filters of CPT: the six of HL7's page, and one of this service's own.

https://terminology.hl7.org/CPT.html: `modifier`, `modified`, `telemedicine` and `orthopox` with
`=`, `kind` with `=` and `in`, `code` with `in` and ranges. Ours is `reportable = medicare`: what no
rule of Medicare takes for invalid or leaves unpaid.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from terminology.codesystems.cpt.facts import CptFacts
from terminology.codesystems.cpt.numbering import ANY_EXPRESSION
from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput
from terminology.fhir.outcome import Issue
from terminology.model import Filter
from terminology.rules.codes import CodeRanges
from terminology.rules.issues import finding_issue, issues_of
from terminology.rules.model import MEDICARE
from terminology.rules.report import Finding, Report
from terminology.rules.request import Line, Request
from terminology.rules.severity import refuses
from terminology.tree import PlacedConcept

_BOOLEAN = frozenset({"modifier", "modified", "telemedicine", "orthopox"})
KINDS = ("code", "cat-1", "cat-2", "general", "hcpcs", "physical-status", "metadata")
"""The kinds of HL7's page."""
_CODE = re.compile(r"[0-9A-Z]{5}|[0-9A-Z]{2}")
"""The form of a code or a modifier: capitals."""
_SHOWN = 40
"""So many characters of a value are shown."""


class Judging(Protocol):
    """As much of CPT's provider as a filter asks."""

    @property
    def inside(self) -> Provider:
        """The loaded codes and modifiers."""

    @property
    def facts(self) -> CptFacts:
        """What rules are told on the day."""

    def report(self, code: str) -> Report:
        """What the rules say of a code or an expression on the day."""


class CptFilter(NamedTuple):
    """A filter with its two verbs, and the reasons of the second."""

    provider: Judging
    ranges: CodeRanges | None = None
    """The codes and ranges of `code in`; None for `reportable`."""

    def select(self) -> Sequence[int]:
        """The ordinals of the listed codes that pass; expressions are without end."""
        inside = self.provider.inside
        every = inside.listed(range(inside.size))
        if self.ranges is not None:
            return [one.ordinal for one in every if one.code in self.ranges]
        return [one.ordinal for one in every if self._is_reportable(one.code)]

    def contains(self, placed: PlacedConcept) -> bool:
        """Whether a code or an expression passes; HL7's `code in` is of codes without modifiers."""
        code = placed.concept.code
        if placed is ANY_EXPRESSION:
            return self.ranges is None
        if self.ranges is not None:
            return code in self.ranges
        return self._is_reportable(code)

    def reasons(self, placed: PlacedConcept, path: str) -> list[Issue]:
        """Why a code does not pass, each by the rule that says so."""
        if self.ranges is not None:
            return []
        return [
            finding_issue(finding, "code", None, path, "error")
            for finding in self._findings(placed.concept.code)
        ]

    def reservations(self, placed: PlacedConcept, path: str) -> list[Issue]:
        """What is left open of a code that no rule refuses.

        A rule whose table is not loaded for the day refuses nothing, which is no permission.
        """
        if self.ranges is not None:
            return []
        code = placed.concept.code
        report = self.provider.report(code)
        left = tuple(one for one in report.not_checked if one.scope in MEDICARE)
        report = msgspec.structs.replace(report, findings=(), not_checked=left)
        # The report was made on the filter's own day.
        request = Request(lines=(Line(code=code.partition(":")[0]),), day="")
        return issues_of(report, request, "code", lambda _: path, lambda _: path)

    def _is_reportable(self, code: str) -> bool:
        facts = self.provider.facts.code(code.partition(":")[0])
        return facts is not None and not facts.is_modifier and not self._findings(code)

    def _findings(self, code: str) -> list[Finding]:
        report = self.provider.report(code)
        return [f for f in report.findings if f.rule.scope in MEDICARE and refuses(f)]


def read(condition: Filter, provider: Judging) -> CptFilter | None:
    """The filter of a condition; None for one that any code system has.

    Raises:
        InvalidInput: the value is none that the filter can have.
    """
    prop, operator, value = condition.property, condition.op, condition.value or ""
    if prop in _BOOLEAN and operator == "=" and value not in ("true", "false"):
        raise InvalidInput(
            f"The filter '{prop}' of CPT takes true or false, not '{value[:_SHOWN]}'.",
            tx_issue_type="vs-invalid",
        )
    if prop == "kind" and operator in ("=", "in"):
        _check_kinds(value.split(",") if operator == "in" else [value])
    if prop in ("code", "concept") and operator == "in":
        members = [part.strip() for part in value.split(",") if part.strip()]
        ranges = CodeRanges.of(members)
        _check(ranges)
        return CptFilter(provider, ranges)
    if (prop, operator, value) == ("reportable", "=", "medicare"):
        return CptFilter(provider)
    return None


def _check(ranges: CodeRanges) -> None:
    for code in sorted(ranges.codes):
        if ":" in code:
            raise InvalidInput(
                f"'{code[:_SHOWN]}' is a code with modifiers, and the filter `code in` is of codes"
                " without. Name it in compose.include.concept.",
                tx_issue_type="vs-invalid",
            )
        if not _CODE.fullmatch(code):
            raise InvalidInput(
                f"'{code[:_SHOWN]}' is neither a code nor a range of codes, such as 20100-69990.",
                tx_issue_type="vs-invalid",
            )


def _check_kinds(values: Sequence[str]) -> None:
    for kind in (value.strip() for value in values):
        if kind not in KINDS:
            raise InvalidInput(
                f"'{kind[:_SHOWN]}' is no kind of CPT code; the kinds are {', '.join(KINDS)}.",
                tx_issue_type="vs-invalid",
            )
