"""Sources that are closed when the test is over."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from terminology.importers.entry import Entry
from terminology.importers.source import Source, open_source
from tests.terminology.importers.packing import write

OpenSource = Callable[[Path], Source]
OnlyEntry = Callable[[Path], Entry]


@pytest.fixture
def opened() -> Iterator[OpenSource]:
    """A function that opens a source."""
    with ExitStack() as stack:
        yield lambda path: stack.enter_context(open_source(path))


@pytest.fixture
def only(opened: OpenSource) -> OnlyEntry:
    """A function that gives the only file of a source."""

    def entry_of(path: Path) -> Entry:
        (entry,) = opened(path).entries()
        return entry

    return entry_of


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """A function that writes a file into a folder of its own; text is UTF-8."""

    def write_file(name: str, content: str | bytes) -> Path:
        return write(
            tmp_path / "delivery", name, content.encode() if isinstance(content, str) else content
        )

    return write_file
