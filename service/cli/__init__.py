"""The command line `proterm`: the service, and the same engine for a person at a terminal.

What a command needs is imported when the command runs: `proterm --help` has to answer at once.
"""

import click

from service.cli.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="proterm", message="%(prog)s %(version)s")
def main() -> None:
    """Procedure codes, checked and explained: a FHIR terminology service and its command line."""


main.add_command(serve)
