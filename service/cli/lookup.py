"""`proterm lookup`: what is known of a code, for a person or as FHIR."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from service.cli.common import (
    WRONG,
    data_option,
    date_option,
    engine,
    json_option,
    plain_errors,
    print_json,
    system_option,
)
from service.cli.layout import columns, heading, paragraph

if TYPE_CHECKING:
    from service.sources import Source
    from service.view import Note, Table, View

_HELP = """Tell what is known of CODE, and where each statement comes from.

\b
  $ proterm lookup 37244 --property medicare-pc-tc
  37244  Endovascular closure of a vessel to control bleeding or leakage
  CPT 2026, http://www.ama-assn.org/go/cpt
  ...
  Medicare physician fee schedule: release 2025D, in force from 2025-10-01 [1]
    PC/TC  0  A physician's service that is not split: 26 and TC can't be used
  ...

With --json it prints the Parameters resource that CodeSystem/$lookup answers (FHIR R5).

Exit status: 0 found, 1 not found, 2 the question or the store can't be used.
"""


@click.command(help=_HELP)
@click.argument("code")
@system_option
@date_option
@click.option(
    "--property",
    "properties",
    multiple=True,
    metavar="NAME",
    help="Only this property, by its code; may be repeated.  [default: all]",
)
@json_option
@data_option
@plain_errors(not_found=WRONG)
def lookup(
    code: str,
    system: str | None,
    date: str | None,
    properties: tuple[str, ...],
    as_json: bool,
    data: str | None,
) -> None:
    """Print what is known of a code."""
    state = engine(data)
    from service.procedure_codes import look_up
    from service.view import view

    sent = {"code": [code], **({"date": [date]} if date else {})}
    if properties:
        sent["property"] = list(properties)
    result = look_up(state.context, sent, system)
    if as_json:
        print_json(result.parameters())
    else:
        click.echo("\n".join(_lines(view(result, state.store))))


def _lines(found: "View") -> Iterator[str]:
    yield f"{heading(found.code)}  {heading(found.display)}"
    yield f"{found.system_title} {found.version}".rstrip() + f", {found.system}"
    for text in (*found.remarks, found.definition):
        yield from _text(text)
    yield from _part("Properties", found.facts)
    yield from _part("Notes", [(note.label, _note(found, note)) for note in found.notes])
    for table in found.tables:
        rows = [(row.label, row.value, row.meaning or "") for row in table.rows]
        yield from _part(_title(found, table), rows)
    payers = [
        (each.payer, (each.text or each.absent or "") + _mark(found, each.source))
        for each in found.coverage
    ]
    yield from _part("Coverage notes", payers)
    yield from _part("Sources", [_source(number, s) for number, s in enumerate(found.sources, 1)])
    if found.tables:
        yield from _text(f"The tables are the latest loaded ones in force on {found.day}.")
    yield from _text(found.copyright)


def _note(found: "View", note: "Note") -> str:
    return "\n".join(note.values or (note.absent or "",)) + _mark(found, note.source)


def _mark(found: "View", source: "Source | None") -> str:
    return f" [{found.mark(source)}]" if source is not None else ""


def _source(number: int, source: "Source") -> tuple[str, str]:
    return f"[{number}]", ", ".join(filter(None, (source.title, source.reference)))


def _text(text: str | None) -> Iterator[str]:
    if text:
        yield ""
        yield paragraph(text)


def _part(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield ""
        yield heading(title)
        yield columns(rows)


def _title(found: "View", table: "Table") -> str:
    setting = f", {table.setting}" if table.setting else ""
    release = f"release {table.release}, in force from {table.effective}"
    return f"{table.title}{setting}: {release}{_mark(found, table.source)}"
