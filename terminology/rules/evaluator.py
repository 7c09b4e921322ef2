"""The one evaluator: the lines of a request against every rule that can be about them."""

from collections.abc import Iterable

from terminology import deadline
from terminology.rules import facts as facts_of
from terminology.rules.book import CompiledRule, RuleBook
from terminology.rules.codes import shown
from terminology.rules.conditions.outcome import FALSE, Match
from terminology.rules.facts import Facts
from terminology.rules.model import CPT, FEE_SCHEDULE, PAIRS, PAYER_POLICY, UNIT_LIMITS
from terminology.rules.report import NO_PAIR, NO_UNITS, UNREADABLE, Finding, NotChecked, Report
from terminology.rules.request import Request
from terminology.rules.severity import MEDICARE_PAYER
from terminology.rules.situation import Situation, no_release

_READS = {
    FEE_SCHEDULE: facts_of.FEE_SCHEDULE,
    UNIT_LIMITS: facts_of.UNIT_LIMITS,
    PAIRS: facts_of.PAIRS,
}
"""The table that a family is nothing without."""


def evaluate(
    request: Request, facts: Facts, book: RuleBook, scopes: frozenset[str] | None = None
) -> Report:
    """What the rules say of the lines of a request.

    A line whose text has faults is judged by CPT's grammar alone: what it means can't be told.

    Args:
        request: the lines, the day, the payer and the setting.
        facts: what is loaded of codes and tables.
        book: the rules.
        scopes: the families to ask; all if left out.

    Returns:
        The findings in the order of lines, then of rules; of each family that could not be
        checked, why; and the releases that decided although their own period is over.

    Raises:
        TookTooLong: the request's time is over, where one was set (`terminology.deadline`).
    """
    asked = book.scopes if scopes is None else book.scopes & scopes
    return _Evaluation(request, facts, book, asked).report()


class _Evaluation:
    def __init__(
        self, request: Request, facts: Facts, book: RuleBook, scopes: frozenset[str]
    ) -> None:
        self._book = book
        self._scopes = scopes
        self._payer = request.payer
        self._situation = Situation(request, facts)
        self._findings: list[Finding] = []
        self._not_checked: dict[tuple[str, int | str | None], NotChecked] = {}

    def report(self) -> Report:
        for index in range(len(self._situation.lines)):
            deadline.check()
            self._judge(index)
        self._tell_what_was_not_asked()
        self._tell_payer()
        return Report(
            findings=tuple(self._findings),
            not_checked=tuple(self._not_checked.values()),
            stale=tuple(release for release in self._situation.decided if release.is_stale),
        )

    def _judge(self, index: int) -> None:
        situation = self._situation
        day, line = situation.days[index], situation.lines[index]
        is_alone = len(situation.on_day(day)) == 1
        for compiled in self._applying(self._book.about(line, is_alone=is_alone), day):
            outcome = compiled.condition.test(situation, index)
            if outcome is FALSE:
                continue
            for match in outcome.matches:
                self._findings.append(self._finding(compiled, match, index))
            if outcome.unknown:
                self._leave(compiled.rule.scope, outcome.unknown, index)
        if line.faults:
            for scope in sorted(self._scopes - {CPT}):
                self._leave(scope, UNREADABLE, index)

    def _applying(self, rules: Iterable[CompiledRule], day: str) -> Iterable[CompiledRule]:
        for compiled in rules:
            rule = compiled.rule
            if rule.scope not in self._scopes or not rule.period.holds(day):
                continue
            if rule.payers and self._payer is not None and self._payer not in compiled.payers:
                continue
            yield compiled

    def _finding(self, compiled: CompiledRule, match: Match, index: int) -> Finding:
        line, rule = self._situation.lines[index], compiled.rule
        facts = {"code": shown(line.code), **match.facts}
        text = rule.message.format_map(facts)
        position = match.position
        if match.index is not None and match.index < len(line.positions):
            position = line.positions[match.index]
        return Finding(
            rule=rule,
            text=f"{text} {match.note}" if match.note else text,
            line=index,
            element=match.element or "code",
            index=match.index,
            position=position,
            other=match.other,
            facts=facts,
            bypassed=match.bypassed,
        )

    def _leave(self, scope: str, reason: str, index: int) -> None:
        """Keep why a family was not checked: once for a line, and for pairs once for a reason."""
        line = None if scope == PAIRS and reason != UNREADABLE else index
        kept = NotChecked(scope=scope, reason=reason, line=line)
        self._not_checked.setdefault((scope, reason if line is None else line), kept)

    def _tell_what_was_not_asked(self) -> None:
        """Leave the families whose rules hold of no line for want of what they are about.

        Such a rule is false without a look at its table, and so says nothing of what is loaded.
        """
        situation = self._situation
        read = {scope: table for scope, table in _READS.items() if scope in self._scopes}
        if PAIRS in read and not situation.has_pairs:
            # One code has none, whatever is loaded.
            del read[PAIRS]
            self._not_checked.setdefault((PAIRS, NO_PAIR), NotChecked(scope=PAIRS, reason=NO_PAIR))
        for index, line in enumerate(situation.lines):
            if line.faults:
                continue
            day = situation.days[index]
            for scope, table in read.items():
                if situation.in_force(table, day) is None:
                    self._leave(scope, no_release(day), index)
            if UNIT_LIMITS in read and not situation.has_units(index):
                self._leave(UNIT_LIMITS, NO_UNITS, index)

    def _tell_payer(self) -> None:
        payer = self._payer
        if PAYER_POLICY not in self._scopes or payer in (None, MEDICARE_PAYER):
            return
        if payer not in self._book.payers:
            reason = f"no policy of '{payer}' is loaded"
            kept = NotChecked(scope=PAYER_POLICY, reason=reason)
            self._not_checked[PAYER_POLICY, None] = kept
