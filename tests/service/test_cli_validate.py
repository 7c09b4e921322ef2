"""`proterm validate` of expressions, and of codes as the lines of one claim."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from service.cli import main

MODIFIERS = "https://proterm.example/fhir/ValueSet/modifiers-37244"
REPORTABLE = "https://proterm.example/fhir/ValueSet/reportable-medicare"
OCTOBER = ("--payer", "medicare", "--date", "2025-10-01")
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, data_folder: Path) -> Run:
    """`proterm validate` in this process, over the store that the application has built."""

    def call(*arguments: str) -> Result:
        environ = {"PROTERM_DATA": str(data_folder), "COLUMNS": "100"}
        result = CliRunner().invoke(main, ["validate", *arguments], env=environ)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return call


def said(result: Result) -> str:
    return " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("code", "status", "words"),
    [
        ("37244:59", 0, "37244:59 is right by CPT's grammar: Endovascular closure"),
        ("37244:59:GZ", 0, "its home is HCPCS Level II"),
        ("37244:26", 0, "warning (mpfs-pctc-no-split): 37244 has PC/TC indicator 0"),
        ("37244:95", 1, "error (cpt-95-not-telemedicine): Modifier 95"),
        ("37244-59", 1, "error (cpt-separator): '-' stands at position 6"),
        ("37244:", 1, "error (cpt-trailing-separator):"),
        (":59", 1, "error (cpt-no-base):"),
        ("37244:372", 1, "error (cpt-bad-modifier):"),
        ("37244:QQ", 1, "The modifier 'QQ' of '37244:QQ' (at character 7) is not among"),
    ],
)
def test_an_expression_is_judged_by_the_grammar(
    run: Run, code: str, status: int, words: str
) -> None:
    result = run(code)
    assert words in said(result)
    assert result.exit_code == status


def test_an_expression_in_a_value_set(run: Run) -> None:
    assert run("37244:59", "--value-set", REPORTABLE).exit_code == 0
    refused = run("37244:26", "--value-set", REPORTABLE)
    assert refused.exit_code == 1
    assert "mpfs-pctc-no-split" in refused.stdout


def test_json_of_an_expression_is_what_the_service_answers(run: Run, app: Flask) -> None:
    printed = json.loads(run("37244:26", "--date", "2025-10-01", "--json").stdout)
    query = "url=http://www.ama-assn.org/go/cpt&code=37244:26&date=2025-10-01"
    assert printed == app.test_client().get(f"/r5/CodeSystem/$validate-code?{query}").json


def test_what_the_payer_would_not_take_is_wrong_with_its_rule_and_source(run: Run) -> None:
    result = run("37244:26", *OCTOBER)
    text = said(result)
    assert "37244:26 is right by CPT's grammar: Endovascular" in text
    assert "As a claim to Medicare, for services on 2025-10-01, it is wrong:" in text
    assert "error (mpfs-pctc-no-split): 37244 has PC/TC indicator 0 in RVU 2025 October" in text
    assert "(source: Centers for Medicare & Medicaid Services, " in text
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["37244", *OCTOBER], 0, "nothing that was checked refuses it: information: NCCI's"),
        (["37244:26", "--payer", "aetna"], 0, "Would apply under Medicare: 37244 has PC/TC"),
        (["37244:26", "--payer", "aetna"], 0, "Payers' policies were not checked: no policy of"),
        (["37244:26", "--payer", "InsurancePlan/medicare"], 1, "As a claim to Medicare"),
        (["37244:26", "--payer", "Medicare"], 1, "As a claim to Medicare"),
        (["37244:95", "--payer", "aetna"], 1, "37244:95 is wrong by CPT's grammar"),
        (["37244", "37243", "--payer", "medicare"], 1, "error (ncci-pair): 37243 is not paid"),
        (["37244", "37243"], 0, "As a claim, no payer named"),
        (["37244", "37243:59", "--payer", "medicare"], 0, "bypassed by 59 on 37243"),
        (["37244", "--units", "3", "--payer", "medicare"], 1, "3 units of 37244 on one day"),
        (["37244", "--units", "2", "--payer", "medicare"], 0, "nothing that was checked"),
        (["37244", "37242", "--units", "1", "--units", "9", "--payer", "medicare"], 1, "9 units"),
        (["99213", "--units", "1"], 2, "99213 can't be checked by CPT's grammar"),
        (["99213", "--units", "1"], 2, "not among the 54 codes loaded"),
        (["99213", "37244:95", "--units", "1", "--units", "1"], 1, "they are wrong"),
        (["37244", "--place", "21"], 0, "37244 is right by CPT's grammar"),
        (["59", "--payer", "medicare"], 1, "error (cpt-modifier-as-base): '59' at position 1"),
        (["LT", "--payer", "medicare"], 1, "error (cpt-modifier-as-base): 'LT' at position 1"),
    ],
)
def test_codes_as_a_claim(run: Run, arguments: Sequence[str], status: int, words: str) -> None:
    result = run(*arguments)
    assert words in said(result)
    assert result.exit_code == status


def test_the_day_of_service_chooses_the_tables(run: Run) -> None:
    before = said(run("37244:26", "--payer", "medicare", "--date", "1999-01-01"))
    assert "Medicare's fee schedule was not checked" in before
    assert "mpfs-pctc-no-split" not in before


def test_the_setting_chooses_the_edits(run: Run) -> None:
    units = ("37244", "--units", "3", "--payer", "medicare")
    practitioner = run(*units, "--setting", "practitioner")
    assert practitioner.stdout == run(*units).stdout
    assert run(*units, "--setting", "outpatient-hospital").stdout != practitioner.stdout


@pytest.mark.parametrize(
    ("arguments", "families"),
    [
        (["37244"], "CPT's grammar, Medicare's fee schedule."),
        (["37244", "--units", "1"], "Medicare's fee schedule, NCCI's unit limits (MUE)."),
        (["37244", "37243:59"], "Medicare's fee schedule, NCCI's procedure pairs."),
        (
            ["37244", "37243:59", "--units", "1", "--units", "1"],
            "NCCI's procedure pairs, NCCI's unit limits (MUE).",
        ),
        (["37244", "--setting", "outpatient-hospital"], "Checked: CPT's grammar."),
    ],
)
def test_checked_is_what_has_something_to_say_of_the_codes(
    run: Run, arguments: Sequence[str], families: str
) -> None:
    assert said(run(*arguments, *OCTOBER)).endswith(families)


def test_a_code_that_is_not_loaded_was_not_checked_by_the_grammar(run: Run) -> None:
    (checked,) = [
        line for line in run("99213", *OCTOBER).stdout.splitlines() if line.startswith("Checked")
    ] or [""]
    assert "grammar" not in checked


def test_the_fee_schedule_is_for_practitioners(run: Run) -> None:
    result = run("37244:26", "--setting", "outpatient-hospital", *OCTOBER)
    assert "Medicare's fee schedule was not checked: it is that of practitioners" in said(result)
    assert result.exit_code == 0


def test_what_holds_of_two_codes_alike_is_told_once(run: Run) -> None:
    result = run("37244", "37243", *OCTOBER)
    assert result.stdout.count("(embolization-one-per-field)") == 1


def test_json_of_a_claim(run: Run) -> None:
    result = run("37244", "37243:26", "--json", *OCTOBER)
    outcome = json.loads(result.stdout)
    assert outcome["resourceType"] == "OperationOutcome"
    found: list[Any] = [
        issue for issue in outcome["issue"] if "mpfs-pctc-no-split" in json.dumps(issue)
    ]
    assert [(issue["severity"], issue["expression"]) for issue in found] == [("error", ["code[1]"])]
    assert result.exit_code == 1


def test_json_of_a_claim_without_fault_says_what_was_checked(run: Run) -> None:
    found = json.loads(run("37244", *OCTOBER, "--json").stdout)["issue"]
    assert {issue["severity"] for issue in found} == {"information"}
    well, *left = [issue["details"]["text"] for issue in found]
    assert well == "No error and no warning. Checked: CPT's grammar, Medicare's fee schedule"
    assert left == [
        "NCCI's procedure pairs were not checked: no two codes are on one day",
        "NCCI's unit limits (MUE) were not checked for 37244: no units were sent",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["37244", "--payer", "nobody"], "'nobody' is not loaded. Loaded are: aetna, bcbs"),
        (["37244", "37243", "--units", "1"], "--units was given 1 times for 2 codes"),
        (["37244", "--units", "0"], "--units"),
        (["37244", "--place", "ward"], "a place of service has two digits"),
        (["37244", "--setting", "home"], "--setting"),
        (["37244", "--date", "soon"], "--date is 'soon', which is no day; write YYYY-MM-DD"),
        (["37244", "--date", "01/02/2025"], "write YYYY-MM-DD, such as 2025-10-01"),
        (["37244", "--date", "2025-02-30"], "which is no day"),
        (["37244", "--payer", "medicare", "--date", "soon"], "YYYY-MM-DD"),
        (["37244", "--payer", "medicare", "--display", "x"], "a claim has neither"),
        (["37244", "37243", "--value-set", MODIFIERS], "a claim has neither"),
        (["37244", "", "--payer", "medicare"], "is empty"),
        (["37244", "--payer", ""], "The payer '' is not loaded."),
        ([], "Missing argument"),
    ],
)
def test_what_can_not_be_answered(run: Run, arguments: Sequence[str], sentence: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_the_readme_shows_what_is_printed(run: Run) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    _, command, rest = readme.partition("$ .venv/bin/proterm validate ")
    arguments, _, printed = rest.partition("```")[0].partition("\n")
    assert command
    assert run(*arguments.split()).stdout == printed


def test_an_unknown_payer_is_an_operation_outcome_for_a_machine(run: Run) -> None:
    result = run("37244", "--payer", "nobody", "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["issue"][0]["code"] == "not-found"


@pytest.mark.parametrize("codes", [("37244",), ("37244", "37243"), ("37244", "--units", "1")])
def test_that_a_year_stands_for_its_first_day_is_told_once(run: Run, codes: Sequence[str]) -> None:
    text = said(run(*codes, "--date", "2025"))
    assert text.count("The date 2025 is a year alone; its first day, 2025-01-01, was taken") == 1
