"""The shipped rules over the shipped content, and the examples that come with them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import msgspec

from terminology import content
from terminology.codesystems.cpt.expression import Expression, parse
from terminology.model import Json
from terminology.rules.book import RuleBook
from terminology.rules.evaluator import evaluate
from terminology.rules.facts import CodeFacts, Facts, InForce, Pair
from terminology.rules.report import Finding, Report
from terminology.rules.request import PRACTITIONER, Line, Request

CPT = "http://www.ama-assn.org/go/cpt"
DAY = "2025-10-15"
"""In RVU 2025 October; the unit limits and the pairs of 2024 Q3 still decide then."""
IN_2024 = "2024-08-01"


@cache
def book() -> RuleBook:
    """The rules that ship."""
    return RuleBook.of(content.rules())


class Overlaid:
    """Facts of the shipped content, with what an example states of rows before it.

    An example of a rule on an indicator that no shipped code has states the row itself:
    `{"rows": {"medicare-fee-schedule": {"93010": {"pctc": "2"}}}}`; one on a property that no
    shipped code states, the property: `{"properties": {"X0001": {"appendix-t": "false"}}}`.
    """

    def __init__(
        self,
        facts: Facts,
        stated: Mapping[str, Mapping[str, Json]],
        properties: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._facts = facts
        self._stated = stated
        self._properties = properties

    def code(self, code: str) -> CodeFacts | None:
        stated = self._properties.get(code)
        if stated is None:
            return self._facts.code(code)
        return CodeFacts(code=code, system=CPT, is_modifier=False, properties=stated)

    def in_force(self, table: str, setting: str, day: str) -> InForce | None:
        return self._facts.in_force(table, setting, day)

    def row(self, release: InForce, setting: str, code: str) -> Mapping[str, str] | None:
        stated = self._stated.get(release.table, {}).get(code)
        if stated is None:
            return self._facts.row(release, setting, code)
        return {"release": release.release, "title": release.title, **stated}

    def pairs(
        self, release: InForce, setting: str, codes: Sequence[str], day: str
    ) -> Sequence[Pair]:
        return self._facts.pairs(release, setting, codes, day)

    def covers_pairs_of(self, release: InForce, setting: str, codes: Sequence[str]) -> bool:
        return self._facts.covers_pairs_of(release, setting, codes)


def line(text: str, units: int | None = None, **changed: Any) -> Line:
    """A line of an expression as it is sent, faults and all."""
    read = parse(text) or Expression(text=text, base=text)
    return Line(
        code=read.base,
        modifiers=read.modifiers,
        positions=read.positions,
        faults=read.faults,
        units=None if units is None else Decimal(units),
        **changed,
    )


class Asked(NamedTuple):
    """The shipped rules with facts to ask them."""

    facts: Facts

    def __call__(
        self,
        *lines: Line | str,
        rows: Mapping[str, Mapping[str, Json]] | None = None,
        properties: Mapping[str, Mapping[str, str]] | None = None,
        scopes: frozenset[str] | None = None,
        day: str = DAY,
        payer: str | None = None,
        setting: str = PRACTITIONER,
    ) -> Report:
        """What the rules say of lines, each written as an expression or given whole."""
        made = tuple(line(one) if isinstance(one, str) else one for one in lines)
        request = Request(lines=made, day=day, payer=payer, setting=setting)
        facts = Overlaid(self.facts, rows or {}, properties or {})
        return evaluate(request, facts, book(), scopes)

    def ids(self, *lines: Line | str, **changed: Any) -> set[str]:
        """The ids of the rules that fire."""
        return {found.rule.id for found in self(*lines, **changed).findings}

    def refused(self, *lines: Line | str, **changed: Any) -> set[str]:
        """The ids of CPT's own rules that make the expression wrong."""
        found = self(*lines, scopes=frozenset({"cpt"}), **changed).findings
        return {one.rule.id for one in found if one.rule.severity == "error"}

    def finding(self, rule: str, *lines: Line | str, **changed: Any) -> Finding:
        """The one finding of a rule."""
        (found,) = [f for f in self(*lines, **changed).findings if f.rule.id == rule]
        return found

    def medicare(self, *lines: Line | str, **changed: Any) -> dict[str, str]:
        """What the fee schedule's rules say: each rule's id with its effect."""
        scopes = frozenset({"medicare-fee-schedule"})
        found = self(*lines, scopes=scopes, **changed).findings
        return {one.rule.id: one.rule.effect for one in found}

    def indicator(self, expression: str, **row: str) -> dict[str, str]:
        """The same for a code whose row is stated."""
        stated = {"medicare-fee-schedule": {expression.partition(":")[0]: row}}
        return self.medicare(expression, rows=stated)

    def example(self, example: Any) -> Report:
        """What the rules say of an example of a rule."""
        if isinstance(example, str):
            return self(example)
        lines = [msgspec.convert(one, Line) for one in example["lines"]]
        return self(
            *lines,
            **example.get("facts", {}),
            day=example.get("date", DAY),
            payer=example.get("payer"),
            setting=example.get("setting", PRACTITIONER),
        )
