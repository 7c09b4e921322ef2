"""`proterm find`: codes and modifiers by what a coder types."""

from typing import TYPE_CHECKING

import click

from service.cli.common import (
    UNUSABLE,
    WRONG,
    Failure,
    data_option,
    engine,
    json_option,
    plain_errors,
    print_json,
    system_option,
)
from service.cli.layout import columns

if TYPE_CHECKING:
    from service.procedure_search import Matches

_HELP = """Find codes and modifiers by what you would type.

TEXT is the beginning of a code, a modifier, a code with modifiers, or words: in any order, by
their beginnings, and common abbreviations.

\b
  $ proterm find GI bleed
    37244  abbreviation  Endovascular closure of a vessel to control bleeding or leakage
  $ proterm find 37244:XS
    37244  code  Endovascular closure of a vessel to control bleeding or leakage
    XS     code  Separate structure

The best match comes first; the second column says why it is there. With --json it prints a
ValueSet with the matches as its expansion (FHIR R5).

Exit status: 0 found, 1 nothing found, 2 the question or the store can't be used.
"""
_WHY = {
    "code": "code",
    "code-prefix": "begins so",
    "display": "name",
    "designation": "other name",
    "abbreviation": "abbreviation",
    "synonym": "other word",
    "definition": "definition",
    "text": "part of a name",
}


@click.command(help=_HELP)
@click.argument("text", nargs=-1, required=True)
@click.option("--kind", type=click.Choice(["code", "modifier"]), help="Only these.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    metavar="NUMBER",
    help="How many to print at most.",
)
@system_option
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
def find(
    text: tuple[str, ...],
    kind: str | None,
    limit: int,
    system: str | None,
    as_json: bool,
    data: str | None,
) -> None:
    """Print what a text finds."""
    typed = " ".join(text)
    if not typed.strip():
        raise Failure("Type the beginning of a code, a modifier or words to find.")
    state = engine(data)
    from service.procedure_search import find as search

    found = search(state.context, typed, system, None if kind is None else kind == "modifier")
    if as_json:
        print_json(found.as_expansion(limit))
    elif found.found:
        click.echo(_lines(found, limit))
    if not found.found:
        raise Failure(_nothing(found, kind), WRONG)


def _lines(found: "Matches", limit: int) -> str:
    first = found.asked[0]
    rows = []
    for match, one in found.listed(limit):
        of = "" if match.provider is first else f" ({_title(match.provider.head.url or '')})"
        rows.append((one.code, _WHY[match.kind], (one.display or "") + of))
    text = columns(rows)
    total = len(found.found)
    if total > limit:
        text += f"\n{limit} of {total}; --limit shows more, another word fewer."
    return text


def _title(url: str) -> str:
    from service.procedure_codes import HCPCS

    return "HCPCS Level II" if url == HCPCS else url


def _nothing(found: "Matches", kind: str | None) -> str:
    what = f"No {kind} that is loaded" if kind else "Nothing that is loaded"
    text = f"{what} matches '{found.text[:60]}'. Try fewer words, or only their beginnings."
    for provider in found.asked:
        if provider.is_fragment:
            named = f"{provider.head.name} {provider.head.version or ''}".strip()
            return (
                f"{text} Only {provider.size} codes of {named} are loaded; load a licensed release"
                " to find others."
            )
    return text
