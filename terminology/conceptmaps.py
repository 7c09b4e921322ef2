"""Which concept maps there are."""

import copy
from collections.abc import Iterable

import msgspec

from terminology.canonical import latest
from terminology.model import ConceptMap
from terminology.store.base import Store


class ConceptMaps:
    """The concept maps of a store, and those that a request brought along.

    Args:
        store: where the loaded ones are.
    """

    def __init__(self, store: Store) -> None:
        """Read the maps."""
        self._known: dict[str, dict[str | None, ConceptMap]] = {}
        for stored in store.heads("ConceptMap"):
            concept_map = msgspec.json.decode(stored.body, type=ConceptMap)
            self._known.setdefault(stored.url, {})[stored.version] = concept_map

    def with_resources(self, concept_maps: Iterable[ConceptMap]) -> "ConceptMaps":
        """These concept maps with more, which hide a stored one of the same URL and version."""
        layered = copy.copy(self)
        layered._known = dict(self._known)
        for concept_map in concept_maps:
            url = concept_map.url or ""
            known = layered._known.get(url, {})
            layered._known[url] = {**known, concept_map.version: concept_map}
        return layered

    def find(self, url: str, version: str | None = None) -> ConceptMap | None:
        """The concept map of a URL, of its latest version where none is named."""
        versions = self._known.get(url)
        if not versions:
            return None
        return versions.get(latest(versions) if version is None else version)

    def all(self) -> list[ConceptMap]:
        """The latest version of every concept map."""
        return [versions[latest(versions)] for versions in self._known.values()]
