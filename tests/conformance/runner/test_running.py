"""Tests run against a server: what passes, and everything that must not."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conformance.runner.client import Client
from conformance.runner.running import (
    GIVE_UP_AFTER,
    Result,
    Runner,
    Status,
    status_problem,
)
from conformance.runner.server import discover
from conformance.runner.suite import Case, Library
from terminology.fhir.convert import to_version
from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion
from tests.conformance.runner.samples import EXPANSION, REFUSAL, VALIDATION, put, right
from tests.conformance.runner.serving import Fake

GENERAL = frozenset({"general"})
EXPAND = "/ValueSet/$expand"
ASK_SYSTEM = "/CodeSystem/$validate-code"
REFUSE = "/ValueSet/$validate-code"


def run(folder: Path, fake: Fake, **how: Any) -> list[Result]:
    library = Library(folder)
    with Client(fake.address, timeout=5) as client:
        server = discover(client)
        runner = Runner(library, client, server, GENERAL, how.get("externals"))
        cases = library.cases(GENERAL, server.version)
        return runner.run_all(cases, how.get("jobs", 2), how.get("told", lambda _: None))


def named(results: list[Result], name: str) -> Result:
    return next(result for result in results if result.case.name == name)


def test_a_right_server_passes(folder: Path, fake: Fake) -> None:
    results = run(folder, fake)
    statuses = [result.status for result in results]
    assert statuses == [*[Status.PASSED] * 3, Status.SKIPPED, Status.SKIPPED]
    assert statuses == [result.strict for result in results]
    assert [result.http_status for result in results] == [200, 200, 422, None, None]


def test_older_versions_are_compared_in_r5(folder: Path, fake: Fake) -> None:
    fake.speaks("4.0.1")
    answer = right(EXPANSION)
    put(answer, "version", "4.0.1")
    put(answer, "expansion.parameter.1.valueUri", "https://example.org/colours|4.0.1")
    in_r4 = to_version(answer, FhirVersion.R4)
    assert "property" not in in_r4["expansion"]
    fake.tell(EXPAND, in_r4)
    assert {result.status for result in run(folder, fake)} == {Status.PASSED, Status.SKIPPED}
    fake.tell(EXPAND, answer | {"version": "5.0.0"})
    assert named(run(folder, fake), "warm").status is Status.FAILED


@pytest.mark.parametrize("status", [201, 301, 302, 307, 400, 401, 404, 422, 500, 503])
def test_the_status_counts_whatever_the_body_says(folder: Path, fake: Fake, status: int) -> None:
    fake.tell(EXPAND, right(EXPANSION), status)
    fake.tell(REFUSE, right(REFUSAL), status)
    results = run(folder, fake)
    assert (named(results, "warm").status is Status.PASSED) is (status == 201)
    assert (named(results, "all").status is Status.PASSED) is (400 <= status < 500)
    assert named(results, "warm").strict is named(results, "warm").status


@pytest.mark.parametrize(
    ("path", "name", "body"),
    [
        (EXPAND, "warm", REFUSAL),
        (EXPAND, "warm", VALIDATION),
        (ASK_SYSTEM, "crimson", EXPANSION),
        (REFUSE, "all", VALIDATION),
    ],
)
def test_another_resource_fails(folder: Path, fake: Fake, path: str, name: str, body: Json) -> None:
    for status in (200, 422):
        fake.tell(path, right(body), status)
        assert named(run(folder, fake), name).status is Status.FAILED


@pytest.mark.parametrize(
    "body", [b"", b"<ValueSet/>", b"{", b"[]", b"null", b"{}", b'{"resourceType": "ValueSet"} x']
)
def test_a_body_that_is_no_resource_fails(folder: Path, fake: Fake, body: bytes) -> None:
    fake.tell(EXPAND, body)
    fake.tell(REFUSE, body, 422)
    results = run(folder, fake)
    for name in ("warm", "all"):
        result = named(results, name)
        assert (result.status, result.strict) == (Status.FAILED, Status.FAILED)
        assert "can't be read" in result.problem


def test_a_property_twice_fails(folder: Path, fake: Fake) -> None:
    fake.tell(REFUSE, b'{"resourceType":"OperationOutcome","issue":[],"issue":[]}', 422)
    assert "issue twice" in named(run(folder, fake), "all").problem


def test_an_error_of_the_kind_that_is_expected_needs_an_outcome(folder: Path, fake: Fake) -> None:
    fake.tell(REFUSE, {"resourceType": "Parameters"}, 422)
    assert "without an OperationOutcome" in named(run(folder, fake), "all").problem


def test_an_error_of_a_code_system_is_scrubbed_of_its_text_only(folder: Path, fake: Fake) -> None:
    refusal = right(REFUSAL) | {"text": {"status": "generated"}}
    fake.tell(ASK_SYSTEM, refusal | {"meta": {"versionId": "1"}}, 404)
    answer = named(run(folder, fake), "crimson").answer
    assert answer == right(REFUSAL) | {"meta": {"versionId": "1"}}


def test_strict_is_told_apart(folder: Path, fake: Fake) -> None:
    answer = right(VALIDATION)
    del answer["parameter"][1]["resource"]["issue"][0]["expression"]
    fake.tell(ASK_SYSTEM, answer)
    result = named(run(folder, fake), "crimson")
    assert (result.status, result.strict) == (Status.PASSED, Status.FAILED)
    [difference] = result.strict_differences
    assert difference.path.endswith("issue[0:code-invalid].expression")


def test_externals(folder: Path, fake: Fake) -> None:
    own = {"validation.json": {"1": "Unheard-of."}}
    result = named(run(folder, fake, externals=own), "crimson")
    assert result.status is Status.FAILED
    answer = right(VALIDATION)
    put(answer, "parameter.1.resource.issue.0.details.text", "Unheard-of.")
    fake.tell(ASK_SYSTEM, answer)
    assert named(run(folder, fake, externals=own), "crimson").status is Status.PASSED
    assert named(run(folder, fake), "crimson").status is Status.FAILED


def test_faults_of_the_suite_fail(folder: Path, fake: Fake) -> None:
    (folder / "expansion.json").unlink()
    (folder / "refusal.json").write_text(
        '{"resourceType": "OperationOutcome", "issue": [{"severity": "$what$"}]}'
    )
    results = run(folder, fake)
    assert "expansion.json can't be read" in named(results, "warm").problem
    [difference] = named(results, "all").differences
    assert "$what$, which is not known" in difference.problem


@pytest.mark.parametrize(
    ("wanted", "status", "right"),
    [
        ("2xx", 200, True),
        ("2xx", 204, True),
        ("2xx", 400, False),
        ("4xx", 404, True),
        ("4xx", 500, False),
        ("5xx", 500, True),
        ("422", 422, True),
        ("422", 400, False),
        ("xxx", 200, False),
        ("", 200, False),
    ],
)
def test_statuses(wanted: str, status: int, right: bool) -> None:
    assert (status_problem(wanted, status) == "") is right


def many(folder: Path, fake: Fake, count: int, told: Callable[[Result], None]) -> list[Result]:
    with Client(fake.address, timeout=5) as client:
        server = discover(client)
        library = Library(folder)
        [case, *_] = library.cases(GENERAL, server.version)
        cases: list[Case] = [replace(case, name=str(number)) for number in range(count)]
        return Runner(library, client, server, GENERAL).run_all(cases, 4, told)


def test_results_keep_the_order_and_are_told_one_at_a_time(folder: Path, fake: Fake) -> None:
    told: list[str] = []
    inside = threading.Lock()

    def tell(result: Result) -> None:
        assert inside.acquire(blocking=False)
        told.append(result.case.name)
        inside.release()

    results = many(folder, fake, 40, tell)
    assert [result.case.name for result in results] == [str(number) for number in range(40)]
    assert sorted(told, key=int) == [str(number) for number in range(40)]
    assert {result.status for result in results} == {Status.PASSED}


def test_a_server_that_went_away_is_not_asked_for_ever(folder: Path, fake: Fake) -> None:
    def drop(handler: Any) -> None:
        handler.close_connection = True

    fake.does(EXPAND, drop)
    results = many(folder, fake, 60, lambda _: None)
    assert {result.status for result in results} == {Status.FAILED}
    unasked = [result for result in results if result.problem.startswith("not asked")]
    # Those that were under way in the other threads may still have been asked.
    assert 60 - GIVE_UP_AFTER - 4 <= len(unasked) <= 60 - GIVE_UP_AFTER
