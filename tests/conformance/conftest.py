"""The engine over what ships and a small code system, and every statement that is made of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from conformance.operation_definitions import operation_definitions
from conformance.search_parameters import search_parameters
from terminology import content
from terminology.codesystems.catalog import CodeSystems
from terminology.conceptmaps import ConceptMaps
from terminology.importers.shipped import shipped_tables
from terminology.operations.context import Context
from terminology.store.build import build
from terminology.store.sqlite import SqliteStore
from terminology.valuesets.catalog import ValueSets

Json = dict[str, Any]
COLOURS = "https://example.org/colours"
# What no shipped code has: another case, an inactive code, a second language.
SYSTEMS: tuple[Json, ...] = (
    {
        "resourceType": "CodeSystem",
        "id": "colours",
        "url": COLOURS,
        "version": "1.10",
        "name": "Colours",
        "status": "active",
        "language": "en",
        "content": "complete",
        "caseSensitive": False,
        "property": [{"code": "inactive", "type": "boolean"}],
        "concept": [
            {
                "code": "red",
                "display": "Red",
                "definition": "The colour of blood",
                "designation": [
                    {
                        "language": "de",
                        "use": {"system": "http://snomed.info/sct", "code": "900000000000013009"},
                        "value": "Rot",
                    }
                ],
                "concept": [{"code": "scarlet", "display": "Scarlet"}],
            },
            {
                "code": "puce",
                "display": "Puce",
                "property": [{"code": "inactive", "valueBoolean": True}],
            },
            {
                "code": "mauve",
                "display": "Mauve",
                "property": [{"code": "status", "valueCode": "deprecated"}],
            },
        ],
    },
    {
        "resourceType": "CodeSystem",
        "id": "colours-old",
        "url": COLOURS,
        "version": "1.9",
        "name": "Colours",
        "status": "retired",
        "content": "complete",
        "concept": [{"code": "red"}],
    },
    {
        "resourceType": "CodeSystem",
        "id": "colours-fr",
        "url": f"{COLOURS}-fr",
        "status": "active",
        "content": "supplement",
        "supplements": COLOURS,
        "concept": [{"code": "red", "designation": [{"language": "fr", "value": "Rouge"}]}],
    },
)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    resources = [*content.resources(), *operation_definitions(), *search_parameters(), *SYSTEMS]
    path = tmp_path_factory.mktemp("store") / "store.db"
    build(path, "test", resources, shipped_tables())
    opened = SqliteStore(path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def context(store: SqliteStore) -> Context:
    return Context(
        code_systems=CodeSystems(store),
        value_sets=ValueSets(store),
        concept_maps=ConceptMaps(store),
        default_supplements=("https://proterm.example/fhir/CodeSystem/cpt-37244-notes",),
    )
