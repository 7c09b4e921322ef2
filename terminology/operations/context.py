"""What an operation works with beside its request."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

import msgspec

from terminology.codesystems.catalog import CodeSystems
from terminology.conceptmaps import ConceptMaps
from terminology.errors import InvalidInput
from terminology.fhir.versions import FhirVersion
from terminology.model import CodeSystem, ConceptMap, Json, ValueSet
from terminology.valuesets.catalog import ValueSets

T = TypeVar("T")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The bounds on what one request may cost.

    `expansion` is the most codes that an expansion without `count` may have, `page` the most that
    one page may have.
    """

    expansion: int = 1000
    page: int = 10_000


_KINDS: dict[str, type[CodeSystem] | type[ValueSet] | type[ConceptMap]] = {
    kind.__name__: kind for kind in (CodeSystem, ValueSet, ConceptMap)
}


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The content that is loaded, the limits, and what is applied without being asked for."""

    code_systems: CodeSystems
    value_sets: ValueSets
    concept_maps: ConceptMaps
    limits: Limits = Limits()
    default_supplements: tuple[str, ...] = ()
    version: FhirVersion = FhirVersion.R5
    """The FHIR version of the endpoint."""
    base_url: str | None = None
    """Where the endpoint is for the client, where what is asked may refer to it in full."""
    accept_language: str | None = None
    """What the request's Accept-Language header says, where a parameter does not."""

    def on(self, date: str | None) -> "Context":
        """The context on the day of a `date` parameter; on today where none was sent."""
        if date is None:
            return self
        return msgspec.structs.replace(self, code_systems=self.code_systems.on(self.day(date)))

    def with_resources(self, resources: Iterable[Json]) -> "Context":
        """The context with resources that hide loaded ones of the same URL and version.

        Raises:
            InvalidInput: a resource is not of its shape. One of another type is passed over:
                validators send all that they have.
        """
        brought: dict[str, list[Any]] = {name: [] for name in _KINDS}
        for resource in resources:
            kind = _KINDS.get(str(resource.get("resourceType")))
            if kind is not None:
                brought[kind.__name__].append(as_model(resource, kind))
        return msgspec.structs.replace(
            self,
            code_systems=self.code_systems.with_resources(brought["CodeSystem"]),
            value_sets=self.value_sets.with_resources(brought["ValueSet"]),
            concept_maps=self.concept_maps.with_resources(brought["ConceptMap"]),
        )

    @staticmethod
    def day(requested: str | None) -> str:
        """The day that a request is about, `YYYY-MM-DD`: today where it names none.

        A year or a month stands for its first day.
        """
        if requested is None:
            return date.today().isoformat()  # noqa: DTZ011 - the day where the service runs
        return requested[:10] + {4: "-01-01", 7: "-01"}.get(len(requested), "")


def as_model(resource: Json, kind: type[T]) -> T:
    """A resource as its class of the model.

    Raises:
        InvalidInput: it does not have the shape; the message says where.
    """
    try:
        return msgspec.convert(resource, kind)
    except msgspec.ValidationError as error:
        named = f"{resource.get('resourceType')} '{resource.get('url', '')}'"
        raise InvalidInput(f"The {named} can't be read: {error}.") from None
