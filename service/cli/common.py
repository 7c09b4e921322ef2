"""What the commands share: the settings, the engine, and errors as sentences."""

import difflib
import os
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

import click

from service.settings import PREFIX, SettingError, Settings, settings_rows, unknown_variables

if TYPE_CHECKING:
    from service.state import State
    from terminology.model import Json
    from terminology.store.repository import Repository

# Kubernetes tells every pod where a service called "proterm" is; that is no typing error.
_LINKS = re.compile(r"PROTERM_(SERVICE_(HOST|PORT.*)|PORT_\d+_(TCP|UDP|SCTP).*)")
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
F = TypeVar("F", bound=Callable[..., Any])

WRONG = 1
"""The exit status of an answer that is no: a code that is wrong, or that is not there."""
UNUSABLE = 2
"""The exit status of a question that can't be answered; click's of a wrong option too."""


class Failure(click.ClickException):
    """A sentence on standard error, and the exit status."""

    def __init__(self, message: str, exit_code: int = UNUSABLE) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]


def data_option(command: F) -> F:
    """The option `--data` of every command that reads the store."""
    return click.option(
        "--data",
        metavar="FOLDER",
        help="Folder of the store; it is built there where it is missing."
        "  [default: PROTERM_STORE, else PROTERM_DATA, else ./var]",
    )(command)


def system_option(command: F) -> F:
    """The option `--system`, with short names for the two code systems of procedures."""
    return click.option(
        "--system",
        metavar="URL|cpt|hcpcs",
        help="Code system.  [default: cpt, then hcpcs]",
    )(command)


def date_option(command: F) -> F:
    """The option `--date`, a day of service."""
    return click.option(
        "--date",
        metavar="YYYY-MM-DD",
        callback=_day,
        help="Day of service: it chooses the coding rules and the releases of Medicare's tables; a"
        " year or a month stands for its first day.  [default: today]",
    )(command)


def _day(_context: click.Context, _option: click.Parameter, sent: str | None) -> str | None:
    if sent is None:
        return None
    written = _DAY.fullmatch(sent)
    try:
        if written is None:
            raise ValueError
        date.fromisoformat(f"{written[1]}-{written[2] or '01'}-{written[3] or '01'}")
    except ValueError:
        raise Failure(
            f"--date is '{sent[:20]}', which is no day; write YYYY-MM-DD, such as 2025-10-01."
        ) from None
    return sent


def json_option(command: F) -> F:
    """The option `--json`, for machines."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print JSON, for machines, in place of text."
    )(command)


def read_settings(
    options: Mapping[str, str | None] | None = None, exit_code: int = UNUSABLE
) -> Settings:
    """The settings of the environment; a name that is none is told on standard error.

    Args:
        options: what was given on the command line, by variable; it goes before the environment.
        exit_code: of the failure.

    Raises:
        Failure: a setting has a value that can't be used.
    """
    given = {name: value for name, value in (options or {}).items() if value is not None}
    for name in unknown_variables(os.environ):
        if not (_LINKS.fullmatch(name) or os.environ[name].startswith(("tcp://", "udp://"))):
            click.echo(f"{name} is no setting and changes nothing; {_meant(name)}", err=True)
    try:
        return Settings.from_env({**os.environ, **given})
    except SettingError as error:
        raise Failure(str(error), exit_code) from None


def _meant(name: str) -> str:
    variables = {s.variable.removeprefix(PREFIX): s.variable for _, s in settings_rows()}
    near = difflib.get_close_matches(name.removeprefix(PREFIX), variables, n=1)
    return f"did you mean {variables[near[0]]}?" if near else "`proterm settings` lists them."


def place(data: str | None) -> dict[str, str | None]:
    """The settings that `--data` stands for: a folder that was named, and no database then."""
    return {"PROTERM_DATA": data, "PROTERM_STORE": None if data is None else ""}


def engine(data: str | None) -> "State":
    """The engine that the service runs, over the store of the data folder.

    Raises:
        Failure: a setting can't be used.
        StoreUnavailable: the store can neither be read nor built.
    """
    settings = read_settings(place(data))
    from service.state import state_of

    return state_of(settings, opened(settings).open())


def repository_of(data: str | None) -> "Repository":
    """Where the releases are.

    Raises:
        Failure: a setting can't be used.
    """
    return opened(read_settings(place(data)))


def opened(settings: Settings) -> "Repository":
    """Where the releases are by the settings; its connections end with the command."""
    from service.state import open_repository

    repository = open_repository(settings)
    click.get_current_context().call_on_close(repository.close)
    return repository


def print_json(content: "Json | list[Json]") -> None:
    """Print JSON for machines that people can read too."""
    from terminology.fhir import json

    click.echo(json.encode(content, pretty=True))


def plain_errors(*, not_found: int) -> Callable[[F], F]:
    """Makes a command whose errors of the domain end in a sentence and an exit status.

    With `--json` they are printed as OperationOutcome too.

    Args:
        not_found: the exit status where what was asked about is not loaded.
    """

    def decorate(function: F) -> F:
        def run(*args: Any, **kwargs: Any) -> Any:
            from terminology.errors import NotFound, ProtermError

            try:
                return function(*args, **kwargs)
            except ProtermError as error:
                if kwargs.get("as_json"):
                    from terminology.fhir.outcome import from_error

                    print_json(from_error(error))
                status = not_found if isinstance(error, NotFound) else UNUSABLE
                raise Failure(error.message, status) from None

        return update_wrapper(run, function)  # type: ignore[return-value]

    return decorate
