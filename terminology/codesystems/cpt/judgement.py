"""An expression under the rules: what is missing of it, what they find, what was not checked."""

from collections.abc import Callable

import msgspec

from terminology.codesystems.cpt.expression import Expression, parse
from terminology.codesystems.cpt.facts import CptFacts
from terminology.codesystems.provider import Provider
from terminology.fhir.outcome import Issue
from terminology.rules.book import RuleBook
from terminology.rules.evaluator import evaluate
from terminology.rules.issues import issues_of
from terminology.rules.model import CPT
from terminology.rules.report import Finding, Report
from terminology.rules.request import Fault, Line, Request

KEPT = 4096
"""So many judgements are kept at most; beyond them all are let go, and kept anew."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of an expression on a day.

    Attributes:
        expression: as it was read.
        request: what the rules were asked.
        report: what they found.
        missing: each part that is not loaded, with its place in the text.
        of_others: each modifier that CPT does not list, with the system that is its home.
    """

    expression: Expression
    request: Request
    report: Report
    missing: tuple[tuple[str, int], ...] = ()
    of_others: tuple[tuple[str, str], ...] = ()

    @property
    def grammar(self) -> list[Finding]:
        """The findings of CPT's own rules."""
        return [finding for finding in self.report.findings if finding.rule.scope == CPT]

    @property
    def is_refused(self) -> bool:
        """Whether it is no code of CPT: a part is not loaded, or the grammar forbids it."""
        return bool(self.missing) or any(f.rule.severity == "error" for f in self.grammar)

    def left(self, path: str) -> list[Issue]:
        """What was not checked, and which releases decided although their period is over."""
        report = msgspec.structs.replace(self.report, findings=())
        return issues_of(report, self.request, "code", lambda _: path, lambda _: path)


class Judgements:
    """The judgements of expressions, kept: what they depend on changes with the release alone.

    Args:
        inside: the loaded codes and modifiers of CPT.
        facts: what the rules are told.
        rules: all of them.
        others: HCPCS Level II.
    """

    def __init__(
        self,
        inside: Provider,
        facts: CptFacts,
        rules: RuleBook,
        others: Callable[[], Provider | None],
    ) -> None:
        """Take what a judgement is made of."""
        self._inside = inside
        self._facts = facts
        self._rules = rules
        self._others = others
        self._kept: dict[tuple[str, str], Judgement | None] = {}

    def of(self, code: str, day: str) -> Judgement | None:
        """The judgement of an expression on a day; None for a text that is none."""
        key = (code, day)
        try:
            return self._kept[key]
        except KeyError:
            if len(self._kept) >= KEPT:
                self._kept.clear()
        expression = parse(code) or self._in_capitals(code)
        found = None if expression is None else self._judged(expression, day)
        self._kept[key] = found
        return found

    def report(self, code: str, day: str) -> Report:
        """What the rules say of a code or an expression on a day."""
        judged = self.of(code, day)
        if judged is not None:
            return judged.report
        request = Request(lines=(Line(code=code),), day=day)
        return evaluate(request, self._facts, self._rules)

    def _in_capitals(self, code: str) -> Expression | None:
        """A code or modifier that is loaded, but written with small letters."""
        right = code.upper()
        if right == code or self._inside.find(right) is None:
            return None
        fault = Fault(name="lower-case", part=code, position=0, right_form=right)
        return Expression(text=code, base=code, faults=(fault,))

    def _judged(self, expression: Expression, day: str) -> Judgement:
        line = Line(
            code=expression.base,
            modifiers=() if expression.faults else expression.modifiers,
            positions=expression.positions,
            faults=expression.faults,
        )
        request = Request(lines=(line,), day=day)
        missing: list[tuple[str, int]] = []
        of_others: list[tuple[str, str]] = []
        if not expression.faults:
            missing, of_others = self._looked_up(expression)
        return Judgement(
            expression=expression,
            request=request,
            report=evaluate(request, self._facts, self._rules),
            missing=tuple(missing),
            of_others=tuple(of_others),
        )

    def _looked_up(
        self, expression: Expression
    ) -> tuple[list[tuple[str, int]], list[tuple[str, str]]]:
        missing: list[tuple[str, int]] = []
        of_others: dict[str, str] = {}
        others = self._others()
        if self._inside.find(expression.base) is None:
            missing.append((expression.base, 0))
        for modifier, at in zip(expression.modifiers, expression.positions, strict=True):
            if self._inside.find(modifier) is not None:
                continue
            if others is not None and others.find(modifier) is not None:
                of_others[modifier] = others.head.url or ""
            else:
                missing.append((modifier, at))
        return missing, list(of_others.items())
