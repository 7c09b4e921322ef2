"""Payers by whatever a request names them: their organization and the plans that it offers.

A payer is an Organization, and each of its products an InsurancePlan that it owns:
https://hl7.org/fhir/R5/insuranceplan.html.
"""

import re
from functools import cached_property
from typing import Any

import msgspec

from terminology.fhir import json
from terminology.model import Json
from terminology.store.base import Store
from terminology.store.search import Criterion, SearchQuery
from terminology.store.search.params import parameters_of
from terminology.store.search.values import ReferenceValue, StringValue, TokenValue, Value
from terminology.text import fold

PLAN, ORGANIZATION = "InsurancePlan", "Organization"
_TYPES = (ORGANIZATION, PLAN)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)
_REFERENCE = re.compile(
    r"(Organization|InsurancePlan)/([A-Za-z0-9\-.]{1,64})(/_history/[^/]+)?", re.ASCII
)
_MOST = 100
"""How many plans of one payer are read, and how many payers of one name."""


class Payer(msgspec.Struct, frozen=True, kw_only=True):
    """A payer that is loaded.

    Attributes:
        id: of its Organization, or of its plan where no Organization is loaded.
        name: for people.
        organization: the resource, R5-shaped.
        plans: its InsurancePlans, R5-shaped, in the order of their ids; where one plan was named,
            that one alone.
    """

    id: str
    name: str
    organization: Json | None = None
    plans: tuple[Json, ...] = ()


class Payers:
    """The payers of a store.

    Args:
        store: where their resources are loaded.
        base_url: of the endpoint, such as `http://host/r4`: a reference may be written in full.
    """

    def __init__(self, store: Store, base_url: str | None = None) -> None:
        """Take the store; nothing is read before a payer is asked for."""
        self._store = store
        self._below = f"{base_url}/" if base_url else ""

    def find(self, text: str) -> Payer | None:
        """The payer that a text names.

        Args:
            text: an id, `medicare`; a reference, `Organization/medicare` or
                `InsurancePlan/medicare`, or one below the base URL; an identifier,
                `system|value`; or the canonical URL of a resource that has one, with or without
                `|version`. An id is looked for among organizations first. What it can't be read
                as is found nowhere.
        """
        reference = _REFERENCE.fullmatch(text.removeprefix(self._below))
        if reference:
            return self._payer(self._read(reference[1], reference[2]))
        if _ID.fullmatch(text):
            found = (self._read(kind, text) for kind in _TYPES)
            return self._payer(next((each for each in found if each is not None), None))
        found_at = self._keys.get(text) or self._keys.get(text.rpartition("|")[0])
        if found_at is not None:
            return self._payer(json.decode(self._store.resource_by_key(found_at)))
        system, bar, value = text.rpartition("|")
        return self.identified(system, value) if bar else None

    def asked(self, text: str) -> Payer | None:
        """The payer that a person names: as `find` does, an id in any case; or a name or alias."""
        found = self.find(text) or self.named(text)
        if found is None and _ID.fullmatch(text):
            found = self.find(text.lower())
        return found

    def referred(self, reference: str) -> Payer | None:
        """The payer that the text of a FHIR reference leads to, which is no id by itself."""
        is_one = _REFERENCE.fullmatch(reference.removeprefix(self._below))
        return self.find(reference) if is_one else None

    def identified(self, system: str, value: str) -> Payer | None:
        """The payer with an identifier; an empty system is that of one without a system."""
        if not value:
            return None
        wanted = TokenValue(system, value.casefold())
        for kind in _TYPES:
            for resource in self._search(kind, "identifier", wanted):
                if _has_identifier(resource, system, value):
                    return self._payer(resource)
        return None

    def named(self, name: str) -> Payer | None:
        """The payer whose organization has this name or alias, unless several have it."""
        if not fold(name):
            return None
        found = self._search(ORGANIZATION, "name", StringValue(name))
        having = [o for o in found if fold(name) in map(fold, (o.get("name", ""), *_aliases(o)))]
        return self._payer(having[0]) if len(having) == 1 else None

    @cached_property
    def _keys(self) -> dict[str, int]:
        # The core specification has no url in either type; content of other guides may.
        heads = [head for kind in _TYPES for head in self._store.heads(kind)]
        return {head.url: head.key for head in reversed(heads) if head.url}

    def _payer(self, resource: Json | None) -> Payer | None:
        if resource is None:
            return None
        if resource["resourceType"] == PLAN:
            return self._of_plan(resource)
        owner = ReferenceValue(ORGANIZATION, resource["id"])
        plans = tuple(self._search(PLAN, "owned-by", owner))
        return Payer(id=resource["id"], name=_name(resource), organization=resource, plans=plans)

    def _of_plan(self, plan: Json) -> Payer:
        owner = plan.get("ownedBy")
        named = _REFERENCE.fullmatch(str(owner.get("reference"))) if owner else None
        organization = self._read(ORGANIZATION, named[2]) if named else None
        of = organization or plan
        return Payer(id=of["id"], name=_name(of), organization=organization, plans=(plan,))

    def _read(self, kind: str, resource_id: str) -> Json | None:
        body = self._store.resource(kind, resource_id)
        return None if body is None else json.decode(body)

    def _search(self, kind: str, name: str, value: Value) -> list[Json]:
        criteria = (Criterion(parameters_of(kind)[name], None, (value,)),)
        page = self._store.search(SearchQuery(kind, criteria, _MOST))
        return [json.decode(body) for body in page.bodies]


def _name(resource: Json) -> str:
    return str(resource.get("name") or resource["id"])


def _aliases(organization: Json) -> list[str]:
    return [alias for alias in organization.get("alias", ()) if isinstance(alias, str)]


def _has_identifier(resource: Json, system: str, value: str) -> bool:
    found: list[Any] = resource.get("identifier") or []
    return any((i.get("system") or "") == system and i.get("value") == value for i in found)
