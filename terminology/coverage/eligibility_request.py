"""A CoverageEligibilityRequest as it was sent: alone, or in a Bundle with what it refers to.

https://hl7.org/fhir/R5/coverageeligibilityrequest.html.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from terminology.errors import InvalidInput, NotSupported
from terminology.model import CodeableConcept, Element, Json

NAME = "CoverageEligibilityRequest"


class Identifier(Element, frozen=True, kw_only=True):
    """What others know something by: https://hl7.org/fhir/R5/datatypes.html#Identifier."""

    system: str | None = None
    value: str | None = None


class Reference(Element, frozen=True, kw_only=True):
    """A pointer to a resource: https://hl7.org/fhir/R5/references.html."""

    reference: str | None = None
    identifier: Identifier | None = None
    display: str | None = None


class Item(Element, frozen=True, kw_only=True):
    """A product or a service that is asked about."""

    category: Json | None = None
    product_or_service: CodeableConcept | None = None
    modifier: tuple[CodeableConcept, ...] = ()


class Insurance(Element, frozen=True, kw_only=True):
    """A coverage that is asked about."""

    coverage: Reference


class Period(Element, frozen=True, kw_only=True):
    """A span of time; an end left out is open."""

    start: str | None = None
    end: str | None = None


class Request(Element, frozen=True, kw_only=True):
    """What is read of a request; the rest goes back as it came."""

    id: str | None = None
    status: str | None = None
    purpose: tuple[str | None, ...] = ()
    insurer: Reference
    serviced_date: str | None = None
    serviced_period: Period | None = None
    insurance: tuple[Insurance, ...] = ()
    item: tuple[Item, ...] = ()
    contained: tuple[Json, ...] = ()

    def day(self, today: str) -> str:
        """The day it is about, `YYYY-MM-DD`: the first that was served; else today.

        A year or a month stands for its first day.
        """
        served = self.serviced_date or (self.serviced_period and self.serviced_period.start)
        return served[:10] + {4: "-01-01", 7: "-01"}.get(len(served), "") if served else today


class Entry(NamedTuple):
    """A resource of a Bundle."""

    url: str | None
    """Its `fullUrl`."""
    resource: Json


class Submission(NamedTuple):
    """What was submitted."""

    request: Request
    body: Json
    """The request as it came."""
    url: str | None
    """The absolute URL that its Bundle gives it."""
    entries: tuple[Entry, ...]
    """What came with it."""

    def find(self, reference: Reference) -> Json | None:
        """The resource that a reference leads to, where it is contained or in the Bundle."""
        text = reference.reference or ""
        if text.startswith("#"):
            named = (r for r in self.request.contained if f"#{r.get('id')}" == text)
            return next(named, None)
        for entry in self.entries if text else ():
            resource = entry.resource
            if text in (entry.url, f"{resource.get('resourceType')}/{resource.get('id')}"):
                return resource
        return None


def submission(resource: Json, check: Callable[[Json], None]) -> Submission:
    """Read what was submitted.

    Args:
        resource: a CoverageEligibilityRequest, or a Bundle that holds one.
        check: raises an error where the structure of the request is wrong.

    Raises:
        InvalidInput: it is something else, the Bundle holds no request, or the request is wrong.
        NotSupported: the Bundle holds several requests, or Bundles.
    """
    kind = str(resource.get("resourceType"))
    if kind == NAME:
        return _read(Entry(None, resource), (), check)
    if kind != "Bundle":
        raise InvalidInput(
            f"What was submitted is a {kind[:60]}; send a {NAME}, or a Bundle with one and what it"
            " refers to.",
            expression="resource",
        )
    entries = tuple(_entries(resource))
    requests = [entry for entry in entries if entry.resource.get("resourceType") == NAME]
    if any(entry.resource.get("resourceType") == "Bundle" for entry in entries):
        raise NotSupported("A Bundle of Bundles is not taken; send each in an entry of a batch.")
    if len(requests) > 1:
        raise NotSupported(
            f"The Bundle holds {len(requests)} requests; submit each by itself, or in an entry of"
            " a batch."
        )
    if not requests:
        raise InvalidInput(f"The Bundle holds no {NAME}.", expression="Bundle.entry")
    found = requests[0]
    return _read(found, tuple(entry for entry in entries if entry is not found), check)


def _entries(bundle: Json) -> Iterator[Entry]:
    entries = bundle.get("entry", [])
    for index, entry in enumerate(entries if isinstance(entries, list) else [None]):
        where = f"Bundle.entry[{index}]"
        if not isinstance(entry, dict):
            raise InvalidInput(f"{where} must be an object.", expression=where)
        resource, url = entry.get("resource"), entry.get("fullUrl")
        if isinstance(resource, dict):
            yield Entry(url if isinstance(url, str) else None, resource)


def _read(sent: Entry, entries: tuple[Entry, ...], check: Callable[[Json], None]) -> Submission:
    check(sent.resource)
    try:
        request = msgspec.convert(sent.resource, Request)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"The {NAME} can't be read: {error}.", expression=NAME) from None
    return Submission(request, sent.resource, sent.url, entries)
