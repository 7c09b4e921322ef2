"""What was read and checked, kept out of memory until it is asked for."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from terminology.errors import MalformedInput
from terminology.fhir.json import Json, decode_any, encode
from terminology.importers.delivery import Placed, SystemLoad
from terminology.importers.problems import Tally
from terminology.importers.scratch import Scratch, Span
from terminology.model import Concept
from terminology.tree import flatten

_encode = msgspec.json.Encoder(decimal_format="number").encode
_PLACED = msgspec.json.Decoder(Placed)


class Written(NamedTuple):
    """The concepts of a code system, as they were written down."""

    span: Span
    digest: bytes


class Kept:
    """The resources of a load: heads of code systems in memory, the rest in a file.

    Args:
        scratch: the file.
        tally: counts the concepts of streams while they are read.
    """

    def __init__(self, scratch: Scratch, tally: Tally) -> None:
        """Start with none."""
        self._scratch = scratch
        self._tally = tally
        self._systems: list[tuple[Json, Span]] = []
        self._others: list[Span] = []

    def write(self, placed: Iterable[Placed]) -> Written:
        """Write the concepts of a code system down."""
        digest = hashlib.sha256()

        def lines() -> Iterator[bytes]:
            for each in placed:
                line = _encode(each)
                digest.update(line)
                yield line

        return Written(self._scratch.append(lines()), digest.digest())

    def add_system(self, head: Json, written: Written) -> None:
        """Keep a code system whose concepts were written down."""
        self._systems.append((head, written.span))

    def add(self, resource: Json) -> None:
        """Keep a resource."""
        self._others.append(self._scratch.append([encode(resource)]))

    def systems(self) -> list[SystemLoad]:
        """The code systems, their concepts to be read once."""
        return [SystemLoad(head, self._concepts(span)) for head, span in self._systems]

    def resources(self) -> Iterator[Json]:
        """The others."""
        for span in self._others:
            for line in self._scratch.lines(span):
                yield decode_any(line)

    def _concepts(self, span: Span) -> Iterator[Placed]:
        for line in self._scratch.lines(span):
            self._tally.rows += 1
            yield _PLACED.decode(line)


def placed(concepts: list[Concept]) -> list[Placed]:
    """Concepts in document order, none nested any more, each with the one that it is nested in.

    Raises:
        MalformedInput: a code is there twice (csd-1, https://hl7.org/fhir/R5/codesystem.html).
    """
    found: list[Placed] = []
    seen: set[str] = set()
    for _, concept, parent in flatten(concepts):
        if concept.code in seen:
            raise MalformedInput(f"The code '{concept.code}' is there twice.")
        seen.add(concept.code)
        alone = msgspec.structs.replace(concept, concept=[]) if concept.concept else concept
        found.append(Placed(alone, () if parent is None else (parent,)))
    return found
