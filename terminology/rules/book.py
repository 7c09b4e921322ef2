"""The rules as they are written, read once: sources resolved, conditions compiled, indexed.

A file of rules is `{"sources": {key: source}, "rules": [rule]}`; docs/rules.md describes it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from string import Formatter
from typing import Any, NamedTuple

import msgspec

from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.rules.conditions import compile_condition
from terminology.rules.conditions.outcome import BESIDE, MODIFIERS, Condition
from terminology.rules.model import PAYER_POLICY, Rule
from terminology.rules.request import Line

ALWAYS_BOUND = frozenset({"code"})
"""The names that any message can use, beside those of its condition."""
_KEPT = 1024
"""The combinations of marks whose rules are kept."""
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class CompiledRule(NamedTuple):
    """A rule with its condition compiled.

    Attributes:
        rule: as it is written.
        condition: compiled.
        order: its place among all rules, in which findings are told.
        payers: the ids of those whose policy it is.
    """

    rule: Rule
    condition: Condition
    order: int
    payers: frozenset[str]


class RuleBook:
    """All rules that are known.

    Args:
        rules: in the order in which their findings are told.

    Raises:
        InvalidInput: an id stands twice, or a rule is wrong in itself; the message names it.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Check each rule, compile its condition, and index it by what it needs of a line."""
        self.rules = tuple(rules)
        self.scopes = frozenset(rule.scope for rule in self.rules)
        self._by_id: dict[str, Rule] = {}
        self._by_mark: dict[str, list[CompiledRule]] = {}
        self._unmarked: list[CompiledRule] = []
        for order, rule in enumerate(self.rules):
            if rule.id in self._by_id:
                raise InvalidInput(f"Two rules have the id '{rule.id}'; give each its own.")
            self._by_id[rule.id] = rule
            compiled = _compiled(rule, order)
            if compiled.condition.needs is None:
                self._unmarked.append(compiled)
            for mark in compiled.condition.needs or ():
                self._by_mark.setdefault(mark, []).append(compiled)
        self._about = lru_cache(_KEPT)(self._marked)
        self.payers = frozenset(
            payer.id for rule in self.rules for payer in rule.payers if payer.id is not None
        )

    @classmethod
    def of(cls, files: Iterable[Json]) -> "RuleBook":
        """The rules of decoded files.

        Raises:
            InvalidInput: a rule is not of its shape, cites what is not there or cites nothing; the
                message names the rule.
        """
        return cls([rule for file in files for rule in _of(file)])

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with an id."""
        return self._by_id.get(rule_id)

    def about(self, line: Line, *, is_alone: bool) -> tuple[CompiledRule, ...]:
        """The rules that can hold of a line, in their order.

        Args:
            line: with faults in its text, it is only asked for these.
            is_alone: whether no other line is of the same day.
        """
        if line.faults:
            marks = [f"fault:{fault.name}" for fault in line.faults]
            return self._about(frozenset(marks), is_readable=False)
        marks = [f"modifier:{modifier}" for modifier in line.modifiers]
        if marks:
            marks.append(MODIFIERS)
        if not is_alone:
            marks.append(BESIDE)
        return self._about(frozenset(marks), is_readable=True)

    def _marked(self, marks: frozenset[str], *, is_readable: bool) -> tuple[CompiledRule, ...]:
        found = {one.order: one for mark in marks for one in self._by_mark.get(mark, ())}
        if is_readable:
            found.update((one.order, one) for one in self._unmarked)
        return tuple(found[order] for order in sorted(found))


def _of(file: Any) -> Iterator[Rule]:
    if not isinstance(file, dict) or not isinstance(file.get("rules"), list):
        raise InvalidInput("A file of rules is an object with a list `rules`, and `sources`.")
    others = sorted(set(file) - {"sources", "rules"})
    if others:
        raise InvalidInput(f"A file of rules has `sources` and `rules`, and no `{others[0]}`.")
    sources = file.get("sources", {})
    if not isinstance(sources, dict) or not all(isinstance(s, dict) for s in sources.values()):
        raise InvalidInput("The `sources` of a file of rules is an object of a source by each key.")
    for entry in file["rules"]:
        if not isinstance(entry, dict):
            raise InvalidInput("A rule is an object; docs/rules.md lists what it has.")
        yield _rule(entry, sources)


def _rule(entry: Json, known: Mapping[str, Json]) -> Rule:
    named = f"The rule '{entry.get('id', '(without id)')}'"
    cited = entry.get("sources", [])
    if not isinstance(cited, list):
        raise InvalidInput(f"{named} has sources that are no list of keys.")
    sources = [_source(one, known, named) for one in cited]
    try:
        return msgspec.convert({**entry, "sources": sources}, Rule)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{named} can't be read: {error}.") from None


def _source(cited: Any, known: Mapping[str, Json], named: str) -> Json:
    own = cited if isinstance(cited, dict) else {"key": cited}
    key, others = own.get("key"), sorted(set(own) - {"key", "section"})
    if others:
        raise InvalidInput(f"{named} cites with `{others[0]}`; a source is cited by key, section.")
    if not isinstance(key, str) or key not in known:
        raise InvalidInput(f"{named} cites '{key}', which is not among the sources of its file.")
    return {**known[key], **{name: value for name, value in own.items() if name != "key"}}


def _compiled(rule: Rule, order: int) -> CompiledRule:
    named = f"The rule '{rule.id}'"
    _check(rule, named)
    try:
        condition = compile_condition(rule.condition, rule.scope)
    except InvalidInput as error:
        raise InvalidInput(f"{named} has a condition that can't be read. {error.message}") from None
    for name in _names(rule.message, named):
        if name not in condition.binds | ALWAYS_BOUND:
            names = ", ".join(sorted(condition.binds | ALWAYS_BOUND))
            raise InvalidInput(
                f"{named} has a message with '{name}', which its condition does not tell; it can"
                f" use {names}."
            )
    payers = frozenset(payer.id for payer in rule.payers if payer.id is not None)
    return CompiledRule(rule, condition, order, payers)


def _check(rule: Rule, named: str) -> None:
    wrong = {
        "has an id that is not words-joined-by-hyphens": not _ID.fullmatch(rule.id),
        "has no title, no explanation or no message": not (
            rule.title and rule.explanation and rule.message
        ),
        "cites no source; a rule without one is not used": not rule.sources,
        "cites a source without title, publisher or address": not all(
            source.title and source.publisher and source.address for source in rule.sources
        ),
        "needs examples that fire it and examples that do not": not (
            rule.examples.fires and rule.examples.passes
        ),
        f"names payers where its scope is not {PAYER_POLICY}, or none where it is": (
            (rule.scope == PAYER_POLICY) != bool(rule.payers)
        ),
        "has a period that is not two days, YYYY-MM-DD, the first one first": not _is_period(rule),
    }
    for what, is_so in wrong.items():
        if is_so:
            raise InvalidInput(f"{named} {what}.")


def _is_period(rule: Rule) -> bool:
    start, end = rule.period.start, rule.period.end
    days = [day for day in (start, end) if day is not None]
    return all(_DAY.fullmatch(day) for day in days) and days == sorted(days)


def _names(message: str, named: str) -> Iterator[str]:
    try:
        parts = list(Formatter().parse(message))
    except ValueError as error:
        raise InvalidInput(f"{named} has a message that can't be filled in: {error}.") from None
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if form or conversion or not re.fullmatch(r"[\w-]+", name):
            raise InvalidInput(f"{named} has '{name}' in its message; a name in braces is enough.")
        yield name
