"""`proterm content`: what is loaded, with versions and counts, and what is seen of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from service.cli.common import (
    UNUSABLE,
    data_option,
    json_option,
    opened,
    place,
    plain_errors,
    print_json,
    read_settings,
)
from service.cli.layout import columns, heading

if TYPE_CHECKING:
    from service.state import State
    from terminology.model import CodeSystem, Json
    from terminology.store.base import TableRelease
    from terminology.store.catalogue import Release

    Origin = Callable[[int], str]

_HELP = """List what is loaded, with versions and counts, and the release that it comes from.

\b
  $ proterm content
  Release 134a8d67f1e48538
  Code systems
    http://www.ama-assn.org/go/cpt  2026  fragment  54 codes  shipped
  ...
  Tables
    medicare-fee-schedule  2025D  RVU 2025 October  2025-10-01 to 2025-12-31  extract  4 rows  ...
  ...

A fragment holds a part of its code system: a code that it does not hold may well exist. So does
an extract of a table. Each table's release is for the days that are given; on days between two
loaded releases, and after the last one, the one before decides.

What ships stands until something better is loaded. What is then not seen any more is listed last,
as shadowed; it is seen again when that release is deactivated.
"""


@click.command(help=_HELP)
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def content(as_json: bool, data: str | None) -> None:
    """Print what is loaded."""
    found = _content(data)
    if as_json:
        print_json(found)
        return
    click.echo(f"{heading('Release')} {found['release']}")
    _print("Code systems", map(_system, found["codeSystems"]))
    _print("Supplements", map(_supplement, found["supplements"]))
    _print("Value sets", map(_value_set, found["valueSets"]))
    _print("Tables", map(_table, found["tables"]))
    _print("Resources", ((kind, str(count)) for kind, count in found["resources"].items()))
    _print("Shadowed", map(_shadow, found["shadowed"]))


def _content(data: str | None) -> "Json":
    """All that is loaded, as JSON."""
    settings = read_settings(place(data))
    from service.state import state_of
    from terminology.store.shadows import shadows

    repository = opened(settings)
    state = state_of(settings, repository.open())
    origin = _origins(repository.reading().releases())
    return {
        "release": state.store.release,
        "codeSystems": [*_systems(state, origin)],
        "supplements": [*_supplements(state, origin)],
        "valueSets": [*_value_sets(state, origin)],
        "tables": [_release_of_table(each, origin) for each in state.store.table_releases()],
        "resources": state.store.resource_counts(),
        "shadowed": [
            {
                "kind": each.kind,
                "name": each.name,
                "version": each.version,
                "loadedAs": origin(each.key),
                "by": origin(each.by),
            }
            for each in shadows(state.store)
        ],
    }


def _origins(releases: "Iterable[Release]") -> "Origin":
    """Tells of a key in which release it is, by the name that the commands take."""
    from terminology.store.base import release_of
    from terminology.store.catalogue import SHIPPED

    names = {release.key: release.name for release in releases if release.kind != SHIPPED}
    return lambda key: names.get(release_of(key), SHIPPED)


def _heads(state: "State") -> "Iterator[tuple[int, CodeSystem]]":
    import msgspec

    from terminology.model import CodeSystem
    from terminology.store.shadows import seen_heads

    for each in seen_heads(state.store, "CodeSystem"):
        yield each.key, msgspec.json.decode(each.body, type=CodeSystem)


def _systems(state: "State", origin: "Origin") -> "Iterator[Json]":
    for key, head in _heads(state):
        provider = state.context.code_systems.find(head.url or "", head.version)
        if provider is not None:
            size = provider.size
            yield {**_named(head), "content": head.content, "count": size, "loadedAs": origin(key)}


def _supplements(state: "State", origin: "Origin") -> "Iterator[Json]":
    applied = {*state.context.default_supplements}
    for key, head in _heads(state):
        if head.content == "supplement":
            yield {
                **_named(head),
                "supplements": head.supplements,
                "default": bool({head.url, head.canonical} & applied),
                "loadedAs": origin(key),
            }


def _value_sets(state: "State", origin: "Origin") -> "Iterator[Json]":
    import msgspec

    from terminology.model import CanonicalResource
    from terminology.store.shadows import seen_heads

    for each in seen_heads(state.store, "ValueSet"):
        head = msgspec.json.decode(each.body, type=CanonicalResource)
        yield {**_named(head), "loadedAs": origin(each.key)}


def _release_of_table(each: "TableRelease", origin: "Origin") -> "Json":
    return {
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
        "loadedAs": origin(each.key),
    }


def _named(head: Any) -> "Json":
    return {"url": head.url, "version": head.version}


def _system(each: "Json") -> Sequence[str]:
    counted = "1 code" if each["count"] == 1 else f"{each['count']:,} codes"
    return each["url"], each["version"], each["content"], counted, each["loadedAs"]


def _supplement(each: "Json") -> Sequence[str]:
    applied = "applied by default" if each["default"] else "applied when asked for"
    return each["url"], each["version"], applied, each["loadedAs"]


def _value_set(each: "Json") -> Sequence[str]:
    return each["url"], each["version"], each["loadedAs"]


def _table(each: "Json") -> Sequence[str]:
    rows = "1 row" if each["rows"] == 1 else f"{each['rows']:,} rows"
    part = "whole" if each["whole"] else "extract"
    if each["completeFor"]:
        part += f" with all of {', '.join(each['completeFor'])}"
    named = each["name"], each["setting"], each["release"], each["title"]
    return *named, f"{each['effective']} to {each['until']}", part, rows, each["loadedAs"]


def _shadow(each: "Json") -> Sequence[str]:
    named = each["kind"], each["name"], each["version"], each["loadedAs"]
    return *named, f"by {each['by']}"


def _print(title: str, rows: Iterable[Sequence[str | None]]) -> None:
    listed = [tuple(cell or "" for cell in row) for row in rows]
    if listed:
        click.echo(f"\n{heading(title)}\n{columns(listed)}")
