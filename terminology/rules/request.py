"""What rules judge: the lines of one claim, or a single procedure code as one line."""

from decimal import Decimal

import msgspec

PRACTITIONER = "practitioner"
OUTPATIENT_HOSPITAL = "outpatient-hospital"
"""The settings that CMS publishes edits for, as the tables name them."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with the text of an expression, before any rule on its meaning.

    Attributes:
        name: which fault, a name that a rule's condition asks for: `separator`, `lower-case`, ...
        part: the text at fault.
        position: of its first character in what was sent, counted from 0.
        right_form: what was probably meant, where that can be told.
    """

    name: str
    part: str
    position: int
    right_form: str | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One procedure as it is reported.

    Attributes:
        code: the procedure code, without modifiers.
        modifiers: in the order in which they were sent.
        positions: of each modifier in the text of the expression; empty where they were sent apart.
        faults: what is wrong with the text of the expression.
        units: of service, None where none were sent.
        date: of service, `YYYY-MM-DD`; None for the day of the request.
        place: CMS place of service code.
        path: the FHIRPath of the element that is the line, such as `Claim.item[0]`.
    """

    code: str
    modifiers: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()
    faults: tuple[Fault, ...] = ()
    units: Decimal | None = None
    date: str | None = None
    place: str | None = None
    path: str = ""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """The lines that are judged together, those of one claim.

    Attributes:
        lines: in the order in which they were sent.
        day: the day that a line without a date is judged on, `YYYY-MM-DD`.
        payer: the id of the payer's Organization, None where none was named.
        setting: whose tables of edits apply; practitioner's are meant where nothing tells.
    """

    lines: tuple[Line, ...]
    day: str
    payer: str | None = None
    setting: str = PRACTITIONER
