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
        self._brought: list[ConceptMap] = []
        self._stored = [
            msgspec.json.decode(stored.body, type=ConceptMap)
            for stored in store.heads("ConceptMap")
        ]

    def with_resources(self, concept_maps: Iterable[ConceptMap]) -> "ConceptMaps":
        """These concept maps with more, which hide the stored ones of the same URL and version."""
        layered = copy.copy(self)
        layered._brought = [*self._brought, *concept_maps]
        hidden = {concept_map.canonical for concept_map in layered._brought}
        layered._stored = [m for m in self._stored if m.canonical not in hidden]
        return layered

    def find(self, url: str, version: str | None = None) -> list[ConceptMap]:
        """The concept maps of a URL and version; of the latest version where none is named."""
        found = [m for m in self.all() if m.url == url]
        if version is None and found:
            version = latest(m.version for m in found)
        return [m for m in found if m.version == version]

    def current(self) -> list[ConceptMap]:
        """The latest version of every concept map, those brought along first."""
        found = self.all()
        versions: dict[str | None, list[str | None]] = {}
        for one in found:
            versions.setdefault(one.url, []).append(one.version)
        newest = {url: latest(known) for url, known in versions.items()}
        return [m for m in found if m.url is None or m.version == newest[m.url]]

    def all(self) -> list[ConceptMap]:
        """Every concept map, those brought along first."""
        return [*self._brought, *self._stored]
