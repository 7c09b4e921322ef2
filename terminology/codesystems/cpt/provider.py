"""CPT as a code system: what is loaded of it, its grammar, and the rules on what is reported.

See HL7's page "Using CPT with HL7 Standards", https://terminology.hl7.org/CPT.html.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property, partial

from terminology.codesystems import cpt, hcpcs
from terminology.codesystems.cpt import filters
from terminology.codesystems.cpt.expression import HCPCS_CODE, Expression
from terminology.codesystems.cpt.facts import CptFacts
from terminology.codesystems.cpt.judgement import Judgement, Judgements
from terminology.codesystems.cpt.medicare import lookup_properties
from terminology.codesystems.cpt.numbering import ANY_EXPRESSION, Numbering
from terminology.codesystems.cpt.properties import expression_properties
from terminology.codesystems.cpt.tables import Tables
from terminology.codesystems.provider import LookupProperty, Provider
from terminology.codesystems.wrapped import WrappedProvider
from terminology.fhir.outcome import Issue
from terminology.model import Concept, Filter
from terminology.rules.book import RuleBook
from terminology.rules.issues import finding_issue
from terminology.rules.report import Finding, Report
from terminology.tree import Listed, PlacedConcept

_DAYS = 8
"""How many days' views are kept; nearly every request is about today."""

_LICENSED = "load a licensed release to check it"


class CptProvider(WrappedProvider):
    """Whatever CPT content is loaded, the shipped fragment or a licensed release, on a day.

    Args:
        inside: the loaded concepts.
        tables: the store's tables that are keyed by CPT code.
        facts: what the rules are told, on a day.
        rules: the coding rules.
        modifiers: HCPCS Level II as far as it is loaded, on a day: its modifiers may stand in an
            expression.
        day: the day that it is asked about, `YYYY-MM-DD`; None is today.
    """

    def __init__(
        self,
        inside: Provider,
        tables: Tables,
        facts: Callable[[str | None], CptFacts],
        rules: RuleBook,
        modifiers: Callable[[str | None], Provider | None],
        day: str | None = None,
    ) -> None:
        """Take the concepts, the tables and the rules."""
        super().__init__(inside)
        self._parts = (inside, tables, facts, rules, modifiers)
        self._tables = tables
        self._others = partial(modifiers, day)
        self._day = day
        self._numbering = Numbering(inside, self._others)
        self._days: dict[str, Provider] = {}

    @cached_property
    def facts(self) -> CptFacts:
        """What rules are told on the day."""
        _, _, facts, _, _ = self._parts
        return facts(self._day)

    @cached_property
    def _judgements(self) -> Judgements:
        inside, _, _, rules, _ = self._parts
        return Judgements(inside, self.facts, rules, self._others)

    @property
    def day(self) -> str:
        """The day that it is asked about."""
        return self._day or date.today().isoformat()  # noqa: DTZ011 - where the service runs

    def on(self, day: str) -> Provider:
        """The same on another day."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _DAYS:
                self._days.clear()
            inside, tables, facts, rules, modifiers = self._parts
            there = inside.on(day)
            found = CptProvider(there, tables, facts, rules, modifiers, day)
            self._days[day] = found
        return found

    @property
    def expression(self) -> PlacedConcept | None:
        """What filters see of any expression."""
        return ANY_EXPRESSION

    def base_of(self, code: str) -> PlacedConcept | None:
        """The procedure that an expression modifies."""
        base, colon, _ = code.partition(":")
        return self.inside.find(base) if colon else None

    @property
    def notice(self) -> str | None:
        """The AMA's copyright, of the year of the release."""
        return cpt.COPYRIGHT.format(year=(self.head.version or "")[:4])

    def same_code(self, one: str, other: str) -> bool:
        """Whether two codes are one: the order of modifiers means nothing."""
        if one == other:
            return True
        first, second = self.find(one), self.find(other)
        return first is not None and second is not None and first.ordinal == second.ordinal

    def find(self, code: str) -> PlacedConcept | None:
        """The concept of a code or of an expression that CPT's grammar allows."""
        found = self.inside.find(code) if ":" not in code else None
        if found is not None:
            return found
        judged = self._judged(code)
        if judged is None or judged.is_refused:
            return None
        return self._numbering.placed(judged.expression)

    def at(self, ordinals: Sequence[int]) -> list[PlacedConcept]:
        """The concepts with these ordinals, expressions among them."""
        if isinstance(ordinals, range):
            return self.inside.at(ordinals)
        listed = iter(self.inside.at([o for o in ordinals if o < self.size]))
        return [next(listed) if o < self.size else self._numbering.decoded(o) for o in ordinals]

    def listed(self, ordinals: Sequence[int]) -> list[Listed]:
        """What a list shows of the concepts with these ordinals."""
        if isinstance(ordinals, range) or all(ordinal < self.size for ordinal in ordinals):
            return self.inside.listed(ordinals)
        return [
            Listed(one.ordinal, one.concept.code, one.concept.display, one.parent, plain=False)
            for one in self.at(ordinals)
        ]

    def unknown_code(self, code: str, path: str) -> Issue:
        """The issue of a code that is not loaded: an error, of a fragment too.

        A CPT code is a statement on a claim, and one that can't be checked must not look like
        one that was; the sentence says which of both it is.
        """
        home = self._home(code)
        if not self.is_fragment and home is None:
            return super().unknown_code(code, path)
        text = f"The code '{code}' is not among {self._loaded}; {home or _LICENSED}"
        return Issue("error", "code-invalid", text, (path,), tx_issue_type="invalid-code")

    def refusals(self, code: str, path: str) -> list[Issue]:
        """Why a code is not one of CPT: every finding of the grammar, each with its place."""
        judged = self._judged(code)
        if judged is None:
            return [self.unknown_code(code, path)]
        found = [self._missing(part, at, judged.expression, path) for part, at in judged.missing]
        return found + [_issue(finding, path) for finding in judged.grammar if _is_error(finding)]

    def remarks(self, code: str, path: str) -> list[Issue]:
        """What is to be said of an expression that is right: warnings, and other scopes' rules."""
        judged = self._judged(code)
        if judged is None:
            return self.inside.on(self.day).remarks(code, path)
        issues = [_issue(finding, path) for finding in judged.report.findings]
        issues += [
            Issue("information", "informational", _of_another(modifier, system), (path,))
            for modifier, system in judged.of_others
        ]
        issues += self.inside.on(self.day).remarks(judged.expression.base, path)
        return issues + judged.left(path)

    def own_filter(self, condition: Filter) -> filters.CptFilter | None:
        """The filter, where it is one of those that HL7 defines of CPT, or this service adds."""
        return filters.read(condition, self)

    def reference_properties(self, concept: Concept, date: str) -> list[LookupProperty]:
        """Medicare's indicators, relative values and unit limits in force on a day."""
        base, *modifiers = concept.code.split(":")
        found = []
        for release in self._tables.in_force(date):
            row = self._tables.row(release, base)
            if row is not None:
                found += lookup_properties(release, row)
        if modifiers:
            judged = self._judged(concept.code)
            parts = self._numbering.parts(concept.code)
            found += expression_properties(parts, judged.report.findings if judged else ())
        return found

    def report(self, code: str) -> Report:
        """What the rules say of a code or an expression on the day."""
        return self._judgements.report(code, self.day)

    def _judged(self, code: str) -> Judgement | None:
        return self._judgements.of(code, self.day)

    def _missing(self, part: str, at: int, expression: Expression, path: str) -> Issue:
        kind = "code" if at == 0 else "modifier"
        text = f"The {kind} '{part}' of '{expression.text}' (at character {at + 1}) is not among"
        text += f" {self._loaded}"
        if at:
            text += ", nor among the modifiers of HCPCS Level II as loaded"
        home = self._home(part) if at == 0 else None
        if home is not None or self.is_fragment:
            text += f"; {home or _LICENSED}"
        return Issue("error", "code-invalid", text, (path,), tx_issue_type="invalid-code")

    @property
    def _loaded(self) -> str:
        of = f"CPT {self.head.version}"
        if self.is_fragment:
            return f"the {self.size} codes loaded (fragment of {of})"
        return f"the codes of {of}"

    def _home(self, code: str) -> str | None:
        """Where a code that is none of CPT's belongs, where that can be told."""
        others = self._others()
        if others is not None and others.find(code) is not None:
            return f"it is one of HCPCS Level II: send it with the system {hcpcs.URL}"
        if HCPCS_CODE.fullmatch(code):
            return f"it has the form of one of HCPCS Level II, whose system is {hcpcs.URL}"
        return None


def _is_error(finding: Finding) -> bool:
    return finding.rule.severity == "error"


def _issue(finding: Finding, path: str) -> Issue:
    return finding_issue(finding, "code", None, path)


def _of_another(modifier: str, system: str) -> str:
    return (
        f"The modifier {modifier} is not among those that CPT lists as loaded; its home is HCPCS"
        f" Level II ({system})"
    )
