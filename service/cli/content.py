"""`proterm content`: what is loaded, with versions and counts."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from service.cli.common import UNUSABLE, data_option, engine, json_option, plain_errors, print_json
from service.cli.layout import columns, heading

if TYPE_CHECKING:
    from service.state import State
    from terminology.model import Json
    from terminology.store.base import StoredHead

_HELP = """List what is loaded, with versions and counts.

\b
  $ proterm content
  Release 134a8d67f1e48538
  Code systems
    http://www.ama-assn.org/go/cpt  2026  fragment  54 codes
  ...
  Tables
    medicare-fee-schedule  2025D  RVU 2025 October  2025-10-01 to 2025-12-31  extract  4 rows
  ...

A fragment holds a part of its code system: a code that it does not hold may well exist. So does
an extract of a table. Each table's release is for the days that are given; on days between two
loaded releases, and after the last one, the one before decides.
"""


@click.command(help=_HELP)
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def content(as_json: bool, data: str | None) -> None:
    """Print what is loaded."""
    found = _content(engine(data))
    if as_json:
        print_json(found)
        return
    click.echo(f"{heading('Release')} {found['release']}")
    _print("Code systems", (_system(each) for each in found["codeSystems"]))
    _print("Supplements", (_supplement(each) for each in found["supplements"]))
    _print("Value sets", ((each["url"], each["version"]) for each in found["valueSets"]))
    _print("Tables", (_table(each) for each in found["tables"]))
    _print("Resources", ((kind, str(count)) for kind, count in found["resources"].items()))


def _content(state: "State") -> "Json":
    """All that is loaded, as JSON."""
    import msgspec

    from terminology.model import CanonicalResource, CodeSystem

    store, systems = state.store, state.context.code_systems
    found = sorted(store.heads("CodeSystem"), key=_address)
    heads = [msgspec.json.decode(each.body, type=CodeSystem) for each in found]
    found = sorted(store.heads("ValueSet"), key=_address)
    value_sets = (msgspec.json.decode(each.body, type=CanonicalResource) for each in found)
    providers = ((head, systems.find(head.url or "", head.version)) for head in heads)
    return {
        "release": store.release,
        "codeSystems": [
            {**_named(head), "content": head.content, "count": provider.size}
            for head, provider in providers
            if provider is not None
        ],
        "supplements": [
            {
                **_named(head),
                "supplements": head.supplements,
                "default": bool({head.url, head.canonical} & {*state.context.default_supplements}),
            }
            for head in heads
            if head.content == "supplement"
        ],
        "valueSets": [_named(head) for head in value_sets],
        "tables": [
            {
                "name": each.table,
                "setting": each.setting,
                "release": each.release,
                "title": each.title,
                "effective": each.effective,
                "until": each.until,
                "source": each.source,
                "whole": each.whole,
                "completeFor": [*each.complete_for],
                "rows": each.rows,
            }
            for each in store.table_releases()
        ],
        "resources": store.resource_counts(),
    }


def _address(each: "StoredHead") -> tuple[str, str]:
    return each.url, each.version or ""


def _named(head: Any) -> "Json":
    return {"url": head.url, "version": head.version}


def _system(each: "Json") -> Sequence[str]:
    return each["url"], each["version"] or "", each["content"], f"{each['count']} codes"


def _supplement(each: "Json") -> Sequence[str]:
    applied = "applied by default" if each["default"] else "applied when asked for"
    return each["url"], each["version"] or "", applied


def _table(each: "Json") -> Sequence[str]:
    rows = "1 row" if each["rows"] == 1 else f"{each['rows']} rows"
    part = "whole" if each["whole"] else "extract"
    if each["completeFor"]:
        part += f" with all of {', '.join(each['completeFor'])}"
    period = f"{each['effective']} to {each['until']}"
    return each["name"], each["setting"], each["release"], each["title"], period, part, rows


def _print(title: str, rows: Iterable[Sequence[str]]) -> None:
    listed = [tuple(cell or "" for cell in row) for row in rows]
    if listed:
        click.echo(f"\n{heading(title)}\n{columns(listed)}")
