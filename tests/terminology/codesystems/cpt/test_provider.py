"""CPT: the sentence of a code that is not loaded, and the tables beside the codes."""

import pytest

from terminology.codesystems.cpt.provider import CptProvider
from terminology.store.base import ReferenceRow
from tests.terminology.builders import code_system, concept, in_memory


def provider(content: str, *rows: ReferenceRow) -> CptProvider:
    system = code_system("cpt", [concept("1"), concept("2")], content=content, version="2026")
    return CptProvider(in_memory(system), lambda _, day: [r for r in rows if r.effective <= day])


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


@pytest.mark.parametrize(("day", "found"), [("2025-12-31", 0), ("2026-01-01", 1)])
def test_the_tables_are_asked_for_the_day(day: str, found: int) -> None:
    row = ReferenceRow("medicare-mue", "2026Q1", "2026-01-01", b'{"mue": "2", "setting": ""}')
    cpt = provider("fragment", row)
    (placed,) = cpt.at([0])
    assert len(cpt.reference_properties(placed.concept, day)) == found
