"""What rules are told: what is loaded of a code, and the tables' rows in force on a day."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

FEE_SCHEDULE = "medicare-fee-schedule"
UNIT_LIMITS = "medicare-mue"
PAIRS = "ncci-ptp"


class CodeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is loaded of a code or a modifier.

    Attributes:
        code: as its code system writes it.
        system: the URL of the code system that has it.
        is_modifier: whether it is a modifier and no procedure code.
        kinds: HL7's kinds of a CPT code, such as `cat-2`; empty for one of HCPCS Level II.
        properties: the other properties as text, such as `telemedicine`: `true`. One that is not
            stated is not in it, and is not known to be false.
        is_inactive: whether it is no longer to be used.
    """

    code: str
    system: str
    is_modifier: bool
    kinds: frozenset[str] = frozenset()
    properties: Mapping[str, str] = {}
    is_inactive: bool = False


class InForce(NamedTuple):
    """The release of a table that is in force on a day."""

    key: int
    """The store's number of the release."""
    table: str
    release: str
    """The publisher's short name of it, such as `2025D`."""
    title: str
    """Its name for people, such as `RVU 2025 October`."""
    effective: str
    is_stale: bool
    """Whether its own period is over on that day, and no later release is loaded."""
    document: str = ""
    """The id of the DocumentReference that names its file, empty where there is none."""


class Pair(NamedTuple):
    """A procedure-to-procedure edit: column two is not paid beside column one."""

    column1: str
    column2: str
    indicator: str
    """0: no modifier may bypass it; 1: one may; 9: it does not apply; empty: not known."""
    rationale: str
    """In the publisher's words, empty where not known."""
    is_dated: bool = True
    """Whether it is known since when it is in force; else since its release is, or longer."""


class Facts(Protocol):
    """What is known. All methods only read; None means that it is not loaded."""

    def code(self, code: str) -> CodeFacts | None:
        """What is loaded of a procedure code or a modifier, of CPT or HCPCS Level II."""

    def in_force(self, table: str, setting: str, day: str) -> InForce | None:
        """The release of a table in force on a day; None where none was yet, or none is loaded."""

    def row(self, release: InForce, setting: str, code: str) -> Mapping[str, str] | None:
        """The row of a code in a release, its columns as text."""

    def pairs(
        self, release: InForce, setting: str, codes: Sequence[str], day: str
    ) -> Sequence[Pair]:
        """The pairs in force on the day both of whose codes are among `codes`."""

    def covers_pairs_of(self, release: InForce, setting: str, codes: Sequence[str]) -> bool:
        """Whether the release holds all pairs among `codes`: an extract may hold some only."""
