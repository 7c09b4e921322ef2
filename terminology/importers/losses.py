"""What a release lacks that the one before had: a file that was cut short ends codes quietly."""

from collections.abc import Iterable, Iterator, Mapping

from terminology.store.catalogue import Release
from terminology.store.differences import Difference

SHARE = 0.2
"""A release that has lost more than this part of what was there is told of.

It may be the publisher's doing, or a file that was cut short, or one of several.
"""


def losses(
    previous: Release, found: Iterable[Difference], counts: Mapping[str, int]
) -> Iterator[str]:
    """Warn of what ended, or is not there any more, where that is a large part.

    Args:
        previous: what is compared with.
        found: the differences from it.
        counts: what the new release holds, as `Release.counts`.

    Returns:
        A sentence or two for each code system and table that lost so much; where none did, for each
        of what is counted: also rows that had ended before may be missing, or whole resources.
    """
    ended = [one for one in found if one.counts.get("ended", 0) > SHARE * one.before]
    for one in ended:
        number = one.counts["ended"]
        yield _warning(f"{number:,} of the {one.before:,} in {one.what}", "ended", previous)
    if not ended:
        for what, before in previous.counts.items():
            gone = before - counts.get(what, 0)
            if gone > SHARE * before:
                yield _warning(f"{gone:,} of the {before:,} {what}", "are missing", previous)


def _warning(what: str, happened: str, previous: Release) -> str:
    return (
        f"Warning: {what} of {previous.name} {happened}. If that is not what the publisher did, the"
        " files are not whole: put this release out of use, and load whole ones."
    )
