"""`proterm load`: code files as a release, read, checked and active in one step."""

import getpass
import platform
from collections.abc import Iterator
from pathlib import Path
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

if TYPE_CHECKING:
    from terminology.importers.loading import Loaded
    from terminology.model import Json

_HELP = """Load code files as a release, and make it active.

KIND is what the files are, PATH a file, a folder or an archive of them:

\b
  cpt        the AMA's delivery of CPT; needs --accept-license
  hcpcs      HCPCS Level II, CMS's quarterly file
  mpfs       Medicare's physician fee schedule, the relative value file
  ncci-ptp   NCCI's procedure pairs, of practitioners or outpatient hospitals
  ncci-mue   NCCI's unit limits (MUE)
  icd10cm    ICD-10-CM, order file and tabular XML
  icd10pcs   ICD-10-PCS, order file
  fhir       FHIR resources: a package (.tgz), a folder, a zip file, a file

\b
  $ proterm load mpfs PPRRVU2025_Oct.csv
  $ proterm load cpt CPT2026.zip --accept-license

All of it is loaded or nothing: whatever happens on the way, what was active stays so. A
service that runs takes the release up within seconds.
"""
_SHOWN = 10


@click.command(help=_HELP)
@click.argument("kind", metavar="KIND")
@click.argument("path", type=click.Path(path_type=Path), metavar="PATH")
@click.option("--effective", metavar="DATE", help="First day in force, where no file tells it.")
@click.option("--version", metavar="TEXT", help="Version, where no file tells it.")
@click.option(
    "--accept-license", is_flag=True, help="You hold the license that the files' notice speaks of."
)
@click.option(
    "--max-bad",
    type=click.IntRange(min=0),
    default=100,
    show_default=True,
    metavar="NUMBER",
    help="Rows that may be unreadable; above it nothing is loaded.",
)
@click.option("--no-activate", is_flag=True, help="Load it, and leave active what is.")
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def load(  # noqa: PLR0913 - each is an option of the command
    kind: str,
    path: Path,
    effective: str | None,
    version: str | None,
    accept_license: bool,
    max_bad: int,
    no_activate: bool,
    as_json: bool,
    data: str | None,
) -> None:
    """Load files."""
    repository = repository_of(data)
    from service.cli.progress import followed
    from terminology.importers.delivery import Options
    from terminology.importers.loading import Order
    from terminology.importers.loading import load as load_files
    from terminology.importers.problems import Threshold

    options = Options(
        effective=effective,
        version=version,
        accept_license=accept_license,
        threshold=Threshold(number=max_bad),
    )
    # What ships is there before anything beside it.
    repository.open()
    with followed(quiet=as_json) as progress:
        order = Order(kind, path, options, who(), activate=not no_activate)
        loaded = load_files(repository, order, progress.started)
    if as_json:
        print_json(as_json_of(loaded))
    else:
        click.echo("\n".join(_lines(loaded, active=not no_activate)))


def who() -> str:
    """The user and the machine, as a release remembers them."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in many containers
        user = "unknown"
    return f"{user}@{platform.node()}"


def as_json_of(loaded: "Loaded") -> "Json":
    """What came of a load, for machines."""
    import msgspec

    found: Json = msgspec.to_builtins(loaded.release)
    tally = loaded.tally
    return found | {
        "new": loaded.is_new,
        "comparedWith": loaded.previous.name if loaded.previous else None,
        "skipped": [str(problem) for problem in tally.problems] if tally else [],
    }


def _lines(loaded: "Loaded", *, active: bool) -> Iterator[str]:
    release = loaded.release
    if not loaded.is_new:
        yield (
            f"These files are loaded already, as {release.name} on {release.loaded_at}."
            f" `proterm activate {release.name}` makes it active if it is not."
        )
        return
    state = "active" if active else f"not active; `proterm activate {release.name}` makes it so"
    yield f"{heading(release.name)}  {release.title}, {state}"
    rows = [("loaded", f"{count:,}", name) for name, count in release.counts.items()]
    for change in release.changes:
        counted = ", ".join(f"{n:,} {kind}" for kind, n in change.items() if kind != "what")
        of = loaded.previous.name if loaded.previous else ""
        rows.append(("changed", counted or "nothing", f"{change['what']} since {of}"))
    if release.problems:
        rows.append(("skipped", f"{release.problems:,}", "rows that can't be read"))
    yield columns(rows)
    yield from (f"  {remark}" for remark in release.remarks)
    if loaded.tally is not None:
        yield from (f"  {problem}" for problem in loaded.tally.problems[:_SHOWN])
        if release.problems > _SHOWN:
            yield f"  ... and {release.problems - _SHOWN} more"
    if release.notice:
        yield f"  Notice of the files: {' '.join(release.notice.split())[:400]}"
