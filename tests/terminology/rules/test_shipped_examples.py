"""Every example of every rule that ships, asked of the rules over the shipped content."""

from typing import Any

import pytest

from terminology.rules.model import Rule
from tests.terminology.rules.shipped import Asked, book

FIRES = [(rule, example) for rule in book().rules for example in rule.examples.fires]
PASSES = [(rule, example) for rule in book().rules for example in rule.examples.passes]


def named(value: Any) -> str:
    return value.id if isinstance(value, Rule) else str(value).replace(" ", "")


@pytest.mark.parametrize(("rule", "example"), FIRES, ids=named)
def test_it_fires(ask: Asked, rule: Rule, example: Any) -> None:
    report = ask.example(example)
    assert rule.id in {found.rule.id for found in report.findings}


@pytest.mark.parametrize(("rule", "example"), PASSES, ids=named)
def test_it_passes(ask: Asked, rule: Rule, example: Any) -> None:
    report = ask.example(example)
    assert rule.id not in {found.rule.id for found in report.findings}


@pytest.mark.parametrize(("rule", "example"), FIRES, ids=named)
def test_its_message_is_filled_and_ends(ask: Asked, rule: Rule, example: Any) -> None:
    for found in ask.example(example).findings:
        assert "{" not in found.text
        assert "  " not in found.text
        assert found.text.endswith(".")
        assert " ." not in found.text
