"""What ships, made ready for a store."""

from collections.abc import Iterator

from terminology import content
from terminology.store.base import CodePair
from terminology.store.contents import TableLoad


def shipped_tables() -> Iterator[TableLoad]:
    """Each release of the shipped tables with its rows."""
    for head in content.releases():
        of_pairs = head["table"] in content.PAIRS
        yield TableLoad(
            table=head["table"],
            setting=head["setting"],
            release=head["release"],
            title=head["title"],
            effective=head["effective"],
            until=head["until"],
            source=head["source"],
            whole=head["whole"] == "1",
            complete_for=tuple(head["complete_for"].split()),
            rows=() if of_pairs else content.rows(head),
            pairs=sorted(map(_pair, content.rows(head))) if of_pairs else (),
        )


def _pair(row: dict[str, str]) -> CodePair:
    return CodePair(**{name: row[name] for name in CodePair._fields})
