"""Codes and ranges of codes, `20100-69990, 92920`, as HL7's page on CPT writes them.

https://terminology.hl7.org/CPT.html. Codes are text: a range holds those of the shape of its ends,
`0001F-0015F` no `0005T`.
"""

import re
from collections.abc import Iterable

import msgspec

from terminology.errors import InvalidInput

_RANGE = re.compile(r"([0-9A-Z]{5})\s*-\s*([0-9A-Z]{5})")
_SHOWN = 60
_DIGITS = str.maketrans("012345678", "9" * 9)


class CodeRanges(msgspec.Struct, frozen=True):
    """Single codes, and ranges with both ends in them."""

    codes: frozenset[str]
    ranges: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, members: Iterable[str]) -> "CodeRanges":
        """The codes and ranges that are written.

        Raises:
            InvalidInput: a range has ends of two shapes, or in the wrong order.
        """
        codes, ranges = set(), []
        for member in members:
            found = _RANGE.fullmatch(member)
            if found is None:
                codes.add(member)
                continue
            low, high = found.groups()
            if low > high or _shape(low) != _shape(high):
                raise InvalidInput(
                    f"'{member}' is no range of codes: write the lower code first, and two codes"
                    " of one shape, such as 20100-69990."
                )
            ranges.append((low, high))
        return cls(frozenset(codes), tuple(ranges))

    def __contains__(self, code: object) -> bool:
        """Whether a code is named or in a range."""
        if code in self.codes:
            return True
        if not isinstance(code, str):
            return False
        return any(low <= code <= high and _shape(code) == _shape(low) for low, high in self.ranges)


def shown(text: str) -> str:
    """A code in a sentence: what is far longer than any is cut."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _shape(code: str) -> str:
    return code.translate(_DIGITS)
