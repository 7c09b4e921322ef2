"""Where releases are kept: what ships, what was loaded, and which of it is active.

A reader opens a view, all that is active at a moment as one store; it stays as it is, whatever
happens to the releases. A writer makes a release in a session, whole or not at all.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from terminology.store.base import Store
from terminology.store.catalogue import Catalogue, Release
from terminology.store.contents import Contents

GRACE = 10.0
"""So many seconds after a release was active last its rows may still be read: longer than a worker
takes to notice an activation, and a request of `USUAL` seconds to end."""
USUAL = 5.0
"""So many seconds a request may take by default."""


class Shipped(NamedTuple):
    """What ships with this version of Proterm."""

    release: str
    """Its fingerprint."""
    contents: Callable[[], Contents]


class View(NamedTuple):
    """All that is active, as one store."""

    number: int
    """The activation that it is of."""
    store: Store


class Session(Protocol):
    """The writing of one release. Nothing of it is seen before it is committed."""

    @property
    def key(self) -> int:
        """The number that the release will have."""

    def write(self, contents: Contents) -> Store:
        """Write all of the release, once.

        Returns:
            What was written, to be read until the session ends.

        Raises:
            InvalidInput: something in it is there twice, or has no name.
            StoreUnavailable: the store can't be written.
        """

    def part(self, release: Release) -> Store:
        """One of the releases that are there, to compare with."""

    def commit(self, release: Release, *, activate: bool) -> Release:
        """Make it a release, and an active one if that is wanted.

        Args:
            release: what is to be known of it; its key is the session's.
            activate: whether it takes its slot at once.

        Returns:
            It under the name that it got.
        """


class Repository(Protocol):
    """The releases of one installation; one for each process, used from any thread."""

    def open(self) -> View:
        """All that is active now.

        Raises:
            StoreUnavailable: it can't be read, or is of another version of Proterm.
        """

    def number(self) -> int:
        """The number of the current activation.

        Raises:
            StoreUnavailable: it can't be read now.
        """

    def reading(self) -> Catalogue:
        """The catalogue, to be read."""

    def changing(self) -> AbstractContextManager[Catalogue]:
        """The catalogue, to be changed in one transaction, which ends with the block."""

    def part(self, release: Release) -> Store:
        """A release alone."""

    def writing(self) -> AbstractContextManager[Session]:
        """A session to write a release in; what is not committed in the block is gone after it.

        Raises:
            StoreUnavailable: another process is writing, or the store can't be written.
        """

    def removing(self, release: Release) -> AbstractContextManager[None]:
        """The turn of one who removes a release; nobody else writes while it lasts.

        When the block has ended well, the release is taken out with all its rows. After an error it
        is left as it is.

        Raises:
            StoreUnavailable: another process is writing, or the store can't be written.
            InvalidInput: the release is active when the block has ended.
        """

    def close(self) -> None:
        """Close this thread's connections."""
