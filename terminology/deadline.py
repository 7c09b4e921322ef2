"""The time that one request may work: what still runs after it ends with a sentence.

Whoever loops over concepts, rows or expressions calls `check` now and then.
"""

import time
from contextvars import ContextVar

from terminology.errors import TooCostly

_END: ContextVar[float | None] = ContextVar("end", default=None)


class TookTooLong(TooCostly):
    """The request worked for longer than it may."""


def start(milliseconds: int) -> None:
    """Let the work of this thread end after so many milliseconds."""
    _END.set(time.monotonic() + milliseconds / 1000)


def stop() -> None:
    """Let the work of this thread go on without end."""
    _END.set(None)


def is_over() -> bool:
    """Whether the time is over; never where none was set."""
    end = _END.get()
    return end is not None and time.monotonic() > end


def check() -> None:
    """Go on, or stop.

    Raises:
        TookTooLong: the time is over.
    """
    if is_over():
        raise TookTooLong(
            "The request took longer than one may and was stopped. Ask for less: a page by count,"
            " a narrower filter, fewer codes."
        )
