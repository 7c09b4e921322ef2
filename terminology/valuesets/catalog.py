"""Which value sets there are, and the definition of each version."""

import copy
from collections.abc import Iterable

import msgspec

from terminology.canonical import latest, split
from terminology.errors import NotFound
from terminology.model import ValueSet
from terminology.store.base import Store

_CORE = "http://hl7.org/fhir/"


class ValueSets:
    """The value sets of a store, and those that a request brought along.

    Args:
        store: where the loaded ones are.
        core_version: the FHIR version of the endpoint, as `CodeSystems` has it.
    """

    def __init__(self, store: Store, core_version: str | None = None) -> None:
        """Read the definitions; they are small beside what they define."""
        self._core_version = core_version
        self._known: dict[str, dict[str | None, ValueSet]] = {}
        for stored in store.heads("ValueSet"):
            value_set = msgspec.json.decode(stored.body, type=ValueSet)
            self._known.setdefault(stored.url, {})[stored.version] = value_set

    def with_resources(self, value_sets: Iterable[ValueSet]) -> "ValueSets":
        """These value sets with more, which hide a stored one of the same URL and version."""
        layered = copy.copy(self)
        layered._known = dict(self._known)
        for value_set in value_sets:
            url = value_set.url or ""
            known = layered._known.get(url, {})
            layered._known[url] = {**known, value_set.version: value_set}
        return layered

    def find(self, url: str, version: str | None = None) -> ValueSet | None:
        """The value set of a URL, of its latest version where none is named."""
        versions = self._known.get(url)
        if not versions:
            return None
        if version is None:
            core = self._core_version in versions and url.startswith(_CORE)
            algorithm = next(iter(versions.values())).version_algorithm
            version = self._core_version if core else latest(versions, algorithm)
        return versions.get(version)

    def is_value_set(self, url: str) -> bool:
        """Whether the URL is that of a value set."""
        return url in self._known

    def get(self, canonical: str) -> ValueSet:
        """The value set of a canonical, `url` or `url|version`.

        Raises:
            NotFound: it is not loaded.
        """
        found = self.find(*split(canonical))
        if found is None:
            raise NotFound(
                f"A definition for the value Set '{canonical}' could not be found",
                tx_issue_type="not-found",
            )
        return found
