"""The sources that statements name, with the titles that people know them by."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from terminology.store.base import Store


class Source(NamedTuple):
    """Where a statement comes from."""

    title: str
    reference: str | None
    """`DocumentReference/[id]`, which this service can be asked for."""


def sources(store: Store, references: Iterable[str | None]) -> dict[str, Source]:
    """Each source by what the statements call it.

    Args:
        store: where the DocumentReferences are.
        references: relative references, or canonicals of the supplement that made a statement
            and named no document; None and repetitions are passed over.
    """
    return {name: _source(store, name) for name in dict.fromkeys(references) if name}


def _source(store: Store, name: str) -> Source:
    kind, _, id_ = name.partition("/")
    body = store.resource(kind, id_) if kind == "DocumentReference" else None
    if body is None:
        return Source(name, None)
    resource = msgspec.json.decode(body)
    titles = (content.get("attachment", {}).get("title") for content in resource["content"])
    return Source(next((title for title in titles if title), name), name)
