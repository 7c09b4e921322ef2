"""Which address does what: one table of handlers, for HTTP and for batches alike."""

from collections.abc import Iterator
from typing import NamedTuple

from service.operations import Handler, instance_level, type_level, type_level_only
from service.resources import reader, searcher
from service.system import fhir_versions, metadata
from terminology.fhir.versions import FhirVersion
from terminology.operations.registry import OPERATIONS
from terminology.store.search.params import SEARCHED_TYPES

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
ALL = tuple(version.base for version in FhirVersion)
ID = "<string(maxlength=64):id>"


class Route(NamedTuple):
    """A path below the base of each version, the methods it takes and what answers it."""

    path: str
    methods: tuple[str, ...]
    handler: Handler
    versions: tuple[str, ...] = ALL


def routes() -> Iterator[Route]:
    """Every route but the base itself, which takes batches of these."""
    yield Route("metadata", GET, metadata)
    yield Route("$versions", BOTH, fhir_versions)
    for operation in OPERATIONS:
        kind, name = operation.resource_type, f"${operation.name}"
        yield Route(f"{kind}/{name}", operation.methods, type_level(operation))
        if operation.instance_versions:
            handler = instance_level(operation)
            yield Route(f"{kind}/{ID}/{name}", BOTH, handler, operation.instance_versions)
    for kind in SEARCHED_TYPES:
        yield Route(kind, GET, searcher(kind))
        yield Route(f"{kind}/_search", POST, searcher(kind))
        yield Route(f"{kind}/{ID}", GET, reader(kind))


def refusals() -> Iterator[Route]:
    """The addresses that a version does not have and another one has: they say so."""
    for operation in OPERATIONS:
        others = tuple(base for base in ALL if base not in operation.instance_versions)
        path = f"{operation.resource_type}/{ID}/${operation.name}"
        yield Route(path, BOTH, type_level_only(operation), others)
