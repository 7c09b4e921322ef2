"""Files of rules: what is refused, and by which name."""

from typing import Any

import pytest

from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.rules.book import RuleBook
from tests.terminology.rules.facts import SOURCE, line, rule


def read(**changed: Any) -> RuleBook:
    entry = rule({"modifier": ["26"]}) | changed
    return RuleBook.of([{"sources": {"a": SOURCE}, "rules": [entry]}])


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


def test_a_file_without_rules_is_refused() -> None:
    with pytest.raises(InvalidInput, match="list"):
        RuleBook.of([{"sources": {}}])


def test_a_column_that_the_condition_names_can_be_told() -> None:
    condition = {"row": {"pctc": ["0"]}}
    assert read(condition=condition, scope="medicare-fee-schedule", message="{pctc}").rules


def test_a_rule_is_asked_only_on_its_modifiers() -> None:
    book = read()
    assert [c.rule.id for c in book.about(line("37244:26"), is_alone=True)] == ["a-rule"]
    assert book.about(line("37244:59"), is_alone=True) == ()
