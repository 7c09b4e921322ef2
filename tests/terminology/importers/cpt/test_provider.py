"""A loaded release behind the provider of CPT: expressions are judged by what was read."""

from pathlib import Path

import msgspec
import pytest

from terminology import content
from terminology.codesystems.cpt.facts import CptFacts
from terminology.codesystems.cpt.provider import CptProvider
from terminology.codesystems.cpt.tables import Tables
from terminology.model import Json
from terminology.rules.book import RuleBook
from terminology.store.base import TableRelease
from tests.terminology.builders import in_memory
from tests.terminology.importers.cpt.releases import CODES, read, release
from tests.terminology.importers.generate import cpt


class NoTables:
    """A store without tables."""

    def table_releases(self) -> list[TableRelease]:
        return []


@pytest.fixture
def provider(tmp_path: Path) -> CptProvider:
    whole = read(release(tmp_path))
    (system,) = whole.delivery.systems
    listed: list[Json] = msgspec.to_builtins([placed.concept for placed in whole.concepts[0]])
    inside = in_memory({**system.head, "concept": listed})
    tables = Tables(NoTables())  # type: ignore[arg-type]
    facts = CptFacts(lambda: [inside], tables)
    rules = RuleBook.of(content.rules())
    return CptProvider(inside, tables, lambda _: facts, rules, lambda _: None, "2026-07-01")


def test_a_code_with_modifier_59_is_one_of_cpt(provider: CptProvider) -> None:
    found = provider.find("12345:59")
    assert found is not None
    assert found.concept.code == "12345:59"
    assert provider.refusals("12345:59", "code") == []
    plain = provider.reference_properties(found.concept, "2026-07-01")[0]
    assert plain.code == "reading"
    assert plain.value == ("valueString", _reading("12345", "59", provider))


def _reading(base: str, modifier: str, provider: CptProvider) -> str:
    shown = provider.find(modifier)
    assert shown is not None
    return f"{cpt.text(CODES.index(base))}; {shown.concept.display}"


def test_modifiers_of_every_section_are_known_by_their_kind(provider: CptProvider) -> None:
    for right in ("12345:22:LT", "0001F:1P", "12345:XS", "12345:59:76"):
        assert provider.find(right) is not None, right
    for wrong, reason in (
        ("12345:1P", "Category II"),
        ("12345:P1", "anesthesia"),
        ("12345:52:53", "53"),
        ("12345:00", "'00'"),
        ("54321:59", "'54321'"),
    ):
        assert provider.find(wrong) is None, wrong
        told = " ".join(issue.text for issue in provider.refusals(wrong, "code"))
        assert reason.lower() in told.lower()


def test_a_deleted_code_is_found_and_inactive(provider: CptProvider) -> None:
    found = provider.find("00001")
    assert found is not None
    assert provider.is_inactive(found.concept)
    assert provider.is_inactive(provider.at([0])[0].concept) is False
