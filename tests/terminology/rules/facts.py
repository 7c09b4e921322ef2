"""Facts held in memory, and rules made in a line, for tests of the evaluator."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from terminology.model import Json
from terminology.rules.book import RuleBook
from terminology.rules.facts import CodeFacts, InForce, Pair
from terminology.rules.request import Line, Request

CPT = "http://www.ama-assn.org/go/cpt"
SOURCE = {"title": "A document", "publisher": "Its publisher", "address": "https://example.org/a"}


class FakeFacts:
    """What is known, as a test states it.

    Args:
        codes: each code with its kinds; a code of two characters is a modifier.
        rows: (table, code) to the row.
        pairs: all pairs.
        properties: of each code, beside its kinds.
        first_day: the first day on which every table is in force.
        stale: whether the tables' own period is over.
        whole: whether every pair there is is among `pairs`.
        document: the id of the tables' DocumentReference.
        focus: the one code whose pairs all are, where they are not whole.
    """

    def __init__(
        self,
        codes: Mapping[str, Iterable[str]] | None = None,
        rows: Mapping[tuple[str, str], Mapping[str, str]] | None = None,
        pairs: Sequence[Pair] = (),
        properties: Mapping[str, Mapping[str, str]] | None = None,
        first_day: str = "2020-01-01",
        *,
        stale: bool = False,
        whole: bool = True,
        focus: str = "",
        document: str = "",
    ) -> None:
        self.codes = {code: frozenset(kinds) for code, kinds in (codes or {}).items()}
        self.rows = rows or {}
        self.all_pairs = pairs
        self.properties = properties or {}
        self.first_day = first_day
        self.stale = stale
        self.whole = whole
        self.focus = focus
        self.document = document

    def code(self, code: str) -> CodeFacts | None:
        if code not in self.codes:
            return None
        return CodeFacts(
            code=code,
            system=CPT,
            is_modifier=len(code) == 2,
            kinds=self.codes[code],
            properties=self.properties.get(code, {}),
        )

    def in_force(self, table: str, setting: str, day: str) -> InForce | None:
        if day < self.first_day:
            return None
        return InForce(1, table, "R1", f"{table} R1", self.first_day, self.stale, self.document)

    def row(self, release: InForce, setting: str, code: str) -> Mapping[str, str] | None:
        found = self.rows.get((release.table, code))
        return None if found is None else {"release": "R1", "title": release.title, **found}

    def pairs(
        self, release: InForce, setting: str, codes: Sequence[str], day: str
    ) -> Sequence[Pair]:
        return [p for p in self.all_pairs if p.column1 in codes and p.column2 in codes]

    def covers_pairs_of(self, release: InForce, setting: str, codes: Sequence[str]) -> bool:
        return self.whole or (self.focus in codes and len(codes) == 2)


def rule(condition: Json, **changed: Any) -> Json:
    """A rule as its file has it, with this condition."""
    return {
        "id": "a-rule",
        "title": "A rule",
        "explanation": "What it is for.",
        "scope": "cpt",
        "effect": "invalid",
        "severity": "error",
        "sources": ["a"],
        "condition": condition,
        "message": "It fires",
        "examples": {"fires": ["37244:26"], "passes": ["37244"]},
        **changed,
    }


def book(*rules: Json) -> RuleBook:
    """The rules, each with an id of its own where it has the common one."""
    named = [
        {**r, "id": f"rule-{i}"} if r["id"] == "a-rule" else r for i, r in enumerate(rules, start=1)
    ]
    return RuleBook.of([{"sources": {"a": SOURCE}, "rules": named}])


def line(text: str, units: int | None = None, **changed: Any) -> Line:
    """A line, written as an expression."""
    code, *modifiers = text.split(":")
    return Line(
        code=code,
        modifiers=tuple(modifiers),
        units=None if units is None else Decimal(units),
        **changed,
    )


def request(*lines: Line | str, day: str = "2025-10-15", **changed: Any) -> Request:
    """A request of lines, each written as an expression or given whole."""
    made = tuple(line(one) if isinstance(one, str) else one for one in lines)
    return Request(lines=made, day=day, **changed)
