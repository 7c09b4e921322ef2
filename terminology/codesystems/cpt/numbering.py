"""Expressions as numbers, so that they are concepts as all others are.

The number of an expression is that of its base and its modifiers in canonical order, written in a
base that is larger than any of them: equal expressions have equal numbers, and none is a number of
a listed concept (`terminology.tree`).
"""

from collections.abc import Callable, Mapping, Sequence

from terminology.codesystems.cpt.expression import Expression, in_order
from terminology.codesystems.provider import Provider
from terminology.model import Concept, Property
from terminology.tree import PlacedConcept, property_codes

_KEPT = 4096
_STATED = {"modifier": False, "modified": True}
"""HL7's properties of an expression; it has no kind, and what its base has is the base's.

One with a part that is no longer used is inactive too."""


class Numbering:
    """The numbers of a code system's expressions.

    Args:
        inside: the loaded codes and modifiers of CPT.
        others: HCPCS Level II, whose modifiers may stand in an expression.
    """

    def __init__(self, inside: Provider, others: Callable[[], Provider | None]) -> None:
        """Take both; the other may be loaded or not."""
        self._inside = inside
        self._others = others
        self._kept: dict[tuple[str, ...], PlacedConcept] = {}

    def placed(self, expression: Expression) -> PlacedConcept:
        """The expression, whose parts are all loaded, as a concept."""
        codes = (expression.base, *in_order(expression.modifiers))
        found = self._kept.get(codes)
        if found is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found = self._placed([self._digit(code) for code in codes])
            self._kept[codes] = found
        return found

    def decoded(self, number: int) -> PlacedConcept:
        """The expression with a number."""
        digits, rest, radix = [], number, self._radix
        while rest:
            rest, digit = divmod(rest, radix)
            digits.append(digit)
        return self._placed(digits[::-1])

    def parts(self, code: str) -> list[tuple[str, Concept]]:
        """The concepts that an expression is made of, each with its code system's URL."""
        found = (self._at(self._digit(part)) for part in code.split(":"))
        return [(provider.head.url or "", concept) for provider, concept in found]

    def _placed(self, digits: Sequence[int]) -> PlacedConcept:
        number, radix = 0, self._radix
        for digit in digits:
            number = number * radix + digit
        parts = [self._at(digit) for digit in digits]
        code = ":".join(concept.code for _, concept in parts)
        stated = dict(_STATED)
        if any(provider.is_inactive(concept) for provider, concept in parts):
            stated |= dict.fromkeys(property_codes(self._inside.head.property, "inactive"), True)
        return PlacedConcept(number, _concept(code, stated), None)

    @property
    def _radix(self) -> int:
        others = self._others()
        return self._inside.size + (others.size if others is not None else 0) + 1

    def _digit(self, code: str) -> int:
        placed = self._inside.find(code)
        if placed is not None:
            return placed.ordinal + 1
        others = self._others()
        found = others.find(code) if others is not None else None
        return self._inside.size + found.ordinal + 1 if found is not None else 0

    def _at(self, digit: int) -> tuple[Provider, Concept]:
        provider, ordinal = self._inside, digit - 1
        others = self._others()
        if ordinal >= self._inside.size and others is not None:
            provider, ordinal = others, ordinal - self._inside.size
        (placed,) = provider.at((ordinal,))
        return provider, placed.concept


def _concept(code: str, stated: Mapping[str, bool]) -> Concept:
    found = [Property(code=name, value_boolean=value) for name, value in stated.items()]
    return Concept(code=code, property=found)


ANY_EXPRESSION = PlacedConcept(-1, _concept("any:expression", _STATED), None)
"""What all expressions have in common."""
