"""The tables of a release read by SQL."""

from collections.abc import Iterator, Sequence

from terminology.store.base import CodePair, TableRelease, TableRow
from terminology.store.pairs import found_in
from terminology.store.sqlreader import SqlReader, marks, parts

_RELEASES = """
    SELECT key, name, setting, label, title, effective, until, source, whole, rows, complete_for,
        dated
    FROM table_release WHERE release = ? ORDER BY name, setting, effective, key"""


class SqlTables(SqlReader):
    """The releases of tables and their rows."""

    def table_releases(self) -> list[TableRelease]:
        """Every release of every table, by table, setting and effective date."""
        return [
            TableRelease._make(
                (*row[:8], bool(row[8]), row[9], tuple(row[10].split()), bool(row[11]))
            )
            for row in self._rows(_RELEASES, (self._key,))
        ]

    def table_rows(self, releases: Sequence[int], codes: Sequence[str]) -> list[TableRow]:
        """The rows of the codes in the releases with these keys."""
        sql = (
            "SELECT table_release, code, modifier, body FROM table_row"
            " WHERE table_release IN ({}) AND code IN ({})"
        )
        found = (
            self._rows(sql.format(marks(releases), marks(part)), (*releases, *part))
            for part in parts(sorted(set(codes)))
            if releases
        )
        return sorted(TableRow(*row) for rows in found for row in rows)

    def code_pairs(self, release: int, codes: Sequence[str]) -> list[CodePair]:
        """The rows of a release both of whose codes are among `codes`."""
        each = sorted(set(codes))
        sql = "SELECT column1, pairs FROM code_pair WHERE table_release = ? AND column1 IN ({})"
        found = (self._rows(sql.format(marks(part)), (release, *part)) for part in parts(each))
        packs = (pack for rows in found for pack in rows)
        return sorted(pair for column1, pack in packs for pair in found_in(column1, pack, each))

    def all_rows(self, release: int) -> Iterator[TableRow]:
        """Every row of a table's release, sorted by code and modifier."""
        sql = (
            "SELECT table_release, code, modifier, body FROM table_row WHERE table_release = ?"
            " AND (code, modifier) > (?, ?) ORDER BY code, modifier LIMIT ?"
        )
        rows = self._streamed(sql, (release,), lambda row: (row[1], row[2]), ("", ""))
        yield from map(TableRow._make, rows)

    def packs(self, release: int) -> Iterator[tuple[str, bytes]]:
        """Every code of column one with its pairs, packed."""
        sql = (
            "SELECT column1, pairs FROM code_pair WHERE table_release = ? AND column1 > ?"
            " ORDER BY column1 LIMIT ?"
        )
        yield from self._streamed(sql, (release,), lambda row: (row[0],), ("",))
