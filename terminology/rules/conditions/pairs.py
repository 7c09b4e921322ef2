"""NCCI's procedure pairs: which line is not paid beside another, and which modifier changes that.

Of a pair, column one is paid and column two is not. With indicator 1 a modifier that CMS lists for
it takes the pair away, with 0 none does; 9 marks a pair that was ended on the day it began (CMS,
NCCI policy manual, chapter I). Which modifiers count, on which line and since when is data of the
rule.
"""

from typing import Any, NamedTuple

from terminology.rules.conditions.arguments import Unreadable, boolean, fields, texts
from terminology.rules.conditions.outcome import (
    BESIDE,
    Condition,
    Match,
    Outcome,
    outcome,
)
from terminology.rules.facts import InForce, Pair
from terminology.rules.situation import Situation

_ALLOWED = "1"
_ENDED = "9"
_BINDS = frozenset({"column1", "column2", "indicator", "rationale", "release", "title"})
_BYPASS = frozenset({"modifier", "bypass"})


class _Bypass(NamedTuple):
    """A modifier that counts for a pair, with the index of the line that carries it."""

    modifier: str
    line: int


class _Modifiers(NamedTuple):
    """`listed` count on the line of column two, `either` on that of column one as well."""

    listed: frozenset[str]
    either: frozenset[str]
    since: str

    def on(self, situation: Situation, second: int, first: int) -> _Bypass | None:
        """The modifier of the two lines that counts."""
        found = self.listed.intersection(situation.lines[second].modifiers)
        if found:
            return _Bypass(min(found), second)
        if situation.days[second] >= self.since:
            found = self.either.intersection(situation.lines[first].modifiers)
            if found:
                return _Bypass(min(found), first)
        return None


class _Options(NamedTuple):
    indicators: frozenset[str] | None
    bypassed: bool | None
    modifiers: _Modifiers


def pair(value: Any, _scope: str) -> Condition:
    """It is column two of a pair in force; it holds for each pair."""
    options = _options(value)

    def test(situation: Situation, index: int) -> Outcome:
        day = situation.days[index]
        code = situation.lines[index].code
        pairs = situation.pairs(day)
        found = pairs.of_column2.get(code, ())
        reason = pairs.unknown.get(code)
        if pairs.release is None or not found:
            return outcome([], reason)
        matches = [_judged(situation, index, one, pairs.release, options) for one in found]
        return outcome([one for one in matches if one is not None], reason)

    binds = _BINDS | _BYPASS if options.bypassed else _BINDS
    return Condition(test, binds, frozenset({BESIDE}))


def _options(value: Any) -> _Options:
    given = fields(
        value, "indicator", "bypassed", "modifiers", "either-column", "either-column-since"
    )
    since = given.get("either-column-since", "")
    if not isinstance(since, str):
        raise Unreadable("takes a date as either-column-since, such as 2019-07-01")
    listed = frozenset(texts(given["modifiers"])) if "modifiers" in given else frozenset[str]()
    either = frozenset(texts(given["either-column"])) if "either-column" in given else frozenset()
    return _Options(
        frozenset(texts(given["indicator"])) if "indicator" in given else None,
        boolean(given["bypassed"]) if "bypassed" in given else None,
        _Modifiers(listed | either, either, since),
    )


def _judged(
    situation: Situation, second: int, pair: Pair, release: InForce, options: _Options
) -> Match | None:
    indicator = pair.indicator
    if indicator == _ENDED or not (options.indicators is None or indicator in options.indicators):
        return None
    first, bypass = _open_line(situation, second, pair, options.modifiers)
    bypassed = indicator == _ALLOWED and bypass is not None
    if options.bypassed is not None and options.bypassed is not bypassed:
        return None
    facts = {
        "column1": pair.column1,
        "column2": pair.column2,
        "indicator": indicator or "not known",
        "rationale": pair.rationale or "not stated",
        "release": release.release,
        "title": release.title,
    }
    note = ""
    if bypass is not None:
        facts["modifier"] = bypass.modifier
        facts["bypass"] = _named(situation, bypass)
        note = "" if options.bypassed else _note(indicator, facts["bypass"])
    return Match(facts, "code", other=first, bypassed=bypassed, note=note)


def _open_line(
    situation: Situation, second: int, pair: Pair, modifiers: _Modifiers
) -> tuple[int, _Bypass | None]:
    """The line of column one that the pair is found with: one that no modifier sets apart first."""
    lines = situation.of_code(situation.days[second], pair.column1)
    for first in lines:
        bypass = modifiers.on(situation, second, first)
        if bypass is None or bypass.line == second:
            return first, bypass
    return lines[0], modifiers.on(situation, second, lines[0])


def _named(situation: Situation, bypass: _Bypass) -> str:
    code = situation.lines[bypass.line].code
    several = len(situation.of_code(situation.days[bypass.line], code)) > 1
    return f"{bypass.modifier} on {code}" + (f" (line {bypass.line + 1})" if several else "")


def _note(indicator: str, bypass: str) -> str:
    if indicator == _ALLOWED:
        return f"It is bypassed by {bypass}."
    if indicator == "":
        return f"Whether {bypass} helps is not known."
    return f"{bypass} does not help."
