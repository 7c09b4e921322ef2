"""The tests, run in a few threads: each is asked for, scrubbed, sorted, compared twice."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from conformance.runner.client import Answer, Client, NoAnswer, NotJson
from conformance.runner.compare import Difference, compare
from conformance.runner.requests import STATEMENTS, Requests
from conformance.runner.rules import Rules, SuiteError
from conformance.runner.scrub import scrub
from conformance.runner.server import Server
from conformance.runner.sorting import sort
from conformance.runner.suite import Case, Library
from terminology.fhir.convert import from_version
from terminology.fhir.json import Json

GIVE_UP_AFTER = 5
"""How many tests in a row may get no answer at all before the rest is not asked any more."""


class Status(Enum):
    """How a test ended."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Result:
    """What came of one test.

    Attributes:
        case: the test.
        problem: why it failed whatever the answer says: no answer, another HTTP status, no JSON.
        differences: between expected and found, as HL7's runner counts.
        strict_differences: the same without its leniencies.
        http_status: of the answer; None without one.
        answer: what was compared: in R5, scrubbed and sorted.
        seconds: from request to result.
    """

    case: Case
    problem: str = ""
    differences: tuple[Difference, ...] = ()
    strict_differences: tuple[Difference, ...] = ()
    http_status: int | None = None
    answer: Json | None = None
    seconds: float = 0

    @property
    def status(self) -> Status:
        """The official result."""
        return self._status(self.differences)

    @property
    def strict(self) -> Status:
        """The strict result; never better than the official one."""
        return self._status(self.differences or self.strict_differences)

    def _status(self, differences: Sequence[Difference]) -> Status:
        if self.case.skipped:
            return Status.SKIPPED
        return Status.FAILED if self.problem or differences else Status.PASSED


class Runner:
    """Runs tests against one server.

    Args:
        library: the suite's files.
        client: the server.
        server: what is known of it.
        modes: that the run is in.
        externals: the server's own messages, by response file and number; HL7's `-externals`.
    """

    def __init__(
        self,
        library: Library,
        client: Client,
        server: Server,
        modes: frozenset[str],
        externals: Json | None = None,
    ) -> None:
        self._library = library
        self._client = client
        self._server = server
        self._modes = modes
        self._externals = externals or {}
        self._requests = Requests(library, server.wire)
        self._unanswered = 0
        self._lock = threading.Lock()

    def run_all(
        self, cases: Sequence[Case], jobs: int, told: Callable[[Result], None]
    ) -> list[Result]:
        """Run tests.

        Args:
            cases: in the order of the results.
            jobs: how many are asked for at a time.
            told: called with each result as it comes, one at a time.

        Returns:
            A result for each test.
        """

        def one(case: Case) -> Result:
            result = self.run(case)
            with self._lock:
                told(result)
            return result

        pool = ThreadPoolExecutor(jobs)
        try:
            return list(pool.map(one, cases))
        finally:
            pool.shutdown(cancel_futures=True)

    def run(self, case: Case) -> Result:
        """Run one test; whatever goes wrong is in its result."""
        if case.skipped:
            return Result(case)
        started = time.monotonic()
        result = self._run(case)
        return replace(result, seconds=round(time.monotonic() - started, 4))

    def _run(self, case: Case) -> Result:
        try:
            expected = self._library.read(case.response)
            request = self._requests.make(case)
            answer = self._client.send(request) if self._answers() else None
        except SuiteError as error:
            return Result(case, str(error))
        except NoAnswer as error:
            with self._lock:
                self._unanswered += 1
            return Result(case, str(error))
        if answer is None:
            return Result(case, f"not asked: {GIVE_UP_AFTER} requests in a row got no answer")
        with self._lock:
            self._unanswered = 0
        return self._judge(case, expected, answer)

    def _answers(self) -> bool:
        with self._lock:
            return self._unanswered < GIVE_UP_AFTER

    def _judge(self, case: Case, expected: Json, answer: Answer) -> Result:
        """Score an answer. The status counts whatever the body says, and the other way round."""
        problem = status_problem(case.http_code, answer.status)
        try:
            found = answer.resource()
        except NotJson as error:
            words = [problem, f"the body can't be read: {error}"]
            return Result(case, "; ".join(filter(None, words)), http_status=answer.status)
        found = from_version(found, self._server.wire)
        succeeded = 200 <= answer.status < 300
        if not succeeded and found.get("resourceType") != "OperationOutcome" and not problem:
            problem = f"HTTP {answer.status} comes without an OperationOutcome"
        found = sort(scrub(found, text_only=case.operation == "cs-validate-code" and not succeeded))
        rules = Rules(
            self._modes,
            self._server.version,
            pattern=case.operation in STATEMENTS,
            externals=self._externals_of(case),
        )
        return Result(
            case,
            problem,
            tuple(compare(expected, found, rules)),
            tuple(compare(expected, found, replace(rules, strict=True))),
            answer.status,
            found,
        )

    def _externals_of(self, case: Case) -> Json | None:
        messages: Any = self._externals.get(case.response)
        return messages if isinstance(messages, dict) else None


def status_problem(wanted: str, status: int) -> str:
    """What is wrong with an HTTP status, in words; "" if it is right.

    Args:
        wanted: `2xx`, `4xx` and the like, or a number.
        status: that came.
    """
    if wanted in (f"{status // 100}xx", str(status)):
        return ""
    moved = "; redirects are not followed" if 300 <= status < 400 else ""
    return f"HTTP {status} where {wanted} is expected{moved}"
