"""Who answers for each coverage of a request: the payer it names, else the request's insurer.

A payer is told by a reference to what is loaded here, by an identifier, or by the name, exactly, of
an Organization that came along or of the reference itself.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple, TypeVar

import msgspec

from terminology.coverage.eligibility_request import NAME, Identifier, Reference, Submission
from terminology.coverage.payers import ORGANIZATION, Payer, Payers
from terminology.errors import InvalidInput
from terminology.fhir.eligibility import payers_of
from terminology.model import Element, Json
from terminology.store.base import Store

T = TypeVar("T")


class Insured(NamedTuple):
    """A coverage of the request, and who answers for it."""

    coverage: Json | None
    """The reference as it came; None where the request names no coverage."""
    payer: Payer | None
    """None where it can't be told."""
    named: str
    """What the payer is called in the request; empty where nothing names it."""
    path: str
    """The FHIRPath of the element that names it."""


class _Organization(Element, frozen=True, kw_only=True):
    """What an Organization is told by."""

    id: str
    identifier: tuple[Identifier, ...] = ()
    name: str | None = None
    alias: tuple[str | None, ...] = ()


class _Told(NamedTuple):
    """All that a request says of a payer, what is most exact first."""

    loaded: str | None
    identifiers: tuple[Identifier, ...]
    names: tuple[str, ...]

    def __str__(self) -> str:
        values = (identifier.value for identifier in self.identifiers)
        return next((text for text in (*self.names, *values, self.loaded) if text), "")


class Insurers:
    """The payers that requests mean.

    Args:
        store: where payers are loaded.
        base_url: of the endpoint, to which references may be written in full.
    """

    def __init__(self, store: Store, base_url: str | None = None) -> None:
        """Keep the store; nothing is read before a request is."""
        self._payers = Payers(store, base_url)

    def insured(self, submitted: Submission) -> list[Insured]:
        """Each coverage with its payer, in their order; one without coverage where none is named.

        Raises:
            InvalidInput: a resource that was sent along can't be read.
        """
        insurer = self._insured(submitted, [submitted.request.insurer], f"{NAME}.insurer")
        if not submitted.request.insurance:
            return [insurer]
        found = []
        for index, entry in enumerate(submitted.request.insurance):
            path = f"{NAME}.insurance[{index}].coverage"
            own = _payers_of(submitted, entry.coverage, path)
            if own:
                one = self._insured(submitted, own, path)
            else:
                # Some name the payer, or its plan, where the Coverage belongs.
                direct = msgspec.structs.replace(entry.coverage, display=None)
                one = self._insured(submitted, [direct], path)
                one = one if one.payer is not None else insurer
            found.append(one._replace(coverage=submitted.body["insurance"][index]["coverage"]))
        return found

    def _insured(self, submitted: Submission, means: Iterable[Reference], path: str) -> Insured:
        called = ""
        for reference in means:
            told = _told(submitted, reference, path)
            payer = next(self._found(told), None)
            if payer is not None:
                return Insured(None, payer, payer.name, path)
            called = called or str(told)
        return Insured(None, None, called, path)

    def _found(self, told: _Told) -> Iterator[Payer]:
        tried = chain(
            (self._payers.referred(text) for text in (told.loaded,) if text),
            (self._payers.identified(i.system or "", i.value or "") for i in told.identifiers),
            (self._payers.named(name) for name in told.names),
        )
        yield from (payer for payer in tried if payer is not None)


def _payers_of(submitted: Submission, coverage: Reference, path: str) -> list[Reference]:
    """What a coverage that was sent along says of its payers."""
    resource = submitted.find(coverage)
    if resource is None or resource.get("resourceType") != "Coverage":
        return []
    return _read(payers_of(resource), list[Reference], "payer of the Coverage", path)


def _told(submitted: Submission, reference: Reference, path: str) -> _Told:
    identifiers = (reference.identifier,) if reference.identifier else ()
    names = (reference.display,) if reference.display else ()
    resource = submitted.find(reference)
    if resource is None:
        return _Told(reference.reference, identifiers, names)
    # What came along under an id is not what is loaded under the same id here.
    if resource.get("resourceType") != ORGANIZATION:
        return _Told(None, identifiers, names)
    own = _read({"id": "", **resource}, _Organization, "Organization", path)
    name = (own.name,) if own.name else ()
    return _Told(None, (*identifiers, *own.identifier), (*name, *names))


def _read(value: object, kind: type[T], called: str, path: str) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        text = f"The {called} that {path} leads to can't be read: {error}."
        raise InvalidInput(text, expression=path) from None
