"""Which of a source's files to read, where one thing lies there twice."""

from collections.abc import Sequence

from terminology.importers.entry import Entry
from terminology.importers.grids import WORKBOOKS


def stem(entry: Entry) -> str:
    """A file's path without its suffix, in lower case: a table and its twin share it."""
    return entry.name.lower().rpartition(".")[0]


def without_twins(entries: Sequence[Entry]) -> list[Entry]:
    """The files, without the workbooks that lie beside a text file of the same name."""
    texts = {_last(entry) for entry in entries if not _is_workbook(entry)}
    return [e for e in entries if not _is_workbook(e) or _last(e) not in texts]


def _is_workbook(entry: Entry) -> bool:
    return entry.base.lower().endswith(WORKBOOKS)


def _last(entry: Entry) -> str:
    return stem(entry).rpartition("/")[2]
