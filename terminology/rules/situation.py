"""What is judged, with what is known of it: each fact is asked for once in a request."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from terminology.rules.codes import shown
from terminology.rules.facts import PAIRS, UNIT_LIMITS, CodeFacts, Facts, InForce, Pair
from terminology.rules.request import Request

_BY_SETTING = frozenset({PAIRS, UNIT_LIMITS})
"""The tables that CMS publishes for each setting apart."""
_MOST_NAMED = 20
"""Of so many codes on a day it is told which ones have pairs that are not loaded."""


class Row(NamedTuple):
    """The row of a code, with the release that it is of."""

    values: Mapping[str, str]
    release: InForce


class DayPairs(NamedTuple):
    """The pairs among the codes of one day.

    `of_column2` holds them by their second code and their indicator. `unknown` tells of a code why
    not all of its pairs could be looked up.
    """

    of_column2: Mapping[tuple[str, str], Sequence[Pair]]
    release: InForce | None
    unknown: Mapping[str, str]


class Situation:
    """The lines of a request and their facts.

    Args:
        request: all lines.
        facts: what is known.
    """

    def __init__(self, request: Request, facts: Facts) -> None:
        """Sort the lines by their days."""
        self.request = request
        self.lines = request.lines
        self.days = [line.date or request.day for line in request.lines]
        self.decided: dict[InForce, None] = {}
        """The releases that rows or pairs were taken from."""
        self.memo: dict[Any, Any] = {}
        """What conditions keep for the next line."""
        self._facts = facts
        self._codes: dict[str, CodeFacts | None] = {}
        self._in_force: dict[tuple[str, str], InForce | None] = {}
        self._rows: dict[tuple[str, str, str], Row | str] = {}
        self._pairs: dict[str, DayPairs] = {}
        self._on_day: dict[str, list[int]] = {}
        self._of_code: dict[tuple[str, str], list[int]] = {}
        for index, day in enumerate(self.days):
            self._on_day.setdefault(day, []).append(index)
            self._of_code.setdefault((day, self.lines[index].code), []).append(index)

    def on_day(self, day: str) -> Sequence[int]:
        """The indexes of the lines of a day."""
        return self._on_day.get(day, ())

    def of_code(self, day: str, code: str) -> Sequence[int]:
        """The indexes of the lines of a day that have this code."""
        return self._of_code.get((day, code), ())

    @property
    def has_pairs(self) -> bool:
        """Whether two codes are on one day."""
        codes: dict[str, str] = {}
        return any(
            codes.setdefault(day, line.code) != line.code
            for day, line in zip(self.days, self.lines, strict=True)
        )

    def has_units(self, index: int) -> bool:
        """Whether the units of a line can be told: they were sent, or it is one of several lines.

        A line without units is one service where its code stands on further lines of the day.
        """
        line = self.lines[index]
        several = len(self.of_code(self.days[index], line.code)) > 1
        return several if line.units is None else not line.units.is_nan()

    def code(self, code: str) -> CodeFacts | None:
        """What is loaded of a code or a modifier."""
        if code not in self._codes:
            self._codes[code] = self._facts.code(code)
        return self._codes[code]

    def in_force(self, table: str, day: str) -> InForce | None:
        """The release of a table in force on a day."""
        key = table, day
        if key not in self._in_force:
            self._in_force[key] = self._facts.in_force(table, self._setting(table), day)
        return self._in_force[key]

    def row(self, table: str, index: int) -> Row | str:
        """The row of a line's code in a table, or the reason why there is none."""
        key = table, self.days[index], self.lines[index].code
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._read(*key)
        return row

    def pairs(self, day: str) -> DayPairs:
        """The pairs in force among the codes of a day's lines, asked for once."""
        found = self._pairs.get(day)
        if found is None:
            found = self._pairs[day] = self._read_pairs(day)
        return found

    def _setting(self, table: str) -> str:
        return self.request.setting if table in _BY_SETTING else ""

    def _read(self, table: str, day: str, code: str) -> Row | str:
        release = self.in_force(table, day)
        if release is None:
            return no_release(day)
        values = self._facts.row(release, self._setting(table), code)
        if values is not None:
            self.decided[release] = None
            return Row(values, release)
        reason = f"{release.title} as loaded has no row of {shown(code)}"
        if table == UNIT_LIMITS:
            reason += ", and CMS keeps some limits unpublished, so that is no permission"
        return reason

    def _read_pairs(self, day: str) -> DayPairs:
        codes = sorted({self.lines[index].code for index in self.on_day(day)})
        if len(codes) < 2:
            return DayPairs({}, None, {})
        release = self.in_force(PAIRS, day)
        if release is None:
            return DayPairs({}, None, dict.fromkeys(codes, no_release(day)))
        found = self._facts.pairs(release, self.request.setting, codes, day)
        of_column2: dict[tuple[str, str], list[Pair]] = {}
        for pair in dict.fromkeys(found):
            if pair.column1 != pair.column2:
                of_column2.setdefault((pair.column2, pair.indicator), []).append(pair)
        unknown = self._uncovered(release, codes, found)
        if of_column2 or not unknown:
            self.decided[release] = None
        return DayPairs(of_column2, release, unknown)

    def _uncovered(
        self, release: InForce, codes: Sequence[str], found: Sequence[Pair]
    ) -> Mapping[str, str]:
        setting = self.request.setting
        if self._facts.covers_pairs_of(release, setting, codes):
            return {}
        if len(codes) <= _MOST_NAMED:
            known = {frozenset(pair[:2]) for pair in found}
            left = [
                pair
                for pair in combinations(codes, 2)
                if frozenset(pair) not in known
                and not self._facts.covers_pairs_of(release, setting, pair)
            ]
            codes = sorted({code for pair in left for code in pair})
        reason = f"{release.title} as loaded does not hold every pair among {_listed(codes)}"
        return dict.fromkeys(codes, reason)


def _listed(codes: Sequence[str]) -> str:
    more = len(codes) - _MOST_NAMED
    named = ", ".join(map(shown, codes[:_MOST_NAMED]))
    return f"{named} and {more} more" if more > 0 else named


def no_release(day: str) -> str:
    """The reason where a table has no release in force on a day."""
    return f"no release of it is loaded for {day}"
