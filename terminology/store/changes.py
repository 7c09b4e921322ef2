"""What is active, changed: beside what is, instead of it, back to what was, and out for good."""

import math
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from terminology.errors import InvalidInput, StoreUnavailable
from terminology.store.catalogue import (
    NOTHING,
    SHIPPED,
    Activation,
    Catalogue,
    Release,
    with_active,
)
from terminology.store.repository import GRACE, USUAL, Repository


class Changed(NamedTuple):
    """An activation, with what it brought and what it took away."""

    number: int
    brought: tuple[Release, ...]
    taken: tuple[Release, ...]


def activate(repository: Repository, names: Sequence[str], by: str) -> Changed:
    """Make releases active beside those that are; each takes the place of another of its slot.

    Raises:
        NotFound: there is no such release.
        InvalidInput: two of them are of one slot.
    """
    with repository.changing() as catalogue:
        chosen = [catalogue.find(name) for name in dict.fromkeys(names)]
        slots = [release.slot for release in chosen]
        for release in chosen:
            if slots.count(release.slot) > 1:
                raise InvalidInput(
                    f"{release.name} and another of the releases are loads of the same,"
                    f" {release.slot}: one of them is active at a time. Name one."
                )
        current = catalogue.activation()
        keys = with_active(current.releases, chosen, catalogue.releases())
        return _change(catalogue, current, keys, by, f"activate {' '.join(names)}")


def deactivate(repository: Repository, names: Sequence[str], by: str) -> Changed:
    """Take releases out of what is active; they stay and can be activated again.

    Raises:
        NotFound: there is no such release.
    """
    with repository.changing() as catalogue:
        current = catalogue.activation()
        keys = current.releases - {catalogue.find(name).key for name in names}
        return _change(catalogue, current, keys, by, f"deactivate {' '.join(names)}")


def rollback(repository: Repository, by: str, to: int | None = None) -> Changed:
    """Make active again what was before the last change, or at a number of the history.

    Args:
        repository: where.
        by: the user and the machine.
        to: the number of an activation; 0 is the time before the first one.

    Raises:
        NotFound: there is no such activation.
        InvalidInput: nothing was changed yet, or a release that was active then is dropped.
    """
    with repository.changing() as catalogue:
        current = catalogue.activation()
        wanted = _before(catalogue, current) if to is None else catalogue.activation(to)
        there = {release.key for release in catalogue.releases()}
        if wanted.releases - there:
            raise InvalidInput(_dropped(catalogue, wanted, current, there))
        return _change(catalogue, current, wanted.releases, by, f"rollback to {wanted.key}")


def drop(
    repository: Repository,
    name: str,
    by: str,
    waiting: Callable[[float], None] = time.sleep,
    longest: float = USUAL,
) -> Changed:
    """Take a release out for good, with all its rows.

    One that is active, or was until a moment ago, is waited for: requests that began before may
    still read it. Nothing is changed before it is this one's turn to write.

    Args:
        repository: where.
        name: of the release.
        by: the user and the machine.
        waiting: waits so many seconds.
        longest: so many seconds a request may take.

    Raises:
        NotFound: there is no such release.
        StoreUnavailable: another process is writing, and nothing was changed; or the store can't
            be written any more when the release is out of use already, and the message says so.
    """
    release = repository.reading().find(name)
    changed: Changed | None = None
    try:
        with repository.removing(release):
            changed = deactivate(repository, [name], by)
            left = _grace(longest) - _since(repository.reading(), release)
            if left > 0:
                waiting(left)
    except StoreUnavailable as error:
        if changed is None or not changed.taken:
            raise
        raise StoreUnavailable(
            f"{name} is not active any more, and could not be removed: {error.message}"
            f" Then drop it again, or make it active: proterm activate {name}"
        ) from error
    return changed


def _grace(longest: float) -> float:
    """How many seconds rows may still be read, where a request may take so many."""
    return GRACE + max(0.0, longest - USUAL)


def _change(
    catalogue: Catalogue, current: Activation, keys: frozenset[int], by: str, why: str
) -> Changed:
    number = catalogue.activate(keys, _now(), by, why)
    by_key = {release.key: release for release in catalogue.releases()}
    brought = (by_key[key] for key in sorted(keys - current.releases))
    taken = (by_key[key] for key in sorted(current.releases - keys) if key in by_key)
    return Changed(number, tuple(brought), tuple(taken))


def _before(catalogue: Catalogue, current: Activation) -> Activation:
    """The last activation that had other releases active."""
    for activation in (*catalogue.history(current.key), NOTHING):
        if activation.releases != current.releases:
            return activation
    raise InvalidInput("Nothing was activated yet: there is nothing to go back to.")


def _dropped(catalogue: Catalogue, wanted: Activation, current: Activation, there: set[int]) -> str:
    """Why there is no way back to an activation, and what there is in place of it."""
    possible = next(
        past
        for past in (*catalogue.history(current.key), NOTHING)
        if past.key < wanted.key
        and past.releases <= there
        and (past.key == 0 or past.releases != current.releases)
    )
    return (
        f"A release that was active at {wanted.key} of the history has been dropped since. There is"
        " no way back to that number any more: its files, loaded again, are a new release, which"
        " `proterm load` makes active. Load them, or go back further: `proterm rollback --to"
        f" {possible.key}` is the next number that differs from today and has all its releases."
        " `proterm releases --history` lists what was active when."
    )


def _since(catalogue: Catalogue, release: Release) -> float:
    """How many seconds ago a release was active last; endless where it never was."""
    ended = None
    for activation in catalogue.history(1_000):
        if release.key in activation.releases:
            break
        ended = activation.at
    else:
        return math.inf
    if not ended:
        return 0.0
    return (datetime.now(UTC) - datetime.fromisoformat(ended)).total_seconds()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def listed(catalogue: Catalogue) -> list[Release]:
    """The releases that were loaded; what ships is none of them."""
    return [release for release in catalogue.releases() if release.kind != SHIPPED]
