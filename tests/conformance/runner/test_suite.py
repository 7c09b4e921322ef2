"""Reading `test-cases.json`: which tests there are, and which of them run."""

from pathlib import Path
from typing import Any

import pytest

from conformance.runner.rules import SuiteError
from conformance.runner.suite import Case, Library, Unusable, read_modes, select
from tests.conformance.runner.conftest import EXPAND, Json, write

GENERAL = frozenset({"general"})


def cases(folder: Path, version: str = "5.0.0", modes: str = "general") -> list[Case]:
    return Library(folder).cases(read_modes(modes), version)


def one(tmp_path: Path, test: Json, suite: Json | None = None, **how: str) -> Case:
    write(tmp_path, [{"name": "s", "tests": [test], **(suite or {})}], {})
    [case] = cases(tmp_path, **how)
    return case


def test_a_suite_is_read_in_its_order(folder: Path) -> None:
    warm, crimson, too_many, elsewhere, big = cases(folder)
    assert warm == Case(
        suite="colours",
        name="warm",
        operation="expand",
        request="expand.json",
        response="expansion.json",
        profile="parameters-default.json",
        setup=("system.json",),
        http_code="2xx",
        headers=(),
    )
    assert (crimson.key, crimson.skipped) == ("colours/crimson", "")
    assert (too_many.http_code, too_many.setup) == ("4xx", ())
    assert elsewhere.skipped == big.skipped == "it is of mode snomed"


@pytest.mark.parametrize(
    ("fields", "skipped"),
    [
        ({"mode": "general"}, False),
        ({"mode": "snomed"}, True),
        ({"modes": ["snomed", "general"]}, False),
        ({"modes": ["snomed"]}, True),
        ({"disabled": True}, True),
        ({"disabled": False}, False),
        ({"version": "5.0"}, False),
        ({"version": "5"}, False),
        ({"version": "4.0"}, True),
        ({"version": "!4.0"}, False),
        ({"version": "!5.0"}, True),
    ],
)
def test_which_tests_run(tmp_path: Path, fields: Json, skipped: bool) -> None:
    assert bool(one(tmp_path, EXPAND | fields).skipped) is skipped
    assert bool(one(tmp_path, EXPAND, fields).skipped) is skipped


def test_a_mode_may_have_its_own_response_and_header(tmp_path: Path) -> None:
    header = {"name": "X-Limit", "value": "10", "mode": "flat"}
    test = EXPAND | {"response:flat": "flat.json", "header": header, "Accept-Language": "de"}
    plain, flat = one(tmp_path, test), one(tmp_path, test, modes="flat")
    assert (plain.response, plain.headers) == ("expansion.json", (("Accept-Language", "de"),))
    assert (flat.response, flat.headers[1]) == ("flat.json", ("X-Limit", "10"))


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("general", {"general"}),
        ("", {"general"}),
        ("snomed, flat", {"general", "snomed", "flat"}),
        ("!general,snomed", {"snomed"}),
        ("!general", set()),
        ("flat,!flat", {"general"}),
    ],
)
def test_modes(text: str, modes: set[str]) -> None:
    assert read_modes(text) == modes


def test_select(folder: Path) -> None:
    every = cases(folder)
    assert select(every, [], "") == every
    assert [it.name for it in select(every, ["limits"], "")] == ["all", "elsewhere"]
    assert [it.name for it in select(every, [], "crim")] == ["crimson"]


@pytest.mark.parametrize(
    ("suites", "part", "message"),
    [
        (["shapes"], "", "no suite shapes; there are big, colours, limits"),
        ([], "square", "No test has 'square' in its name"),
        (["colours"], "all", "No test has 'all'"),
        (["big"], "", "None of these 1 tests runs: it is of mode snomed"),
    ],
)
def test_select_never_ends_with_nothing_to_run(
    folder: Path, suites: list[str], part: str, message: str
) -> None:
    with pytest.raises(Unusable, match=message):
        select(cases(folder), suites, part)


@pytest.mark.parametrize(
    "index",
    [
        b"",
        b"[]",
        b"{}",
        b'{"suites": 1}',
        b'{"suites": ["x"]}',
        b'{"suites": [{"name": "s", "tests": [{}]}]}',
        b'{"suites": [{"name": "s", "tests": [{"name": 1, "operation": "x"}]}]}',
        b'{"suites": [{"name": "s", "tests": ["x"]}]}',
        b'{"suites": [',
        b"\xff",
    ],
)
def test_an_index_that_is_none(tmp_path: Path, index: bytes) -> None:
    (tmp_path / "test-cases.json").write_bytes(index)
    with pytest.raises(Unusable, match=r"test-cases\.json"):
        cases(tmp_path)


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"There is no suite of tests at .*No such file"):
        cases(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.json", "missing.json can't be read: No such file"),
        ("", "can't be read"),
        ("../outside.json", "not in its folder"),
        ("/etc/hostname", "not in its folder"),
        ("broken.json", "broken.json can't be read: The JSON is malformed"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, name: str, message: str) -> None:
    inside = tmp_path / "suite"
    inside.mkdir()
    (tmp_path / "outside.json").write_text('{"resourceType": "X"}')
    (inside / "broken.json").write_text("{")
    with pytest.raises(SuiteError, match=message):
        Library(inside).read(name)


def test_a_file_is_read_once(folder: Path) -> None:
    library = Library(folder)
    first: Any = library.read("system.json")
    (folder / "system.json").unlink()
    assert library.read("system.json") is first
