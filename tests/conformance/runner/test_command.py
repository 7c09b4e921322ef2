"""`proterm conform` from end to end: what it prints, and its exit status."""

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conformance.runner.command import conform
from conformance.runner.progress import Progress
from conformance.runner.running import Result as Outcome
from conformance.runner.suite import Library
from terminology.fhir.json import decode_any
from tests.conformance.runner.samples import EXPANSION, VALIDATION, put, right
from tests.conformance.runner.serving import Fake


def run(fake: Fake, folder: Path, *options: str) -> Result:
    arguments = ["--server", fake.address, "--tests", str(folder), *options]
    return CliRunner().invoke(conform, arguments)


def test_all_passed(fake: Fake, folder: Path) -> None:
    result = run(fake, folder)
    assert result.exit_code == 0
    figures = [line.split() for line in result.stdout.splitlines()]
    assert ["colours", "2", "0", "0", "2"] in figures
    assert ["limits", "1", "0", "1", "1"] in figures
    assert ["big", "0", "0", "1", "0"] in figures
    assert ["all", "3", "0", "2", "3"] in figures
    assert "Fake 0.9, FHIR 5.0.0 at" in result.stdout
    assert "mode general: 3 of 3 passed, 3 strictly." in result.stdout
    assert "colours is through, nothing failed" in result.stderr
    assert "through" not in result.stdout


def test_a_failure_is_shown_with_what_differs(fake: Fake, folder: Path) -> None:
    answer = right(EXPANSION)
    put(answer, "expansion.contains.0.display", "Ochre")
    fake.tell("/ValueSet/$expand", answer)
    result = run(fake, folder)
    assert result.exit_code == 1
    assert "failed: colours/warm" in result.stderr
    assert (
        "FAILED colours/warm (expand, expansion.json)\n"
        "  ValueSet.expansion.contains[0:orange].display differs\n"
        '    expected  "Orange"\n'
        '    found     "Ochre"\n'
    ) in result.stdout


def test_what_the_server_said_is_shown(fake: Fake, folder: Path) -> None:
    issue = {"severity": "error", "code": "not-found", "details": {"text": "Never heard of it."}}
    fake.tell("/ValueSet/$expand", {"resourceType": "OperationOutcome", "issue": [issue]}, 404)
    result = run(fake, folder)
    assert "HTTP 404 where 2xx is expected" in result.stdout
    assert "the server says: Never heard of it." in result.stdout


@pytest.mark.parametrize(("options", "status"), [((), 0), (("--strict",), 1)])
def test_what_passes_only_leniently(
    fake: Fake, folder: Path, options: tuple[str, ...], status: int
) -> None:
    answer = right(VALIDATION)
    put(answer, "parameter.5.valueString", "1.11")
    fake.tell("/CodeSystem/$validate-code", answer)
    result = run(fake, folder, *options)
    assert result.exit_code == status
    assert "3 of 3 passed, 2 strictly." in result.stdout
    assert "Only leniently: colours/crimson." in result.stdout
    assert ("FAILED STRICTLY colours/crimson" in result.stdout) is bool(status)


def test_part_of_a_suite(fake: Fake, folder: Path) -> None:
    assert "1 of 1 passed" in run(fake, folder, "--suite", "limits").stdout
    assert "3 of 3 passed" in run(fake, folder, "--suite", "limits", "--suite", "colours").stdout
    assert "1 of 1 passed" in run(fake, folder, "--filter", "warm").stdout


def test_json_has_everything(fake: Fake, folder: Path, tmp_path: Path) -> None:
    answer = right(EXPANSION)
    put(answer, "expansion.total", 7)
    fake.tell("/ValueSet/$expand", answer)
    output = tmp_path / "out.json"
    assert run(fake, folder, "--json", str(output)).exit_code == 1
    report = decode_any(output.read_bytes())
    assert (report["fhirVersion"], report["software"]) == ("5.0.0", "Fake 0.9")
    assert report["totals"] == {"passed": 2, "failed": 1, "skipped": 2, "strict": 2}
    warm, crimson = report["suites"][0]["tests"]
    assert (warm["status"], warm["strict"], warm["httpStatus"]) == ("failed", "failed", 200)
    [difference] = warm["differences"]
    assert (difference["path"], difference["found"]) == ("ValueSet.expansion.total", 7)
    assert warm["answer"]["expansion"]["total"] == 7
    assert (crimson["status"], crimson["strict"]) == ("passed", "passed")
    assert report["suites"][2]["tests"][0]["reason"] == "it is of mode snomed"


def test_externals_are_read(fake: Fake, folder: Path) -> None:
    (folder / "own.json").write_text('{"validation.json": {"1": "Nope."}}')
    assert run(fake, folder, "--externals", str(folder / "own.json")).exit_code == 1
    (folder / "own.json").write_text("[]")
    assert run(fake, folder, "--externals", str(folder / "own.json")).exit_code == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--server", "localhost"], "is no address of a FHIR endpoint"),
        (["--server", "http://127.0.0.1:9/fhir"], "does not tell its FHIR version"),
        (["--tests", "/nowhere"], "does not exist"),
        (["--tests", "."], "There is no suite of tests"),
        (["--suite", "shapes"], "There is no suite shapes; there are big, colours, limits."),
        (["--filter", "square"], "No test has 'square' in its name."),
        (["--modes", "!general", "--suite", "colours"], "it is of mode general"),
        (["--json", "/nowhere/out.json"], "There is no folder /nowhere"),
        (["--externals", "/nowhere"], "/nowhere can't be read: No such file"),
        (["--jobs", "0"], "--jobs"),
        (["--timeout", "0"], "--timeout"),
        (["--nonsense"], "No such option"),
    ],
)
def test_unusable(
    fake: Fake, folder: Path, options: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "empty").mkdir()
    monkeypatch.chdir(folder / "empty")
    result = run(fake, folder, *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_that_rewrites_itself(folder: Path) -> None:
    cases = Library(folder).cases(frozenset({"general"}), "5.0.0")
    terminal = Terminal()
    progress = Progress(terminal, cases)
    for case in cases:
        progress(Outcome(case, problem="" if case.name == "warm" else "no"))
    progress.close()
    lines = terminal.getvalue().split("\r\x1b[K")
    assert "\n" not in terminal.getvalue()
    assert lines[1] == "1/5  0 failed  colours/warm"
    assert lines[3] == "3/5  2 failed  limits/all"
    assert lines[-1] == ""


def test_help_needs_nothing_of_the_runner() -> None:
    code = (
        "import sys, conformance.runner.command\n"
        "late = [m for m in sys.modules if m.startswith(('terminology', 'conformance.runner.'))]\n"
        "assert late == ['conformance.runner.command'], late"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
