"""`regex`: the whole value of the property matches a regular expression.

Expressions come from callers, so they run on RE2, whose time grows with the length of the text
and never explodes; what RE2 can't do (back references, look-around) is refused.
"""

from collections.abc import Collection
from functools import lru_cache

import re2

from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput
from terminology.filters.values import CODE_PROPERTIES, values_of
from terminology.tree import PlacedConcept

_BATCH = 1000


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concepts whose property matches."""
    pattern = _compiled(value)
    if prop in CODE_PROPERTIES or prop == "display":
        return [
            placed.ordinal
            for start in range(0, provider.size, _BATCH)
            for placed in provider.at(range(start, min(start + _BATCH, provider.size)))
            if any(pattern.fullmatch(text) for text in values_of(placed.concept, prop))
        ]
    return sorted({o for o, text in provider.property_values(prop) if pattern.fullmatch(text)})


def contains(provider: Provider, prop: str, value: str, placed: PlacedConcept) -> bool:
    """Whether the concept's property matches."""
    pattern = _compiled(value)
    return any(pattern.fullmatch(text) for text in values_of(placed.concept, prop))


@lru_cache(maxsize=256)
def _compiled(expression: str) -> "re2._Regexp":
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(expression, options=options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        if isinstance(reason, bytes):
            reason = reason.decode(errors="replace")
        raise InvalidInput(
            f"The regular expression '{expression}' can't be used: {reason}.",
            tx_issue_type="vs-invalid",
        ) from None
