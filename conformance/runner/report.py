"""Tables and differences, for people and as JSON."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from conformance.runner.compare import Difference
from conformance.runner.running import Result, Status
from conformance.runner.server import Server
from terminology.fhir.json import Json, encode

MOST_DIFFERENCES = 8
"""How many differences of one test are printed; JSON has all of them."""
LONGEST_VALUE = 600
"""How many characters of one value are printed."""


@dataclass(frozen=True)
class Tally:
    """How many tests passed, failed and were skipped, and passed strictly."""

    passed: int
    failed: int
    skipped: int
    strict: int

    @classmethod
    def of(cls, results: Sequence[Result]) -> "Tally":
        """Count results."""
        ends = [result.status for result in results]
        return cls(
            ends.count(Status.PASSED),
            ends.count(Status.FAILED),
            ends.count(Status.SKIPPED),
            sum(result.strict is Status.PASSED for result in results),
        )


def by_suite(results: Sequence[Result]) -> dict[str, list[Result]]:
    """Results by suite, both in the order in which they came."""
    suites: dict[str, list[Result]] = {}
    for result in results:
        suites.setdefault(result.case.suite, []).append(result)
    return suites


def table(results: Sequence[Result]) -> str:
    """A line of figures for each suite, and for all."""
    rows = [(name, Tally.of(some)) for name, some in by_suite(results).items()]
    rows.append(("all", Tally.of(results)))
    width = max(len(name) for name, _ in rows)
    lines = [f"{'suite':{width}}  passed  failed  skipped  strict"]
    for name, tally in rows:
        figures = f"{tally.passed:6}  {tally.failed:6}  {tally.skipped:7}  {tally.strict:6}"
        lines.append(f"{name:{width}}  {figures}")
    return "\n".join(lines)


def summary(results: Sequence[Result], server: Server, modes: frozenset[str]) -> str:
    """What was tested, and the two scores, in sentences."""
    tally = Tally.of(results)
    ran = tally.passed + tally.failed
    what = server.software or server.address
    mode = f"mode{'s' if len(modes) > 1 else ''} {', '.join(sorted(modes)) or 'none'}"
    lines = [
        f"{what}, FHIR {server.version} at {server.address}, {mode}:"
        f" {tally.passed} of {ran} passed, {tally.strict} strictly."
    ]
    if lenient := [result.case.key for result in results if only_leniently(result)]:
        lines.append(f"Only leniently: {', '.join(lenient)}.")
    return "\n".join(lines)


def only_leniently(result: Result) -> bool:
    """Whether a test passes as HL7's runner counts, and fails strictly."""
    return result.status is Status.PASSED and result.strict is Status.FAILED


def failures(results: Sequence[Result], *, strict: bool) -> Iterator[str]:
    """The differences of each test that failed, in several lines each.

    Args:
        results: of all tests.
        strict: also those that only fail strictly.
    """
    for result in results:
        if result.status is Status.FAILED:
            yield _failure(result, "FAILED", result.differences)
        elif strict and only_leniently(result):
            yield _failure(result, "FAILED STRICTLY", result.strict_differences)


def _failure(result: Result, title: str, differences: Sequence[Difference]) -> str:
    case = result.case
    lines = [f"{title} {case.key} ({case.operation}, {case.response})"]
    if result.problem:
        lines.append(f"  {result.problem}")
    for difference in differences[:MOST_DIFFERENCES]:
        lines += [f"  {difference.path} {difference.problem}", *_sides(difference)]
    if more := len(differences) - MOST_DIFFERENCES:
        lines += [f"  and {more} more"] if more > 0 else []
    if result.answer and result.answer.get("resourceType") == "OperationOutcome":
        lines += [f"  the server says: {text}" for text in _texts(result.answer)]
    return "\n".join(lines)


def _sides(difference: Difference) -> Iterator[str]:
    for name, value in (("expected", difference.expected), ("found", difference.found)):
        if value is not None:
            text = encode(value).decode()
            end = " ..." if len(text) > LONGEST_VALUE else ""
            yield f"    {name:8}  {text[:LONGEST_VALUE]}{end}"


def _texts(outcome: Json) -> Iterator[str]:
    issues = outcome.get("issue")
    for issue in issues if isinstance(issues, list) else []:
        details = issue.get("details") if isinstance(issue, dict) else None
        text = details.get("text") if isinstance(details, dict) else None
        if isinstance(text, str):
            yield text[:LONGEST_VALUE]


def as_json(results: Sequence[Result], server: Server, modes: frozenset[str], date: str) -> Json:
    """Everything, for machines.

    Args:
        results: of all tests.
        server: that was tested.
        modes: of the run.
        date: when it ended, as an instant.
    """
    return {
        "date": date,
        "server": server.address,
        "fhirVersion": server.version,
        "software": server.software,
        "modes": sorted(modes),
        "totals": asdict(Tally.of(results)),
        "suites": [
            {
                "name": name,
                "totals": asdict(Tally.of(some)),
                "tests": [_result(result) for result in some],
            }
            for name, some in by_suite(results).items()
        ],
    }


def _result(result: Result) -> Json:
    case = result.case
    fields: dict[str, Any] = {
        "name": case.name,
        "operation": case.operation,
        "status": result.status.value,
        "strict": result.strict.value,
    }
    if case.skipped:
        return fields | {"reason": case.skipped}
    fields |= {"seconds": result.seconds, "httpStatus": result.http_status}
    if result.strict is Status.FAILED:
        fields |= {
            "response": case.response,
            "problem": result.problem,
            "differences": [asdict(one) for one in result.differences],
            "strictDifferences": [asdict(one) for one in result.strict_differences],
            "answer": result.answer,
        }
    return fields
