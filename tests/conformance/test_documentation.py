"""The tables of parameters for the pages."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from conformance.documentation import operation_table, page_of, with_table
from terminology.operations.fields import CodingField, StringField
from terminology.operations.registry import OPERATIONS, Operation
from terminology.operations.schema import ParametersSchema


def table_of(**fields: Any) -> list[str]:
    schema = type("Given", (ParametersSchema,), fields)
    return operation_table(msgspec.structs.replace(OPERATIONS[0], schema=schema())).splitlines()


def test_a_bar_does_not_break_the_row() -> None:
    row = table_of(url=StringField("`url` or `url|version`."))[2]
    assert "`url\\|version`" in row


def test_a_row_tells_type_cardinality_and_how_it_is_sent() -> None:
    lines = table_of(
        shade=StringField("A shade.", repeats=True, type_level_only=True, versions=("r5",)),
        base=CodingField("A base.", data_key="baseColour"),
    )
    assert lines[2:] == [
        "| `shade` | string | 0..* | GET, form, Parameters | R5 | A shade. At the type only."
        " FHIR specifies it in R5; it is read in every version. |",
        "| `baseColour` | Coding | 0..1 | Parameters | R4, R4B, R5 | A base. |",
    ]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_parameter_has_a_row_and_every_refusal_a_line(operation: Operation) -> None:
    text = operation_table(operation)
    named = [line.split("`")[1] for line in text.splitlines() if line.startswith(("| `", "- `"))]
    assert named == [*operation.schema.described(), *operation.schema.refused]


PAGES = Path(__file__).parents[2] / "docs" / "operations"


@pytest.mark.parametrize("operation", OPERATIONS, ids=page_of)
def test_every_operation_has_a_page_with_its_table_as_it_is(operation: Operation) -> None:
    text = (PAGES / page_of(operation)).read_text("utf-8")
    assert with_table(text, operation) == text, "run `make docs`"
    assert "## Limits" in text
    assert "$ curl " in text, "the page has no example"


def test_there_is_no_page_of_an_operation_that_is_gone() -> None:
    assert {page.name for page in PAGES.iterdir()} == {page_of(one) for one in OPERATIONS}


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="no <!-- parameters -->"):
        with_table("a page", OPERATIONS[0])
