"""A coding rule: what it asks, what follows, and where it comes from."""

from typing import Any, Literal

import msgspec

URL = "https://proterm.example/fhir/CodeSystem/coding-rules"
"""The code system whose concepts are the rules."""

CPT = "cpt"
FEE_SCHEDULE = "medicare-fee-schedule"
PAIRS = "ncci-ptp"
UNIT_LIMITS = "ncci-mue"
PAYER_POLICY = "payer-policy"
SCOPES = (CPT, FEE_SCHEDULE, PAIRS, UNIT_LIMITS, PAYER_POLICY)
"""Whose rule it is: CPT's own grammar, Medicare's tables, or the policy of named payers."""
MEDICARE = frozenset({FEE_SCHEDULE, PAIRS, UNIT_LIMITS})

Scope = Literal["cpt", "medicare-fee-schedule", "ncci-ptp", "ncci-mue", "payer-policy"]
Effect = Literal[
    "invalid", "not-payable", "no-payment-effect", "needs-documentation", "information"
]
Severity = Literal["error", "warning", "information"]


class Source(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, cache_hash=True
):
    """What a rule is cited by.

    Attributes:
        title: of the document.
        publisher: who published it.
        section: where in it, empty where the whole document says it.
        date: of the document, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; empty where none is printed.
        address: a URL.
        document: the id of the DocumentReference that ships for it, where there is one.
    """

    title: str
    publisher: str
    section: str = ""
    date: str = ""
    address: str
    document: str | None = None


class Period(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days of service that a rule is for, both ends included; an end left out is open."""

    start: str | None = None
    end: str | None = None

    def holds(self, day: str) -> bool:
        """Whether the day, `YYYY-MM-DD`, is in it."""
        return (self.start or "") <= day and (self.end is None or day <= self.end)


class Payer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A payer whose policy a rule is; `id` is that of its Organization where it ships."""

    name: str
    id: str | None = None


class Examples(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Requests that fire the rule and that do not; tests run them.

    Each is an expression, `37244:26`, or an object of lines with date, payer and setting.
    """

    fires: tuple[Any, ...]
    passes: tuple[Any, ...]


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule as it is written in `terminology/content/rules`.

    Attributes:
        id: the code of the rule, unique among all.
        title: in a few words.
        explanation: for a person who never heard of it.
        scope: whose rule it is.
        payers: of `payer-policy`, who publishes it.
        effect: what follows when it fires.
        severity: of the finding where the rule's scope decides.
        period: the days of service it is for.
        sources: at least one.
        condition: the declarative form, see `terminology.rules.conditions`.
        message: a sentence with the names of facts in braces.
        examples: that fire it, and that do not.
    """

    id: str
    title: str
    explanation: str
    scope: Scope
    payers: tuple[Payer, ...] = ()
    effect: Effect
    severity: Severity
    period: Period = Period()
    sources: tuple[Source, ...]
    condition: dict[str, Any]
    message: str
    examples: Examples
