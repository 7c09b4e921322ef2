"""The registry as Markdown, for the pages under docs/."""

from conformance.operation_definitions import read_where
from terminology.fhir.versions import FhirVersion
from terminology.operations.fields import FhirField
from terminology.operations.registry import Operation

_HEAD = ("parameter", "type", "cardinality", "sent by", "specified in", "what it is for")


def operation_table(operation: Operation) -> str:
    """The parameters of an operation, a row for each, and those that are refused below."""
    described = operation.schema.described()
    rows = [_HEAD, tuple("---" for _ in _HEAD)]
    rows += [_row(name, field) for name, field in described.items()]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    refused = operation.schema.refused
    if refused:
        lines += ["", "FHIR has these too; they are refused by name:", ""]
        lines += [f"- `{name}`: {instead}" for name, instead in refused.items()]
    return "\n".join(lines)


def _row(name: str, field: FhirField) -> tuple[str, ...]:
    level = " At the type only." if field.type_level_only else ""
    text = f"{field.documentation}{level} {read_where(field)}".rstrip()
    return (
        f"`{name}`",
        field.fhir_type,
        "0..*" if field.repeats else "0..1",
        "GET, form, Parameters" if field.as_text else "Parameters",
        ", ".join(base.upper() for base in field.versions or _BASES),
        text.replace("|", "\\|"),
    )


_BASES = tuple(version.base for version in FhirVersion)
