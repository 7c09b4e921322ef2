"""The tables of parameters for the pages."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from conformance.documentation import operation_table, with_operation_tables
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


def test_the_page_on_the_api_has_the_tables_as_they_are() -> None:
    page = Path(__file__).parents[2] / "docs" / "api.md"
    text = page.read_text("utf-8")
    assert with_operation_tables(text) == text, "run `make docs`"


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="no <!-- operations -->"):
        with_operation_tables("a page")
