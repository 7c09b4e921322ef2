"""What is asked in the items of a request: their codes, and what is wrong with them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from terminology.codesystems import cpt, hcpcs
from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.cpt.expression import parse
from terminology.coverage.eligibility_request import NAME, Item
from terminology.coverage.plans import Code
from terminology.fhir.outcome import Issue
from terminology.model import Coding

_OF_MODIFIERS = (None, cpt.URL, hcpcs.URL)
"""What a modifier may be sent as a code of; None where it names no code system."""


class Asked(NamedTuple):
    """An item of a request."""

    number: int
    """Its index among the items of the request."""
    codes: tuple[Code, ...]
    """The codes that a plan may name, an expression's base among them."""
    shown: str
    """What it is called in a sentence."""
    has_modifiers: bool
    unknown: tuple[str, ...]
    """Why codes of it could not be checked."""
    faults: tuple[Issue, ...]
    """What is wrong with codes of it."""

    @property
    def has_code(self) -> bool:
        """Whether a plan can be asked for it at all."""
        return bool(self.codes)


def asked(items: Iterable[Item], code_systems: CodeSystems) -> list[Asked]:
    """The items of a request, each code looked up.

    Args:
        items: in the order of the request.
        code_systems: what is loaded, on the day of the request.

    Returns:
        An entry for each item.
    """
    return [_asked(index, item, code_systems) for index, item in enumerate(items)]


def _asked(index: int, item: Item, code_systems: CodeSystems) -> Asked:
    concept = item.product_or_service
    codes: dict[Code, None] = {}
    unknown: list[str] = []
    faults: list[Issue] = []
    has_modifiers = bool(item.modifier)
    for number, coding in enumerate(concept.coding if concept else ()):
        if not (coding.system and coding.code):
            continue
        path = f"{NAME}.item[{index}].productOrService.coding[{number}].code"
        for issue in _refusals(coding, path, code_systems):
            # What CPT's grammar refuses names the rule; what is only not loaded names none.
            if issue.coding is not None:
                faults.append(issue)
            else:
                unknown.append(issue.text)
        faults += _faults_of_modifiers(item, coding, index, code_systems)
        readings = list(_readings(coding.system, coding.code))
        has_modifiers = has_modifiers or len(readings) > 1
        codes |= dict.fromkeys(readings)
    return Asked(
        index,
        tuple(codes),
        _shown(index, concept.coding if concept else ()),
        has_modifiers,
        tuple(unknown),
        tuple(faults),
    )


def _refusals(coding: Coding, path: str, code_systems: CodeSystems) -> Iterator[Issue]:
    system, code = coding.system or "", coding.code or ""
    provider = code_systems.find(system)
    if provider is None:
        text = f"The code system of the code '{code[:60]}', {system[:100]}, is not loaded"
        yield Issue("warning", "not-found", text, (path,))
    elif provider.find(code) is None:
        yield from provider.refusals(code, path)


def _faults_of_modifiers(
    item: Item, coding: Coding, index: int, code_systems: CodeSystems
) -> Iterator[Issue]:
    """What CPT's grammar refuses of a code with the modifiers that stand beside it.

    They say the same as an expression does: https://terminology.hl7.org/CPT.html.
    """
    system, code = coding.system or "", coding.code or ""
    provider = code_systems.find(system) if system == cpt.URL else None
    sent = (each for concept in item.modifier for each in concept.coding[:1])
    beside = [each.code for each in sent if each.code and each.system in _OF_MODIFIERS]
    if provider is None or not beside or provider.find(code) is None:
        return
    expression = ":".join((code, *beside))
    if provider.find(expression) is None:
        for issue in provider.refusals(expression, f"{NAME}.item[{index}].modifier"):
            if issue.coding is not None:
                yield issue


def _readings(system: str, code: str) -> Iterator[Code]:
    """The code, and the base of an expression: a plan speaks of the procedure, not of modifiers."""
    yield system, code
    expression = parse(code) if system == cpt.URL else None
    if expression is not None and expression.base and not expression.faults:
        yield system, expression.base


def _shown(index: int, codings: Iterable[Coding]) -> str:
    code = next((coding.code for coding in codings if coding.code), None)
    return code[:60] if code else f"item[{index}]"
