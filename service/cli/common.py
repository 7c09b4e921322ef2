"""What the commands share: the settings, the engine, and errors as sentences."""

import os
from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, TypeVar

import click

from service.settings import SettingError, Settings, unknown_variables

if TYPE_CHECKING:
    from service.state import State

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


def as_environment(variable: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    """A callback of an option that stands for a setting: the workers of gunicorn read it too."""

    def keep(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
        if value is not None:
            os.environ[variable] = value

    return keep


def data_option(command: F) -> F:
    """The option `--data` of every command that reads the store."""
    return click.option(
        "--data",
        metavar="FOLDER",
        expose_value=False,
        callback=as_environment("PROTERM_DATA"),
        help="Folder of the store.  [default: PROTERM_DATA, or ./var]",
    )(command)


def json_option(command: F) -> F:
    """The option `--json`, for machines."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print JSON, for machines, in place of text."
    )(command)


def read_settings(exit_code: int = UNUSABLE) -> Settings:
    """The settings of the environment; a name that is none is told on standard error.

    Raises:
        Failure: a setting has a value that can't be used.
    """
    import difflib

    from service.settings import settings_rows

    known = [setting.variable for _, setting in settings_rows()]
    for name in unknown_variables(os.environ):
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"did you mean {near[0]}?" if near else "`proterm settings` lists them."
        click.echo(f"{name} is no setting and changes nothing; {meant}", err=True)
    try:
        return Settings.from_env()
    except SettingError as error:
        raise Failure(str(error), exit_code) from None


def engine() -> "State":
    """The engine that the service runs, over the store of the data folder.

    Raises:
        Failure: a setting can't be used.
        StoreUnavailable: the store can neither be read nor built.
    """
    settings = read_settings()
    from service.state import open_state

    return open_state(settings)


def plain_errors(function: F) -> F:
    """A command whose errors of the domain end in a sentence and the right exit status."""

    def run(*args: Any, **kwargs: Any) -> Any:
        from terminology.errors import NotFound, ProtermError

        try:
            return function(*args, **kwargs)
        except ProtermError as error:
            status = WRONG if isinstance(error, NotFound) else UNUSABLE
            raise Failure(error.message, status) from None

    return update_wrapper(run, function)  # type: ignore[return-value]
