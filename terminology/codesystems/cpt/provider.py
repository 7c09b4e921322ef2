"""CPT as a code system: what is loaded of it, its grammar, and the rules on what is reported.

See HL7's page "Using CPT with HL7 Standards", https://terminology.hl7.org/CPT.html.
"""

from collections.abc import Callable, Sequence
from datetime import date

from terminology.codesystems import cpt
from terminology.codesystems.cpt import filters
from terminology.codesystems.cpt.expression import Expression, class_of
from terminology.codesystems.cpt.facts import CptFacts
from terminology.codesystems.cpt.judgement import Judgement, Judgements
from terminology.codesystems.cpt.medicare import lookup_properties
from terminology.codesystems.cpt.numbering import ANY_EXPRESSION, Numbering
from terminology.codesystems.cpt.tables import Tables
from terminology.codesystems.provider import LookupProperty, Provider
from terminology.codesystems.wrapped import WrappedProvider
from terminology.fhir.outcome import Issue
from terminology.model import Concept, Filter
from terminology.rules.book import RuleBook
from terminology.rules.issues import citation, finding_issue
from terminology.rules.report import Finding, Report
from terminology.rules.severity import severity_of
from terminology.tree import Listed, PlacedConcept

_DAYS = 8
"""How many days' views are kept; nearly every request is about today."""


class CptProvider(WrappedProvider):
    """Whatever CPT content is loaded, the shipped fragment or a licensed release, on a day.

    Args:
        inside: the loaded concepts.
        tables: the store's tables that are keyed by CPT code.
        facts: what the rules are told.
        rules: the coding rules.
        modifiers: HCPCS Level II as far as it is loaded: its modifiers may stand in an expression.
        day: the day that it is asked about, `YYYY-MM-DD`; None is today.
    """

    def __init__(
        self,
        inside: Provider,
        tables: Tables,
        facts: CptFacts,
        rules: RuleBook,
        modifiers: Callable[[], Provider | None],
        day: str | None = None,
    ) -> None:
        """Take the concepts, the tables and the rules."""
        super().__init__(inside)
        self._parts = (inside, tables, facts, rules, modifiers)
        self.facts = facts
        self._tables = tables
        self._day = day
        self._numbering = Numbering(inside, modifiers)
        self._judgements = Judgements(inside, facts, rules, modifiers)
        self._days: dict[str, Provider] = {}

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
            found = self._days[day] = CptProvider(*self._parts, day=day)
        return found

    @property
    def expression(self) -> PlacedConcept | None:
        """What filters see of any expression."""
        return ANY_EXPRESSION

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
        found = self.inside.find(code)
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
        if not self.is_fragment:
            return super().unknown_code(code, path)
        text = (
            f"The code '{code}' is not among the {self.size} codes loaded (fragment of CPT"
            f" {self.head.version}); load a licensed release to check it"
        )
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
            return []
        issues = [_issue(finding, path) for finding in judged.report.findings]
        issues += [
            Issue("information", "informational", _of_another(modifier, system), (path,))
            for modifier, system in judged.of_others
        ]
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
            found += self._expression_properties(concept.code, modifiers)
        return found

    def report(self, code: str) -> Report:
        """What the rules say of a code or an expression on the day."""
        return self._judgements.report(code, self.day)

    def _judged(self, code: str) -> Judgement | None:
        return self._judgements.of(code, self.day)

    def _missing(self, part: str, at: int, expression: Expression, path: str) -> Issue:
        kind = "code" if at == 0 else "modifier"
        text = f"The {kind} '{part}' of '{expression.text}' (at character {at + 1}) is not among"
        if self.is_fragment:
            text += (
                f" the {self.size} codes loaded (fragment of CPT {self.head.version}), nor among"
                " the loaded modifiers of HCPCS Level II; load a licensed release to check it"
            )
        else:
            text += f" the codes of CPT {self.head.version} or of HCPCS Level II as loaded"
        return Issue("error", "code-invalid", text, (path,), tx_issue_type="invalid-code")

    def _expression_properties(self, code: str, modifiers: list[str]) -> list[LookupProperty]:
        found = [_reading(self._numbering.parts(code))]
        for modifier, (system, concept) in zip(
            modifiers, self._numbering.parts(code)[1:], strict=True
        ):
            parts = [
                LookupProperty(code="system", value=("valueString", system)),
                LookupProperty(code="class", value=("valueCode", class_of(modifier))),
            ]
            if concept.definition:
                value = ("valueString", concept.definition)
                parts.append(LookupProperty(code="definition", value=value))
            found.append(
                LookupProperty(
                    code="modifier-code",
                    value=("valueCode", modifier),
                    description=concept.display,
                    subproperties=tuple(parts),
                )
            )
        judged = self._judged(code)
        return found + [_finding(f) for f in judged.report.findings] if judged else found


def _is_error(finding: Finding) -> bool:
    return finding.rule.severity == "error"


def _issue(finding: Finding, path: str) -> Issue:
    return finding_issue(finding, "code", None, path)


def _of_another(modifier: str, system: str) -> str:
    return (
        f"The modifier {modifier} is not among those that CPT lists as loaded; its home is HCPCS"
        f" Level II ({system})"
    )


def _reading(parts: Sequence[tuple[str, Concept]]) -> LookupProperty:
    (_, base), *modifiers = parts
    text = base.display or base.code
    if modifiers:
        text += "; " + "; ".join(m.display or m.code for _, m in modifiers)
    return LookupProperty(code="reading", value=("valueString", text))


def _finding(finding: Finding) -> LookupProperty:
    rule = finding.rule
    stated = (
        ("rule", "valueCode", rule.id),
        ("scope", "valueCode", rule.scope),
        ("severity", "valueCode", severity_of(finding, "code")),
        ("effect", "valueCode", rule.effect),
        ("source", "valueString", citation(rule.sources[0])),
    )
    return LookupProperty(
        code="finding",
        value=("valueString", finding.text),
        subproperties=tuple(
            LookupProperty(code=c, value=(kind, value)) for c, kind, value in stated
        ),
    )
