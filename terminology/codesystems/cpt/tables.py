"""The published tables, read from the store at most once a code."""

from collections.abc import Mapping, Sequence

import msgspec

from terminology.store.base import CodePair, Store, TableRelease
from terminology.store.releases import Releases

_KEPT = 20_000
"""How many codes' rows are kept: more than one release of the fee schedule has."""
_decode = msgspec.json.Decoder(dict[str, str]).decode


class Tables:
    """Rows and pairs of a store's tables, with the releases they are of.

    Args:
        store: where they are.
    """

    def __init__(self, store: Store) -> None:
        """Read which releases there are."""
        self.releases = Releases(store)
        self._store = store
        self._rows: dict[tuple[int, str], Mapping[str, str] | None] = {}

    def row(self, release: TableRelease, code: str) -> Mapping[str, str] | None:
        """The row of a code alone, its columns as text; None where the release has none."""
        key = (release.key, code)
        try:
            return self._rows[key]
        except KeyError:
            if len(self._rows) >= _KEPT:
                self._rows.clear()
        found = None
        for row in self._store.table_rows((release.key,), (code,)):
            if not row.modifier:
                found = _decode(row.body)
        self._rows[key] = found
        return found

    def pairs(self, release: TableRelease, codes: Sequence[str]) -> list[CodePair]:
        """The pairs both of whose codes are among `codes`."""
        return self._store.code_pairs(release.key, codes)

    def in_force(self, day: str) -> list[TableRelease]:
        """The release of each table and setting that is in force on a day."""
        keys = dict.fromkeys((r.table, r.setting) for r in self.releases.all)
        found = (self.releases.in_force(table, setting, day) for table, setting in keys)
        return [chosen.release for chosen in found if chosen is not None]
