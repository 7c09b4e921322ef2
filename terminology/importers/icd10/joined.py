"""ICD-10-CM of both of its files: codes of the order file in the tabular list's hierarchy."""

from collections.abc import Iterator

from msgspec import Struct

from terminology.importers.delivery import Placed
from terminology.importers.entry import Entry
from terminology.importers.icd10.concepts import concept_of, dotted
from terminology.importers.icd10.order import CM, Row, read_rows
from terminology.importers.icd10.tabular import Node, concept_of_node, read_nodes
from terminology.importers.problems import Tally
from terminology.model import Property


class _Outline(Struct):
    """What the tabular list adds.

    Attributes:
        groups: chapters and sections by their codes, in order.
        parents: of each code in the list.
        notes: to the codes that have any.
    """

    groups: dict[str, Node]
    parents: dict[str, str]
    notes: dict[str, list[Property]]


def joined(order: Entry, listed: Entry, tally: Tally) -> Iterator[Placed]:
    """The concepts of both files, in the order of the order file.

    A code that the order file alone has goes below the longest code that it begins with: that is
    where the list puts codes with a seventh character, which it does not write out.
    """
    outline = _outline(listed, tally)
    numbers: dict[str, int] = {}
    count = 0
    for row in read_rows(order, CM, tally):
        parent = outline.parents.pop(row.code, None)
        for group in _unplaced(parent, outline, numbers):
            yield _placed(group, numbers)
            numbers[group.code] = count
            count += 1
        above = _above(row, parent, numbers)
        if above is None:
            tally.bad(order.label, 0, f"{row.code} is not in the tabular list, nor a code above it")
        notes = outline.notes.pop(row.code, None)
        concept = concept_of(dotted(row.code), row.long, row.short, notes, valid=row.valid)
        yield Placed(concept, () if above is None else (above,))
        if not row.valid:
            numbers[row.code] = count
        count += 1
    for code in outline.parents:
        tally.bad(listed.label, 0, f"{code} is in the tabular list and not in the order file")
    tally.finish()


def _outline(entry: Entry, tally: Tally) -> _Outline:
    outline = _Outline({}, {}, {})
    for node in read_nodes(entry, tally):
        if node.kind:
            outline.groups[node.code] = node
            continue
        outline.parents[node.code] = node.parent or ""
        if node.notes:
            outline.notes[node.code] = node.notes
    return outline


def _unplaced(parent: str | None, outline: _Outline, numbers: dict[str, int]) -> list[Node]:
    """The groups above a code that have not come yet, the outermost first."""
    found: list[Node] = []
    while parent is not None and parent not in numbers and parent in outline.groups:
        found.append(outline.groups[parent])
        parent = found[-1].parent
    return found[::-1]


def _placed(group: Node, numbers: dict[str, int]) -> Placed:
    parents = (numbers[group.parent],) if group.parent in numbers else ()
    return Placed(concept_of_node(group), parents)


def _above(row: Row, parent: str | None, numbers: dict[str, int]) -> int | None:
    found = numbers.get(parent) if parent else None
    for length in range(len(row.code) - 1, 2, -1):
        if found is not None:
            break
        found = numbers.get(row.code[:length])
    return found
