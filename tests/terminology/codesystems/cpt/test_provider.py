"""CPT: the sentence of a code that is not loaded, and the tables beside the codes."""

from terminology.codesystems.cpt.facts import CptFacts
from terminology.codesystems.cpt.provider import CptProvider
from terminology.codesystems.cpt.tables import Tables
from terminology.codesystems.provider import Provider
from terminology.model import Json
from terminology.rules.book import RuleBook
from terminology.store.base import TableRelease
from tests.terminology.builders import code_system, concept, in_memory, prop


def provider(content: str, *concepts: Json) -> Provider:
    concepts = concepts or (concept("1"), concept("2"))
    system = code_system("cpt", concepts, content=content, version="2026")
    inside = in_memory(system)
    tables = Tables(Nothing())  # type: ignore[arg-type]
    facts = CptFacts(lambda: [inside], tables)
    return CptProvider(inside, tables, lambda _: facts, RuleBook(()), lambda _: None)


class Nothing:
    """A store without tables."""

    def table_releases(self) -> list[TableRelease]:
        return []


def test_a_code_outside_the_fragment_is_an_error_that_says_what_to_do() -> None:
    issue = provider("fragment").unknown_code("99213", "code")
    assert issue.severity == "error"
    assert issue.tx_issue_type == "invalid-code"
    assert issue.expression == ("code",)
    assert issue.text == (
        "The code '99213' is not among the 2 codes loaded (fragment of CPT 2026); load a licensed"
        " release to check it"
    )


def test_a_code_outside_a_licensed_release_is_just_unknown() -> None:
    issue = provider("complete").unknown_code("99999", "code")
    assert issue.severity == "error"
    assert issue.text.startswith("Unknown code '99999' in the CodeSystem")


def test_an_expression_with_a_part_that_was_deleted_is_inactive() -> None:
    deleted = [prop("inactive", valueBoolean=True)]
    cpt = provider(
        "complete",
        concept("11111"),
        concept("22222", property=deleted),
        concept("59"),
        concept("33", property=deleted),
    )
    for code, inactive in {
        "11111:59": False,
        "22222:59": True,
        "11111:33": True,
        "22222:33": True,
    }.items():
        found = cpt.find(code)
        assert found is not None
        (again,) = cpt.at((found.ordinal,))
        assert cpt.is_inactive(found.concept) is cpt.is_inactive(again.concept) is inactive, code


def test_the_base_of_an_expression_is_its_procedure() -> None:
    cpt = provider("complete", concept("11111", "A procedure"), concept("59"))
    found = cpt.base_of("11111:59")
    assert found is not None
    assert found.concept.display == "A procedure"
    assert cpt.base_of("11111") is cpt.base_of("59") is None
