"""What holds of every request, with the rules and the content that ship."""

from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from terminology.rules.model import SCOPES
from terminology.rules.report import Report
from tests.terminology.rules.shipped import IN_2024, Asked, book

MODIFIERS = (
    "22 24 25 26 27 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92"
    " 93 95 99 P1 1P LT RT XE XP XS XU AS GA GC GE GX GY GZ Q5 Q6 TC ZZ"
).split()
CODES = ("37241", "37242", "37243", "37244", "01924", "75894", "99213", "3044F", "G0269")
BYPASS = {
    modifier
    for rule in book().rules
    for modifier in rule.condition.get("pair", {}).get("modifiers", ())
}
SETS = [r.id for r in book().rules if set(r.condition) == {"modifiers"} and r.scope == "cpt"]
carried = st.lists(st.sampled_from(MODIFIERS), max_size=6)
expressions = st.builds(lambda code, mods: ":".join([code, *mods]), st.sampled_from(CODES), carried)


def told(report: Report) -> list[tuple[str, str, int]]:
    return sorted((found.rule.id, found.text, found.line) for found in report.findings)


@given(code=st.sampled_from(CODES), mods=carried, random=st.randoms(use_true_random=False))
def test_the_order_of_modifiers_never_changes_an_answer(
    ask: Asked, code: str, mods: list[str], random: Any
) -> None:
    shuffled = list(mods)
    random.shuffle(shuffled)
    one, other = (ask(":".join([code, *each])) for each in (mods, shuffled))
    assert told(one) == told(other)
    assert len(one.not_checked) == len(other.not_checked)


@given(mods=st.lists(st.sampled_from(MODIFIERS), max_size=6, unique=True), data=st.data())
def test_a_subset_of_a_valid_set_never_becomes_invalid_by_a_set_rule(
    ask: Asked, mods: list[str], data: st.DataObject
) -> None:
    part = [modifier for modifier in mods if data.draw(st.booleans())]
    whole = ask.ids(":".join(["37244", *mods])) & set(SETS)
    assert ask.ids(":".join(["37244", *part])) & set(SETS) <= whole


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


@given(modifier=st.sampled_from(MODIFIERS), first=carried, second=carried)
def test_only_a_bypass_modifier_removes_a_pair_and_the_answer_says_which(
    ask: Asked, modifier: str, first: list[str], second: list[str]
) -> None:
    pairs = frozenset({"ncci-ptp"})
    lines = [":".join(["37244", *first]), ":".join(["37243", *second, modifier])]
    (found,) = ask(*lines, day=IN_2024, scopes=pairs).findings
    assert found.bypassed is (found.rule.id == "ncci-pair-bypassed")
    if found.bypassed:
        named = found.facts["modifier"]
        assert named in BYPASS
        assert named in {*first, *second, modifier}
        assert f"bypassed by {named} on" in found.text
    else:
        assert not {*second, modifier} & BYPASS


@given(texts=st.lists(st.text(max_size=12) | expressions, max_size=5), day=st.dates())
def test_no_input_raises(ask: Asked, texts: list[str], day: Any) -> None:
    report = ask(*texts, day=day.isoformat())
    for found in report.findings:
        assert found.text.endswith(".")
        assert 0 <= found.line < len(texts)


def test_every_pair_of_modifiers_is_judged_alike_in_both_orders(ask: Asked) -> None:
    for one, other in combinations(MODIFIERS, 2):
        assert told(ask(f"37244:{one}:{other}")) == told(ask(f"37244:{other}:{one}"))
