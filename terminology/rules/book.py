"""The rules as they are written, read once: sources resolved, conditions compiled, indexed.

A file of rules is `{"sources": {key: source}, "rules": [rule]}`; docs/rules.md describes it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from string import Formatter
from typing import Any

import msgspec

from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.rules.conditions import BOUND, Condition, compile_condition
from terminology.rules.model import PAYER_POLICY, Rule

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class CompiledRule(msgspec.Struct, frozen=True):
    """A rule with its condition compiled, and what can make it fire."""

    rule: Rule
    condition: Condition
    order: int
    """Its place among all rules, in which findings are told."""


class RuleBook:
    """All rules that are known.

    Args:
        rules: in the order in which their findings are told.

    Raises:
        InvalidInput: an id stands twice, or a condition can't be read.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Compile each rule's condition and index the rules by what can make them fire."""
        self.rules = tuple(rules)
        self._by_id: dict[str, Rule] = {}
        self._by_modifier: dict[str, list[CompiledRule]] = {}
        self.of_any_modifier: list[CompiledRule] = []
        self.of_faults: list[CompiledRule] = []
        self.of_pairs: list[CompiledRule] = []
        self.of_lines: list[CompiledRule] = []
        for order, rule in enumerate(self.rules):
            if rule.id in self._by_id:
                raise InvalidInput(f"Two rules have the id '{rule.id}'; give each its own.")
            self._by_id[rule.id] = rule
            self._index(_compiled(rule, order))

    @classmethod
    def of(cls, files: Iterable[Json]) -> "RuleBook":
        """The rules of decoded files.

        Raises:
            InvalidInput: a rule is not of its shape, cites what is not there or cites nothing; the
                message names the rule.
        """
        return cls([_rule(entry, file.get("sources", {})) for file in files for entry in _of(file)])

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with an id."""
        return self._by_id.get(rule_id)

    def of_modifier(self, modifier: str) -> list[CompiledRule]:
        """The rules that this modifier on a line can make fire."""
        named = self._by_modifier.get(modifier)
        return [*named, *self.of_any_modifier] if named else self.of_any_modifier

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The scopes that have rules."""
        return frozenset(rule.scope for rule in self.rules)

    def _index(self, compiled: CompiledRule) -> None:
        trigger = compiled.condition.trigger
        if isinstance(trigger, frozenset):
            for modifier in trigger:
                self._by_modifier.setdefault(modifier, []).append(compiled)
        else:
            getattr(self, f"of_{trigger}").append(compiled)


def _of(file: Json) -> list[Json]:
    rules = file.get("rules")
    if not isinstance(rules, list):
        raise InvalidInput("A file of rules holds a list `rules`.")
    return rules


def _rule(entry: Json, known: Mapping[str, Json]) -> Rule:
    named = f"The rule '{entry.get('id', '(without id)')}'"
    sources = [_source(cited, known, named) for cited in entry.get("sources", ())]
    try:
        rule = msgspec.convert({**entry, "sources": sources}, Rule)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"{named} can't be read: {error}.") from None
    _check(rule, named)
    return rule


def _source(cited: Any, known: Mapping[str, Json], named: str) -> Json:
    key = str(cited.get("key") if isinstance(cited, dict) else cited)
    if key not in known:
        raise InvalidInput(f"{named} cites '{key}', which is not among the sources of its file.")
    own = {k: v for k, v in cited.items() if k != "key"} if isinstance(cited, dict) else {}
    return {**known[key], **own}


def _check(rule: Rule, named: str) -> None:
    if not _ID.fullmatch(rule.id):
        raise InvalidInput(f"{named} has an id that is not words-joined-by-hyphens.")
    if not rule.sources:
        raise InvalidInput(f"{named} cites no source; a rule without one is not used.")
    if not rule.examples.fires or not rule.examples.passes:
        raise InvalidInput(f"{named} needs examples that fire it and examples that do not.")
    if (rule.scope == PAYER_POLICY) != bool(rule.payers):
        raise InvalidInput(f"{named} names payers just where its scope is {PAYER_POLICY}.")
    unknown = {name for _, name, _, _ in Formatter().parse(rule.message) if name} - _facts(rule)
    if unknown:
        raise InvalidInput(f"{named} has a message with {', '.join(sorted(unknown))}, unbound.")


def _facts(rule: Rule) -> frozenset[str]:
    return BOUND | compile_condition(rule.condition, rule.id).columns


def _compiled(rule: Rule, order: int) -> CompiledRule:
    return CompiledRule(rule, compile_condition(rule.condition, rule.id), order)
