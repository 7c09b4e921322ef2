"""Expressions of CPT: a procedure code with modifiers, `37244:59:LT`.

The grammar is that of HL7's page "Using CPT with HL7 Standards", `code(:modifier)*`: a colon and no
other separator, and the order of modifiers means nothing (https://terminology.hl7.org/CPT.html).
"""

import re
from functools import cache

import msgspec

from terminology import content
from terminology.rules.request import Fault

_CODE = re.compile(r"[0-9]{4}[0-9A-Z]")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
HCPCS_CODE = re.compile(r"[A-Z][0-9]{4}")
"""The form of a procedure code of HCPCS Level II."""
_SEPARATORS = re.compile(r"[\W_]+")
_NO_COLON = re.compile(r"[^\w:]|_")
_MASHED = re.compile(r"([0-9]{4}[0-9A-Z])((?:[0-9A-Z]{2})+)")
_PAIRS = re.compile(r"(?:[0-9A-Z]{2}){2,}")
_CLASSES = {"pricing": 0, "payment-eligibility": 1, "informational": 2}


class Expression(msgspec.Struct, frozen=True, kw_only=True):
    """The text of a code, read.

    Attributes:
        text: as it was sent.
        base: the procedure code, empty where there is none.
        modifiers: in the order in which they were sent.
        positions: of each modifier in the text, counted from 0.
        faults: what is wrong with the text; without any, base and modifiers are well formed.
    """

    text: str
    base: str
    modifiers: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def canonical(self) -> str:
        """The one way of writing it: modifiers in canonical order."""
        return ":".join((self.base, *in_order(self.modifiers)))


def parse(text: str) -> Expression | None:
    """Read an expression.

    Args:
        text: any text.

    Returns:
        The expression with its faults, or None for a text that is a single code or modifier, of
        this or any other code system: whether it is known is no matter of grammar.
    """
    if ":" not in text or _NO_COLON.search(text):
        found = _miswritten(text)
        if found is not None or ":" not in text:
            return found
    base, *modifiers = text.split(":")
    positions = _positions(base, modifiers)
    faults = [*_base_faults(base, text), *_modifier_faults(modifiers, positions, text)]
    return Expression(
        text=text,
        base=base,
        modifiers=tuple(modifiers),
        positions=tuple(positions),
        faults=tuple(faults),
    )


def code_faults(text: str) -> tuple[Fault, ...]:
    """What is wrong with the text of a procedure code that stands by itself."""
    return tuple(_base_faults(text, text))


def modifier_faults(text: str) -> tuple[Fault, ...]:
    """What is wrong with the text of a modifier that stands by itself."""
    return tuple(_modifier_faults([text], [0], text))


def in_order(modifiers: tuple[str, ...]) -> tuple[str, ...]:
    """Modifiers in canonical order: by class, pricing first, ties by code."""
    if len(modifiers) < 2:
        return modifiers
    return tuple(sorted(modifiers, key=lambda m: (_CLASSES[class_of(m)], m)))


def class_of(modifier: str) -> str:
    """pricing, payment-eligibility or informational; one that is not listed only informs."""
    return _classes().get(modifier, "informational")


@cache
def _classes() -> dict[str, str]:
    return {row["modifier"]: row["class"] for row in content.table("modifier-classes")}


def _miswritten(text: str) -> Expression | None:
    """A code with modifiers behind other separators than a colon, or behind none."""
    fault = _separator_fault(text) or _no_separator_fault(text)
    return None if fault is None else Expression(text=text, base=text[:5], faults=(fault,))


def _separator_fault(text: str) -> Fault | None:
    base, *parts = _SEPARATORS.split(text.upper())
    wrong = next((run for run in _SEPARATORS.finditer(text) if run[0] != ":"), None)
    if wrong is None or not _is_code(base):
        return None
    right = _right_form(text)
    if wrong.end() == len(text):
        return Fault(name="trailing-separator", part="", position=len(text), right_form=right)
    alone = len(parts) == 1 and _PAIRS.fullmatch(parts[0])
    if not alone and not all(_MODIFIER.fullmatch(part) for part in parts if part):
        return None
    return Fault(name="separator", part=wrong[0], position=wrong.start(), right_form=right)


def _no_separator_fault(text: str) -> Fault | None:
    mashed = _MASHED.fullmatch(text.upper())
    if mashed is None:
        return None
    position, right = mashed.start(2), _right_form(f"{mashed[1]}:{mashed[2]}")
    return Fault(name="no-separator", part=text[position:], position=position, right_form=right)


def _right_form(text: str) -> str:
    """How it is to be written: capitals, a colon before each modifier, and each modifier once."""
    base, *parts = _SEPARATORS.split(text.upper())
    found: list[str] = []
    for part in parts:
        found += re.findall("..", part) if _PAIRS.fullmatch(part) else [part]
    return ":".join(filter(None, (base, *dict.fromkeys(found))))


def _is_code(text: str) -> bool:
    return bool(_CODE.fullmatch(text) or HCPCS_CODE.fullmatch(text))


def _positions(base: str, modifiers: list[str]) -> list[int]:
    found, at = [], len(base) + 1
    for modifier in modifiers:
        found.append(at)
        at += len(modifier) + 1
    return found


def _base_faults(base: str, text: str) -> list[Fault]:
    if _is_code(base):
        return []
    if not base:
        return [Fault(name="no-base", part="", position=0)]
    if _MODIFIER.fullmatch(base):
        return [Fault(name="modifier-as-base", part=base, position=0)]
    upper = base.upper()
    if base != upper and _CODE.fullmatch(upper):
        return [Fault(name="lower-case", part=base, position=0, right_form=_right_form(text))]
    return [Fault(name="bad-base", part=base, position=0)]


def _modifier_faults(modifiers: list[str], positions: list[int], text: str) -> list[Fault]:
    faults = []
    for modifier, position in zip(modifiers, positions, strict=True):
        name, right = _modifier_fault(modifier, text)
        if name is not None:
            start = 2 if name == "no-separator" else 0
            part, at = modifier[start:], position + start
            faults.append(Fault(name=name, part=part, position=at, right_form=right))
    return faults


def _modifier_fault(modifier: str, text: str) -> tuple[str | None, str | None]:
    if _MODIFIER.fullmatch(modifier):
        return None, None
    if not modifier:
        return "trailing-separator", _right_form(text)
    if _is_code(modifier):
        return "code-as-modifier", None
    if _MODIFIER.fullmatch(modifier.upper()):
        return "lower-case", _right_form(text)
    if ":" in text and _PAIRS.fullmatch(modifier.upper()):
        return "no-separator", _right_form(text)
    return "bad-modifier", None
