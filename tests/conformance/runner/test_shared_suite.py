"""HL7's own expected responses, where they are: each passes against itself, and spoilt fails."""

from collections.abc import Iterator
from copy import deepcopy
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from random import Random
from typing import Any

import pytest

from conformance.runner.client import Client
from conformance.runner.compare import Difference, compare
from conformance.runner.requests import OPERATIONS, STATEMENTS, Requests
from conformance.runner.rules import Rules
from conformance.runner.running import Result, Runner, Status
from conformance.runner.scrub import scrub
from conformance.runner.server import discover
from conformance.runner.sorting import sort
from conformance.runner.suite import Case, Library
from terminology.fhir.convert import from_version, to_version
from terminology.fhir.json import encode
from terminology.fhir.versions import FhirVersion
from tests.conformance.runner.filling import VALUES, fill
from tests.conformance.runner.serving import Fake, reply

Json = dict[str, Any]
Path_ = tuple[str | int, ...]

PASSED = Status.PASSED
MODES = frozenset({"general"})
ANYTHING = ("", VALUES["$$"], VALUES["$string$"])


@pytest.fixture(scope="module")
def library(shared: Path) -> Library:
    return Library(shared / "tx-tests")


@pytest.fixture(scope="module", params=[FhirVersion.R4, FhirVersion.R5], ids=["r4", "r5"])
def version(request: pytest.FixtureRequest) -> FhirVersion:
    wire: FhirVersion = request.param
    return wire


def rules_of(case: Case, version: FhirVersion, *, strict: bool) -> Rules:
    pattern = case.operation in STATEMENTS
    return Rules(MODES, version.value, pattern=pattern, strict=strict)


def judge(expected: Json, answer: Json, rules: Rules) -> list[Difference]:
    return compare(expected, sort(scrub(answer)), rules)


def test_every_request_can_be_made(library: Library, version: FhirVersion) -> None:
    requests = Requests(library, version)
    cases = library.cases(MODES, version.value)
    assert len(cases) > 400
    for case in cases:
        assert requests.make(case).path, case.key


def test_every_expected_response_passes_against_itself(
    library: Library, version: FhirVersion
) -> None:
    for case in library.cases(MODES, version.value):
        expected = library.read(case.response)
        for strict in (True, False):
            rules = rules_of(case, version, strict=strict)
            answer = to_version(fill(expected, rules), version)
            assert judge(expected, from_version(answer, version), rules) == [], case.key


def test_a_server_that_answers_right_passes_all(
    library: Library, version: FhirVersion, fake: Fake
) -> None:
    cases = {f"txTests:{case.key}": case for case in library.cases(MODES, version.value)}

    def answer(handler: BaseHTTPRequestHandler) -> None:
        case = cases[handler.headers["X-Request-Id"]]
        filled = fill(library.read(case.response), rules_of(case, version, strict=True))
        status = 422 if case.http_code == "4xx" else 200
        reply(handler, encode(to_version(filled, version)), status)

    with Client(fake.address) as client:
        fake.speaks(version.value)
        server = discover(client)
        for path in ("metadata", *OPERATIONS.values()):
            fake.does(f"/{path}", answer)
        told: list[Result] = []
        results = Runner(library, client, server, MODES).run_all([*cases.values()], 4, told.append)
    assert {(result.status, result.strict) for result in results} == {(PASSED, PASSED)}
    assert len(told) == len(results) == len(cases) > 400


KINDS = ("drop", "add", "rename", "type", "value", "twice")


@pytest.mark.parametrize("kind", KINDS)
def test_every_expected_response_fails_when_spoilt(library: Library, kind: str) -> None:
    spoilt = 0
    for case in library.cases(MODES, FhirVersion.R5.value):
        expected = library.read(case.response)
        strict = rules_of(case, FhirVersion.R5, strict=True)
        if strict.pattern and kind in ("add", "twice"):
            continue
        answer = fill(expected, strict)
        places = [place for place in paths(answer) if fits(kind, *place)]
        if "$count-arrays$" in str(expected):
            places = [place for place in places if "contains" not in place[0][:-1]]
        if not places:
            continue
        path, _, value = Random(f"{case.key} {kind}").choice(places)  # noqa: S311
        spoil(answer, path, kind)
        spoilt += 1
        official = rules_of(case, FhirVersion.R5, strict=False)
        # The one leniency that a spoilt answer can meet here: an array of primitives is missing.
        excused = kind == "drop" and isinstance(value, list) and not isinstance(value[0], dict)
        assert judge(expected, answer, strict), (case.key, path)
        assert excused or judge(expected, answer, official), (case.key, path)
    assert spoilt > 400


def spoil(answer: Json, path: Path_, kind: str) -> None:
    """Make one thing in an answer wrong."""
    holder: Any = answer
    for step in path[:-1]:
        holder = holder[step]
    step = path[-1]
    value = holder[step]
    if kind == "drop":
        del holder[step]
    elif kind == "rename":
        holder[f"{step}X"] = holder.pop(step)
    elif kind == "add":
        holder["somethingNew"] = value
    elif kind == "type":
        holder[step] = {"value": value}
    elif kind == "twice":
        holder.append(deepcopy(value))
    else:
        holder[step] = other(value)


def other(value: Any) -> Any:
    """Another primitive of the same kind."""
    if isinstance(value, bool):
        return not value
    return "~ something else ~" if isinstance(value, str) else value + 1


def fits(kind: str, path: Path_, holder: Any, value: Any) -> bool:
    if kind == "twice":
        return isinstance(holder, list)
    if kind in ("add", "rename"):
        return isinstance(holder, dict)
    if kind == "value":
        return not isinstance(value, dict | list) and value not in ANYTHING
    return True


def paths(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any, Any]]:
    """Every place in an answer but its root: its path, what holds it, and its value."""
    for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, step), value, inner
        if isinstance(inner, dict | list):
            yield from paths(inner, (*path, step))
