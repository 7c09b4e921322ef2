"""The registry as Markdown, for the pages under docs/.

`python -m conformance.documentation docs/operations` writes the tables of those pages anew.
"""

import sys
from pathlib import Path

from conformance.operation_definitions import read_where
from terminology.fhir.versions import FhirVersion
from terminology.operations.fields import FhirField
from terminology.operations.registry import OPERATIONS, Operation

BEGIN, END = "<!-- parameters -->", "<!-- /parameters -->"

_HEAD = ("parameter", "type", "cardinality", "sent by", "specified in", "what it is for")


def operation_table(operation: Operation) -> str:
    """The parameters of an operation, a row for each, and those that are refused below."""
    described = operation.schema.described()
    rows = [_HEAD, tuple("---" for _ in _HEAD)]
    rows += [_row(name, field, _sent_by(operation, name)) for name, field in described.items()]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    refused = operation.schema.refused
    if refused:
        lines += ["", "Not supported, and refused by name:", ""]
        lines += [f"- `{name}`: {instead}" for name, instead in refused.items()]
    return "\n".join(lines)


def page_of(operation: Operation) -> str:
    """The name of the operation's page under docs/operations."""
    return f"{operation.resource_type}-{operation.name}.md".lower()


def with_table(text: str, operation: Operation) -> str:
    """An operation's page with the table between its markers made anew.

    Raises:
        ValueError: the markers are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the text has no {BEGIN} with {END} after it")
    return f"{before}{BEGIN}\n\n{operation_table(operation)}\n\n{END}{after}"


def _sent_by(operation: Operation, name: str) -> str:
    if name == operation.body:
        return "body, Parameters"
    if not operation.schema.described()[name].as_text:
        return "Parameters"
    return "GET, form, Parameters" if operation.body is None else "query, Parameters"


def _row(name: str, field: FhirField, sent_by: str) -> tuple[str, ...]:
    level = " At the type only." if field.type_level_only else ""
    text = f"{field.documentation}{level} {read_where(field)}".rstrip()
    return (
        f"`{name}`",
        field.fhir_type,
        "0..*" if field.repeats else "0..1",
        sent_by,
        ", ".join(base.upper() for base in field.versions or _BASES),
        text.replace("|", "\\|"),
    )


_BASES = tuple(version.base for version in FhirVersion)


if __name__ == "__main__":  # `make docs`
    for each in OPERATIONS:
        page = Path(sys.argv[1], page_of(each))
        page.write_text(with_table(page.read_text("utf-8"), each), "utf-8")
