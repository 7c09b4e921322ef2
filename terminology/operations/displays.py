"""Whether a display is one of the names that a code has, in the languages asked for.

https://hl7.org/fhir/R5/valueset-operation-validate-code.html, parameter `display`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from terminology.codesystems.provider import Provider
from terminology.fhir import display_messages as messages
from terminology.fhir.outcome import Issue
from terminology.languages import Languages
from terminology.model import Concept, Designation, extension_value

_STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
_INACTIVE = frozenset({"withdrawn", "deprecated"})


class _Name(NamedTuple):
    text: str
    language: str | None

    def shown(self) -> str:
        return f"'{self.text}'" + (f" ({self.language})" if self.language else "")


def check_display(
    sent: str | None,
    provider: Provider,
    concept: Concept,
    wanted: Languages | None,
    path: str,
    *,
    lenient: bool = False,
) -> list[Issue]:
    """The issues of a display, none where none was sent or it is right.

    Args:
        sent: the display.
        provider: the code system. Where its own descriptors are not loaded a display can't be
            wrong, only unchecked.
        concept: what the code stands for, as a value set words it where one was asked about.
        wanted: the languages that were asked for.
        path: where the display stands.
        lenient: whether a wrong one only warns.
    """
    if sent is None:
        return []
    if concept.display is None and provider.expression is not None:
        return [messages.expression_has_no_display(sent, concept.code, path)]
    return _checked(sent, provider, concept, wanted, path, lenient=lenient)


def _checked(
    sent: str,
    provider: Provider,
    concept: Concept,
    wanted: Languages | None,
    path: str,
    *,
    lenient: bool,
) -> list[Issue]:
    names, old = _names(provider, concept)
    admitted = names
    if wanted is not None:
        admitted = [n for n in names if n.language is None or wanted.admits(n.language)]
    if _among(sent, admitted):
        return []
    severity = "warning" if lenient else "error"
    named = f"{provider.head.url}#{concept.code}"
    if names and not admitted and wanted is not None and _among(sent, names):
        return [messages.default_display_taken(sent, named, wanted.text, path)]
    if _among(sent, old) and concept.display is not None:
        return [messages.inactive_display(sent, concept.code, concept.display, path)]
    if provider.descriptors_not_loaded is not None:
        owner = f"{provider.descriptors_not_loaded}'s"
        return [messages.display_not_checked(sent, concept.code, owner, path)]
    return [_wrong(sent, named, names, admitted, wanted, path, severity)]


def _wrong(
    sent: str,
    named: str,
    names: Sequence[_Name],
    admitted: Sequence[_Name],
    wanted: Languages | None,
    path: str,
    severity: str,
) -> Issue:
    languages = wanted.text if wanted is not None else "--"
    if names and not admitted:
        default = names[0].text
        return messages.no_display_in_language(sent, named, default, languages, path, severity)
    return messages.wrong_display(
        sent,
        named,
        [name.shown() for name in admitted],
        languages,
        path,
        spacing=_among(_spaced(sent), admitted),
        severity=severity,
    )


def _names(provider: Provider, concept: Concept) -> tuple[list[_Name], list[_Name]]:
    """The names that the concept has, its display first, and those that it had."""
    base = provider.head.language
    names = [_Name(concept.display, base)] if concept.display is not None else []
    old: list[_Name] = []
    for designation in concept.designation:
        (old if is_inactive(designation) else names).append(
            _Name(designation.value, designation.language)
        )
    return names, old


def is_inactive(designation: Designation) -> bool:
    """Whether the designation is one that the concept had once."""
    return extension_value(designation.extension, _STATUS) in _INACTIVE


def _among(text: str, names: Sequence[_Name]) -> bool:
    folded = text.casefold()
    return any(folded == name.text.casefold() for name in names)


def _spaced(text: str) -> str:
    return " ".join(text.split())
