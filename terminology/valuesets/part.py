"""What an include selects: concepts of one code system version, as their ordinals."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from terminology.codesystems.provider import Provider
from terminology.model import ConceptReference


class Part(NamedTuple):
    """Concepts of one code system, in the order in which they are to appear."""

    provider: Provider
    ordinals: Sequence[int]
    references: Mapping[int, ConceptReference] = {}
    """What the value set itself says of a concept, by ordinal."""
    nested: bool = False
    """Whether the code system's hierarchy may be shown: not where codes were enumerated."""

    def only(self, kept: Iterable[int]) -> "Part":
        """This part without what is not in `kept`."""
        wanted = _as_set(kept)
        return self._replace(ordinals=[o for o in self.ordinals if o in wanted])

    def without(self, dropped: Iterable[int]) -> "Part":
        """This part without what is in `dropped`."""
        unwanted = _as_set(dropped)
        if not unwanted:
            return self
        return self._replace(ordinals=[o for o in self.ordinals if o not in unwanted])


def ordinals_of(parts: Iterable[Part], canonical: str) -> set[int]:
    """The ordinals of all parts that are of one code system version."""
    found: set[int] = set()
    for part in parts:
        if part.provider.canonical == canonical:
            found.update(part.ordinals)
    return found


def _as_set(ordinals: Iterable[int]) -> "frozenset[int] | set[int] | range":
    return ordinals if isinstance(ordinals, set | frozenset | range) else frozenset(ordinals)
