"""Every rule that ships can be read, cited and told apart."""

import re
from collections import Counter
from importlib.resources import files
from pathlib import Path
from string import Formatter

import msgspec
import pytest

from terminology import content
from terminology.model import Json
from terminology.rules.book import RuleBook
from terminology.rules.evaluator import evaluate
from terminology.rules.model import MEDICARE, PAYER_POLICY, SCOPES, Rule
from terminology.rules.report import NO_PAIR, NO_UNITS
from terminology.rules.request import Request
from tests.terminology.rules.shipped import DAY, Asked, book, line

RULES = book().rules
FILES = list(content.rules())
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def test_there_are_rules_of_every_scope() -> None:
    assert {rule.scope for rule in RULES} == set(SCOPES)


def test_no_id_and_no_title_is_twice() -> None:
    for values in ([r.id for r in RULES], [r.title for r in RULES], [r.message for r in RULES]):
        assert [value for value, n in Counter(values).items() if n > 1] == []


@every_rule
def test_the_id_is_words_joined_by_hyphens(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)


@every_rule
def test_it_cites_a_document_with_an_address(rule: Rule) -> None:
    assert rule.sources
    for source in rule.sources:
        assert re.fullmatch(r"https?://[^ ]+\.[^ ]+", source.address)
        assert source.title
        assert source.publisher
        assert source.document
        assert re.fullmatch(r"(\d{4}(-\d\d(-\d\d)?)?)?", source.date)


@every_rule
def test_it_is_told_in_whole_sentences(rule: Rule) -> None:
    for text in (rule.explanation, rule.message):
        assert text.endswith(".")
        assert len(text) < 500
    assert not rule.title.endswith(".")
    assert "{" not in rule.explanation


@every_rule
def test_its_message_names_the_code_and_what_was_read(rule: Rule) -> None:
    names = {name for _, name, _, _ in Formatter().parse(rule.message) if name}
    assert names & {"code", "part", "column1"} or rule.id.startswith("cpt-")
    if '"row"' in str(rule.condition).replace("'", '"') and "with" not in str(rule.condition):
        assert "title" in names


@every_rule
def test_its_effect_and_severity_go_together(rule: Rule) -> None:
    expected = {
        "invalid": "error",
        "not-payable": "error",
        "needs-documentation": "warning",
        "no-payment-effect": "information",
    }
    if rule.scope == "cpt":
        assert (rule.effect == "invalid") is (rule.severity == "error")
    else:
        assert rule.severity == expected.get(rule.effect, "information")


@every_rule
def test_what_secondary_sources_say_is_said_to_be_theirs(rule: Rule) -> None:
    if rule.id.startswith("embolization-") and rule.scope == "cpt":
        assert rule.severity == "warning"
        assert "Articles on coding" in rule.message


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["rules"][0]["id"])
def test_a_file_has_no_source_that_it_does_not_cite(file: Json) -> None:
    cited = {
        source if isinstance(source, str) else source["key"]
        for rule in file["rules"]
        for source in rule["sources"]
    }
    assert cited == set(file["sources"])


def test_payers_are_named_by_the_payers_rules_alone() -> None:
    for rule in RULES:
        assert bool(rule.payers) is (rule.scope == PAYER_POLICY)


def test_a_payer_that_publishes_a_rule_is_an_organization_that_ships() -> None:
    shipped = {
        r["id"]: r["name"] for r in content.resources() if r["resourceType"] == "Organization"
    }
    for rule in RULES:
        for payer in rule.payers:
            assert shipped[payer.id or ""] == payer.name


def test_no_rule_of_medicare_decides_a_code_by_itself(ask: Asked) -> None:
    assert not ask.refused("37244:26:80:62:66:50:51:GZ")


def test_nothing_is_said_of_the_code_alone(ask: Asked) -> None:
    report = ask("37241", day=DAY)
    assert report.findings == ()
    assert {left.reason for left in report.not_checked} == {NO_PAIR, NO_UNITS}


def test_a_rule_that_is_added_as_data_is_asked_and_cites_its_source(ask: Asked) -> None:
    added: Json = {
        "sources": {"a": {"title": "T", "publisher": "P", "address": "https://example.org/t"}},
        "rules": [
            {
                "id": "house-47",
                "title": "47 is not used here",
                "explanation": "A rule of one house.",
                "scope": "cpt",
                "effect": "information",
                "severity": "warning",
                "sources": ["a"],
                "condition": {"modifier": ["47"]},
                "message": "{modifier} on {code} is not used here.",
                "examples": {"fires": ["37244:47"], "passes": ["37244"]},
            }
        ],
    }
    more = RuleBook.of([*content.rules(), added])
    (found,) = evaluate(Request(lines=(line("37244:47"),), day=DAY), ask.facts, more).findings
    assert found.text == "47 on 37244 is not used here."
    assert found.rule.sources[0].address == "https://example.org/t"
    assert found.rule is more.rule("house-47")


def test_medicare_s_rules_read_rows_code_by_code() -> None:
    indicators = [r for r in RULES if r.scope in MEDICARE and "'row'" in str(r.condition)]
    assert len(indicators) > 40
    for rule in indicators:
        assert "3724" not in str(rule.condition), f"{rule.id} names a code beside the row"


def test_the_docs_count_the_rules_of_each_family() -> None:
    folder = files(content).joinpath("rules")
    counts = {
        file.name.removesuffix(".json"): len(msgspec.json.decode(file.read_bytes())["rules"])
        for file in folder.iterdir()
    }
    text = (Path(__file__).parents[3] / "docs" / "content.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z-]+)` \| `[^|]+ \| (\d+) \|", text, re.MULTILINE)
    assert {name: int(count) for name, count in told} == counts
