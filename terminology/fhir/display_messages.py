"""The sentences of issues about displays, as `terminology.fhir.messages` has the others."""

from collections.abc import Sequence

from terminology.fhir.messages import message
from terminology.fhir.outcome import Issue


def wrong_display(
    display: str,
    named: str,
    choices: Sequence[str],
    languages: str,
    path: str,
    *,
    spacing: bool = False,
    severity: str = "error",
) -> Issue:
    """A display that is none of the names the code has.

    Args:
        display: what was sent.
        named: the code, as `system#code`.
        choices: the valid names as they are printed.
        languages: the languages as they were asked for.
        path: where the display stands.
        spacing: whether only its white space is wrong.
        severity: of the issue.
    """
    if len(choices) == 1:
        valid = f"Valid display is {choices[0]}"
    else:
        valid = f"Valid display is one of {len(choices)} choices: {' or '.join(choices)}"
    wrong = "whitespace in Display Name" if spacing else "Display Name"
    text = f"Wrong {wrong} '{display}' for {named}. {valid} (for the language(s) '{languages}')"
    kind = f"Display_Name_{'WS_' if spacing else ''}for__should_be_one_of__instead_of"
    return message(severity, "invalid", "invalid-display", kind, text, path)


def no_display_in_language(
    display: str, named: str, default: str, languages: str, path: str, severity: str = "error"
) -> Issue:
    """A wrong display, where the code has no name in the languages asked for."""
    text = (
        f"Wrong Display Name '{display}' for {named}. There are no valid display names found for"
        f" language(s) '{languages}'. Default display is '{default}'"
    )
    kind = "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR"
    return message(severity, "invalid", "invalid-display", kind, text, path)


def default_display_taken(display: str, named: str, languages: str, path: str) -> Issue:
    """The default display, right where the code has no name in the languages asked for."""
    text = (
        f"There are no valid display names found for the code {named} for language(s)"
        f" '{languages}'. The display is '{display}' which is a valid display for the default"
        " language"
    )
    kind = "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK"
    return message("information", "invalid", "invalid-display", kind, text, path)


def inactive_display(display: str, code: str, current: str, path: str) -> Issue:
    """A name that the code had once."""
    text = (
        f"'{display}' is no longer considered a correct display for code '{code}' (status ="
        f' deprecated). The correct display is one of "{current}".'
    )
    kind = "INACTIVE_DISPLAY_FOUND"
    return message("warning", "invalid", "display-comment", kind, text, path)


def display_not_checked(display: str, code: str, owner: str, path: str) -> Issue:
    """A display that can't be compared, since the code's own descriptors are not loaded."""
    text = (
        f"The display '{display}' of {code}: {owner} descriptors are not loaded;"
        " display not checked"
    )
    return Issue("warning", "invalid", text, (path,), tx_issue_type="display-comment")


def expression_has_no_display(sent: str, code: str, path: str) -> Issue:
    """A display of an expression with modifiers, for which HL7 defines none."""
    text = f"The display '{sent}' was not checked: HL7 defines none for an expression like '{code}'"
    return Issue("warning", "invalid", text, (path,), tx_issue_type="display-comment")
