"""What a compiled condition is."""

from collections.abc import Callable
from typing import NamedTuple

from terminology.rules.judged import Judged

Found = dict[str, str]
"""What a test binds, by name; names with # are for the finding and not for its message."""
Test = Callable[[Judged, Found], bool | None]
Trigger = frozenset[str] | str


class Condition(NamedTuple):
    """A compiled condition.

    `trigger` is what can make it hold: a set of modifiers, `any_modifier`, `faults`, `pairs`, or
    `lines` for one that is asked of every line. `columns` are the columns that its messages can
    name. `element` is what a finding of it is about.
    """

    test: Test
    trigger: Trigger
    columns: frozenset[str] = frozenset()
    element: str = "code"
