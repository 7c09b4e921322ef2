"""`proterm find`: what a coder types at a terminal."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from service.cli import main
from terminology.fhir.structure import structure_issues
from terminology.fhir.versions import FhirVersion

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, data_folder: Path) -> Run:
    """The command in this process, over the store that the application has built."""

    def call(*arguments: str) -> Result:
        environ = {"PROTERM_DATA": str(data_folder)}
        result = CliRunner().invoke(main, ["find", *arguments], env=environ)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return call


def codes(result: Result) -> list[str]:
    return [line.split()[0] for line in result.stdout.splitlines() if line.startswith("  ")]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["zzz"], 1, "Nothing that is loaded matches 'zzz'. Try fewer words"),
        (["zzz"], 1, "Only 54 codes of CPT 2026 are loaded; load a licensed release"),
        (["assist", "--kind", "code"], 1, "No code that is loaded matches 'assist'"),
        (["!?"], 1, "Nothing that is loaded matches '!?'"),
        ([" "], 2, "Type the beginning of a code"),
        ([], 2, "Missing argument 'TEXT...'"),
        (["x", "--limit", "0"], 2, "0 is not in the range"),
        (["x", "--kind", "drug"], 2, "'drug' is not one of 'code', 'modifier'"),
        (["x", "--system", "urn:x"], 2, "The code system 'urn:x' is not loaded"),
    ],
)
def test_what_finds_nothing_or_cannot_be_asked(
    run: Run, arguments: Sequence[str], status: int, sentence: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == status
    assert sentence in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("3724", ["37241", "37242", "37243", "37244"]),
        ("bleed embol", ["37244", "37241", "37242"]),
        ("XS", ["XS"]),
        ("37244:59", ["37244", "59"]),
        ("37244-XS", ["37244", "XS"]),
        ("37244:GA", ["37244", "GA"]),
        ("assist", ["80", "81", "82", "AS"]),
    ],
)
def test_what_is_found_the_best_first(run: Run, typed: str, found: list[str]) -> None:
    result = run(*typed.split())
    assert codes(result) == found
    assert result.exit_code == 0
    assert result.stderr == ""


def test_it_says_why_and_of_which_code_system(run: Run) -> None:
    assert run("GI", "bleed").stdout == (
        "  37244  abbreviation  Endovascular closure of a vessel to control bleeding or leakage\n"
    )
    assert "GA     code  Advance notice on file, as required (HCPCS Level II)" in (
        run("37244:GA").stdout
    )


def test_only_codes_or_only_modifiers(run: Run) -> None:
    assert codes(run("37244:59", "--kind", "code")) == ["37244"]
    assert codes(run("37244:59", "--kind", "modifier")) == ["59"]


def test_a_code_system_by_its_name(run: Run) -> None:
    assert codes(run("Q", "--system", "hcpcs"))[:3] == ["Q0", "Q1", "Q5"]
    assert run("GA", "--system", "cpt").exit_code == 0
    assert "GA" not in codes(run("GA", "--system", "cpt"))


def test_more_than_the_limit_is_said(run: Run) -> None:
    whole = codes(run("p", "--limit", "1000"))
    result = run("p", "--limit", "3")
    assert codes(result) == whole[:3]
    assert f"3 of {len(whole)}; --limit shows more, another word fewer." in result.stdout


def test_json_is_an_expansion_that_fhir_allows(run: Run) -> None:
    found = json.loads(run("assist", "--json", "--limit", "2").stdout)
    assert structure_issues(found, FhirVersion.R5) == []
    assert [entry["code"] for entry in found["expansion"]["contains"]] == ["80", "81"]
    assert found["expansion"]["total"] == 4
    assert "American Medical Association" in found["copyright"]
    nothing = run("zzz", "--json")
    assert nothing.exit_code == 1
    assert json.loads(nothing.stdout)["expansion"]["total"] == 0
