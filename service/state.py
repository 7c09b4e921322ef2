"""What every handler works with: the settings, the store and the engine over it."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from conformance.identity import software_version
from conformance.operation_definitions import operation_definitions
from conformance.search_parameters import search_parameters
from service.settings import SettingError, Settings
from terminology import content
from terminology.codesystems.catalog import CodeSystems
from terminology.conceptmaps import ConceptMaps
from terminology.errors import NotFound
from terminology.fhir import json
from terminology.fhir.versions import FhirVersion
from terminology.model import Json
from terminology.operations.context import Context, Limits
from terminology.rules.book import RuleBook
from terminology.rules.codesystem import as_code_system
from terminology.store.base import SCHEMA_VERSION, Store
from terminology.store.contents import Contents
from terminology.store.embedded import EmbeddedRepository
from terminology.store.repository import Repository, Shipped, View
from terminology.valuesets.catalog import ValueSets


class State(msgspec.Struct, frozen=True):
    """The settings, the store and the engine that answer at a moment."""

    settings: Settings
    store: Store
    contexts: Mapping[FhirVersion, Context]
    number: int = 0
    """The activation that the store is of."""
    edition: str = ""
    """What answers depend on beside the request: a client may keep one over our next start."""

    @property
    def context(self) -> Context:
        """The engine where no FHIR version is asked for."""
        return self.contexts[FhirVersion.R5]


def open_state(settings: Settings, store: Store | None = None) -> State:
    """The engine over a store.

    Args:
        settings: where the releases are, the limits and the default supplements.
        store: the store to use; if left out, all that is active.

    Raises:
        StoreUnavailable: the store can neither be read nor built; the message says why.
        SettingError: a supplement that is to be applied by default is not loaded.
    """
    return state_of(settings, View(0, store) if store else open_repository(settings).open())


def state_of(settings: Settings, opened: View) -> State:
    """The engine over a view.

    Raises:
        SettingError: a supplement that is to be applied by default is not loaded.
    """
    store = opened.store
    rules = RuleBook.of(content.rules())
    contexts = {version: _context(settings, store, version, rules) for version in FhirVersion}
    try:
        contexts[FhirVersion.R5].code_systems.require(settings.default_supplements)
    except NotFound as error:
        # Every `$lookup` would fail on it.
        raise SettingError(
            f"PROTERM_DEFAULT_SUPPLEMENTS names what is not loaded: {error.message}."
        ) from None
    shaping = (settings.default_supplements, settings.page_size, settings.max_page_size)
    limits = (settings.expansion_limit, settings.expansion_page_limit, settings.base_url)
    edition = f"{store.release} {software_version()} {shaping} {limits}"
    return State(settings, store, contexts, opened.number, edition)


def _context(settings: Settings, store: Store, version: FhirVersion, rules: RuleBook) -> Context:
    return Context(
        code_systems=CodeSystems(store, version.value, rules),
        value_sets=ValueSets(store, version.value),
        concept_maps=ConceptMaps(store),
        version=version,
        limits=Limits(expansion=settings.expansion_limit, page=settings.expansion_page_limit),
        default_supplements=settings.default_supplements,
    )


def open_repository(settings: Settings) -> Repository:
    """Where the releases are: in a folder, or in the database that the settings name."""
    shipped = Shipped(_fingerprint(), _contents)
    if settings.is_remote:
        from terminology.store.postgresql import PostgresRepository

        return PostgresRepository(settings.store, shipped, settings.deadline_ms)
    return EmbeddedRepository(settings.data, shipped)


def _contents() -> Contents:
    from terminology.importers.shipped import shipped_tables

    return Contents(resources=_shipped(), tables=shipped_tables())


def _shipped() -> Iterator[Json]:
    yield from content.resources()
    yield from operation_definitions()
    yield from search_parameters()
    yield as_code_system(RuleBook.of(content.rules()))


@cache
def _fingerprint() -> str:
    digest = hashlib.sha256(f"{SCHEMA_VERSION} {content.fingerprint()}".encode())
    for resource in _shipped():
        digest.update(json.encode(resource))
    return digest.hexdigest()[:16]
