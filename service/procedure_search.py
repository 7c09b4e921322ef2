"""What a person typed, searched where procedure codes are."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from service.procedure_codes import SYSTEMS
from terminology.codesystems.provider import Provider
from terminology.codesystems.search import search
from terminology.errors import NotFound
from terminology.model import Json, ValueSet
from terminology.operations.context import Context
from terminology.tree import Listed
from terminology.valuesets.entries import Entries
from terminology.valuesets.expansion import Page, as_resource, contents
from terminology.valuesets.part import Part

_MODIFIER_LENGTH = 2


class Match(NamedTuple):
    """A concept, why it was found, and how good that reason is, 0 for the best."""

    provider: Provider
    ordinal: int
    kind: str
    rank: int


class Matches(NamedTuple):
    """What a text found, the best first, and the code systems that were asked."""

    text: str
    found: list[Match]
    asked: list[Provider]

    def listed(self, count: int) -> list[tuple[Match, Listed]]:
        """The first ones with code and display."""
        return [
            (match, one)
            for match in self.found[:count]
            for one in match.provider.listed((match.ordinal,))
        ]

    def as_expansion(self, count: int) -> Json:
        """A ValueSet whose expansion has the first ones, and the total."""
        parts = [
            Part(provider, [match.ordinal for match in matches])
            for provider, matches in groupby(self.found, key=lambda match: match.provider)
        ]
        entries = Entries(
            languages=None, designations=False, chosen=(), properties=(), versioned=()
        )
        page = Page(count=count, nested=False)
        parameters: list[Json] = [
            {"name": "filter", "valueString": self.text},
            {"name": "count", "valueInteger": count},
        ]
        parameters += [
            {"name": "used-codesystem", "valueUri": provider.canonical} for provider in self.asked
        ]
        written = contents(parts, page, entries)
        head = ValueSet(status="active")
        return as_resource(head, parts, page, written, parameters, entries.declared())


def find(
    context: Context, text: str, system: str | None = None, modifiers: bool | None = None
) -> Matches:
    """What a person who typed this may mean.

    Args:
        context: the engine.
        text: a code or its beginning, a modifier, an expression, words, abbreviations.
        system: a URL or a short name; each of `SYSTEMS` if left out.
        modifiers: only them, or only what is none; both if left out. They are two characters long
            in CPT and in HCPCS.

    Raises:
        NotFound: the code system is not loaded.
    """
    urls = [SYSTEMS.get(system.lower(), system)] if system is not None else SYSTEMS.values()
    asked = [each for url in urls if (each := context.code_systems.find(url)) is not None]
    if not asked:
        raise NotFound(f"The code system '{system or 'CPT'}' is not loaded.")
    found: list[Match] = []
    for number, provider in enumerate(asked):
        found += _of(provider, text, asked[:number], modifiers)
    return Matches(text, sorted(found, key=lambda match: match.rank), asked)


def _of(
    provider: Provider, text: str, before: Sequence[Provider], modifiers: bool | None
) -> Iterator[Match]:
    is_of_procedures = provider.head.url in SYSTEMS.values()
    hits = search(provider, text) if is_of_procedures else provider.search(text)
    every = [*hits.hits()]
    listed = provider.listed([hit.ordinal for hit in every])
    for hit, one in zip(every, listed, strict=True):
        is_wanted = modifiers is None or modifiers == (len(one.code) == _MODIFIER_LENGTH)
        # What CPT prints of HCPCS is shown once.
        if is_wanted and all(other.find(one.code) is None for other in before):
            yield Match(provider, *hit)
