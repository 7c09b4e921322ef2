"""What an include selects: concepts of one code system version, as their ordinals."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from terminology.codesystems.provider import Provider
from terminology.model import ConceptReference


class Part(NamedTuple):
    """Concepts of one code system version, in the order in which they are to appear."""

    provider: Provider
    ordinals: Sequence[int]
    references: Mapping[int, ConceptReference] = {}
    """What the value set itself says of a concept, by ordinal."""
    nested: bool = False
    """Whether the code system's hierarchy may be shown: not where codes were enumerated."""

    stated: bool = False
    """Whether the include names the version."""
    filtered: bool = False
    """Whether the concepts were selected by filters, not by the whole code system."""
    unclosed: bool = False
    """Whether expressions of the code system's grammar belong to it, which can't be listed."""

    @property
    def key(self) -> str:
        """The code system with its version: ordinals mean something within one key only."""
        return self.provider.canonical

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

    def codes(self) -> frozenset[str]:
        """The codes of the part, to be compared with those of another version."""
        return frozenset(placed.concept.code for placed in self.provider.at(self.ordinals))

    def without_codes(self, dropped: frozenset[str]) -> "Part":
        """This part without the concepts of these codes."""
        found = [self.provider.find(code) for code in dropped]
        return self.without({placed.ordinal for placed in found if placed is not None})


def ordinals_of(parts: Iterable[Part], key: str) -> set[int]:
    """The ordinals of all parts that are of one code system version."""
    found: set[int] = set()
    for part in parts:
        if part.key == key:
            found.update(part.ordinals)
    return found


def once(parts: Iterable[Part]) -> list[Part]:
    """The parts without what an earlier one of the same code system version has already."""
    parts = list(parts)
    if len({part.key for part in parts}) == len(parts):
        return parts
    seen: dict[str, set[int]] = {}
    unique = []
    for part in parts:
        known = seen.get(part.key)
        if known is None:
            seen[part.key] = set(part.ordinals)
        else:
            part = part.without(known)  # noqa: PLW2901 - what is left of it takes its place
            known.update(part.ordinals)
            if not part.ordinals and not part.unclosed:
                continue
        unique.append(part)
    return unique


def _as_set(ordinals: Iterable[int]) -> "frozenset[int] | set[int] | range":
    return ordinals if isinstance(ordinals, set | frozenset | range) else frozenset(ordinals)
