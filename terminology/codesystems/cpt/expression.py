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
_HCPCS_CODE = re.compile(r"[A-Z][0-9]{4}")
_OTHER_SEPARATOR = re.compile(r"[-. _/,;|+]")
_MASHED = re.compile(r"([0-9]{4}[0-9A-Z])((?:[0-9A-Z]{2})+)")
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
    if ":" not in text:
        return _without_colon(text)
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


def _without_colon(text: str) -> Expression | None:
    separator = _OTHER_SEPARATOR.search(text)
    if separator is not None:
        right = _OTHER_SEPARATOR.sub(":", text)
        read = parse(right) if _CODE.match(text) else None
        if read is None or any(fault.name != "lower-case" for fault in read.faults):
            return None
        part, at = separator[0], separator.start()
    else:
        mashed = _MASHED.fullmatch(text)
        if mashed is None:
            return None
        part, at = mashed[2], mashed.start(2)
        right = ":".join((mashed[1], *re.findall("..", mashed[2])))
    name = "separator" if separator is not None else "no-separator"
    fault = Fault(name=name, part=part, position=at, right_form=right.upper())
    return Expression(text=text, base=text[:5], faults=(fault,))


def _positions(base: str, modifiers: list[str]) -> list[int]:
    found, at = [], len(base) + 1
    for modifier in modifiers:
        found.append(at)
        at += len(modifier) + 1
    return found


def _base_faults(base: str, text: str) -> list[Fault]:
    if _CODE.fullmatch(base) or _HCPCS_CODE.fullmatch(base):
        return []
    if not base:
        return [Fault(name="no-base", part="", position=0)]
    if _MODIFIER.fullmatch(base):
        return [Fault(name="modifier-as-base", part=base, position=0)]
    upper = base.upper()
    if base != upper and _CODE.fullmatch(upper):
        return [Fault(name="lower-case", part=base, position=0, right_form=text.upper())]
    return [Fault(name="bad-base", part=base, position=0)]


def _modifier_faults(modifiers: list[str], positions: list[int], text: str) -> list[Fault]:
    faults = []
    for modifier, position in zip(modifiers, positions, strict=True):
        name, right = _modifier_fault(modifier, text)
        if name is not None:
            faults.append(Fault(name=name, part=modifier, position=position, right_form=right))
    return faults


def _modifier_fault(modifier: str, text: str) -> tuple[str | None, str | None]:
    if _MODIFIER.fullmatch(modifier):
        return None, None
    if not modifier:
        return "trailing-separator", re.sub(":+", ":", text).strip(":")
    if _CODE.fullmatch(modifier) or _HCPCS_CODE.fullmatch(modifier):
        return "code-as-modifier", None
    if _MODIFIER.fullmatch(modifier.upper()):
        return "lower-case", text.upper()
    return "bad-modifier", None
