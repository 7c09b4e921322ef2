"""Which release of a table is in force on a day."""

from bisect import bisect_right
from typing import NamedTuple

from terminology.store.base import Store, TableRelease


class Chosen(NamedTuple):
    """The release in force, and whether it only is for want of a later one."""

    release: TableRelease
    is_stale: bool
    """Whether its own period is over, and no later release is loaded."""


class Releases:
    """The releases of a store's tables.

    Args:
        store: where they are; it is asked once.
    """

    def __init__(self, store: Store) -> None:
        """Sort the releases of each table and setting by the day since when they are in force."""
        self.all = store.table_releases()
        self._of: dict[tuple[str, str], list[TableRelease]] = {}
        for release in self.all:
            self._of.setdefault((release.table, release.setting), []).append(release)
        for releases in self._of.values():
            releases.sort(key=lambda release: (release.effective, release.key))

    def settings(self, table: str) -> list[str]:
        """The settings that a table has releases for."""
        return sorted(setting for name, setting in self._of if name == table)

    def in_force(self, table: str, setting: str, day: str) -> Chosen | None:
        """The release in force on a day, `YYYY-MM-DD`; None where none was yet, or none is loaded.

        A release is in force from its effective date until the next loaded one; the last one stays.
        The first one tells of earlier days too where its rows have days of their own.
        """
        releases = self._of.get((table, setting), [])
        at = bisect_right(releases, day, key=lambda release: release.effective)
        if not at:
            return Chosen(releases[0], is_stale=False) if releases and releases[0].dated else None
        found = releases[at - 1]
        return Chosen(found, at == len(releases) and day > found.until)
