"""`proterm settings`: every setting with the value it has here."""

import os

import click

from service.cli.common import json_option, print_json, read_settings
from service.cli.layout import heading, paragraph
from service.settings import settings_rows, settings_table

_HELP = """List the settings, with their values here.

\b
  $ PORT=9000 proterm settings
  HOST = 127.0.0.1
    The address to listen at.
  PORT = 9000  (default: 8080)
    The port to listen at.
  ...

A value that can't be used, or a PROTERM_ variable that is no setting, is told.
"""


@click.command(help=_HELP)
@click.option("--markdown", is_flag=True, help="Print the table of the documentation.")
@json_option
def settings(markdown: bool, as_json: bool) -> None:
    """Print the settings."""
    if markdown:
        click.echo(settings_table())
        return
    read_settings()
    rows = [setting for _, setting in settings_rows()]
    values = {row.variable: row.shown(os.environ.get(row.variable, row.default)) for row in rows}
    if as_json:
        print_json(
            [
                {
                    "variable": row.variable,
                    "value": values[row.variable],
                    "default": row.default,
                    "help": row.help,
                }
                for row in rows
            ]
        )
        return
    for row in rows:
        value = values[row.variable]
        changed = f"  (default: {row.default or 'empty'})" if value != row.default else ""
        click.echo(f"{heading(row.variable)} = {value or '(empty)'}{changed}")
        click.echo(paragraph(row.help, "  "))
