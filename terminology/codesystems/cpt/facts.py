"""What the rules are told, from the loaded code systems and the store's tables."""

from collections.abc import Callable, Mapping, Sequence

from terminology.codesystems.cpt.tables import Tables
from terminology.codesystems.provider import Provider
from terminology.rules.facts import CodeFacts, InForce, Pair
from terminology.store.base import CodePair

_KEPT = 20_000
_NEVER = "9999-12-31"


class CptFacts:
    """The facts over code systems and tables; those of a code are kept once read.

    Args:
        providers: CPT and HCPCS Level II as far as they are loaded, the first one that has a code
            answers for it.
        tables: the store's.
    """

    def __init__(self, providers: Callable[[], Sequence[Provider]], tables: Tables) -> None:
        """Take both; nothing is read yet."""
        self._providers = providers
        self._tables = tables
        self._codes: dict[str, CodeFacts | None] = {}
        self._by_key = {release.key: release for release in tables.releases.all}

    def code(self, code: str) -> CodeFacts | None:
        """What is loaded of a procedure code or a modifier."""
        try:
            return self._codes[code]
        except KeyError:
            if len(self._codes) >= _KEPT:
                self._codes.clear()
        found = None
        for provider in self._providers():
            placed = provider.find(code)
            if placed is not None:
                found = _facts(provider, placed.concept.code, placed.ordinal)
                break
        self._codes[code] = found
        return found

    def in_force(self, table: str, setting: str, day: str) -> InForce | None:
        """The release of a table in force on a day."""
        chosen = self._tables.releases.in_force(table, setting, day)
        if chosen is None:
            return None
        one = chosen.release
        return InForce(
            one.key,
            one.table,
            one.release,
            one.title,
            one.effective,
            chosen.is_stale,
            one.source,
        )

    def row(self, release: InForce, setting: str, code: str) -> Mapping[str, str] | None:
        """The row of a code in a release, with the release's names among its columns."""
        row = self._tables.row(self._by_key[release.key], code)
        if row is None:
            return None
        return {**row, "release": release.release, "title": release.title}

    def pairs(
        self, release: InForce, setting: str, codes: Sequence[str], day: str
    ) -> Sequence[Pair]:
        """The pairs in force on the day: published again, the row in force is the one that counts.

        A row whose first day is not known counts from the release's effective date.
        """
        found: dict[tuple[str, str], CodePair] = {}
        for pair in self._tables.pairs(self._by_key[release.key], codes):
            if pair.effective <= day <= (pair.deleted or _NEVER):
                found[pair.column1, pair.column2] = pair
        return [
            Pair(p.column1, p.column2, p.indicator, p.rationale, is_dated=bool(p.effective))
            for p in found.values()
        ]

    def covers_pairs_of(self, release: InForce, setting: str, codes: Sequence[str]) -> bool:
        """Whether the release as loaded holds every pair among the codes."""
        loaded = self._by_key[release.key]
        # A pair is held where one of its two codes is: at most one code may be none of those.
        return loaded.whole or len(set(codes).difference(loaded.complete_for)) <= 1


def _facts(provider: Provider, code: str, ordinal: int) -> CodeFacts:
    (placed,) = provider.at((ordinal,))
    properties: dict[str, str] = {}
    kinds = set()
    for prop in placed.concept.property:
        text = prop.text()
        if prop.code == "kind" and text is not None:
            kinds.add(text)
        elif text is not None:
            properties[prop.code] = text
    return CodeFacts(
        code=code,
        system=provider.head.url or "",
        is_modifier=len(code) == 2,
        kinds=frozenset(kinds),
        properties=properties,
        is_inactive=provider.is_inactive(placed.concept),
    )
