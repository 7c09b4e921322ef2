"""The one evaluator: the lines of a request against every rule that can be about them."""

from collections.abc import Iterable, Iterator

from terminology.rules.book import CompiledRule, RuleBook
from terminology.rules.facts import Facts, InForce
from terminology.rules.judged import Judged
from terminology.rules.model import PAIRS, PAYER_POLICY
from terminology.rules.pairs import pairs_of, uncovered
from terminology.rules.report import Finding, NotChecked, Report
from terminology.rules.request import Request


def evaluate(
    request: Request, facts: Facts, book: RuleBook, scopes: frozenset[str] | None = None
) -> Report:
    """What the rules say of the lines of a request.

    Args:
        request: the lines, the day, the payer and the setting.
        facts: what is loaded of codes and tables.
        book: the rules.
        scopes: the families to ask; all if left out.

    Returns:
        The findings in the order of lines, then of rules; of each family that could not be
        checked, why; and the releases that decided although their own period is over. It raises
        nothing of its own.
    """
    return _Evaluation(request, facts, book, scopes or book.scopes).report()


class _Evaluation:
    def __init__(
        self, request: Request, facts: Facts, book: RuleBook, scopes: frozenset[str]
    ) -> None:
        self._request = request
        self._book = book
        self._scopes = scopes
        self._lines = [Judged(request, i, facts) for i in range(len(request.lines))]
        self._found: list[tuple[int, int, Finding]] = []
        self._not_checked: dict[tuple[int | None, str], NotChecked] = {}
        days: dict[str, list[Judged]] = {}
        for judged in self._lines:
            days.setdefault(judged.day, []).append(judged)
        self._days = list(days.values())
        for same in self._days:
            for judged in same if len(same) > 1 else ():
                judged.others = [other for other in same if other is not judged]

    def report(self) -> Report:
        for judged in self._lines:
            self._judge(judged)
        if PAIRS in self._scopes:
            for same in self._days:
                self._judge_pairs(same)
        self._found.sort(key=lambda found: found[:2])
        stale: dict[InForce, None] = {}
        for judged in self._lines:
            stale.update((release, None) for release in judged.read if release.is_stale)
        return Report(
            findings=tuple(finding for _, _, finding in self._found),
            not_checked=tuple(self._not_checked.values()),
            stale=tuple(stale),
        )

    def _judge(self, judged: Judged) -> None:
        line = judged.line
        for index in range(len(line.faults)):
            judged.focus = index
            for compiled in self._applying(self._book.of_faults, judged):
                self._ask(compiled, judged)
        if line.faults:
            return  # what the text means can't be told
        for index, modifier in enumerate(line.modifiers):
            if modifier in line.modifiers[:index]:
                continue
            judged.focus = index
            for compiled in self._applying(self._book.of_modifier(modifier), judged):
                self._ask(compiled, judged)
        judged.focus = None
        for compiled in self._applying(self._book.of_lines, judged):
            self._ask(compiled, judged)

    def _judge_pairs(self, same: list[Judged]) -> None:
        for pair, first, second in pairs_of(same):
            second.pair = pair, first
            second.focus = None
            for compiled in self._applying(self._book.of_pairs, second):
                self._ask(compiled, second)
            second.pair = None
        reason = uncovered(same)
        if reason is not None:
            self._keep(PAIRS, reason, None)

    def _applying(self, rules: Iterable[CompiledRule], judged: Judged) -> Iterator[CompiledRule]:
        payer = self._request.payer
        for compiled in rules:
            rule = compiled.rule
            if rule.scope not in self._scopes or not rule.period.holds(judged.day):
                continue
            policy = rule.scope == PAYER_POLICY and payer is not None
            if policy and all(publisher.id != payer for publisher in rule.payers):
                continue
            yield compiled

    def _ask(self, compiled: CompiledRule, judged: Judged) -> None:
        rule = compiled.rule
        judged.scope, judged.unknown = rule.scope, None
        found = {"code": judged.line.code}
        focus = judged.focus
        answer = compiled.condition.test(judged, found)
        if answer is None:
            self._keep(rule.scope, judged.reason, judged.index)
        elif answer:
            finding = _finding(compiled, judged, found, focus)
            self._found.append((judged.index, compiled.order, finding))

    def _keep(self, scope: str, reason: str, line: int | None) -> None:
        kept = NotChecked(scope=scope, reason=reason, line=line)
        self._not_checked.setdefault((line, scope), kept)


def _finding(
    compiled: CompiledRule, judged: Judged, found: dict[str, str], focus: int | None
) -> Finding:
    rule, line = compiled.rule, judged.line
    element = compiled.condition.element
    index = position = None
    if element == "modifier":
        if "#index" in found:
            index = int(found["#index"])
        elif focus is not None:
            index = focus
        elif found.get("modifier") in line.modifiers:
            index = line.modifiers.index(found["modifier"])
        if index is not None and index < len(line.positions):
            position = line.positions[index]
    elif "#position" in found:
        position = int(found["#position"])
    facts = {name: value for name, value in found.items() if not name.startswith("#")}
    return Finding(
        rule=rule,
        text=rule.message.format_map(_Told(facts)),
        line=judged.index,
        element=element,
        index=index,
        position=position,
        other=int(found["#other"]) if "#other" in found else None,
        facts=facts,
        bypassed="#bypassed" in found,
    )


class _Told(dict[str, str]):
    """The facts of a message; one that was not bound in this case is left out."""

    def __missing__(self, key: str) -> str:
        return ""
