"""The command line `proterm`: the service, and the same engine for a person at a terminal.

What a command needs is imported when the command runs: `proterm --help` has to answer at once.
"""

import click

from conformance.runner.command import conform
from service.cli.content import content
from service.cli.find import find
from service.cli.layout import colored
from service.cli.load import load
from service.cli.lookup import lookup
from service.cli.releases import activate, deactivate, diff, drop, releases, rollback
from service.cli.serve import serve
from service.cli.settings import settings
from service.cli.validate import validate

__all__ = ["main"]

_HELP = """Procedure codes, checked and explained: a FHIR terminology service and its command line.

\b
  proterm serve                  serve FHIR at http://127.0.0.1:8080
  proterm find bleed embol       codes and modifiers by what you would type
  proterm lookup 37244           what is known of a code, and from which source
  proterm validate 37244:59      is the code right?
  proterm validate 37244:26 --payer medicare   would the payer take it, and who says so?
  proterm content                what is loaded
  proterm load KIND PATH         load CPT, HCPCS, fee schedules, NCCI, ICD-10 or FHIR packages
  proterm releases               what was loaded, and what of it is active
  proterm conform --server URL --tests DIR     run HL7's terminology tests against a server

Each command tells more: proterm lookup --help. Settings are environment variables; `proterm
settings` lists them.
"""


@click.group(
    help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="proterm", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Choose a command."""
    context.color = colored()


_COMMANDS = (serve, find, lookup, validate, content, load, releases, activate, deactivate, rollback)
for _command in (*_COMMANDS, drop, diff, settings, conform):
    main.add_command(_command)
