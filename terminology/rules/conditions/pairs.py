"""NCCI's procedure pairs: which line is not paid beside another, and which modifier changes that.

Of a pair, column one is paid and column two is not. With indicator 1 a modifier that CMS lists for
it takes the pair away, with 0 none does; 9 marks a pair that was ended on the day it began (CMS,
NCCI policy manual, chapter I). Which modifiers count, on which line and since when is data of the
rule.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from terminology.rules.conditions.arguments import Unreadable, boolean, fields, texts
from terminology.rules.conditions.outcome import (
    BESIDE,
    READS_LINES,
    Condition,
    Match,
    Outcome,
    outcome,
)
from terminology.rules.facts import InForce, Pair
from terminology.rules.report import DOCUMENT
from terminology.rules.situation import Situation

_UNDATED = "Since when the pair is in force is not loaded; look it up where the day matters."
_ALLOWED = "1"
_ENDED = "9"
_BINDS = frozenset({"column1", "column2", "indicator", "rationale", "release", "title"})
_BYPASS = frozenset({"modifier", "bypass"})


class _Bypass(NamedTuple):
    """A modifier that counts for a pair, with the index of the line that carries it."""

    modifier: str
    line: int


class _Modifiers(msgspec.Struct, frozen=True, cache_hash=True):
    """`listed` count on the line of column two, `either` on that of column one as well."""

    listed: frozenset[str]
    either: frozenset[str]
    since: str

    def on(self, situation: Situation, second: int, first: int) -> _Bypass | None:
        """The modifier of the two lines that counts."""
        own = situation.lines[second].modifiers
        if own and not self.listed.isdisjoint(own):
            return _Bypass(min(self.listed.intersection(own)), second)
        others = situation.lines[first].modifiers
        if others and not self.either.isdisjoint(others) and situation.days[first] >= self.since:
            return _Bypass(min(self.either.intersection(others)), first)
        return None


class _Options(NamedTuple):
    indicators: tuple[str, ...]
    bypassed: bool | None
    modifiers: _Modifiers


def pair(value: Any, _scope: str) -> Condition:
    """It is column two of a pair in force; it holds for each pair."""
    options = _options(value)

    def test(situation: Situation, index: int) -> Outcome:
        day = situation.days[index]
        code = situation.lines[index].code
        pairs = situation.pairs(day)
        reason = pairs.unknown.get(code)
        if pairs.release is None or not pairs.of_column2:
            return outcome([], reason)
        matches = [
            match
            for indicator in options.indicators
            for one in pairs.of_column2.get((code, indicator), ())
            if (match := _judged(situation, index, one, pairs.release, options)) is not None
        ]
        return outcome(matches, reason)

    binds = _BINDS | _BYPASS if options.bypassed else _BINDS
    return Condition(test, binds, frozenset({BESIDE}), READS_LINES)


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
        tuple(one for one in texts(given.get("indicator")) if one != _ENDED),
        boolean(given["bypassed"]) if "bypassed" in given else None,
        _modifiers(listed | either, either, since),
    )


@lru_cache
def _modifiers(listed: frozenset[str], either: frozenset[str], since: str) -> _Modifiers:
    """One object for the same lists, so that rules share what they find out of a pair."""
    return _Modifiers(listed, either, since)


def _judged(
    situation: Situation, second: int, pair: Pair, release: InForce, options: _Options
) -> Match | None:
    indicator = pair.indicator
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
        DOCUMENT: release.document,
    }
    notes = [] if pair.is_dated else [_UNDATED]
    if bypass is not None:
        facts["modifier"] = bypass.modifier
        facts["bypass"] = _named(situation, bypass)
        if not options.bypassed:
            notes.insert(0, _note(indicator, facts["bypass"]))
    return Match(facts, "code", other=first, bypassed=bypassed, note=" ".join(notes))


def _open_line(
    situation: Situation, second: int, pair: Pair, modifiers: _Modifiers
) -> tuple[int, _Bypass | None]:
    """The line of column one that the pair is found with: one that no modifier sets apart first."""
    key = modifiers, second, pair.column1
    found = situation.memo.get(key)
    if found is None:
        lines = situation.of_code(situation.days[second], pair.column1)
        asked = ((first, modifiers.on(situation, second, first)) for first in lines)
        apart = next(asked)
        more = (one for one in asked if one[1] is None)
        found = situation.memo[key] = apart if apart[1] is None else next(more, apart)
    return found


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
