"""Files of rules: what is refused, and by which name."""

from pathlib import Path
from typing import Any

import pytest

from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.rules.book import RuleBook
from terminology.rules.conditions import OPERATORS
from tests.terminology.rules.facts import SOURCE, line, rule


def read(**changed: Any) -> RuleBook:
    entry = rule({"modifier": ["26"]}) | changed
    sources = {"a": SOURCE, "empty": SOURCE | {"publisher": ""}}
    return RuleBook.of([{"sources": sources, "rules": [entry]}])


def test_a_rule_is_read_with_its_source() -> None:
    found = read().rule("a-rule")
    assert found is not None
    assert found.sources[0].publisher == "Its publisher"


def test_a_section_is_the_rules_own() -> None:
    (source,) = read(sources=[{"key": "a", "section": "40.8"}]).rules[0].sources
    assert (source.title, source.section) == ("A document", "40.8")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"sources": []}, "no source"),
        ({"sources": ["b"]}, "cites 'b'"),
        ({"id": "A Rule"}, "words-joined-by-hyphens"),
        ({"scope": "mine"}, "scope"),
        ({"examples": {"fires": [], "passes": []}}, "examples"),
        ({"scope": "payer-policy"}, "payers"),
        ({"payers": [{"name": "A"}]}, "payers"),
        ({"message": "{nothing}"}, "nothing"),
        ({"message": "{pctc}"}, "pctc"),
        ({"titel": "x"}, "titel"),
        ({"condition": {"never": 1}}, "never"),
        ({"title": ""}, "title"),
        ({"sources": "a"}, "list of keys"),
        ({"sources": [{"key": "a", "page": "3"}]}, "page"),
        ({"sources": [{"section": "3"}]}, "cites 'None'"),
        ({"sources": ["empty"]}, "publisher"),
        ({"message": "{modifier!r}"}, "a name in braces"),
        ({"message": "{modifier.real}"}, "a name in braces"),
        ({"message": "{modifier"}, "can't be filled in"),
        ({"message": "{units} of {code}"}, "code, modifier"),
        ({"period": {"start": "2020"}}, "YYYY-MM-DD"),
        ({"period": {"start": "2021-01-01", "end": "2020-01-01"}}, "the first one first"),
        ({"period": {"from": "2021-01-01"}}, "from"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_by_name(changed: Json, said: str) -> None:
    with pytest.raises(InvalidInput, match=r"a-rule|A Rule") as refused:
        read(**changed)
    assert said in refused.value.message


def test_an_id_stands_once() -> None:
    entry = rule({"modifier": ["26"]})
    with pytest.raises(InvalidInput, match="Two rules"):
        RuleBook.of([{"sources": {"a": SOURCE}, "rules": [entry, entry]}])


@pytest.mark.parametrize(
    "file",
    [
        {"sources": {}},
        {"rules": {}},
        {"rules": [], "version": 1},
        {"rules": [], "sources": []},
        {"rules": [], "sources": {"a": "A document"}},
        {"rules": ["a-rule"]},
        [],
    ],
)
def test_a_file_that_is_none_is_refused(file: Any) -> None:
    with pytest.raises(InvalidInput, match=r"file of rules|A rule is"):
        RuleBook.of([file])


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ({"modifier": "26"}, "'modifier' takes a list of texts"),
        ({"modifier": []}, "at least one"),
        ({"modifier": [26]}, "list of texts"),
        ({"modifiers": {"of": ["52"], "at_least": 2}}, "'at_least'"),
        ({"modifiers": {"at-least": 0}}, "at least 1"),
        ({"modifiers": 5}, "of, at-least"),
        ({"repeated-modifier": "yes"}, "true or false"),
        ({"code": ["3724"]}, "'3724'"),
        ({"code": ["69990-20100"]}, "lower code first"),
        ({"code": ["0001F-0015T"]}, "one shape"),
        ({"property": {}}, "at least one"),
        ({"row": {"pctc": "0"}}, "list of texts"),
        ({"row": {"pctc": ["0"]}}, "scope cpt"),
        ({"units": {"over": "mue"}}, "scope cpt"),
        ({"units": {"over": "mue", "sum": "week"}}, '"day"'),
        ({"units": {"limit": "mue"}}, "'limit'"),
        ({"pair": {"bypassed": False}}, "list of texts"),
        ({"pair": {"indicator": ["1"], "either": ["59"]}}, "'either'"),
        ({"all": []}, "'all' takes a list of conditions"),
        ({"any": {"modifier": ["26"]}}, "'any' takes a list of conditions"),
        ({"not": [{"modifier": ["26"]}]}, "object of one name"),
        ({"all": [{"not": {"modifer": ["26"]}}]}, "'modifer'"),
    ],
)
def test_a_condition_that_is_wrong_is_refused_with_what_is(condition: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match="a-rule") as refused:
        read(condition=condition)
    assert said in refused.value.message


def test_a_column_that_the_condition_names_can_be_told() -> None:
    condition = {"row": {"pctc": ["0"]}}
    assert read(condition=condition, scope="medicare-fee-schedule", message="{pctc}").rules


def test_a_rule_is_asked_only_on_its_modifiers() -> None:
    book = read()
    assert [c.rule.id for c in book.about(line("37244:26"), is_alone=True)] == ["a-rule"]
    assert book.about(line("37244:59"), is_alone=True) == ()


def test_a_line_alone_is_not_asked_for_pairs() -> None:
    book = read(scope="ncci-ptp", condition={"pair": {"indicator": ["1"]}})
    assert book.about(line("37244"), is_alone=True) == ()
    assert len(book.about(line("37244"), is_alone=False)) == 1


def test_a_rule_of_either_of_two_modifiers_is_asked_on_both() -> None:
    book = read(condition={"any": [{"modifier": ["26"]}, {"modifier": ["TC"]}]})
    for text, count in (("37244:26", 1), ("37244:TC", 1), ("37244:59", 0)):
        assert len(book.about(line(text), is_alone=True)) == count


def test_what_only_one_alternative_tells_is_no_name_for_a_message() -> None:
    condition = {"any": [{"modifier": ["26"]}, {"place": ["21"]}]}
    with pytest.raises(InvalidInput, match="'modifier'"):
        read(condition=condition, message="{modifier}")


def test_the_page_on_rules_has_every_condition() -> None:
    page = (Path(__file__).parents[3] / "docs" / "rules.md").read_text("utf-8")
    assert [name for name in OPERATORS if f'`{{"{name}": ' not in page] == []
