"""The answer of `$validate-code` on a code that a person typed, and how it is said."""

from service.cli.common import UNUSABLE, WRONG
from service.cli.layout import paragraph
from service.procedure_codes import SYSTEMS
from terminology.codesystems import cpt
from terminology.fhir.outcome import Issue
from terminology.operations import codesystem_validate_code, valueset_validate_code
from terminology.operations.context import Context
from terminology.operations.validation import ValidationResult


def validated(
    context: Context,
    code: str,
    system: str | None,
    *,
    value_set: str | None = None,
    display: str | None = None,
    date: str | None = None,
) -> ValidationResult:
    """The answer of the code system that has the code; of the first one where none has.

    Args:
        context: the engine.
        code: as it was typed.
        system: a URL or a short name; each of `SYSTEMS` in turn if left out.
        value_set: a value set to ask as well.
        display: a display to check as well.
        date: of service; today if left out.

    Raises:
        InvalidInput: a value is not of its type.
        NotFound: the value set is not loaded.
    """
    urls = [SYSTEMS.get(system.lower(), system)] if system else list(SYSTEMS.values())
    more = {"display": display, "date": date}
    sent = {"code": [code], **{name: [text] for name, text in more.items() if text is not None}}
    found = {url: _in_system(context, sent, url) for url in urls}
    url = next((url for url, result in found.items() if is_loaded(result)), urls[0])
    if value_set is None:
        return found[url]
    parameters = valueset_validate_code.ValueSetValidateCodeParameters()
    asked = parameters.read({**sent, "system": [url], "url": [value_set]})
    return valueset_validate_code.validate_code(asked, context)


def _in_system(context: Context, sent: dict[str, list[str]], url: str) -> ValidationResult:
    parameters = codesystem_validate_code.CodeSystemValidateCodeParameters()
    asked = parameters.read({**sent, "url": [url]})
    return codesystem_validate_code.validate_code(asked, context)


def is_loaded(result: ValidationResult) -> bool:
    """Whether the code was found in its code system."""
    return result.shown is not None and result.shown.concept is not None


def status_of(result: ValidationResult) -> int:
    """The exit status: a code that a fragment does not hold is neither right nor wrong."""
    if result.shown is not None and result.shown.unknown_systems:
        return UNUSABLE
    if not result.result:
        return WRONG
    return 0 if is_loaded(result) else UNUSABLE


def decided_by(result: ValidationResult) -> str:
    """` by CPT's grammar` where that is what decided, and no more: no payer has been asked."""
    shown = result.shown
    if shown is None or shown.provider is None or shown.provider.head.url != cpt.URL:
        return ""
    ruled = any(issue.severity == "error" and issue.coding for issue in result.issues)
    return " by CPT's grammar" if ruled or (result.result and is_loaded(result)) else ""


def known_as(result: ValidationResult) -> str:
    """What the code is called, of an expression how it reads, and the code system."""
    shown = result.shown
    if shown is None or shown.provider is None or shown.concept is None:
        return ""
    head = shown.provider.head
    display = shown.display or _reading(result)
    named = f"({head.name or head.url} {head.version or ''})".replace(" )", ")")
    return f"{display} {named}".lstrip()


def _reading(result: ValidationResult) -> str:
    shown = result.shown
    if shown is None or shown.provider is None or shown.concept is None:
        return ""
    properties = shown.provider.reference_properties(shown.concept, Context.day(None))
    values = (prop.value[1] for prop in properties if prop.code == "reading" and prop.value)
    return next((str(value) for value in values), "")


def issue_line(issue: Issue) -> str:
    """An issue as a paragraph: how grave it is, its rule where it has one, the sentence."""
    rule = f" ({issue.coding['code']})" if issue.coding and "code" in issue.coding else ""
    return paragraph(f"{issue.severity}{rule}: {issue.text}")
