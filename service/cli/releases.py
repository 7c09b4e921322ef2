"""The commands on releases: list them, change which are active, drop one, compare two."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from service.cli.common import (
    UNUSABLE,
    data_option,
    json_option,
    plain_errors,
    print_json,
    repository_of,
)
from service.cli.layout import columns, heading
from service.cli.load import who

if TYPE_CHECKING:
    from terminology.store.catalogue import Activation, Release
    from terminology.store.changes import Changed
    from terminology.store.differences import Difference

_NAMES = click.argument("names", nargs=-1, required=True, metavar="RELEASE...")


@click.command()
@click.option("--history", is_flag=True, help="List what was activated when, and by whom.")
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def releases(history: bool, as_json: bool, data: str | None) -> None:
    """List the releases that were loaded, and which are active."""
    repository = repository_of(data)
    repository.open()
    import msgspec

    from terminology.store.changes import listed

    catalogue = repository.reading()
    found, current = listed(catalogue), catalogue.activation()
    if history:
        past = catalogue.history(100)
        if as_json:
            print_json([msgspec.to_builtins(one) for one in past])
        else:
            click.echo("\n".join(_past(past, found)) or "Nothing was activated yet.")
    elif as_json:
        active = ({"active": one.key in current.releases} for one in found)
        print_json([msgspec.to_builtins(r) | a for r, a in zip(found, active, strict=True)])
    else:
        click.echo("\n".join(_listed(found, current)) or _NONE)


_NONE = "Nothing was loaded yet: what ships is all there is. `proterm load --help` tells how."


@click.command()
@_NAMES
@data_option
@plain_errors(not_found=UNUSABLE)
def activate(names: tuple[str, ...], data: str | None) -> None:
    """Make releases active beside those that are.

    Another load of the same (cpt-2026 and cpt-2026.2) gives its place.
    """
    from terminology.store import changes

    _tell(changes.activate(repository_of(data), names, who()))


@click.command()
@_NAMES
@data_option
@plain_errors(not_found=UNUSABLE)
def deactivate(names: tuple[str, ...], data: str | None) -> None:
    """Take releases out of what is active; they stay where they are."""
    from terminology.store import changes

    _tell(changes.deactivate(repository_of(data), names, who()))


@click.command()
@click.option("--to", type=click.IntRange(min=0), metavar="NUMBER", help="Of the history.")
@data_option
@plain_errors(not_found=UNUSABLE)
def rollback(to: int | None, data: str | None) -> None:
    """Make active again what was before the last change, or at a number of the history."""
    from terminology.store import changes

    _tell(changes.rollback(repository_of(data), who(), to))


@click.command()
@click.argument("name", metavar="RELEASE")
@data_option
@plain_errors(not_found=UNUSABLE)
def drop(name: str, data: str | None) -> None:
    """Remove a release for good. One that is active is taken out first."""
    import time

    from terminology.store import changes

    def wait(seconds: float) -> None:
        click.echo(f"Waiting {seconds:.0f} s for requests that may still read it.", err=True)
        time.sleep(seconds)

    changes.drop(repository_of(data), name, who(), wait)
    click.echo(f"{name} is gone.")


@click.command()
@click.argument("before", metavar="RELEASE")
@click.argument("after", metavar="RELEASE")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def diff(before: str, after: str, limit: int, as_json: bool, data: str | None) -> None:
    """Tell what changed from one release to another: added, ended, reworded."""
    repository = repository_of(data)
    import msgspec

    from terminology.store.differences import differences

    catalogue = repository.reading()
    old, new = catalogue.find(before), catalogue.find(after)
    found = differences(repository.part(old), repository.part(new))
    if as_json:
        print_json([msgspec.to_builtins(one) for one in found])
    else:
        nothing = f"{before} and {after} hold nothing of the same: there is nothing to compare."
        click.echo("\n".join(_differences(found, limit)) or nothing)


def _listed(found: Sequence["Release"], current: "Activation") -> Iterator[str]:
    rows = [
        (
            "active" if one.key in current.releases else "",
            one.name,
            one.title,
            f"from {one.effective}" if one.effective else "",
            f"loaded {one.loaded_at[:10]} by {one.loaded_by}",
        )
        for one in found
    ]
    if rows:
        yield columns(rows)


def _past(past: Sequence["Activation"], found: Sequence["Release"]) -> Iterator[str]:
    names = {one.key: one.name for one in found}
    for one in past:
        active = ", ".join(names[key] for key in sorted(one.releases) if key in names)
        yield f"{one.key}  {one.at}  {one.by}  {one.why}"
        yield f"   active: {active or 'only what ships'}"


def _tell(changed: "Changed") -> None:
    if not changed.brought and not changed.taken:
        click.echo("Nothing changed.")
    for release in changed.brought:
        click.echo(f"{release.name} is active.")
    for release in changed.taken:
        click.echo(f"{release.name} is not active any more.")


def _differences(found: Sequence["Difference"], limit: int) -> Iterator[str]:
    for one in found:
        counted = ", ".join(f"{number:,} {kind}" for kind, number in sorted(one.counts.items()))
        yield f"{heading(one.what)}  {counted or 'nothing changed'}"
        for kind in one.counts:
            changes = [change for change in one.changes if change.kind == kind]
            yield columns((c.kind, c.what, c.detail) for c in changes[:limit])
            if one.counts[kind] > limit:
                yield f"  ... and {one.counts[kind] - limit:,} more {kind}"
