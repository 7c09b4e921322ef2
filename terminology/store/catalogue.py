"""Which releases there are and which of them are active: the same statements for every database.

What is active is never changed in place: each change is a new activation, a row that names all that
is active from then on. A reader that has read its number has read them all.
"""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from terminology.errors import InvalidInput, NotFound
from terminology.model import Json

_NAMED = 10
"""So many releases are named to whoever names one that there is not."""
Execute = Callable[[str, Sequence[Any]], list[Any]]
"""Runs a statement with `?` placeholders and gives its rows, an empty list where it has none."""


class LoadedFile(msgspec.Struct, frozen=True):
    """A file that a release was read from."""

    name: str
    size: int
    sha256: str


class Release(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A load, which is a release.

    Attributes:
        key: the store's number of it.
        name: how people name it, `cpt-2026`; another load of the same has a number behind it.
        slot: the name without that number: of one slot one release is active.
        kind: of file that was loaded, `cpt`; `shipped` for what ships.
        version: the publisher's.
        title: its name for people.
        effective: the first day that it is in force, where that is known.
        fingerprint: a hash of all that went in.
        notice: the copyright notice that stood in the files.
        files: what was read.
        loaded_at: the moment, in UTC.
        loaded_by: the user and the machine.
        counts: how many of what was loaded, in the words of the report.
        problems: how many rows could not be read.
        remarks: what else was to say of it, a sentence each.
        compared: the name of the release that it was compared with, where there was one.
        changes: what changed against it: `what` is compared, and `counts` by kind of change.
    """

    key: int = 0
    name: str
    slot: str
    kind: str
    version: str
    title: str
    effective: str | None = None
    fingerprint: str
    notice: str = ""
    files: list[LoadedFile] = []
    loaded_at: str
    loaded_by: str
    counts: dict[str, int] = {}
    problems: int = 0
    remarks: list[str] = []
    compared: str | None = None
    changes: list[Json] = []


class Activation(msgspec.Struct, frozen=True):
    """All that is active from a moment on; number 0 is the time before the first one."""

    key: int
    at: str
    by: str
    why: str
    releases: frozenset[int] = frozenset()


NOTHING = Activation(0, "", "", "")
"""The time before the first one."""
_decode = msgspec.json.Decoder(Release).decode
_encode = msgspec.json.Encoder().encode


class Catalogue:
    """The releases of a store.

    Args:
        execute: the database's way to run a statement. Several statements that belong together
            run in a transaction of the caller's.
    """

    def __init__(self, execute: Execute) -> None:
        """Keep the way to the database."""
        self._execute = execute

    def number(self) -> int:
        """The number of the current activation."""
        rows = self._execute("SELECT max(key) FROM activation", ())
        return int(rows[0][0] or 0) if rows else 0

    def activation(self, number: int | None = None) -> Activation:
        """An activation, the current one where none is named.

        Raises:
            NotFound: there is none of that number.
        """
        if number is None:
            return next(iter(self.history(1)), NOTHING)
        if number == 0:
            return NOTHING
        for found in self._activations("a.key = ?", number):
            return found
        raise NotFound(f"There is no activation {number}.")

    def history(self, count: int) -> list[Activation]:
        """The last activations, the current one first."""
        return self._activations("a.key > (SELECT max(key) FROM activation) - ?", count)

    def _activations(self, where: str, value: int) -> list[Activation]:
        # One statement: what it finds is of one moment, whichever host it is that answers.
        sql = (
            'SELECT a.key, a.at, a."by", a.why, x.release FROM activation a'  # noqa: S608
            f" LEFT JOIN active x ON x.activation = a.key WHERE {where} ORDER BY a.key DESC"
        )
        rows = self._execute(sql, (value,))
        return [
            Activation(key, at, by, why, frozenset(row[4] for row in of if row[4] is not None))
            for (key, at, by, why), of in groupby(rows, key=itemgetter(0, 1, 2, 3))
        ]

    def releases(self) -> list[Release]:
        """Every release, in the order of their loading."""
        rows = self._execute("SELECT about FROM release ORDER BY key", ())
        return [_decode(row[0]) for row in rows]

    def find(self, name: str) -> Release:
        """The release of a name.

        Raises:
            NotFound: there is none; the message names those that there are, of many the nearest.
        """
        known = [release for release in self.releases() if release.kind != SHIPPED]
        for release in known:
            if release.name == name:
                return release
        raise NotFound(f"There is no release '{name}'. {_instead(name, [r.name for r in known])}")

    def next_key(self) -> int:
        """A number that no release has, nor had while it was active."""
        sql = "SELECT max(key) FROM release UNION ALL SELECT max(release) FROM active"
        return max((int(row[0] or 0) for row in self._execute(sql, ())), default=0) + 1

    def add(self, release: Release) -> Release:
        """Add a release.

        Returns:
            It under the name that it got: another load of the same has a number behind it.
        """
        names = {known.name for known in self.releases()}
        name, number = release.slot, 1
        while name in names:
            number += 1
            name = f"{release.slot}.{number}"
        named = msgspec.structs.replace(release, name=name)
        sql = "INSERT INTO release (key, name, about) VALUES (?, ?, ?)"
        self._execute(sql, (named.key, name, _encode(named)))
        return named

    def remove(self, key: int) -> None:
        """Take a release out; past activations still name its number.

        Raises:
            InvalidInput: it is active.
        """
        if key in self.activation().releases:
            raise InvalidInput("A release that is active can't be removed.")
        self._execute("DELETE FROM release WHERE key = ?", (key,))

    def activate(
        self, keys: frozenset[int], at: str, by: str, why: str, *, always: bool = False
    ) -> int:
        """Make these releases the active ones, and no others.

        Args:
            keys: of the releases.
            at: the moment, in UTC.
            by: the user and the machine.
            why: the command.
            always: whether it is an activation also where they are active already.

        Returns:
            The number of the activation; that of the current one where they are active already.
        """
        current = self.activation()
        if keys == current.releases and not always:
            return current.key
        key = current.key + 1
        sql = 'INSERT INTO activation (key, at, "by", why) VALUES (?, ?, ?, ?)'
        self._execute(sql, (key, at, by, why))
        for release in sorted(keys):
            sql = "INSERT INTO active (activation, release) VALUES (?, ?)"
            self._execute(sql, (key, release))
        return key


def _instead(name: str, names: Sequence[str]) -> str:
    """What there is in place of a name, as a sentence or two."""
    if len(names) <= _NAMED:
        return f"There are: {', '.join(names) or 'none; `proterm load` makes them'}."
    near = get_close_matches(name, names, n=3)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{meant}There are {len(names):,}: `proterm releases` lists them."


SHIPPED = "shipped"
"""The kind of what ships with a version of Proterm; each version reads its own."""


def with_active(
    active: frozenset[int], chosen: Sequence[Release], releases: Sequence[Release]
) -> frozenset[int]:
    """What is active when releases are activated beside what is: they take their slots."""
    slots = {release.slot for release in chosen}
    replaced = {release.key for release in releases if release.slot in slots}
    return active - replaced | {release.key for release in chosen}
