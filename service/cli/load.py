"""`proterm load`: code files as a release, read, checked and active in one step."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service import setting_values
from service.cli.common import (
    UNUSABLE,
    WRONG,
    Failure,
    data_option,
    json_option,
    opened,
    place,
    plain_errors,
    print_json,
    read_settings,
)
from service.cli.layout import columns, heading, paragraph
from service.cli.release import notice_lines, release_json, who

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
service that runs takes the release up within seconds. Files that are loaded already are not
loaded again.

Exit status: 0 loaded, or loaded and active already; 1 loaded already, but put out of use since,
and left so; 2 nothing was loaded, and the message says why.
"""
_SHOWN = 10
"""So many of the rows that can't be read are shown."""


def _bad_rows(
    context: click.Context, option: click.Parameter, text: str | None
) -> str | None:  # click's way to check an option
    """The text of PROTERM_MAX_BAD, refused under the name of the option."""
    if text is not None:
        try:
            setting_values.bad_rows(text.strip())
        except ValueError as allowed:
            raise click.BadParameter(f"{text!r}; it must be {allowed}.", context, option) from None
    return text


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
    callback=_bad_rows,
    metavar="NUMBER|PERCENT%",
    help="Rows that may be unreadable, a number, a part of all or both; above it nothing is"
    " loaded.  [default: PROTERM_MAX_BAD, or 100,1%]",
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
    max_bad: str | None,
    no_activate: bool,
    as_json: bool,
    data: str | None,
) -> None:
    """Load files."""
    settings = read_settings({**place(data), "PROTERM_MAX_BAD": max_bad})
    from service.cli.progress import followed
    from terminology.importers.delivery import Options
    from terminology.importers.loading import Order
    from terminology.importers.loading import load as load_files
    from terminology.importers.problems import Threshold

    options = Options(
        effective=effective,
        version=version,
        accept_license=accept_license,
        threshold=Threshold(*settings.max_bad),
    )
    repository = opened(settings)
    # What ships is there before anything beside it.
    repository.open()
    with followed(quiet=as_json) as progress:
        order = Order(kind, path, options, who(), activate=not no_activate)
        loaded = load_files(repository, order, progress)
    if as_json:
        print_json(_json(loaded))
    else:
        click.echo("\n".join(_lines(loaded) if loaded.is_new else _known(loaded)))
    if not loaded.is_active and not no_activate:
        name = loaded.release.name
        raise Failure(
            f"{name} is NOT active. Loading its files again does not make it so, since it may have"
            f" been put out of use on purpose. Make it active: proterm activate {name}",
            WRONG,
        )


def _json(loaded: "Loaded") -> "Json":
    """What came of a load, for machines."""
    tally = loaded.tally
    return {
        **release_json(loaded.release, active=loaded.is_active),
        "new": loaded.is_new,
        "problems": [problem._asdict() for problem in tally.problems] if tally else [],
    }


def _known(loaded: "Loaded") -> Iterator[str]:
    release = loaded.release
    state = "It is active." if loaded.is_active else "It is not active."
    yield f"These files are loaded already, as {release.name} on {release.loaded_at[:10]}. {state}"


def _lines(loaded: "Loaded") -> Iterator[str]:
    release = loaded.release
    state = "loaded and active" if loaded.is_active else "loaded, not active"
    yield f"{heading(release.name)}  {release.title}: {state}"
    yield columns(_table(loaded))
    yield from (paragraph(remark, "  ") for remark in release.remarks)
    if loaded.tally is not None and loaded.tally.problems:
        yield "  Skipped:"
        yield from (paragraph(str(p), "    ") for p in loaded.tally.problems[:_SHOWN])
        if release.problems > _SHOWN:
            yield f"    ... and {release.problems - _SHOWN:,} more"
    if release.notice:
        yield "  Notice of the files:"
        yield from notice_lines(release.notice)
    if not loaded.is_active:
        yield f"  Make it active: proterm activate {release.name}"


def _table(loaded: "Loaded") -> Iterator[tuple[str, ...]]:
    release = loaded.release
    for what, count in release.counts.items():
        yield "loaded", f"{count:,}", what
    if release.compared is None:
        yield "changed", "-", "no earlier release to compare with"
    for kind in _KINDS:
        for change in release.changes:
            number = change["counts"].get(kind, 0)
            if number:
                yield kind, f"{number:,}", f"{change['what']}, since {release.compared}"
    unchanged = sum(not change["counts"] for change in release.changes)
    if unchanged:
        yield "unchanged", f"{unchanged:,}", f"code systems or tables, since {release.compared}"
    yield "skipped", f"{release.problems:,}", "rows that can't be read"


_KINDS = ("added", "ended", "reworded", "changed")
