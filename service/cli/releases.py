"""The commands on releases: list them, change which are active, drop one, compare two."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from service.cli.common import (
    UNUSABLE,
    data_option,
    json_option,
    place,
    plain_errors,
    print_json,
    read_settings,
    repository_of,
)
from service.cli.layout import columns, heading
from service.cli.release import changed_json, release_json, who

if TYPE_CHECKING:
    from terminology.model import Json
    from terminology.store.catalogue import Activation, Release
    from terminology.store.changes import Changed
    from terminology.store.differences import Change, Difference
    from terminology.store.repository import Repository

_STATUS = "Exit status: 0 done, or nothing to do; 2 nothing was changed, and the message says why."
_NAMES = click.argument("names", nargs=-1, required=True, metavar="RELEASE...")
_HISTORY = 100
"""So many activations the history shows."""
_NONE = "Nothing was loaded yet: what ships is all there is. `proterm load --help` tells how."

_RELEASES = """List the releases that were loaded, and which are active.

\b
  $ proterm releases
    active  cpt-2026    Current Procedural Terminology (CPT) 2026  from 2026-01-01  loaded ...
            mpfs-2025D  RVU 2025 October                           from 2025-10-01  loaded ...
  $ proterm releases --history

The history numbers what was active: `proterm rollback --to NUMBER` goes back there. With --json
the files of each release with their SHA-256, who loaded it, its counts and its notice are told.
"""
_ACTIVATE = f"""Make releases active beside those that are.

\b
  $ proterm activate cpt-2026

Another load of the same (cpt-2026 and cpt-2026.2) gives its place. All of them become active at
once, and a service that runs takes them up within seconds.

{_STATUS}
"""
_DEACTIVATE = f"""Take releases out of what is active; they stay where they are.

\b
  $ proterm deactivate mpfs-2025D

{_STATUS}
"""
_ROLLBACK = f"""Make active again what was before the last change, or at a number of the history.

\b
  $ proterm rollback
  $ proterm releases --history
  $ proterm rollback --to 4

A rollback is a change too: a second one without --to undoes it.

{_STATUS}
"""
_UNDONE = "Another `proterm rollback` undoes this."
_DROP = f"""Remove a release for good. One that is active is taken out first.

\b
  $ proterm drop cpt-2024

Requests that began before are waited for: that takes up to 10 seconds, and more where
PROTERM_DEADLINE_MS lets a request take longer than 5. Who interrupts it meanwhile has a release
that is not active and still there. So has who loses the store then; the message says so.

{_STATUS}
"""
_DIFF = """Tell what changed from one release to another: added, ended, reworded.

\b
  $ proterm diff cpt-2025 cpt-2026

Codes that are there in both with another display are reworded. Of tables and pairs the rows are
compared. All changes are counted; of each kind the first are named, 1,000 at most.

Exit status: 0 compared, 2 there is no such release.
"""


@click.command(help=_RELEASES)
@click.option("--history", is_flag=True, help="List what was activated when, and by whom.")
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def releases(history: bool, as_json: bool, data: str | None) -> None:
    """List releases."""
    repository = _opened(data)
    from terminology.store.changes import listed

    catalogue = repository.reading()
    found, current = listed(catalogue), catalogue.activation()
    if history:
        past = catalogue.history(_HISTORY)
        if as_json:
            print_json([*_past_json(past, found)])
        else:
            click.echo("\n".join(_past(past, found)) or "Nothing was activated yet.")
    elif as_json:
        print_json([release_json(one, active=one.key in current.releases) for one in found])
    else:
        click.echo("\n".join(_listed(found, current)) or _NONE)


@click.command(help=_ACTIVATE)
@_NAMES
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def activate(names: tuple[str, ...], as_json: bool, data: str | None) -> None:
    """Activate releases."""
    from terminology.store import changes

    _tell(changes.activate(_opened(data), names, who()), as_json=as_json)


@click.command(help=_DEACTIVATE)
@_NAMES
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def deactivate(names: tuple[str, ...], as_json: bool, data: str | None) -> None:
    """Deactivate releases."""
    from terminology.store import changes

    _tell(changes.deactivate(_opened(data), names, who()), as_json=as_json)


@click.command(help=_ROLLBACK)
@click.option("--to", type=click.IntRange(min=0), metavar="NUMBER", help="Of the history.")
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def rollback(to: int | None, as_json: bool, data: str | None) -> None:
    """Go back."""
    from terminology.store import changes

    changed = changes.rollback(_opened(data), who(), to)
    _tell(changed, as_json=as_json)
    if not as_json and (changed.brought or changed.taken):
        click.echo(_UNDONE)


@click.command(help=_DROP)
@click.argument("name", metavar="RELEASE")
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def drop(name: str, as_json: bool, data: str | None) -> None:
    """Drop a release."""
    import time

    from terminology.store import changes

    def wait(seconds: float) -> None:
        click.echo(f"Waiting {seconds:.0f} s for requests that may still read it.", err=True)
        time.sleep(seconds)

    settings = read_settings(place(data))
    changed = changes.drop(_opened(data), name, who(), wait, settings.deadline_ms / 1000)
    if as_json:
        print_json({**changed_json(changed), "dropped": name})
        return
    if changed.taken:
        click.echo(f"{name} is not active any more.")
    click.echo(f"{name} is gone.")


@click.command(help=_DIFF)
@click.argument("before", metavar="RELEASE")
@click.argument("after", metavar="RELEASE")
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many changes of a kind are named.",
)
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def diff(before: str, after: str, limit: int, as_json: bool, data: str | None) -> None:
    """Compare releases."""
    repository = _opened(data)
    from terminology.store.differences import differences

    catalogue = repository.reading()
    old, new = catalogue.find(before), catalogue.find(after)
    found = differences(repository.part(old), repository.part(new))
    if as_json:
        print_json([_difference_json(one, limit) for one in found])
    else:
        nothing = f"{before} and {after} hold nothing of the same: there is nothing to compare."
        click.echo("\n".join(_differences(found, limit)) or nothing)


def _opened(data: str | None) -> "Repository":
    """Where the releases are, made where it is missing."""
    repository = repository_of(data)
    repository.open().store.close()
    return repository


def _listed(found: Sequence["Release"], current: "Activation") -> Iterator[str]:
    rows = [
        (
            "active" if one.key in current.releases else "",
            one.name,
            one.title,
            f"from {one.effective}" if one.effective else "",
            f"loaded {one.loaded_at[:10]}",
        )
        for one in found
    ]
    if rows:
        yield columns(rows)


def _past(past: Sequence["Activation"], found: Sequence["Release"]) -> Iterator[str]:
    for one in past:
        yield f"{one.key}  {one.at}  {one.by}  {one.why}"
        names = _names(one, found)
        dropped = len(one.releases) - len(names)
        names += [f"{dropped} that {'was' if dropped == 1 else 'were'} dropped"] if dropped else []
        yield f"   active: {', '.join(names) or 'only what ships'}"


def _past_json(past: Sequence["Activation"], found: Sequence["Release"]) -> "Iterator[Json]":
    for one in past:
        said = {"activation": one.key, "at": one.at, "by": one.by, "why": one.why}
        names = _names(one, found)
        yield {**said, "active": names, "dropped": len(one.releases) - len(names)}


def _names(activation: "Activation", found: Sequence["Release"]) -> list[str]:
    return [one.name for one in found if one.key in activation.releases]


def _tell(changed: "Changed", *, as_json: bool) -> None:
    if as_json:
        print_json(changed_json(changed))
        return
    if not changed.brought and not changed.taken:
        click.echo("Nothing changed: it is so already.")
    for release in changed.brought:
        click.echo(f"{release.name} is active.")
    for release in changed.taken:
        click.echo(f"{release.name} is not active any more.")


def _difference_json(one: "Difference", limit: int) -> "Json":
    changes = [change._asdict() for kind in one.counts for change in _first(one, kind, limit)]
    return {"what": one.what, "counts": one.counts, "changes": changes}


def _first(one: "Difference", kind: str, limit: int) -> "list[Change]":
    return [change for change in one.changes if change.kind == kind][:limit]


def _differences(found: Sequence["Difference"], limit: int) -> Iterator[str]:
    for one in found:
        counted = ", ".join(f"{number:,} {kind}" for kind, number in sorted(one.counts.items()))
        yield f"{heading(one.what)}  {counted or 'nothing changed'}"
        rows: list[tuple[str, str, str]] = []
        for kind, number in sorted(one.counts.items()):
            rows += _first(one, kind, limit)
            if number > limit:
                rows.append((kind, "...", f"and {number - limit:,} more"))
        if rows:
            yield columns(rows)
