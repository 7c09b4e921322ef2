"""Text for a terminal: columns that line up, lines that end at its edge."""

import os
import shutil
import textwrap
from collections.abc import Iterable, Sequence

import click

_WIDEST = 100
_NARROWEST = 60
_GAP = "  "


def width() -> int:
    """How wide the text may be: as the terminal, within what can be read well."""
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns))


def colored() -> bool | None:
    """Whether to send colors, for `click.Context.color`: None leaves it to where the text goes.

    https://no-color.org.
    """
    return False if os.environ.get("NO_COLOR") else None


def heading(text: str) -> str:
    """A line that begins a part."""
    return click.style(text, bold=True)


def paragraph(text: str, indent: str = "") -> str:
    """Text wrapped at the edge."""
    return textwrap.fill(
        text, width(), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def columns(rows: Iterable[Sequence[str]], indent: str = _GAP) -> str:
    """Rows with their cells under one another; the last cell of a row is wrapped.

    Args:
        rows: each as many cells as the others; a line break in the last cell is kept.
        indent: what stands before the first column.
    """
    table = [list(row) for row in rows]
    sizes = [max(map(len, column)) for column in zip(*(row[:-1] for row in table), strict=True)]
    lines: list[str] = []
    for *cells, last in table:
        padded = (cell.ljust(size) for cell, size in zip(cells, sizes, strict=True))
        lead = indent + "".join(cell + _GAP for cell in padded)
        rest = " " * len(lead)
        wrapped = [line for part in last.split("\n") for line in _wrap(part, width() - len(lead))]
        lines += [(rest if i else lead) + line for i, line in enumerate(wrapped)]
    return "\n".join(line.rstrip() for line in lines)


def _wrap(text: str, size: int) -> list[str]:
    # An address or a canonical stays whole, so that it can be copied.
    return textwrap.wrap(text, max(size, 20), break_long_words=False, break_on_hyphens=False) or [
        ""
    ]
