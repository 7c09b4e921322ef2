"""How far a load is: a bar in a terminal, a line now and then elsewhere."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import click

from terminology.importers.delivery import Delivery
from terminology.importers.source import Source

_LOOK_EVERY = 0.2
_LINE_EVERY = 10.0
_STILL = 1.0
"""Nothing was read for so many seconds: all of it has been, or what was is put in order."""
_WIDTH = 30
_CLEAR = "\r\x1b[K"


class Seen(NamedTuple):
    """What there is to see of a load at a moment."""

    at: float
    passed: int
    """Bytes read of the source, those of a file that is read twice both times."""
    rows: int


class Reading:
    """The reading of a delivery's rows, by what is seen of it now and then.

    Args:
        total: bytes of the delivery.
        first: what was seen when it began.
    """

    def __init__(self, total: int, first: Seen) -> None:
        """Begin."""
        self._total = total
        self._first = self._moved = self._last = first

    def see(self, seen: Seen) -> None:
        """Take note of what is to be seen now."""
        if seen.passed != self._last.passed:
            self._moved = seen
        if seen.rows == self._first.rows:
            # The files may be gone over once before there are rows: that is not what takes long.
            self._first = seen
        self._last = seen

    @property
    def done(self) -> float:
        """The part of the delivery that was read; 0 where that is not to be seen."""
        if not self._total:
            return 0.0
        done = min((self._last.passed - self._first.passed) / self._total, 1.0)
        is_still = self._last.at - self._moved.at > _STILL
        return 1.0 if is_still and done > 1 / 2 else done

    def told(self) -> str:
        """How far it is in words: rows, their rate, the part that is read and the time left."""
        first, last, done = self._first, self._last, self.done
        seconds = last.at - first.at
        if last.rows == first.rows:
            return "checking"
        if done >= 1:
            return f"{last.rows:,} rows read; finishing"
        text = f"{last.rows:,} rows, {(last.rows - first.rows) / seconds:,.0f} a second"
        if done <= 0:
            return text
        minutes, rest = divmod(round(seconds / done - seconds), 60)
        left = f"{minutes} min {rest} s" if minutes else f"{rest} s"
        return f"{text}, {done:.0%}, about {left} left"


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
        self._has_bar = sys.stderr.isatty()
        self._loading: tuple[Delivery, Reading] | None = None

    def opened(self, source: Source) -> None:
        """Follow a source whose files are about to be looked at."""
        self._say(f"Reading {source.path}")
        self._source = source
        if not self._quiet:
            self._thread = threading.Thread(target=self._follow, daemon=True, name="progress")
            self._thread.start()

    def started(self, delivery: Delivery) -> None:
        """Follow a delivery whose rows are about to be read."""
        self._say(f"Loading {delivery.title}")
        total = sum(file.size for file in delivery.files)
        self._loading = delivery, Reading(total, self._seen(delivery))

    def end(self) -> None:
        """Stop, and leave the line to others."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _follow(self) -> None:
        said = time.monotonic()
        while not self._ended.wait(_LOOK_EVERY):
            text, done = self._look()
            if self._has_bar:
                filled = int(done * _WIDTH)
                bar = f"[{'#' * filled}{'-' * (_WIDTH - filled)}] " if done else ""
                click.echo(f"{_CLEAR}{bar}{text}", nl=False, err=True)
            elif time.monotonic() - said >= _LINE_EVERY:
                click.echo(text, err=True)
                said = time.monotonic()
        if self._has_bar:
            click.echo(_CLEAR, nl=False, err=True)

    def _look(self) -> tuple[str, float]:
        if self._loading is None:
            return f"{self._source.passed / 1e6:,.0f} MB looked at", 0.0
        delivery, reading = self._loading
        reading.see(self._seen(delivery))
        return reading.told(), reading.done

    def _seen(self, delivery: Delivery) -> Seen:
        return Seen(time.monotonic(), self._source.passed, delivery.tally.rows)

    def _say(self, line: str) -> None:
        if not self._quiet:
            click.echo(f"{_CLEAR if self._has_bar else ''}{line}", err=True)


@contextmanager
def followed(*, quiet: bool) -> Iterator[Progress]:
    """Progress for the block, which ends with it.

    Args:
        quiet: whether nothing is to be printed.
    """
    progress = Progress(quiet=quiet)
    try:
        yield progress
    finally:
        progress.end()
