"""What holds of every request: order, subsets, families, bypass, and that nothing raises."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from terminology.rules.evaluator import evaluate
from terminology.rules.facts import Pair
from terminology.rules.report import Report
from terminology.rules.request import Fault, Line, Request
from tests.terminology.rules.facts import FakeFacts, book, request, rule
from tests.terminology.rules.test_pairs import pair_rule

MODIFIERS = ("26", "TC", "50", "52", "53", "59", "73", "74", "80", "LT", "RT", "XS", "1P", "ZZ")
CODES = ("37241", "37242", "37243", "37244", "99213")
SETS = [rule({"modifiers": {"of": of}}) for of in (["52", "53"], ["52", "73", "74"], ["59", "XS"])]
GRAMMAR = [
    *SETS,
    rule({"repeated-modifier": True}),
    rule({"modifier-kind": ["cat-2"]}, message="{modifier}"),
    rule({"modifiers": {"at-least": 5}}, severity="warning", message="{modifiers}"),
]
FEES = [
    rule(
        {"all": [{"modifier": ["26", "TC"]}, {"row": {"pctc": ["0"]}}]},
        scope="medicare-fee-schedule",
        message="{modifier} {pctc}",
    )
]
PAIRS = [
    pair_rule("1", bypassed=False, message="{column1} {column2}"),
    pair_rule("1", bypassed=True, message="{column1} {column2} {bypass}"),
]
FACTS = FakeFacts(
    codes={code: ["code"] for code in CODES[:4]}
    | {modifier: ["general"] for modifier in MODIFIERS[:-2]}
    | {"1P": ["cat-2"]},
    rows={("medicare-fee-schedule", code): {"pctc": "0"} for code in CODES[:4]}
    | {("medicare-mue", code): {"mue": "1"} for code in CODES[:4]},
    pairs=[Pair("37244", "37243", "1", ""), Pair("37242", "37241", "1", "")],
)
REST = [
    rule({"units": {"over": "mue", "sum": summed}}, scope="ncci-mue", message="{units} {limit}")
    for summed in ("line", "day")
] + [
    rule({"fault": ["separator"]}, message="{part} {position} {right_form}"),
    rule({"any": [{"place": ["21"]}, {"not": {"modifier-kind": ["cat-2"]}}]}),
    rule({"with": {"all": [{"kind": ["code"]}, {"modifier": ["59"]}]}}, message="{other_modifier}"),
    rule({"modifier": ["LT"]}, scope="payer-policy", payers=[{"name": "A payer", "id": "a"}]),
]
UNITS = [Decimal("9E+999999"), Decimal("-9E+999999"), Decimal("sNaN"), Decimal("Infinity")]
ALL = book(*GRAMMAR, *FEES, *PAIRS, *REST)
modifiers = st.lists(st.sampled_from(MODIFIERS), max_size=6)
expressions = st.builds(
    lambda code, carried: ":".join([code, *carried]), st.sampled_from(CODES), modifiers
)


def told(report: Report) -> list[tuple[str, str, int]]:
    return sorted((found.rule.id, found.text, found.line) for found in report.findings)


@given(st.sampled_from(CODES), modifiers, st.data())
def test_the_order_of_modifiers_changes_nothing(
    code: str, carried: list[str], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(carried))
    one, other = (
        evaluate(request(":".join([code, *each])), FACTS, ALL) for each in (carried, shuffled)
    )
    assert told(one) == told(other)
    assert one.not_checked == other.not_checked


@given(st.lists(st.sampled_from(MODIFIERS), max_size=6, unique=True), st.data())
def test_a_part_of_a_set_that_is_right_is_right(carried: list[str], data: st.DataObject) -> None:
    sets = book(*SETS)
    part = data.draw(st.lists(st.sampled_from(carried), unique=True)) if carried else []
    whole = evaluate(request(":".join(["37244", *carried])), FACTS, sets)
    if not whole.findings:
        assert not evaluate(request(":".join(["37244", *part])), FACTS, sets).findings


@given(st.lists(expressions, min_size=1, max_size=4))
def test_another_family_takes_no_finding_away(texts: list[str]) -> None:
    asked = request(*texts)
    few = evaluate(asked, FACTS, ALL, frozenset({"cpt"}))
    more = evaluate(asked, FACTS, ALL, frozenset({"cpt", "medicare-fee-schedule"}))
    everything = evaluate(asked, FACTS, ALL)
    assert set(told(few)) <= set(told(more)) <= set(told(everything))


@given(st.lists(expressions, min_size=2, max_size=4), st.integers(0, 3), st.sampled_from(MODIFIERS))
def test_only_a_bypass_modifier_takes_a_pair_away(texts: list[str], at: int, added: str) -> None:
    at %= len(texts)
    changed = [*texts[:at], f"{texts[at]}:{added}", *texts[at + 1 :]]
    before = evaluate(request(*texts), FACTS, ALL, frozenset({"ncci-ptp"}))
    after = evaluate(request(*changed), FACTS, ALL, frozenset({"ncci-ptp"}))
    assert len(before.findings) == len(after.findings)
    for one, other in zip(before.findings, after.findings, strict=True):
        if one.bypassed != other.bypassed:
            assert added in {"59", "XS", "LT"}
            assert added in other.text


@given(
    st.lists(
        st.builds(
            Line,
            code=st.sampled_from(CODES) | st.text(max_size=8),
            modifiers=st.lists(st.sampled_from(MODIFIERS) | st.text(max_size=3), max_size=7).map(
                tuple
            ),
            units=st.none() | st.decimals() | st.sampled_from(UNITS),
            date=st.none() | st.just("2025-10-15") | st.text(max_size=10),
            place=st.none() | st.text(max_size=2),
            faults=st.lists(
                st.builds(
                    Fault,
                    name=st.sampled_from(["separator", "empty"]),
                    part=st.text(max_size=3),
                    position=st.integers(0, 9),
                    right_form=st.none() | st.text(max_size=3),
                ),
                max_size=1,
            ).map(tuple),
        ),
        max_size=5,
    ),
    st.text(max_size=10),
    st.none() | st.text(max_size=10),
)
def test_no_input_raises(lines: list[Line], day: str, payer: str | None) -> None:
    report = evaluate(Request(lines=tuple(lines), day=day, payer=payer), FACTS, ALL)
    assert all(0 <= found.line < len(lines) for found in report.findings)
