"""Procedure pairs: which line is not paid, and which modifier takes that away."""

import pytest

from terminology.model import Json
from terminology.rules.evaluator import evaluate
from terminology.rules.facts import Pair
from terminology.rules.report import NO_PAIR, Finding, Report
from tests.terminology.rules.facts import FakeFacts, book, line, request, rule
from tests.terminology.rules.shipped import IN_2024, Asked

BYPASS: Json = {
    "modifiers": ["59", "XS", "LT"],
    "either-column": ["59", "XS"],
    "either-column-since": "2019-07-01",
}


def pair_rule(indicator: str, *, bypassed: bool | None, message: str = "{column2}") -> Json:
    condition = {"indicator": [indicator], **BYPASS}
    if bypassed is not None:
        condition["bypassed"] = bypassed
    return rule({"pair": condition}, scope="ncci-ptp", effect="not-payable", message=message)


RULES = book(
    pair_rule("0", bypassed=None, message="Never."),
    pair_rule("1", bypassed=False, message="unless a modifier"),
    pair_rule("1", bypassed=True, message="bypassed by {bypass}"),
    pair_rule("", bypassed=None, message="Indicator {indicator}."),
)


def judged(indicator: str, *lines: str, day: str = "2025-10-15", whole: bool = True) -> Report:
    facts = FakeFacts(
        pairs=[Pair("37244", "37243", indicator, "")], first_day="2000-01-01", whole=whole
    )
    return evaluate(request(*lines, day=day), facts, RULES)


def only(report: Report) -> Finding:
    (found,) = report.findings
    return found


def test_the_line_of_column_two_is_told_with_the_other() -> None:
    found = only(judged("1", "37244", "37243"))
    assert (found.line, found.other, found.text) == (1, 0, "unless a modifier")
    assert not found.bypassed


@pytest.mark.parametrize("lines", [("37244", "37243:59"), ("37244:59", "37243")])
def test_59_takes_the_pair_away_on_either_line_since_july_2019(lines: tuple[str, str]) -> None:
    found = only(judged("1", *lines))
    assert found.bypassed
    assert "59 on 3724" in found.text


def test_59_on_column_one_did_not_count_before_july_2019() -> None:
    assert not only(judged("1", "37244:59", "37243", day="2019-06-30")).bypassed
    assert only(judged("1", "37244:59", "37243", day="2019-07-01")).bypassed
    assert only(judged("1", "37244", "37243:59", day="2019-06-30")).bypassed


def test_a_side_counts_on_column_two_alone() -> None:
    assert only(judged("1", "37244", "37243:LT")).bypassed
    assert not only(judged("1", "37244:LT", "37243")).bypassed


def test_indicator_0_is_never_bypassed() -> None:
    found = only(judged("0", "37244", "37243:59"))
    assert not found.bypassed
    assert found.text == "Never. 59 on 37243 does not help."


def test_a_pair_without_a_first_day_is_told_so_beside_what_bypasses_it() -> None:
    undated = FakeFacts(pairs=[Pair("37244", "37243", "1", "", is_dated=False)])
    never = FakeFacts(pairs=[Pair("37244", "37243", "0", "", is_dated=False)])
    said = only(evaluate(request("37244", "37243"), undated, RULES)).text
    helpless = only(evaluate(request("37244", "37243:59"), never, RULES)).text
    assert said.startswith("unless a modifier Since when the pair is in force is not loaded")
    assert helpless.startswith("Never. 59 on 37243 does not help. Since when")


def test_an_indicator_that_is_not_known_is_told_so() -> None:
    assert only(judged("", "37244", "37243")).text == "Indicator not known."
    said = only(judged("", "37244", "37243:59")).text
    assert said == "Indicator not known. Whether 59 on 37243 helps is not known."


def test_indicator_9_finds_nothing() -> None:
    assert judged("9", "37244", "37243").findings == ()


def test_lines_of_two_days_make_no_pair() -> None:
    facts = FakeFacts(pairs=[Pair("37244", "37243", "1", "")])
    lines = (line("37244"), line("37243", date="2025-10-16"))
    assert evaluate(request(*lines), facts, RULES).findings == ()


def test_each_line_of_column_two_is_told() -> None:
    found = judged("1", "37244", "37243", "37243:59").findings
    assert [(one.line, one.bypassed) for one in found] == [(1, False), (2, True)]


def test_a_line_of_column_two_is_told_once_with_the_line_that_nothing_sets_apart() -> None:
    (found,) = judged("1", "37244:59", "37244", "37243").findings
    assert (found.line, found.other, found.bypassed) == (2, 1, False)
    (found,) = judged("1", "37244:59", "37244:XS", "37243").findings
    assert (found.line, found.other, found.bypassed) == (2, 0, True)
    assert found.text == "bypassed by 59 on 37244 (line 1)"


def test_a_modifier_that_is_not_listed_takes_no_pair_away() -> None:
    assert not only(judged("1", "37244", "37243:76")).bypassed


def test_a_rule_of_both_cases_says_that_a_modifier_takes_the_pair_away() -> None:
    facts = FakeFacts(pairs=[Pair("37244", "37243", "1", "")])
    rules = book(pair_rule("1", bypassed=None, message="{column2} is not paid."))
    (found,) = evaluate(request("37244", "37243:XS"), facts, rules).findings
    assert found.bypassed
    assert found.text == "37243 is not paid. It is bypassed by XS on 37243."
    (found,) = evaluate(request("37244", "37243"), facts, rules).findings
    assert found.text == "37243 is not paid."


def test_modifiers_of_either_column_count_on_column_two_without_being_listed_again() -> None:
    facts = FakeFacts(pairs=[Pair("37244", "37243", "1", "")], first_day="2000-01-01")
    pair = {"indicator": ["1"], "either-column": ["59"], "either-column-since": "2019-07-01"}
    rules = book(rule({"pair": pair}, scope="ncci-ptp"))
    lines = request("37244", "37243:59", day="2010-01-01")
    (found,) = evaluate(lines, facts, rules).findings
    assert found.bypassed


def test_indicator_9_finds_nothing_even_where_a_rule_lists_it() -> None:
    facts = FakeFacts(pairs=[Pair("37244", "37243", "9", "")])
    rules = book(rule({"pair": {"indicator": ["9", "1"]}}, scope="ncci-ptp"))
    assert evaluate(request("37244", "37243"), facts, rules).findings == ()


def test_the_same_code_twice_is_no_pair() -> None:
    facts = FakeFacts(pairs=[Pair("37244", "37244", "0", ""), Pair("37244", "37243", "0", "")])
    assert [f.line for f in evaluate(request("37244", "37244"), facts, RULES).findings] == []
    lines = request("37244", "37244", "37243")
    assert [f.line for f in evaluate(lines, facts, RULES).findings] == [2]


def test_a_pair_that_is_told_twice_is_found_once() -> None:
    pair = Pair("37244", "37243", "0", "")
    assert (
        len(evaluate(request("37244", "37243"), FakeFacts(pairs=[pair, pair]), RULES).findings) == 1
    )


def test_an_extract_leaves_pairs_unchecked() -> None:
    report = judged("1", "37244", "75894", whole=False)
    (left,) = report.not_checked
    assert left.scope == "ncci-ptp"
    assert "37244, 75894" in left.reason


def test_of_an_extract_the_codes_are_named_whose_pairs_it_lacks() -> None:
    facts = FakeFacts(whole=False, focus="37244")
    lines = ("37244", "37243", "75894")
    (left,) = evaluate(request(*lines), facts, RULES).not_checked
    assert left.reason.endswith("does not hold every pair among 37243, 75894")
    assert evaluate(request(*lines[:2]), facts, RULES).not_checked == ()


def test_a_pair_that_an_extract_holds_is_not_among_those_it_lacks() -> None:
    pair = Pair("37243", "37242", "", "")
    facts = FakeFacts(pairs=[pair], whole=False, focus="37244")
    report = evaluate(request("37242", "37243"), facts, RULES)
    assert len(report.findings) == 1
    assert report.not_checked == ()


def test_each_day_of_which_pairs_are_not_known_is_told() -> None:
    facts = FakeFacts(first_day="2026-01-01")
    lines = [line(code, date=day) for day in ("2020-01-01", "2020-01-02") for code in ("1", "2")]
    report = evaluate(request(*lines), facts, RULES)
    assert [left.reason[-10:] for left in report.not_checked] == ["2020-01-01", "2020-01-02"]


def test_the_pairs_of_a_day_are_asked_for_once() -> None:
    class Counting(FakeFacts):
        asked = 0

        def pairs(self, *given: object) -> list[Pair]:
            self.asked += 1
            return []

    facts = Counting()
    evaluate(request("37241", "37242", "37243", "37244"), facts, RULES)
    assert facts.asked == 1


def test_one_line_has_no_pairs_to_check() -> None:
    (left,) = judged("1", "37244", whole=False).not_checked
    assert left.reason == NO_PAIR


def test_before_the_first_release_pairs_are_not_checked() -> None:
    (left,) = judged("1", "37244", "37243", day="1999-12-31").not_checked
    assert left.reason == "no release of it is loaded for 1999-12-31"


def test_a_release_whose_period_is_over_is_told_once() -> None:
    facts = FakeFacts(pairs=[Pair("37244", "37243", "1", "")], stale=True)
    report = evaluate(request("37244", "37243", "37242"), facts, RULES)
    assert [release.title for release in report.stale] == ["ncci-ptp R1"]


def test_the_rules_that_ship_name_a_modifier_that_does_not_help(ask: Asked) -> None:
    never = ask.finding("ncci-pair-never", "37244", "01924:59", day=IN_2024)
    assert "Report 37244 alone. 59 on 01924 does not help." in never.text
    unknown = ask.finding("ncci-pair-indicator-unknown", "37243", "37242:XS", day=IN_2024)
    assert "Whether XS on 37242 helps is not known." in unknown.text


def test_of_many_codes_whose_pairs_are_not_loaded_some_are_named(ask: Asked) -> None:
    report = ask(*(f"{70000 + n}" for n in range(30)), scopes=frozenset({"ncci-ptp"}))
    (reason,) = {one.reason for one in report.not_checked}
    assert reason.endswith("70018, 70019 and 10 more")
