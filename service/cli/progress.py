"""How far a load is: a bar in a terminal, a line now and then elsewhere."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from terminology.importers.delivery import Delivery
from terminology.importers.source import Source

_LINES_EVERY = 10.0
_BAR_EVERY = 0.2
_WIDTH = 30


class Progress:
    """Follows a load from beside it, in a thread that only looks.

    Args:
        quiet: whether nothing is to be printed.
    """

    def __init__(self, *, quiet: bool) -> None:
        """Wait for the load to start."""
        self._quiet = quiet
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._bar = sys.stderr.isatty()

    def started(self, delivery: Delivery, source: Source) -> None:
        """Follow a delivery whose files are about to be read."""
        if self._quiet:
            return
        click.echo(f"Loading {delivery.title} from {source.path}", err=True)
        self._thread = threading.Thread(
            target=self._follow, args=(delivery, source), daemon=True, name="progress"
        )
        self._thread.start()

    def end(self) -> None:
        """Stop, and leave the line to others."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _follow(self, delivery: Delivery, source: Source) -> None:
        total = sum(file.size for file in delivery.files)
        start, first = time.monotonic(), source.passed
        every = _BAR_EVERY if self._bar else _LINES_EVERY
        while not self._ended.wait(every):
            done = min((source.passed - first) / total, 1.0) if total else 0.0
            text = told(delivery.tally.rows, done, time.monotonic() - start)
            if self._bar:
                filled = int(done * _WIDTH)
                bar = f"\r[{'#' * filled}{'-' * (_WIDTH - filled)}] {text}\x1b[K"
                click.echo(bar, nl=False, err=True)
            else:
                click.echo(text, err=True)
        if self._bar:
            click.echo("\r\x1b[K", nl=False, err=True)


def told(rows: int, done: float, seconds: float) -> str:
    """How far it is in words: rows, their rate, the part that is read and the time left."""
    rate = int(rows / seconds) if seconds > 0 else 0
    text = f"{rows:,} rows, {rate:,} a second"
    if done >= 1:
        # The files are read, and what was read of them is being put in order.
        return f"{text}, read; finishing"
    if done > 0:
        left = seconds / done - seconds
        minutes, rest = divmod(round(left), 60)
        text += f", {done:.0%}, about {f'{minutes} min ' if minutes else ''}{rest} s left"
    return text


@contextmanager
def followed(*, quiet: bool) -> Iterator[Progress]:
    """Progress for the block, which ends with it."""
    progress = Progress(quiet=quiet)
    try:
        yield progress
    finally:
        progress.end()
