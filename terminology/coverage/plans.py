"""What the loaded InsurancePlans say of a code: `coverage.benefit.requirement`, with its source.

https://hl7.org/fhir/R5/insuranceplan.html. A benefit whose requirement is absent, for whatever
reason, says nothing, and neither does a plan that does not name the code.
"""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import msgspec

from terminology.coverage.payers import Payer
from terminology.model import Json, extension_value
from terminology.store.base import Store
from terminology.store.search import Criterion, SearchQuery, parameters_of
from terminology.store.search.values import ReferenceValue, TokenValue

SOURCE = "https://proterm.example/fhir/StructureDefinition/source"
"""The extension that names the document behind a statement."""
_MOST = 100
"""How many plans of one payer are read for one code."""

Code = tuple[str, str]
"""The system of a code, and the code."""


class Note(NamedTuple):
    """What a plan says of a code."""

    text: str
    source: Json | None
    """A Reference to the DocumentReference that says so, with its title where it is loaded."""


class Plan(NamedTuple):
    """A loaded InsurancePlan."""

    resource: Json
    store: Store

    @property
    def id(self) -> str:
        """The id of the resource."""
        return str(self.resource["id"])

    @property
    def name(self) -> str:
        """What it is called; its id where it has no name."""
        return str(self.resource.get("name") or self.id)

    def holds(self, day: str) -> bool:
        """Whether the plan is in use, and its period, where it states one, holds the day.

        Args:
            day: `YYYY-MM-DD`.
        """
        period = self.resource.get("period", {})
        start, end = period.get("start", "")[:10], period.get("end", "")[:10]
        begun = start <= day[: len(start)]
        return self.resource.get("status") == "active" and begun and end >= day[: len(end)]

    def notes(self, codes: Collection[Code]) -> list[Note]:
        """What it says of any of the codes, in the order of the plan."""
        return [
            Note(benefit["requirement"], self._document(benefit))
            for benefit in self._benefits(codes)
            if benefit.get("requirement")
        ]

    def _benefits(self, codes: Collection[Code]) -> Iterator[Json]:
        for coverage in self.resource.get("coverage", ()):
            for benefit in coverage.get("benefit", ()):
                codings = benefit.get("type", {}).get("coding", ())
                if any((c.get("system"), c.get("code")) in codes for c in codings):
                    yield benefit

    def _document(self, benefit: Json) -> Json | None:
        beside = benefit.get("_requirement", {}).get("extension", [])
        reference: Any = extension_value(beside, SOURCE)
        if not isinstance(reference, dict) or "reference" not in reference:
            return None
        title = _title(self.store, reference["reference"])
        return {**reference, "display": title} if title else dict(reference)


class Plans:
    """The plans of a store.

    Args:
        store: where they are.
    """

    def __init__(self, store: Store) -> None:
        """Keep the store: nothing is read before it is asked for."""
        self._store = store

    def of(self, payer: Payer, codes: Collection[Code]) -> list[Plan]:
        """The plans of a payer that can say something of a code, in the order of their ids.

        Args:
            payer: where it has several plans, those that name none of the codes are left out
                unread: a payer may offer thousands.
            codes: each with its system.
        """
        if len(payer.plans) < 2 or not codes:
            return [Plan(resource, self._store) for resource in payer.plans]
        known = parameters_of("InsurancePlan")
        named = tuple(TokenValue(system, code.casefold()) for system, code in codes)
        criteria = (
            Criterion(known["owned-by"], values=(ReferenceValue("Organization", payer.id),)),
            Criterion(known["coverage-benefit-type"], values=named),
        )
        page = self._store.search(SearchQuery("InsurancePlan", criteria, count=_MOST))
        return [Plan(msgspec.json.decode(body), self._store) for body in page.bodies]


def _title(store: Store, reference: str) -> str | None:
    kind, _, resource_id = reference.partition("/")
    body = store.resource(kind, resource_id) if kind == "DocumentReference" else None
    if body is None:
        return None
    contents = msgspec.json.decode(body).get("content", ())
    titles = (content.get("attachment", {}).get("title") for content in contents)
    return next((title for title in titles if title), None)
