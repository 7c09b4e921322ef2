"""Which value sets there are, and the definition of each version."""

import msgspec

from terminology.canonical import latest, split
from terminology.codesystems.catalog import CodeSystems
from terminology.errors import NotFound
from terminology.model import ValueSet
from terminology.store.base import Store


class ValueSets:
    """The value sets of a store, and the code systems that they draw from.

    Args:
        store: where the value sets are.
        code_systems: what their includes name.
    """

    def __init__(self, store: Store, code_systems: CodeSystems) -> None:
        """Read the definitions; they are small beside what they define."""
        self.code_systems = code_systems
        self._known: dict[str, dict[str | None, ValueSet]] = {}
        for stored in store.heads("ValueSet"):
            value_set = msgspec.json.decode(stored.body, type=ValueSet)
            self._known.setdefault(stored.url, {})[stored.version] = value_set

    def find(self, url: str, version: str | None = None) -> ValueSet | None:
        """The value set of a URL, of its latest version where none is named."""
        versions = self._known.get(url)
        if not versions:
            return None
        return versions.get(latest(versions) if version is None else version)

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
