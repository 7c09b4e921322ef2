"""What an operation works with beside its request."""

from datetime import date

import msgspec

from terminology.codesystems.catalog import CodeSystems
from terminology.valuesets.catalog import ValueSets


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The bounds on what one request may cost.

    `expansion` is the most codes that an expansion without `count` may have, `page` the most that
    one page may have.
    """

    expansion: int = 1000
    page: int = 10_000


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The content that is loaded, the limits, and what is applied without being asked for."""

    code_systems: CodeSystems
    value_sets: ValueSets
    limits: Limits = Limits()
    default_supplements: tuple[str, ...] = ()

    @staticmethod
    def day(requested: str | None) -> str:
        """The day that a request is about, `YYYY-MM-DD`: today where it names none.

        A year or a month stands for its first day.
        """
        if requested is None:
            return date.today().isoformat()  # noqa: DTZ011 - the day where the service runs
        return requested[:10] + {4: "-01-01", 7: "-01"}.get(len(requested), "")
