"""`proterm validate`: whether codes are right, in words or as FHIR."""

from typing import TYPE_CHECKING

import click

from service.cli.common import (
    UNUSABLE,
    WRONG,
    Failure,
    data_option,
    date_option,
    engine,
    json_option,
    plain_errors,
    print_json,
    system_option,
)
from service.cli.layout import paragraph

if TYPE_CHECKING:
    from terminology.operations.context import Context

_HELP = """Tell whether CODE is right, and if it is not, why.

\b
  $ proterm validate 37244
  37244 is right by CPT's grammar: Endovascular closure of a vessel to control bleeding or leakage
  (CPT 2026)
  $ proterm validate 95 --value-set https://proterm.example/fhir/ValueSet/modifiers-37244
  95 is wrong: By live video (CPT 2026)
  error: The provided code ... was not found in the value set ...
  $ proterm validate 37244:26 --payer medicare --date 2025-10-01
  37244:26 is right by CPT's grammar: ...
  As a claim to Medicare, for services on 2025-10-01, it is wrong:
  error (mpfs-pctc-no-split): 37244 has PC/TC indicator 0 ...
  $ proterm validate 37244 37243:59 --payer medicare

A code with modifiers (37244:59:LT) is judged by CPT's grammar, and what Medicare and payers say of
it is told. With a payer, units, a place or a setting it is judged as a claim, and several codes as
one. What could not be checked is told too.

With --json it prints what $validate-code answers (FHIR R5): a Parameters resource, or an
OperationOutcome where there is no answer. Of a claim it prints an OperationOutcome.

Exit status: 0 right, 1 wrong (by CPT's grammar, or by what the payer named would not take), 2 not
to be answered: a payer or a value set that is not loaded, a store that can't be read.
"""


@click.command(help=_HELP)
@click.argument("codes", metavar="CODE[:MOD...]...", nargs=-1, required=True)
@system_option
@click.option(
    "--value-set",
    metavar="URL",
    help="Also ask whether the code is in this value set, `url` or `url|version`.",
)
@click.option("--display", metavar="TEXT", help="Also check this display of the code.")
@date_option
@click.option("--payer", metavar="ID", help="Who is to pay, such as medicare.")
@click.option(
    "--units",
    metavar="N",
    type=click.IntRange(1, 999_999),
    multiple=True,
    help="Units of service; of several codes once for each, in their order.",
)
@click.option("--place", metavar="CODE", help="CMS place of service code, such as 21.")
@click.option(
    "--setting",
    type=click.Choice(["practitioner", "outpatient-hospital"]),
    help="Whose edits apply.  [default: practitioner]",
)
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
@click.pass_context
def validate(  # noqa: PLR0913 - each an option
    context: click.Context,
    codes: tuple[str, ...],
    system: str | None,
    value_set: str | None,
    display: str | None,
    date: str | None,
    payer: str | None,
    units: tuple[int, ...],
    place: str | None,
    setting: str | None,
    as_json: bool,
    data: str | None,
) -> None:
    """Print whether codes are right."""
    of_claim = (payer, place, setting)
    if len(codes) == 1 and not units and all(option is None for option in of_claim):
        loaded = engine(data).context
        context.exit(_single(loaded, codes[0], system, value_set, display, date, as_json))
    if value_set is not None or display is not None:
        raise Failure(
            "--value-set and --display are for one code by itself; a claim has neither. Leave them"
            " out, or ask of each code without --payer, --units, --place and --setting."
        )
    from service.cli.claim import Asked, judged

    asked = Asked(codes, system, date, payer, units, place, setting or "practitioner")
    claim = judged(engine(data).context, asked)
    if as_json:
        print_json(claim.outcome())
    else:
        for line in claim.lines():
            click.echo(line)
    context.exit(claim.status)


def _single(
    context: "Context",
    code: str,
    system: str | None,
    value_set: str | None,
    display: str | None,
    date: str | None,
    as_json: bool,
) -> int:
    """Print the answer of `$validate-code`; returns the exit status."""
    from service.cli.answers import decided_by, issue_line, known_as, status_of, validated

    result = validated(context, code, system, value_set=value_set, display=display, date=date)
    status = status_of(result)
    if as_json:
        print_json(result.parameters())
        return status
    known = known_as(result)
    said = {0: "is right", WRONG: "is wrong", UNUSABLE: "can't be checked"}[status]
    by = decided_by(result) if value_set is None and display is None else ""
    click.echo(paragraph(f"{code} {said}{by}" + (f": {known}" if known else "")))
    for issue in result.issues:
        click.echo(issue_line(issue))
    return status
