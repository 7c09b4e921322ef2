"""FHIR resources and packages for tests."""

from collections.abc import Mapping
from typing import Any

import msgspec

from terminology.fhir.json import Json, encode
from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from tests.terminology.importers.packing import gzipped_tar
from tests.terminology.importers.reading import Whole

KIND = "fhir"
ANY = Options(threshold=Threshold(share=1))


def system(name: str = "letters", **more: Any) -> Json:
    """A code system of two concepts."""
    return {
        "resourceType": "CodeSystem",
        "id": name,
        "url": f"http://codes.example/{name}",
        "version": "1",
        "status": "active",
        "content": "complete",
        "concept": [{"code": "a", "display": "A"}, {"code": "b", "display": "B"}],
    } | more


def value_set(name: str = "some", **more: Any) -> Json:
    """A value set of a code."""
    include = {"system": "http://codes.example/letters", "concept": [{"code": "a"}]}
    return {
        "resourceType": "ValueSet",
        "id": name,
        "url": f"http://sets.example/{name}",
        "status": "active",
        "compose": {"include": [include]},
    } | more


def without(resource: Json, *names: str) -> Json:
    """A resource without some of its elements."""
    return {name: value for name, value in resource.items() if name not in names}


def package(
    *resources: Json, version: str = "4.0.1", files: Mapping[str, bytes] | None = None
) -> bytes:
    """A package as publishers pack it, with more files beside the resources."""
    manifest = {
        "name": "codes.example",
        "version": "1.2.0",
        "title": "Codes",
        "fhirVersions": [version],
        "dependencies": {},
    }
    named = {
        f"package/{resource['resourceType']}-{number}.json": encode(resource)
        for number, resource in enumerate(resources)
    }
    index = {"package/package.json": encode(manifest), "package/.index.json": b"{"}
    return gzipped_tar(index | named | dict(files or {}))


def given_back(whole: Whole) -> list[Json]:
    """What was delivered, in one piece each."""
    systems: list[Json] = []
    for each, rows in zip(whole.delivery.systems, whole.concepts, strict=True):
        built: list[Json] = []
        for row in rows:
            concept: Any = msgspec.to_builtins(row.concept)
            built.append(concept)
            if row.parents:
                built[row.parents[0]].setdefault("concept", []).append(concept)
        tops = [concept for concept, row in zip(built, rows, strict=True) if not row.parents]
        systems.append(each.head | {"concept": tops})
    return [*systems, *whole.resources]
