"""Which code systems there are, and the provider of each version."""

import copy
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import msgspec

from terminology.canonical import fits, is_pattern, latest, split
from terminology.codesystems import cpt, hcpcs
from terminology.codesystems.cpt.facts import CptFacts
from terminology.codesystems.cpt.provider import CptProvider
from terminology.codesystems.cpt.tables import Tables
from terminology.codesystems.ended import Released
from terminology.codesystems.provider import Provider
from terminology.codesystems.resource import ResourceProvider
from terminology.codesystems.stored import StoredProvider
from terminology.codesystems.supplement import SupplementedProvider
from terminology.errors import NotFound
from terminology.model import CodeSystem
from terminology.rules.book import RuleBook
from terminology.store.base import Store, StoredHead

_NOT_SERVED = frozenset({"supplement", "not-present", "example"})
"""Contents that can't answer for a code system: CodeSystem.content in the specification."""
_CORE = "http://hl7.org/fhir/"
_NONE = object()
_KEPT = 64
"""How many combinations with supplements are kept: callers choose them, so they need a bound."""


class CodeSystems:
    """The code systems of a store, and those that a request brought along.

    Args:
        store: where the loaded ones are.
        core_version: the FHIR version of the endpoint: of HL7's own code systems, which are in
            every version of FHIR, the one of this version is meant where none is named.
    """

    def __init__(
        self, store: Store, core_version: str | None = None, rules: RuleBook | None = None
    ) -> None:
        """Read the heads; providers are made when first asked for, and kept."""
        self.store = store
        self.rules = rules if rules is not None else RuleBook(())
        self.tables = Tables(store)
        self._day: str | None = None
        self._facts: dict[tuple[tuple[str, str], ...], CptFacts] = {}
        self._effective: dict[str, dict[str | None, str]] = {}
        self._core_version = core_version
        self._stored: dict[str, dict[str | None, StoredHead]] = {}
        self._supplements: dict[str, dict[str | None, CodeSystem]] = {}
        self._providers: dict[tuple[str, str | None], Provider] = {}
        self._brought: dict[str, dict[str | None, Provider]] = {}
        self._algorithms: dict[str, str | None] = {}
        self._supplemented: dict[tuple[Provider, tuple[str, ...]], Provider] = {}
        for stored in store.heads("CodeSystem"):
            self._take(stored)

    def _take(self, stored: StoredHead) -> None:
        head = msgspec.json.decode(stored.body, type=CodeSystem)
        if head.content == "supplement":
            whole = msgspec.json.decode(self.store.resource_by_key(stored.key), type=CodeSystem)
            self._supplements.setdefault(stored.url, {})[stored.version] = whole
        elif head.content not in _NOT_SERVED:
            self._stored.setdefault(stored.url, {})[stored.version] = stored
            if stored.effective is not None:
                days = self._effective.setdefault(stored.url, {})
                days[stored.version] = stored.effective
            self._algorithms[stored.url] = head.version_algorithm

    def with_resources(self, systems: Iterable[CodeSystem]) -> "CodeSystems":
        """These code systems with more, which hide a stored one of the same URL and version."""
        layered = copy.copy(self)
        layered._supplements = dict(self._supplements)
        layered._brought = dict(self._brought)
        layered._algorithms = dict(self._algorithms)
        layered._supplemented = {}
        for system in systems:
            url, version = system.url or "", system.version
            if system.content == "supplement":
                known = layered._supplements.get(url, {})
                layered._supplements[url] = {**known, version: system}
            elif system.content not in _NOT_SERVED:
                brought = layered._brought.get(url, {})
                layered._brought[url] = {**brought, version: ResourceProvider(system)}
                layered._algorithms[url] = system.version_algorithm
        return layered

    def heads(self) -> list[CodeSystem]:
        """Every code system that can be asked, without its concepts."""
        found = (self.find(url, v) for url, versions in self._stored.items() for v in versions)
        return [provider.head for provider in found if provider is not None]

    def versions(self, url: str) -> list[str | None]:
        """The versions of a code system that can be asked, `[None]` for one without version."""
        return list(self._stored.get(url, {}) | self._brought.get(url, {}))

    def version_meant(self, url: str) -> str | None:
        """The version that answers where none is asked for.

        Raises:
            NotFound: no version can be asked.
        """
        provider = self.find(url)
        if provider is None:
            raise NotFound(f"The code system '{url}' is not loaded")
        return provider.head.version

    def is_supplement(self, url: str) -> bool:
        """Whether the URL is that of a supplement, which is no code system."""
        return url in self._supplements

    def find(self, url: str, version: str | None = None) -> Provider | None:
        """The provider of a code system.

        Args:
            url: the code system.
            version: a version, or a pattern such as `1.x.x`, of which the latest that fits is
                meant; None means the one in force on the day, or the latest of all where the
                releases of the code system have no days.
        """
        brought = self._brought.get(url)
        stored = self._stored.get(url)
        if brought is None and stored is None:
            return None
        if brought is not None and version in brought and version is not None:
            return brought[version]
        chosen = self._chosen(url, self.versions(url), version)
        if chosen is _NONE:
            return None
        if brought is not None and chosen in brought:
            return brought[chosen]
        return self._stored_provider(url, chosen)

    def _chosen(self, url: str, versions: list[str | None], version: str | None) -> Any:
        if version is not None and version in versions:
            return version
        if version is not None:
            versions = [v for v in versions if is_pattern(version) and fits(v, version)]
        elif self._core_version in versions and url.startswith(_CORE):
            return self._core_version
        elif url in self._effective and url not in self._brought:
            return self._in_force(url)
        return latest(versions, self._algorithms.get(url)) if versions else _NONE

    def _stored_provider(self, url: str, version: str | None) -> Provider:
        return self._kept(url, version).on(self.day)

    def _kept(self, url: str, version: str | None) -> Provider:
        key = (url, version)
        provider = self._providers.get(key)
        if provider is None:
            provider = self._providers[key] = self._provider(self._stored[url][version])
        return provider

    @property
    def day(self) -> str:
        """The day that the code systems are asked about, `YYYY-MM-DD`."""
        return self._day or date.today().isoformat()  # noqa: DTZ011 - where the service runs

    def _in_force(self, url: str) -> str | None:
        """The version whose first day came last by the day; before all of them, the first."""
        days, day = self._effective[url], self.day
        begun = [version for version in days if days[version] <= day]
        if begun:
            return max(begun, key=lambda version: (days[version], version or ""))
        return min(days, key=lambda version: (days[version], version or ""))

    @property
    def facts(self) -> CptFacts:
        """What rules are told of codes and tables on the day."""
        return self._facts_on(self.day)

    def _facts_on(self, day: str | None) -> CptFacts:
        asked = self.on(day)
        providers = asked._procedure_systems()
        key = tuple(
            (provider.head.canonical, asked.day if provider.changes_by_day else "")
            for provider in providers
        )
        facts = self._facts.get(key)
        if facts is None:
            if len(self._facts) >= _KEPT:
                self._facts.clear()
            facts = self._facts[key] = CptFacts(lambda: providers, self.tables)
        return facts

    def on(self, day: str | None) -> "CodeSystems":
        """The code systems as they stand on a day, `YYYY-MM-DD`; today where none is named."""
        if day is None or day == self._day:
            return self
        other = copy.copy(self)
        other._day = day
        return other

    def _releases(self, url: str) -> list[Released]:
        """The releases of a code system of which any has a day; those in their order."""
        days = self._effective.get(url, {})
        versions = self._stored.get(url, {})
        if not days or len(versions) < 2:
            return []
        order = sorted(versions, key=lambda version: (days.get(version, ""), version or ""))
        found = ((days.get(version), self._kept(url, version)) for version in order)
        return [
            Released(day, provider.inside if isinstance(provider, CptProvider) else provider)
            for day, provider in found
        ]

    def _procedure_systems(self) -> list[Provider]:
        stored = (self._loaded(url) for url in (cpt.URL, hcpcs.URL))
        return [provider for provider in stored if provider is not None]

    def _hcpcs_on(self, day: str | None) -> Provider | None:
        return self.on(day)._loaded(hcpcs.URL)

    def _loaded(self, url: str) -> Provider | None:
        """The concepts of the stored version that is meant on the day, without grammar or rules."""
        versions = list(self._stored.get(url, {}))
        if not versions:
            return None
        algorithm = self._algorithms.get(url)
        dated = url in self._effective
        version = self._in_force(url) if dated else latest(versions, algorithm)
        provider = self._kept(url, version)
        concepts = provider.inside if isinstance(provider, CptProvider) else provider
        return concepts.on(self.day)

    def supplemented(self, provider: Provider, supplements: Sequence[str]) -> Provider:
        """The provider with the supplements that are for it.

        Args:
            provider: a code system.
            supplements: canonicals, `url` or `url|version`; one for another code system is
                passed over.

        Raises:
            NotFound: a supplement is not loaded.
        """
        key = (provider, tuple(supplements))
        found = self._supplemented.get(key)
        if found is None:
            if len(self._supplemented) >= _KEPT:
                self._supplemented.clear()
            wanted = {s.canonical: s for s in map(self.supplement, supplements)}
            applying = [s for s in wanted.values() if _supplements(s, provider)]
            found = SupplementedProvider(provider, applying) if applying else provider
            self._supplemented[key] = found
        return found

    def require(self, supplements: Sequence[str]) -> None:
        """See that supplements are here, whatever they will be applied to.

        Raises:
            NotFound: one is not loaded.
        """
        for canonical in supplements:
            self.supplement(canonical)

    def supplement(self, canonical: str) -> CodeSystem:
        """The supplement of a canonical, its latest version where none is named.

        Raises:
            NotFound: it is not loaded.
        """
        url, version = split(canonical)
        loaded = self._supplements.get(url, {})
        if version is None and loaded:
            version = latest(loaded)
        if version not in loaded:
            raise NotFound(f"Required supplement not found: {canonical}", tx_issue_type="not-found")
        return loaded[version]

    def _provider(self, stored: StoredHead) -> Provider:
        provider: Provider = StoredProvider(self.store, stored, partial(self._releases, stored.url))
        if stored.url == cpt.URL:
            facts, others = self._facts_on, self._hcpcs_on
            provider = CptProvider(provider, self.tables, facts, self.rules, others)
        return provider


def _supplements(supplement: CodeSystem, provider: Provider) -> bool:
    url, version = split(supplement.supplements or "")
    return url == provider.head.url and version in (None, provider.head.version)
