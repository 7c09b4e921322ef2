"""The commands that ask: `lookup`, `validate`, `content`, `settings`."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from service.cli import main
from service.settings import settings_rows, settings_table

MODIFIERS = "https://proterm.example/fhir/ValueSet/modifiers-37244"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, data_folder: Path) -> Run:
    """The command line in this process, over the store that the application has built."""

    def call(*arguments: str, **environment: str) -> Result:
        environ = {"PROTERM_DATA": str(data_folder), **environment}
        result = CliRunner().invoke(main, list(arguments), env=environ)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return call


class TestFailures:
    @pytest.mark.parametrize(
        ("arguments", "status", "sentence"),
        [
            (["lookup", "99213"], 1, "not among the 54 codes loaded (fragment of CPT 2026)"),
            (["lookup", "37244", "--system", "http://x.example"], 1, "is not loaded"),
            (["lookup", "37244", "--date", "soon"], 2, "write YYYY"),
            (["lookup", "37244-59"], 1, "Write 37244:59"),
            (["lookup", "37244:52:53"], 1, "exclude each other on 37244"),
            (["lookup", "37244:59", "--system", "hcpcs"], 1, "37244:59"),
            (["lookup", ""], 2, "'code' is empty"),
            (["lookup", "9" * 5000], 2, "4096 are the most"),
            (["lookup"], 2, "Missing argument 'CODE'"),
            (["validate", "59", "--value-set", "http://x.example/vs"], 2, "could not be found"),
            (["validate", "59", "--value-set", "a b"], 2, "url"),
            (["lokup", "37244"], 2, "No such command"),
        ],
    )
    def test_it_ends_in_a_sentence(
        self, run: Run, arguments: Sequence[str], status: int, sentence: str
    ) -> None:
        result = run(*arguments)
        assert result.exit_code == status
        assert sentence in result.stderr
        assert result.stdout == ""

    def test_a_machine_gets_an_operation_outcome(self, run: Run) -> None:
        result = run("lookup", "99213", "--json")
        assert result.exit_code == 1
        outcome = json.loads(result.stdout)
        assert outcome["resourceType"] == "OperationOutcome"
        assert outcome["issue"][0]["code"] == "not-found"

    def test_a_setting_that_cannot_be_used(self, run: Run) -> None:
        result = run("content", PROTERM_PAGE_SIZE="many")
        assert result.exit_code == 2
        assert "PROTERM_PAGE_SIZE is 'many'; it must be" in result.stderr

    def test_a_variable_that_is_no_setting_is_named(self, run: Run) -> None:
        result = run("content", PROTERM_PAGESIZE="5", PROTERM_QWERTY="5")
        assert result.exit_code == 0
        assert "PROTERM_PAGESIZE is no setting" in result.stderr
        assert "did you mean PROTERM_PAGE_SIZE?" in result.stderr
        assert "PROTERM_QWERTY is no setting and changes nothing; `proterm" in result.stderr

    def test_what_kubernetes_says_of_a_service_is_no_typing_error(self, run: Run) -> None:
        links = {"PROTERM_SERVICE_HOST": "10.0.0.1", "PROTERM_PORT_8080_TCP_ADDR": "10.0.0.1"}
        links["PROTERM_PORT"] = "tcp://10.0.0.1:8080"
        assert run("content", **links).stderr == ""

    def test_a_folder_that_cannot_be_written(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        result = run("lookup", "37244", "--data", str(tmp_path / "file" / "below"))
        assert result.exit_code == 2
        assert "PROTERM_DATA" in result.stderr


class TestLookup:
    def test_37244_with_its_sources(self, run: Run) -> None:
        text = run("lookup", "37244").stdout
        assert text.startswith("37244  Endovascular closure of a vessel to control bleeding")
        assert "Anesthesia             Conscious sedation or general anesthesia [1]" in text
        assert "[1]  CPT 37244: summary and overview (text file)" in text
        assert "release 2025D, in force from 2025-10-01 [2]" in text
        assert "PC/TC                   0        A physician's service" in text
        assert "ICD-10 pairing         unknown" in text
        assert "UnitedHealthcare        unknown" in text
        assert "Copyright 2026 American Medical Association" in text
        assert "\x1b" not in text

    def test_the_date_chooses_the_release(self, run: Run) -> None:
        text = run("lookup", "37244", "--date", "2024-02").stdout
        assert "release 2024A, in force from 2024-01-01" in text

    def test_only_the_properties_asked_for(self, run: Run) -> None:
        text = run("lookup", "37244", "--property", "medicare-pc-tc").stdout
        assert "PC/TC  0  " in text
        assert "Notes" not in text
        assert "Coverage" not in text

    def test_a_code_with_modifiers_is_told_with_its_base_and_what_the_rules_find(
        self, run: Run
    ) -> None:
        text = run("lookup", "37244:RT:26", "--date", "2025-10-15").stdout
        reading = "control bleeding or leakage; Physician's part only; Right side\n"
        assert text.splitlines(keepends=True)[0].endswith(reading)
        assert text.startswith("37244:RT:26  ")
        assert "Modifier code  26 (Physician's part only), RT (Right side)" in text
        assert "Finding                37244 has PC/TC indicator 0 in RVU 2025 October" in text
        assert "Anesthesia             Conscious sedation or general anesthesia [1]" in text
        assert "UnitedHealthcare        unknown" in text
        assert "Closing a vessel, wholly or in part, from inside it" in text

    def test_hcpcs_is_asked_where_cpt_has_no_such_code(self, run: Run) -> None:
        assert HCPCS in run("lookup", "GZ").stdout
        assert run("lookup", "GZ", "--system", "cpt").exit_code == 1

    def test_json_is_what_the_service_answers(self, run: Run, app: Flask) -> None:
        printed = json.loads(run("lookup", "37244", "--json").stdout)
        query = "system=http://www.ama-assn.org/go/cpt&code=37244"
        assert printed == app.test_client().get(f"/r5/CodeSystem/$lookup?{query}").json


class TestValidate:
    @pytest.mark.parametrize(
        ("arguments", "status", "words"),
        [
            (["37244"], 0, "37244 is right by CPT's grammar: Endovascular closure"),
            (["37244", "--system", "CPT"], 0, "37244 is right by CPT's grammar: "),
            (["37244:95"], 1, "37244:95 is wrong by CPT's grammar"),
            (["GZ"], 0, "GZ is right: "),
            (["99213"], 1, "99213 is wrong error: The code"),
            (["37244", "--display", "Foreign"], 0, "display not checked"),
            (["59", "--value-set", MODIFIERS], 0, "59 is right: "),
            (["95", "--value-set", MODIFIERS], 1, "was not found in the value set"),
            (["QQ", "--system", "hcpcs"], 2, "QQ can't be checked"),
            (["1", "--system", "http://x.example"], 2, "1 can't be checked"),
        ],
    )
    def test_a_code(self, run: Run, arguments: Sequence[str], status: int, words: str) -> None:
        result = run("validate", *arguments)
        assert words in " ".join(result.stdout.split())
        assert result.exit_code == status

    def test_json_is_what_the_service_answers(self, run: Run, app: Flask) -> None:
        printed = json.loads(run("validate", "99213", "--json").stdout)
        query = "url=http://www.ama-assn.org/go/cpt&code=99213"
        assert printed == app.test_client().get(f"/r5/CodeSystem/$validate-code?{query}").json


class TestContent:
    def test_what_is_loaded(self, run: Run) -> None:
        lines = [line.split() for line in run("content").stdout.splitlines()]
        cpt = "http://www.ama-assn.org/go/cpt"
        assert [cpt, "2026", "fragment", "54", "codes", "shipped"] in lines
        assert ["InsurancePlan", "5"] in lines
        table = "medicare-fee-schedule 2025D RVU 2025 October 2025-10-01 to 2025-12-31"
        assert f"{table} extract 4 rows shipped".split() in lines
        text = "ncci-ptp practitioner 2024Q3 NCCI PTP 2024 Q3 2024-07-01 to 2024-09-30"
        assert f"{text} extract with all of 37244 424 rows shipped".split() in lines
        supplement = "https://proterm.example/fhir/CodeSystem/cpt-37244-notes"
        assert [supplement, "1.0.0", "applied", "by", "default", "shipped"] in lines

    def test_json(self, run: Run) -> None:
        found = json.loads(run("content", "--json").stdout)
        assert {each["url"]: each["count"] for each in found["codeSystems"]}[HCPCS] == 21
        assert found["resources"]["Questionnaire"] == 1
        assert MODIFIERS in {each["url"] for each in found["valueSets"]}
        (pairs,) = (
            t for t in found["tables"] if t["name"] == "ncci-ptp" and "prac" in t["setting"]
        )
        assert pairs == {
            "name": "ncci-ptp",
            "setting": "practitioner",
            "release": "2024Q3",
            "title": "NCCI PTP 2024 Q3",
            "effective": "2024-07-01",
            "until": "2024-09-30",
            "source": "cms-ncci-ptp-2024q3-extract",
            "whole": False,
            "completeFor": ["37244"],
            "rows": 424,
            "loadedAs": "shipped",
        }


class TestSettings:
    def test_values_here_and_defaults(self, run: Run) -> None:
        text = run("settings", PORT="9000").stdout
        assert "PORT = 9000  (default: 8080)" in text
        for _, setting in settings_rows():
            assert f"\n{setting.variable} = " in f"\n{text}"

    def test_json(self, run: Run) -> None:
        found = {each["variable"]: each for each in json.loads(run("settings", "--json").stdout)}
        assert found["PORT"]["default"] == "8080"

    def test_a_password_is_not_shown(self, run: Run) -> None:
        address = "postgresql://proterm:s3cret@db/proterm"
        for arguments in (["settings"], ["settings", "--json"], ["content", "--help"]):
            result = run(*arguments, PROTERM_STORE=address)
            assert result.exit_code == 0
            assert "s3cret" not in result.output
        assert "password=*** " in run("settings", PROTERM_STORE=address).stdout

    def test_a_database_that_can_not_be_reached_is_named_without_the_password(
        self, run: Run
    ) -> None:
        result = run("releases", PROTERM_STORE="postgresql://proterm:s3cret@127.0.0.1:1/proterm")
        assert result.exit_code == 2
        assert 'connection to server at "127.0.0.1", port 1 failed' in result.stderr
        assert "s3cret" not in result.output

    def test_markdown_is_the_table_of_the_readme(self, run: Run) -> None:
        assert run("settings", "--markdown").stdout == settings_table() + "\n"


class TestHelp:
    @pytest.mark.parametrize("command", ["", "serve", "lookup", "validate", "content", "settings"])
    def test_it_shows_examples_whole(self, run: Run, command: str) -> None:
        text = run(*command.split(), "--help").stdout
        assert "proterm " in text.partition("Options:")[0].partition("\n")[2]
        assert "\\b" not in text

    def test_examples_are_what_is_printed(self, run: Run) -> None:
        shown = run("validate", "--help").stdout
        assert run("validate", "37244").stdout in shown.replace("\n    ", "\n")
        row = "PC/TC  0  A physician's service that is not split: 26 and TC can't be used\n"
        for text in (shown := run("lookup", "--help").stdout, run("lookup", "37244").stdout):
            assert " ".join(row.split()) in " ".join(text.split())

    def test_it_does_not_wait_for_what_it_does_not_need(self) -> None:
        heavy = "fhir sqlalchemy flask lxml msgspec marshmallow gunicorn".split()
        script = f"import sys, service.cli; print([n for n in {heavy} if n in sys.modules])"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
        assert done.stdout.decode().strip() == "[]"
