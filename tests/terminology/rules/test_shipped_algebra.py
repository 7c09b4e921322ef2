"""What holds of every request, with the rules and the content that ship."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from terminology.rules.facts import (
    FEE_SCHEDULE,
    PAIRS,
    UNIT_LIMITS,
    CodeFacts,
    Facts,
    InForce,
    Pair,
)
from terminology.rules.model import SCOPES
from terminology.rules.report import Report
from terminology.rules.request import OUTPATIENT_HOSPITAL, PRACTITIONER
from tests.terminology.rules.shipped import DAY, IN_2024, Asked, book, line

MODIFIERS = (
    "22 24 25 26 27 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92"
    " 93 95 99 P1 1P LT RT XE XP XS XU AS GA GC GE GX GY GZ Q5 Q6 TC ZZ ZQ"
).split()
CODES = ("37241", "37242", "37243", "37244", "01924", "75894", "99213", "3044F", "G0269")
PAIR_RULES = [rule.condition["pair"] for rule in book().rules if "pair" in rule.condition]
BYPASS = {modifier for pair in PAIR_RULES for modifier in pair["modifiers"]}
EITHER = {modifier for pair in PAIR_RULES for modifier in pair["either-column"]}
"""Those that count on the line of column one too."""


def members(condition: Any) -> set[str]:
    """The modifiers of a rule that is about several of them together; none for another rule."""
    if not isinstance(condition, dict):
        return set()
    named = set(condition.get("modifiers", {}).get("of", ()))
    return named.union(*(members(part) for part in condition.get("all", ())))


SETS: dict[str, set[str]] = {
    rule.id: found for rule in book().rules if (found := members(rule.condition))
}
carried = st.lists(st.sampled_from(MODIFIERS), max_size=6)
crowded = st.lists(st.sampled_from(sorted(set().union(*SETS.values()))), max_size=8, unique=True)
expressions = st.builds(lambda code, mods: ":".join([code, *mods]), st.sampled_from(CODES), carried)
lines = st.builds(
    line,
    expressions,
    units=st.none() | st.integers(1, 4),
    date=st.none() | st.sampled_from([DAY, IN_2024]),
    place=st.none() | st.sampled_from(["11", "21"]),
)
payers = st.none() | st.sampled_from(["medicare", "hmsa", "aetna"])
settings = st.sampled_from([PRACTITIONER, OUTPATIENT_HOSPITAL])


def told(report: Report) -> list[tuple[Any, ...]]:
    """All that is said of a request, without the places of modifiers in a text."""
    return sorted(
        (f.rule.id, f.text, f.line, f.element, f.other or -1, f.bypassed, sorted(f.facts.items()))
        for f in report.findings
    )


def left(report: Report) -> list[tuple[str, str, int]]:
    return sorted((n.scope, n.reason, -1 if n.line is None else n.line) for n in report.not_checked)


@given(
    asked=st.lists(lines, min_size=1, max_size=4),
    payer=payers,
    setting=settings,
    random=st.randoms(use_true_random=False),
)
def test_the_order_of_modifiers_never_changes_an_answer(
    ask: Asked, asked: list[Any], payer: str | None, setting: str, random: Any
) -> None:
    shuffled = []
    for one in asked:
        mods = list(one.modifiers)
        random.shuffle(mods)
        text = ":".join((one.code, *mods))
        units = None if one.units is None else int(one.units)
        shuffled.append(line(text, units, date=one.date, place=one.place))
    one, other = (ask(*each, payer=payer, setting=setting) for each in (asked, shuffled))
    assert told(one) == told(other)
    assert left(one) == left(other)
    assert set(one.stale) == set(other.stale)


@given(asked=st.lists(lines, min_size=1, max_size=4), random=st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_rule_that_is_found(
    ask: Asked, asked: list[Any], random: Any
) -> None:
    shuffled = list(asked)
    random.shuffle(shuffled)
    one, other = (
        Counter((f.rule.id, each[f.line].code) for f in ask(*each).findings)
        for each in (asked, shuffled)
    )
    assert one == other


def test_the_sets_are_those_that_the_grammar_has_and_more() -> None:
    grammar = {rule.id for rule in book().rules if rule.scope == "cpt"} & set(SETS)
    found = {frozenset(SETS[rule]) for rule in grammar}
    assert found == {
        frozenset({"52", "53"}),
        frozenset({"52", "73", "74"}),
        frozenset({"53", "73", "74"}),
        frozenset({"73", "74"}),
        frozenset({"76", "77"}),
        frozenset({"93", "95"}),
    }
    assert {"payer-59-with-x", "mpfs-one-assistant", "mpfs-26-with-tc"} <= set(SETS)


@given(code=st.sampled_from(CODES), mods=crowded, data=st.data())
def test_a_subset_of_a_valid_set_never_becomes_invalid_by_a_set_rule(
    ask: Asked, code: str, mods: list[str], data: st.DataObject
) -> None:
    part = [modifier for modifier in mods if data.draw(st.booleans())]
    whole = ask.ids(":".join([code, *mods])) & set(SETS)
    assert ask.ids(":".join([code, *part])) & set(SETS) <= whole


def test_every_part_of_every_set_is_judged_by_what_the_whole_is(ask: Asked) -> None:
    for rule, mods in SETS.items():
        fired = [
            set(part)
            for size in range(len(mods) + 1)
            for part in combinations(sorted(mods), size)
            if rule in ask.ids(":".join(["37244", *part]))
        ]
        assert fired, rule
        assert mods in fired, rule
        assert all(len(part) > 1 for part in fired), rule
        for part in fired:
            assert all(more in fired for more in ({*part, each} for each in mods)), rule


@given(
    texts=st.lists(expressions, min_size=1, max_size=4), families=st.sets(st.sampled_from(SCOPES))
)
def test_loading_one_more_family_never_removes_a_finding(
    ask: Asked, texts: list[str], families: set[str]
) -> None:
    everything = told(ask(*texts, day=IN_2024))
    if families:
        some = told(ask(*texts, day=IN_2024, scopes=frozenset(families)))
        assert not [found for found in some if found not in everything]
    each = [told(ask(*texts, day=IN_2024, scopes=frozenset({scope}))) for scope in SCOPES]
    assert sorted(found for part in each for found in part) == everything


READ_BY = {
    FEE_SCHEDULE: {"medicare-fee-schedule", "payer-policy"},
    UNIT_LIMITS: {"ncci-mue"},
    PAIRS: {"ncci-ptp"},
}
"""Which families read a table."""


class Without:
    """Facts of which some tables are not loaded."""

    def __init__(self, facts: Facts, tables: set[str]) -> None:
        self._facts = facts
        self._tables = tables

    def code(self, code: str) -> CodeFacts | None:
        return self._facts.code(code)

    def in_force(self, table: str, setting: str, day: str) -> InForce | None:
        return None if table in self._tables else self._facts.in_force(table, setting, day)

    def row(self, release: InForce, setting: str, code: str) -> Mapping[str, str] | None:
        return self._facts.row(release, setting, code)

    def pairs(
        self, release: InForce, setting: str, codes: Sequence[str], day: str
    ) -> Sequence[Pair]:
        return self._facts.pairs(release, setting, codes, day)

    def covers_pairs_of(self, release: InForce, setting: str, codes: Sequence[str]) -> bool:
        return self._facts.covers_pairs_of(release, setting, codes)


@given(
    asked=st.lists(lines, min_size=1, max_size=4),
    payer=payers,
    missing=st.sets(st.sampled_from(sorted(READ_BY)), min_size=1),
)
def test_loading_one_more_table_adds_to_its_own_families_alone(
    ask: Asked, asked: list[Any], payer: str | None, missing: set[str]
) -> None:
    whole = ask(*asked, payer=payer)
    fewer = Asked(Without(ask.facts, missing))(*asked, payer=payer)
    reading = set().union(*(READ_BY[table] for table in missing))
    assert not [found for found in told(fewer) if found not in told(whole)]
    lost = Counter(f.rule.id for f in whole.findings) - Counter(f.rule.id for f in fewer.findings)
    scopes = {rule.scope for rule in book().rules if rule.id in lost}
    assert scopes <= reading
    # What fewer tables can't tell is said.
    assert scopes <= {one.scope for one in fewer.not_checked}


@given(modifier=st.sampled_from(MODIFIERS), first=carried, second=carried)
def test_only_a_bypass_modifier_removes_a_pair_and_the_answer_says_which(
    ask: Asked, modifier: str, first: list[str], second: list[str]
) -> None:
    pairs = frozenset({"ncci-ptp"})
    asked = [":".join(["37244", *first]), ":".join(["37243", *second, modifier])]
    (found,) = ask(*asked, day=IN_2024, scopes=pairs).findings
    assert found.bypassed is (found.rule.id == "ncci-pair-bypassed")
    counting = {*second, modifier} & BYPASS | set(first) & EITHER
    assert found.bypassed is bool(counting)
    if found.bypassed:
        named = found.facts["modifier"]
        assert named in counting
        where = "37243" if named in {*second, modifier} else "37244"
        assert f"bypassed by {named} on {where}" in found.text


@given(first=carried, second=carried)
def test_no_modifier_removes_a_pair_of_indicator_0(
    ask: Asked, first: list[str], second: list[str]
) -> None:
    asked = [":".join(["37244", *first]), ":".join(["01924", *second])]
    (found,) = ask(*asked, day=IN_2024, scopes=frozenset({"ncci-ptp"})).findings
    assert (found.rule.id, found.bypassed) == ("ncci-pair-never", False)
    if set(second) & BYPASS:
        assert "does not help" in found.text


@given(
    texts=st.lists(st.text(max_size=12) | expressions, max_size=5),
    day=st.dates(),
    payer=payers | st.text(max_size=8),
    setting=settings | st.text(max_size=8),
)
def test_no_input_raises(
    ask: Asked, texts: list[str], day: Any, payer: str | None, setting: str
) -> None:
    report = ask(*texts, day=day.isoformat(), payer=payer, setting=setting)
    for found in report.findings:
        assert found.text.endswith(".")
        assert 0 <= found.line < len(texts)


def test_every_pair_of_modifiers_is_judged_alike_in_both_orders(ask: Asked) -> None:
    for one, other in combinations(MODIFIERS, 2):
        assert told(ask(f"37244:{one}:{other}")) == told(ask(f"37244:{other}:{one}"))
        assert left(ask(f"37244:{one}:{other}")) == left(ask(f"37244:{other}:{one}"))
