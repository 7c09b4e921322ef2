"""What is wrong with files: rows that can't be read are counted, anything worse is an error.

InvalidInput
├── UnreadableSource        the file is not what it should be, or not safe to read
├── TooManyProblems         more rows can't be read than the load allows
└── LicenseNotAccepted      the file may be loaded by license holders alone
"""

from typing import NamedTuple

from msgspec import Struct

from terminology.errors import InvalidInput

KEPT = 100
"""How many problems are kept word for word; all are counted."""
_TOLD = 5


class UnreadableSource(InvalidInput):
    """The file is damaged, not of the format that was named, or not safe to read."""

    issue_code = "structure"


def hollow(what: str) -> UnreadableSource:
    """The error for a file with a header and nothing below it."""
    return UnreadableSource(
        f"{what} holds no rows: it was cut short, or it is not the file that was meant. Fetch it"
        " again, and compare its size with the publisher's."
    )


class LicenseNotAccepted(InvalidInput):
    """The file may be loaded by license holders alone, and nobody said that they are one."""

    issue_code = "forbidden"


class Problem(NamedTuple):
    """A row that can't be read.

    `file` is its path inside the source, `line` counts from 1 and is 0 for the file as a whole.
    """

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        """Write it as compilers do, `LONGULT.txt:31: the code ...`."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.reason}"


class TooManyProblems(InvalidInput):
    """More rows can't be read than the load allows: then something else is wrong."""


class Threshold(Struct, frozen=True):
    """How many rows may be bad.

    Attributes:
        number: the load stops at once above so many.
        share: and at the end of what is read above this part of the rows.
    """

    number: int = 100
    share: float = 0.01


class Tally:
    """The count of rows read and of those that were bad, over all files of a load.

    Attributes:
        rows: rows read so far, the bad ones among them.
        count: bad rows so far.
        problems: the first `KEPT` of them.
        remarks: what else people should know of the load, a sentence each.
    """

    def __init__(self, threshold: Threshold | None = None) -> None:
        """Start at nothing; the default threshold is that of `Threshold`."""
        self.threshold = Threshold() if threshold is None else threshold
        self.rows = 0
        self.count = 0
        self.problems: list[Problem] = []
        self.remarks: list[str] = []

    def bad(self, file: str, line: int, reason: str) -> None:
        """Count a row that can't be read.

        Raises:
            TooManyProblems: they are more than the threshold's number.
        """
        self.count += 1
        if len(self.problems) < KEPT:
            self.problems.append(Problem(file, line, reason))
        if self.count > self.threshold.number:
            raise self._too_many(f"more than the {self.threshold.number} that are allowed")

    def remark(self, sentence: str) -> None:
        """Say something of the load as a whole, once."""
        if sentence not in self.remarks:
            self.remarks.append(sentence)

    def finish(self) -> None:
        """Look at what was read, when it has been read to its end.

        Raises:
            UnreadableSource: there was no row at all.
            TooManyProblems: the bad rows are a larger part of all than the threshold's share, or
                there is no other.
        """
        if not self.rows:
            raise hollow("What was named")
        if self.count > self.threshold.share * self.rows:
            allowed = f"{self.threshold.share:.2%}".replace(".00", "")
            raise self._too_many(f"of {self.rows}, more than the {allowed} that are allowed")
        if self.count >= self.rows:
            raise self._too_many("which are all that there are")

    def _too_many(self, why: str) -> TooManyProblems:
        told = "; ".join(str(problem) for problem in self.problems[:_TOLD])
        more = "; ..." if self.count > _TOLD else ""
        rows = "1 row" if self.count == 1 else f"{self.count} rows"
        return TooManyProblems(
            f"{rows} can't be read, {why}: {told}{more}. Nothing was loaded. Check that"
            " the files are whole and of the right kind, or allow more bad rows (--max-bad)."
        )
