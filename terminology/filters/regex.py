"""`regex`: the whole value of the property matches a regular expression.

Expressions come from callers, so they run on RE2, whose time grows with the length of the text
and never explodes; what RE2 can't do (back references, look-around) is refused.
"""

from collections.abc import Collection
from functools import lru_cache

import re2

from terminology.codesystems.provider import Provider
from terminology.errors import InvalidInput
from terminology.filters.values import all_values, values_of
from terminology.tree import PlacedConcept


def select(provider: Provider, prop: str, value: str) -> Collection[int]:
    """The ordinals of the concepts whose property matches."""
    pattern = _compiled(value)
    return sorted({o for o, text in all_values(provider, prop) if pattern.fullmatch(text)})


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
            f"The regular expression '{expression[:100]}' can't be used: {str(reason)[:100]}.",
            tx_issue_type="vs-invalid",
        ) from None
