"""The sentences of an answer: what is known, what is not, and what was not looked at."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from terminology.coverage.eligibility_items import Asked
from terminology.coverage.eligibility_payers import Insured
from terminology.coverage.eligibility_request import Request
from terminology.coverage.plans import Note, Plan

_LISTED = 10
"""How many codes or sentences of a kind are written out."""
_NEVER = (
    "Whether a coverage is in force, what it excludes, what it pays and what needs authorization is"
    " not known here, and left out."
)


class OfItem(NamedTuple):
    """What the plans of a payer say of an item."""

    asked: Asked
    notes: tuple[tuple[Plan, Note], ...]


class Answered(NamedTuple):
    """A coverage with what is known of each item; without items where its payer is not known."""

    insured: Insured
    items: tuple[OfItem, ...]


def disposition(
    answered: Sequence[Answered], asked: Sequence[Asked], request: Request, day: str
) -> str:
    """The sentences for people.

    Args:
        answered: each coverage.
        asked: the items of the request.
        request: what was asked.
        day: of service.
    """
    return " ".join((*_wrong(asked), *_sentences(answered, request, day), _NEVER))


def not_answered(request: Request) -> list[str]:
    """The purposes of a request that nothing loaded can serve."""
    return [purpose for purpose in request.purpose if purpose and purpose != "benefits"]


def _sentences(answered: Sequence[Answered], request: Request, day: str) -> Iterator[str]:
    known = [one for one in answered if one.insured.payer is not None]
    yield from _told(known, day)
    if len(known) < len(answered):
        yield "Whom to ask for a coverage is not known here; see error."
    if known and not request.item:
        yield "The request names no item, and what plans say here is said by procedure code."
    items = [item.asked for one in known[:1] for item in one.items]
    if any(item.has_modifiers for item in items):
        yield "A plan speaks of the code, whatever its modifiers."
    yield from _unchecked(dict.fromkeys(text for item in items for text in item.unknown))
    purposes = dict.fromkeys(not_answered(request))
    if purposes:
        yield f"Of the purposes {_listed(purposes)} nothing is answered here."


def _wrong(asked: Sequence[Asked]) -> Iterator[str]:
    """What comes first, since it makes the outcome an error whatever plans say."""
    wrong = dict.fromkeys(item.shown for item in asked if item.faults)
    if wrong:
        are = "are" if len(wrong) > 1 else "is"
        yield f"{_listed(wrong)} {are} wrong by CPT's grammar, with the modifiers sent; see error."


def _told(known: Sequence[Answered], day: str) -> Iterator[str]:
    """Of which codes each payer says something, and of which nothing is known."""
    told: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for one in known:
        said, silent = told.setdefault(one.insured.named, ({}, {}))
        for item in one.items:
            (said if item.notes else silent)[item.asked.shown] = None
    for name, (said, silent) in told.items():
        if said:
            yield f"Of {_listed(said)}, for services on {day}, {name} says what is in description."
        if silent:
            yield f"Nothing is known here of what {name} says of {_listed(silent)} on {day}."


def _unchecked(reasons: dict[str, None]) -> Iterator[str]:
    yield from (f"{reason}." for reason in list(reasons)[:_LISTED])
    if len(reasons) > _LISTED:
        yield f"So it is with {len(reasons) - _LISTED} other codes."


def _listed(names: dict[str, None]) -> str:
    listed = list(names)[:_LISTED]
    more = len(names) - len(listed)
    return ", ".join(listed) + (f" and {more} more" if more else "")
