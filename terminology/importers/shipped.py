"""What ships, made ready for a store."""

from collections.abc import Iterator, Mapping

from terminology import content
from terminology.store.tables import TableLoad


def shipped_tables() -> Iterator[TableLoad]:
    """Each release of the shipped tables with its rows."""
    for head in content.table(content.RELEASES):
        rows = [
            row
            for row in content.table(head["table"])
            if row.get("setting", "") == head["setting"]
            and row.get("release", head["release"]) == head["release"]
        ]
        of_pairs = "column1" in rows[0]
        yield TableLoad(
            table=head["table"],
            setting=head["setting"],
            release=head["release"],
            title=head["title"],
            effective=head["effective"],
            until=head["until"],
            source=head["source"],
            whole=head["whole"] == "1",
            rows=() if of_pairs else rows,
            pairs=map(_pair, rows) if of_pairs else (),
        )


def _pair(row: Mapping[str, str]) -> Mapping[str, str]:
    return {name: value for name, value in row.items() if name != "setting"}
