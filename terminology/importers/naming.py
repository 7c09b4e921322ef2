"""Ids of what is loaded: none that another resource has already, which it would hide.

Packages of one publisher give the versions of a resource the same id, and two publishers may give
the same to different ones. On a server an id stands for one resource:
https://hl7.org/fhir/R5/resource.html#id.
"""

import hashlib
import re
from collections.abc import Sequence

import msgspec

from terminology.model import Json
from terminology.store.base import Store
from terminology.store.search import SearchQuery

_LONGEST = 64


class _Identity(msgspec.Struct):
    url: str | None = None
    version: str | None = None


class Names:
    """The ids that are taken.

    Args:
        stores: what is there already, the releases that are not active among it.
    """

    def __init__(self, stores: Sequence[Store]) -> None:
        """Ask for the ids of a type when the first of that type comes."""
        self._stores = stores
        self._taken: dict[str, dict[str, list[tuple[Store, int]]]] = {}

    def named(self, resource: Json) -> Json:
        """A resource under an id that no other one has.

        One of the same URL and version takes the place of the other, and keeps the id; so does one
        without a URL, which is known by its id alone.

        Returns:
            The resource itself, or a copy with another id: with its version, and where that is
            taken too with a part of a hash of its URL.
        """
        kind, name, url = resource["resourceType"], resource.get("id"), resource.get("url")
        if not isinstance(name, str) or not isinstance(url, str):
            return resource
        version = resource.get("version")
        digest = hashlib.sha256(f"{url}|{version}".encode()).hexdigest()[:8]
        tries = (name, f"{name}-{version}" if version else name, f"{name}-{digest}")
        for wanted in map(_fitting, tries):
            if not self._is_anothers(kind, wanted, _Identity(url, version)):
                return resource if wanted == name else resource | {"id": wanted}
        return resource | {"id": digest}

    def _is_anothers(self, kind: str, name: str, identity: _Identity) -> bool:
        if kind not in self._taken:
            self._taken[kind] = {}
            for store in self._stores:
                for one in store.found(SearchQuery(kind, (), 0)):
                    self._taken[kind].setdefault(one.id, []).append((store, one.key))
        return any(
            msgspec.json.decode(store.resource_by_key(key), type=_Identity) != identity
            for store, key in self._taken[kind].get(name, ())
        )


def _fitting(name: str) -> str:
    """A text as an id: letters, digits, hyphens and points, 64 at most; the end tells more."""
    return re.sub(r"[^A-Za-z0-9.-]+", "-", name)[-_LONGEST:]
