"""What every handler works with: the settings, the store and the engine over it."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from conformance.operation_definitions import operation_definitions
from conformance.search_parameters import search_parameters
from service.settings import SettingError, Settings
from terminology import content
from terminology.codesystems.catalog import CodeSystems
from terminology.conceptmaps import ConceptMaps
from terminology.errors import NotFound, StoreUnavailable
from terminology.fhir import json
from terminology.fhir.versions import FhirVersion
from terminology.model import Json
from terminology.operations.context import Context, Limits
from terminology.rules.book import RuleBook
from terminology.rules.codesystem import as_code_system
from terminology.store.base import SCHEMA_VERSION, Store
from terminology.store.sqlite import SqliteStore
from terminology.valuesets.catalog import ValueSets

_FILE = "proterm.sqlite3"


class State(msgspec.Struct, frozen=True):
    """The settings, the store and the engine of one process."""

    settings: Settings
    store: Store
    contexts: Mapping[FhirVersion, Context]

    @property
    def context(self) -> Context:
        """The engine where no FHIR version is asked for."""
        return self.contexts[FhirVersion.R5]


def open_state(settings: Settings, store: Store | None = None) -> State:
    """The engine over a store.

    Args:
        settings: the data folder, the limits and the default supplements.
        store: the store to use; if left out, the embedded one of the data folder, built where it
            does not hold what ships.

    Raises:
        StoreUnavailable: the store can neither be read nor built; the message says why.
        SettingError: a supplement that is to be applied by default is not loaded.
    """
    store = store or open_store(settings.data)
    rules = RuleBook.of(content.rules())
    contexts = {version: _context(settings, store, version, rules) for version in FhirVersion}
    try:
        contexts[FhirVersion.R5].code_systems.require(settings.default_supplements)
    except NotFound as error:
        # Every `$lookup` would fail on it.
        raise SettingError(
            f"PROTERM_DEFAULT_SUPPLEMENTS names what is not loaded: {error.message}."
        ) from None
    return State(settings, store, contexts)


def _context(settings: Settings, store: Store, version: FhirVersion, rules: RuleBook) -> Context:
    return Context(
        code_systems=CodeSystems(store, version.value, rules),
        value_sets=ValueSets(store, version.value),
        concept_maps=ConceptMaps(store),
        version=version,
        limits=Limits(expansion=settings.expansion_limit, page=settings.expansion_page_limit),
        default_supplements=settings.default_supplements,
    )


def open_store(folder: Path) -> SqliteStore:
    """The embedded store, built first where it is missing or holds something else.

    Raises:
        StoreUnavailable: it can neither be read nor built.
    """
    path = folder / _FILE
    shipped = list(_shipped())
    release = _release(shipped)
    try:
        store = SqliteStore(path)
        if store.release == release:
            return store
        store.close()
    except StoreUnavailable:
        pass  # there is none yet, or it is damaged: it holds nothing that is not shipped
    # What builds brings SQLAlchemy along, which a second start does without.
    from terminology.importers.shipped import shipped_tables
    from terminology.store.build import build

    try:
        build(path, release, shipped, shipped_tables())
    except OSError as error:
        raise StoreUnavailable(
            f"The store can't be written to {path} ({os.strerror(error.errno or 0)}). Name a"
            " folder that can be written with PROTERM_DATA."
        ) from error
    return SqliteStore(path)


def _shipped() -> Iterator[Json]:
    yield from content.resources()
    yield from operation_definitions()
    yield from search_parameters()
    yield as_code_system(RuleBook.of(content.rules()))


def _release(shipped: list[Json]) -> str:
    digest = hashlib.sha256(f"{SCHEMA_VERSION} {content.fingerprint()}".encode())
    for resource in shipped:
        digest.update(json.encode(resource))
    return digest.hexdigest()[:16]
