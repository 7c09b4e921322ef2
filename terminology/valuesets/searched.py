"""A value set narrowed to what a text finds in it."""

from collections.abc import Sequence

from terminology.valuesets.part import Part


def searched(parts: Sequence[Part], text: str) -> list[Part]:
    """The parts with what a text finds of each.

    Args:
        parts: of one value set.
        text: as a person types it.

    Returns:
        As many parts. Where a code system ranks what it finds, the first of its parts holds all of
        it, the best first, so that pages of the whole are pages of one ranking; the others are
        empty.
    """
    if not text.strip():
        return [_kept(part, text) for part in parts]
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.key, []).append(part)
    return [
        _ranked(part, found[part.key], text) if part.provider.ranks else _kept(part, text)
        for part in parts
    ]


def _kept(part: Part, text: str) -> Part:
    hits = part.provider.search(text)
    if part.ordinals == range(part.provider.size):
        return part._replace(ordinals=hits, nested=part.filtered)
    return part.only(hits)._replace(nested=part.filtered)


def _ranked(part: Part, same: Sequence[Part], text: str) -> Part:
    if part is not same[0]:
        return part._replace(ordinals=())
    hits = part.provider.search(text)
    if len(same) == 1 and part.ordinals == range(part.provider.size):
        return part._replace(ordinals=hits, nested=False)
    members = {ordinal for one in same for ordinal in one.ordinals}
    references = {o: reference for one in reversed(same) for o, reference in one.references.items()}
    return part._replace(ordinals=hits.among(members), references=references, nested=False)
