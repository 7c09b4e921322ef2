"""A release in words and as JSON, for the commands that speak of one."""

import getpass
import platform
from collections.abc import Iterator
from typing import TYPE_CHECKING

from service.cli.layout import paragraph

if TYPE_CHECKING:
    from terminology.model import Json
    from terminology.store.catalogue import Release
    from terminology.store.changes import Changed

_NOTICE_SHOWN = 1_500
"""So many letters of a notice are shown; `proterm releases --json` has the whole of it."""


def who() -> str:
    """The user and the machine, as a release remembers them."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in many containers
        user = "unknown"
    return f"{user}@{platform.node()}"


def release_json(release: "Release", *, active: bool) -> "Json":
    """A release for machines."""
    import msgspec

    return {
        "name": release.name,
        "kind": release.kind,
        "version": release.version,
        "title": release.title,
        "effective": release.effective,
        "active": active,
        "loadedAt": release.loaded_at,
        "loadedBy": release.loaded_by,
        "counts": release.counts,
        "skipped": release.problems,
        "remarks": release.remarks,
        "comparedWith": release.compared,
        "changes": release.changes,
        "notice": release.notice,
        "files": msgspec.to_builtins(release.files),
        "fingerprint": release.fingerprint,
    }


def changed_json(changed: "Changed") -> "Json":
    """A change of what is active, for machines."""
    return {
        "activation": changed.number,
        "activated": [release.name for release in changed.brought],
        "deactivated": [release.name for release in changed.taken],
    }


def notice_lines(notice: str) -> Iterator[str]:
    """The notice of the files, its paragraphs wrapped."""
    shown = notice[:_NOTICE_SHOWN] + (" ..." if len(notice) > _NOTICE_SHOWN else "")
    for part in shown.split("\n\n"):
        if part.strip():
            yield paragraph(" ".join(part.split()), "    ")
