"""`proterm validate`: whether a code is right, in words or as FHIR."""

import re
from typing import TYPE_CHECKING, NamedTuple

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
from service.cli.layout import columns, paragraph

if TYPE_CHECKING:
    from terminology.operations.context import Context
    from terminology.operations.validation import ValidationResult

_MODIFIER = re.compile(r"[0-9A-Z]{2}")


class _Part(NamedTuple):
    """A code of an expression, and what was found of it."""

    code: str
    role: str
    result: "ValidationResult"


_HELP = """Tell whether CODE is right, and if it is not, why.

\b
  $ proterm validate 37244
  37244 is right: Endovascular closure of a vessel to control bleeding or leakage (CPT 2026)
  $ proterm validate 95 --value-set https://proterm.example/fhir/ValueSet/modifiers-37244
  95 is wrong: By live video (CPT 2026)
  error: The provided code ... was not found in the value set ...

Of a code with modifiers (37244:59:LT) each part is checked; whether they go together is not
checked yet, and the answer says so.

With --json it prints what $validate-code answers (FHIR R5): a Parameters resource, or an
OperationOutcome where there is no answer.

Exit status: 0 right, 1 wrong, 2 not to be answered: a combination that can't be checked, a
value set that is not loaded, a store that can't be read.
"""


@click.command(help=_HELP)
@click.argument("code", metavar="CODE[:MOD...]")
@system_option
@click.option(
    "--value-set",
    metavar="URL",
    help="Also ask whether the code is in this value set, `url` or `url|version`.",
)
@click.option("--display", metavar="TEXT", help="Also check this display of the code.")
@json_option
@data_option
@plain_errors(not_found=UNUSABLE)
@click.pass_context
def validate(
    context: click.Context,
    code: str,
    system: str | None,
    value_set: str | None,
    display: str | None,
    as_json: bool,
    data: str | None,
) -> None:
    """Print whether a code is right."""
    state = engine(data)
    base, *modifiers = code.split(":") if _has_modifiers(system) else [code]
    if modifiers:
        _check_expression(base, modifiers, value_set, display)
        context.exit(_expression(state.context, code, base, modifiers, system, as_json))
    result = _validated(state.context, code, system, value_set, display)
    if as_json:
        print_json(result.parameters())
    else:
        click.echo(_sentence(code, result))
        _print_issues(result)
    context.exit(_status(result))


def _has_modifiers(system: str | None) -> bool:
    from service.procedure_codes import SYSTEMS

    return system is None or system.lower() in SYSTEMS or system in SYSTEMS.values()


def _validated(
    context: "Context", code: str, system: str | None, value_set: str | None, display: str | None
) -> "ValidationResult":
    """The answer of the code system that has the code; of the first one where none has."""
    from service.procedure_codes import SYSTEMS

    urls = [SYSTEMS.get(system.lower(), system)] if system else list(SYSTEMS.values())
    found = {url: _asked(context, code, url, None, display) for url in urls}
    url = next((url for url, result in found.items() if _is_loaded(result)), urls[0])
    return found[url] if value_set is None else _asked(context, code, url, value_set, display)


def _asked(
    context: "Context", code: str, url: str, value_set: str | None, display: str | None
) -> "ValidationResult":
    from terminology.operations import codesystem_validate_code, valueset_validate_code

    sent = {"code": [code], **({"display": [display]} if display else {})}
    if value_set is None:
        in_system = codesystem_validate_code.CodeSystemValidateCodeParameters()
        return codesystem_validate_code.validate_code(
            in_system.read({**sent, "url": [url]}), context
        )
    in_set = valueset_validate_code.ValueSetValidateCodeParameters()
    return valueset_validate_code.validate_code(
        in_set.read({**sent, "system": [url], "url": [value_set]}), context
    )


def _check_expression(
    base: str, modifiers: list[str], value_set: str | None, display: str | None
) -> None:
    for modifier in modifiers:
        if not _MODIFIER.fullmatch(modifier):
            raise Failure(
                f"'{modifier[:40]}' can't be a modifier: one has two digits or capital letters."
                " Write CODE:MOD:MOD, such as 37244:59:LT."
            )
    if not base:
        raise Failure("A modifier goes with a code: write CODE:MOD, such as 37244:59.")
    if display is not None:
        raise Failure("A code with modifiers has no display of its own; leave out --display.")
    if value_set is not None:
        raise Failure(
            "Whether a code with modifiers is in a value set can't be checked yet; ask for its"
            " parts one by one."
        )


def _expression(
    context: "Context",
    code: str,
    base: str,
    modifiers: list[str],
    system: str | None,
    as_json: bool,
) -> int:
    """Answer for each part of an expression; returns the exit status."""
    parts = [_Part(base, "code", _validated(context, base, system, None, None))]
    for modifier in modifiers:
        found = _validated(context, modifier, None, None, None)
        parts.append(_Part(modifier, "modifier", found))
    wrong = not all(_is_loaded(part.result) for part in parts)
    if as_json:
        _print_expression(code, parts, wrong=wrong)
        return WRONG if wrong else UNUSABLE
    click.echo(f"{code} is wrong:" if wrong else f"{code} can't be answered as a whole:")
    click.echo(columns(_row(part) for part in parts))
    for part in parts:
        _print_issues(part.result)
    click.echo(paragraph(f"warning: {_not_checked(code)}"))
    return WRONG if wrong else UNUSABLE


def _print_expression(code: str, parts: list[_Part], *, wrong: bool) -> None:
    from terminology.fhir.outcome import Issue, operation_outcome
    from terminology.model import Coding
    from terminology.operations.validation import Checked, ValidationResult

    issues = [issue for part in parts for issue in part.result.issues]
    severity = "warning" if wrong else "error"
    issues.append(Issue(severity, "not-supported", _not_checked(code), ("code",)))
    if wrong:
        shown = Checked(coding=Coding(code=code), issues=issues)
        print_json(ValidationResult(result=False, issues=issues, shown=shown).parameters())
    else:
        print_json(operation_outcome(issues))


def _not_checked(code: str) -> str:
    return f"Whether the parts of {code} go together is not checked yet; each part is."


def _row(part: _Part) -> tuple[str, ...]:
    state = "loaded" if _is_loaded(part.result) else "not loaded"
    return part.code, part.role, state, _known_as(part.result)


def _is_loaded(result: "ValidationResult") -> bool:
    return result.shown is not None and result.shown.concept is not None


def _status(result: "ValidationResult") -> int:
    """The exit status: a code that a fragment does not hold is neither right nor wrong."""
    if result.shown is not None and result.shown.unknown_systems:
        return UNUSABLE
    if not result.result:
        return WRONG
    return 0 if _is_loaded(result) else UNUSABLE


def _sentence(code: str, result: "ValidationResult") -> str:
    known = _known_as(result)
    status = {0: "is right", WRONG: "is wrong", UNUSABLE: "can't be checked"}[_status(result)]
    return f"{code} {status}" + (f": {known}" if known else "")


def _known_as(result: "ValidationResult") -> str:
    shown = result.shown
    if shown is None or shown.provider is None or shown.concept is None:
        return ""
    head = shown.provider.head
    return f"{shown.display or ''} ({head.name or head.url} {head.version or ''})".replace(
        " )", ")"
    )


def _print_issues(result: "ValidationResult") -> None:
    for issue in result.issues:
        click.echo(paragraph(f"{issue.severity}: {issue.text}"))
