"""What is told while the tests run: one line that rewrites itself, or plain lines."""

import shutil
from collections import Counter
from collections.abc import Sequence
from typing import TextIO

from conformance.runner.running import Result, Status
from conformance.runner.suite import Case


class Progress:
    """Tells of results as they come.

    On a terminal it is one line that rewrites itself. Elsewhere it is a line for each test that
    fails and for each suite that is through, so that a log stays readable.

    Args:
        stream: where to; standard error.
        cases: all that will be told of.
    """

    def __init__(self, stream: TextIO, cases: Sequence[Case]) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._left = Counter(case.suite for case in cases)
        self._all = len(cases)
        self._done = 0
        self._failed: Counter[str] = Counter()

    def __call__(self, result: Result) -> None:
        """Take in a result."""
        suite = result.case.suite
        self._done += 1
        self._left[suite] -= 1
        self._failed[suite] += result.status is Status.FAILED
        if self._live:
            self._rewrite(result)
        else:
            self._write(result)

    def close(self) -> None:
        """Take the line that rewrites itself away."""
        if self._live:
            self._put("\r\x1b[K")

    def _rewrite(self, result: Result) -> None:
        failed = self._failed.total()
        words = f"{self._done}/{self._all}  {failed} failed  {result.case.key}"
        width = shutil.get_terminal_size().columns - 1
        self._put(f"\r\x1b[K{words[:width]}")

    def _write(self, result: Result) -> None:
        suite = result.case.suite
        if result.status is Status.FAILED:
            self._put(f"failed: {result.case.key}\n")
        if not self._left[suite]:
            failed = self._failed[suite]
            words = f"{failed} failed" if failed else "nothing failed"
            self._put(f"{self._done}/{self._all}  {suite} is through, {words}\n")

    def _put(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
