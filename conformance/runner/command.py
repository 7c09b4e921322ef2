"""`proterm conform`: the tests of HL7's terminology ecosystem against a server."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from conformance.runner.running import Result
    from conformance.runner.server import Server
    from terminology.fhir.json import Json

FAILED = 1
"""The exit status when a test failed."""
UNUSABLE = 2
"""The exit status when nothing could be tested; click's of a wrong option too."""

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


class Failure(click.ClickException):
    """A sentence on standard error, and the exit status of what can't be run."""

    exit_code = UNUSABLE


@click.command()
@click.option("--server", "address", required=True, metavar="URL", help="The FHIR endpoint.")
@click.option(
    "--tests", required=True, metavar="DIR", type=_FOLDER, help="Folder with test-cases.json."
)
@click.option(
    "--modes", default="general", show_default=True, help="Separated by commas; !general drops it."
)
@click.option("--suite", "suites", multiple=True, help="Only this suite; may be repeated.")
@click.option("--filter", "part", default="", help="Only tests with this in their name.")
@click.option("--json", "output", metavar="FILE", type=_FILE, help="Write everything as JSON.")
@click.option("--strict", is_flag=True, help="A test that passes only leniently fails.")
@click.option("--externals", metavar="FILE", type=_FILE, help="The server's own messages.")
@click.option("--jobs", default=4, show_default=True, type=click.IntRange(1, 16))
@click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Seconds for one request.",
)
def conform(  # noqa: PLR0913 - its options
    *,
    address: str,
    tests: Path,
    modes: str,
    suites: tuple[str, ...],
    part: str,
    output: Path | None,
    strict: bool,
    externals: Path | None,
    jobs: int,
    timeout: float,
) -> None:
    """Run HL7's terminology ecosystem tests against a server.

    The tests are the folder `tests` of https://github.com/HL7/fhir-tx-ecosystem-ig. They count as
    HL7's own runner counts; beside it stands a strict score, which excuses neither texts that only
    agree when read as base64 nor arrays that are missing. Exit status 1: a test failed; 2: nothing
    could be tested.

    \b
      proterm conform --server http://localhost:8080/r5 --tests tests
      proterm conform --server http://localhost:8080/r4 --tests tests --suite version --json r4.json
    """  # noqa: D301 - click wants the character
    from conformance.runner.client import Client
    from conformance.runner.progress import Progress
    from conformance.runner.running import Runner
    from conformance.runner.server import discover
    from conformance.runner.suite import Library, Unusable, read_modes, select

    if output and not output.parent.is_dir():
        raise Failure(f"There is no folder {output.parent} for {output.name}.")
    chosen_modes = read_modes(modes)
    messages = _read_externals(externals) if externals else None
    try:
        library = Library(tests)
        with Client(address, timeout) as client:
            server = discover(client)
            cases = select(library.cases(chosen_modes, server.version), suites, part)
            progress = Progress(sys.stderr, cases)
            runner = Runner(library, client, server, chosen_modes, messages)
            try:
                results = runner.run_all(cases, jobs, progress)
            finally:
                progress.close()
    except Unusable as error:
        raise Failure(str(error)) from None
    _report(results, server, chosen_modes, strict=strict)
    if output:
        _write(output, results, server, chosen_modes)
    if _any_failed(results, strict=strict):
        raise click.exceptions.Exit(FAILED)


def _report(
    results: "list[Result]", server: "Server", modes: frozenset[str], *, strict: bool
) -> None:
    from conformance.runner.report import failures, summary, table

    for text in failures(results, strict=strict):
        click.echo(f"{text}\n")
    click.echo(table(results))
    click.echo(f"\n{summary(results, server, modes)}")


def _any_failed(results: "list[Result]", *, strict: bool) -> bool:
    from conformance.runner.running import Status

    return any(Status.FAILED in (one.status, one.strict if strict else None) for one in results)


def _read_externals(path: Path) -> "Json":
    from terminology.errors import ProtermError
    from terminology.fhir.json import decode_any

    try:
        messages = decode_any(path.read_bytes())
    except OSError as error:
        raise Failure(f"{path} can't be read: {error.strerror}.") from None
    except ProtermError as error:
        raise Failure(f"{path} can't be read: {error.message}") from None
    if not isinstance(messages, dict):
        raise Failure(f"{path} has no messages: it should be an object of response files.")
    return messages


def _write(path: Path, results: "list[Result]", server: "Server", modes: frozenset[str]) -> None:
    from datetime import UTC, datetime

    from conformance.runner.report import as_json
    from terminology.fhir.json import encode

    date = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        path.write_bytes(encode(as_json(results, server, modes, date), pretty=True) + b"\n")
    except OSError as error:
        raise Failure(f"{path} can't be written: {error.strerror}.") from None
