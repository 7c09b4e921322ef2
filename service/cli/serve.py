"""`proterm serve`: the store made ready, the addresses to try, and gunicorn in this process."""

import os
import socket
import sys

import click

from service.cli.common import WRONG, Failure, data_option, place, read_settings
from service.settings import Settings

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not bound to
_LOOKUP = "/r4/CodeSystem/$lookup?system=http://www.ama-assn.org/go/cpt&code=37244"

_HELP = """Serve FHIR over HTTP until it is stopped (Ctrl-C).

The store is built first where it is missing; that takes a second, once. All other settings
come from the environment: `proterm settings` lists them.

\b
  proterm serve
  PORT=9000 PROTERM_WORKERS=4 proterm serve
"""


@click.command(help=_HELP)
@click.option("--host", help="Address to listen at.  [default: HOST, or 127.0.0.1]")
@click.option("--port", help="Port to listen at.  [default: PORT, or 8080]")
@data_option
def serve(host: str | None, port: str | None, data: str | None) -> None:
    """Serve until stopped."""
    options = {"HOST": host, "PORT": port, **place(data)}
    settings = read_settings(options, exit_code=WRONG)
    _check_address(settings.host, settings.port)
    # The workers inherit what is imported here, so that none of them has to import it again.
    import service.app  # noqa: F401
    from service.settings import SettingError
    from service.state import open_state
    from terminology.errors import OtherVersion, StoreUnavailable

    try:
        open_state(settings).store.close()
    except StoreUnavailable as error:
        if isinstance(error, OtherVersion) or not settings.is_remote:
            raise Failure(error.message, WRONG) from None
        # A database may come after the service, and is waited for.
        click.echo(f"{error.message} Until it can, requests are answered with 503.", err=True)
    except SettingError as error:
        raise Failure(str(error), WRONG) from None
    click.echo(greeting(settings))
    # gunicorn's configuration and the workers read the environment.
    os.environ.update({name: value for name, value in options.items() if value is not None})
    _run_gunicorn()


def greeting(settings: Settings) -> str:
    """What is printed before the service starts: the addresses to try."""
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    root = f"http://{_bracketed(host)}:{settings.port}"
    lines = [
        f"Proterm will answer at {root} (Ctrl-C stops it). Try:",
        "",
        f"  {root}/",
        f"  {root}/r4/metadata",
        f"  curl '{root}{_LOOKUP}'",
        "",
    ]
    if settings.host in _EVERYWHERE:
        lines[1:1] = ["It listens at every address of this machine."]
    return "\n".join(lines)


def _check_address(host: str, port: int) -> None:
    """Find out now, and in a sentence, what gunicorn would find out in five attempts.

    Raises:
        Failure: nothing can listen there.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except socket.gaierror:
        message = f"'{host}' is no address of this machine; HOST is what to change."
        raise Failure(message, WRONG) from None
    except PermissionError:
        message = f"Port {port} needs rights that this user does not have; take one above 1023."
        raise Failure(message, WRONG) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise Failure(
            f"Nothing can listen at {_bracketed(host)}:{port} ({reason}). Is it running already?"
            f" Choose another port: PORT={port % 65535 + 1} proterm serve",
            WRONG,
        ) from None


def _run_gunicorn() -> None:
    from gunicorn.app.wsgiapp import run

    # gunicorn reads the arguments of its process, and here they are ours.
    sys.argv = ["proterm", "--config", "python:service.gunicorn_conf"]
    run(prog="proterm")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
