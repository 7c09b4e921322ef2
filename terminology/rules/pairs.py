"""NCCI's procedure pairs: which line is not paid beside another, and which modifier changes that.

A pair with indicator 1 is bypassed by one of the modifiers that CMS lists, on the line of column
two; 59 and XE, XP, XS, XU count on either line since 2019-07-01 (CMS Change Request 11168). The
lists and the day are data of the rule.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from terminology.rules.facts import PAIRS, InForce, Pair
from terminology.rules.judged import Judged

Found = dict[str, str]


class _Bypass(NamedTuple):
    modifiers: frozenset[str]
    either: frozenset[str]
    since: str

    def of(self, judged: Judged, first: Judged) -> tuple[str, Judged] | None:
        """The modifier that takes the pair away, with the line that carries it."""
        for modifier in sorted(judged.line.modifiers):
            if modifier in self.modifiers:
                return modifier, judged
        if judged.day >= self.since:
            for modifier in sorted(first.line.modifiers):
                if modifier in self.either:
                    return modifier, first
        return None


def pair_test(value: Mapping[str, Any]) -> Callable[[Judged, Found], bool | None]:
    """The test of a condition on the pair that the line is column two of."""
    indicators = frozenset(value["indicator"])
    wanted = value.get("bypassed")
    bypass = _Bypass(
        frozenset(value.get("modifiers", ())),
        frozenset(value.get("either-column", ())),
        value.get("either-column-since", "9999"),
    )

    def test(judged: Judged, found: Found) -> bool | None:
        if judged.pair is None:
            return False
        pair, first = judged.pair
        if pair.indicator not in indicators:
            return False
        taken = bypass.of(judged, first)
        if wanted is not None and wanted is not (taken is not None):
            return False
        found |= {
            "column1": pair.column1,
            "column2": pair.column2,
            "indicator": pair.indicator or "not known",
            "rationale": pair.rationale or "not stated",
            "#other": str(first.index),
            "other_code": pair.column1,
        }
        if taken is not None:
            found["bypass"] = f"{taken[0]} on {taken[1].line.code}"
            found["modifier"] = taken[0]
            if wanted:
                found["#bypassed"] = "true"
        release = next((r for r in judged.read if r.table == PAIRS), None)
        if release is not None:
            found["release"], found["title"] = release.release, release.title
        return True

    return test


def pairs_of(lines: Iterable[Judged]) -> list[tuple[Pair, Judged, Judged]]:
    """Each pair in force among lines of one day, as (pair, line of column one, of column two).

    A code that stands on several lines makes a pair with each line of the other code.
    """
    lines = list(lines)
    codes = sorted({judged.line.code for judged in lines})
    if len(codes) < 2 or not lines:
        return []
    release = lines[0].release(PAIRS)
    if release is None:
        return []
    asked = lines[0]
    found = asked.facts.pairs(release, asked.request.setting, codes, asked.day)
    by_code: dict[str, list[Judged]] = {}
    for judged in lines:
        judged.read[release] = None
        by_code.setdefault(judged.line.code, []).append(judged)
    return [
        (pair, first, second)
        for pair in found
        for first in by_code[pair.column1]
        for second in by_code[pair.column2]
    ]


def uncovered(lines: Iterable[Judged]) -> str | None:
    """Why the pairs among lines of one day could not be checked, or not all of them."""
    lines = list(lines)
    codes = sorted({judged.line.code for judged in lines})
    if len(codes) < 2:
        return None
    asked = lines[0]
    release: InForce | None = asked.release(PAIRS)
    if release is None:
        return f"no release of it is loaded for {asked.day}"
    if asked.facts.covers_pairs_of(release, asked.request.setting, codes):
        return None
    return f"{release.title} as loaded does not hold every pair among {', '.join(codes)}"
