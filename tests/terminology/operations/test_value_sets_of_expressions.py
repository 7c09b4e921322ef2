"""Value sets of CPT: the four of HL7, its filters, what the grammar leaves open."""

import pytest

from terminology.errors import InvalidInput
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import issues_of, perform, rules_of, value_of, value_set

CPT = "http://www.ama-assn.org/go/cpt"
REPORTABLE = "https://proterm.example/fhir/ValueSet/reportable-medicare"
DAY = "2025-10-15"


def in_set(context: Context, url: str, code: str) -> bool:
    sent = {"url": url, "system": CPT, "code": code, "date": DAY}
    return bool(value_of(perform(context, "ValueSet/validate-code", **sent), "result"))


@pytest.mark.parametrize("base", ["http://hl7.org/fhir", "http://terminology.hl7.org"])
def test_the_four_value_sets(context: Context, base: str) -> None:
    held = {
        name: [
            in_set(context, f"{base}/ValueSet/cpt-{name}", c) for c in ("37244", "59", "37244:59")
        ]
        for name in ("all", "base", "modifiers", "usable")
    }
    assert held == {
        "all": [True, True, True],
        "base": [True, False, False],
        "modifiers": [False, True, False],
        "usable": [True, False, True],
    }


@pytest.mark.parametrize(
    ("name", "unclosed"), [("all", True), ("usable", True), ("base", False), ("modifiers", False)]
)
def test_a_set_that_the_grammar_leaves_open_says_so(
    context: Context, name: str, *, unclosed: bool
) -> None:
    url = f"http://hl7.org/fhir/ValueSet/cpt-{name}"
    found = perform(context, "ValueSet/expand", url=url, count=0)
    assert found["expansion"]["total"] > 0
    assert "contains" not in found["expansion"]
    assert ("grammar" in str(found["expansion"]["extension"])) is unclosed


@pytest.mark.parametrize(
    ("imported", "filtered", "unclosed"),
    [
        (["all"], [], True),
        (["usable"], [], True),
        (["base"], [], False),
        (["all", "base"], [], False),
        (["usable"], [{"property": "modified", "op": "=", "value": "true"}], True),
        (["all"], [{"property": "modified", "op": "=", "value": "false"}], False),
    ],
)
def test_what_two_sets_leave_open_together_is_open(
    context: Context, imported: list[str], filtered: list[Json], *, unclosed: bool
) -> None:
    urls = [f"http://hl7.org/fhir/ValueSet/cpt-{name}" for name in imported]
    include = {"system": CPT, "filter": filtered, "valueSet": urls}
    resource = value_set("asked", include)
    found = perform(context, "ValueSet/expand", valueSet=resource)
    assert ("grammar" in str(found["expansion"]["extension"])) is unclosed
    sent = {"valueSet": resource, "system": CPT, "code": "37244:59"}
    answer = perform(context, "ValueSet/validate-code", **sent)
    assert value_of(answer, "result") is unclosed


@pytest.mark.parametrize(
    ("prop", "op", "value", "words"),
    [
        ("modifier", "=", "yes", "takes true or false, not 'yes'"),
        ("modified", "=", "True", "takes true or false, not 'True'"),
        ("orthopox", "=", "1", "takes true or false"),
        ("telemedicine", "=", "x" * 5000, "not 'x{40}'"),
        ("code", "in", "37241,37244:59", "'37244:59' is a code with modifiers"),
        ("code", "in", "3724-5", "neither a code nor a range"),
        ("code", "in", "37241..37244", "neither a code nor a range"),
        ("code", "in", "abc", "'abc' is neither a code nor a range"),
        ("code", "in", "37244,0001u", "'0001u' is neither a code nor a range"),
        ("kind", "=", "nonsense", "'nonsense' is no kind of CPT code; the kinds are code, cat-1"),
        ("kind", "in", "cat-2, cat-3", "'cat-3' is no kind"),
        ("kind", "in", "cat-2,", "'' is no kind"),
        ("code", "in", "37244-37241", "write the lower code first"),
        ("code", "in", "37241-0001F", "no range of codes"),
    ],
)
def test_a_value_that_a_filter_can_t_have_is_refused(
    context: Context, prop: str, op: str, value: str, words: str
) -> None:
    include = {"system": CPT, "filter": [{"property": prop, "op": op, "value": value}]}
    resource = value_set("asked", include)
    with pytest.raises(InvalidInput, match=words):
        perform(context, "ValueSet/expand", valueSet=resource)
    sent = {"valueSet": resource, "system": CPT, "code": "37244"}
    with pytest.raises(InvalidInput, match=words):
        perform(context, "ValueSet/validate-code", **sent)


@pytest.mark.parametrize(
    ("prop", "op", "value", "codes"),
    [
        ("code", "in", "37241-37243, 37244", ["37241", "37242", "37243", "37244"]),
        ("code", "in", "37243,59", ["37243", "59"]),
        ("kind", "in", "physical-status, cat-2", ["P1", "P6", "1P", "8P"]),
        ("kind", "=", "code", ["37244"]),
        ("modifier", "=", "true", ["59", "LT"]),
        ("modified", "=", "false", ["37244", "59"]),
        ("telemedicine", "=", "false", ["37244"]),
    ],
)
def test_a_filter_selects_what_it_contains(
    context: Context, prop: str, op: str, value: str, codes: list[str]
) -> None:
    include = {"system": CPT, "filter": [{"property": prop, "op": op, "value": value}]}
    resource = value_set("asked", include)
    found = perform(context, "ValueSet/expand", valueSet=resource)
    listed = {entry["code"] for entry in found["expansion"]["contains"]}
    assert set(codes) <= listed
    for code in ("37244", "37241", "59", "LT", "P1"):
        sent = {"valueSet": resource, "system": CPT, "code": code}
        answer = perform(context, "ValueSet/validate-code", **sent)
        assert value_of(answer, "result") is (code in listed)


def test_medicares_rules_decide_in_a_set_of_what_is_reportable_to_it(context: Context) -> None:
    assert in_set(context, REPORTABLE, "37244")
    assert in_set(context, REPORTABLE, "37244:59")
    assert not in_set(context, REPORTABLE, "37244:80")
    assert not in_set(context, REPORTABLE, "59")
    sent = {"url": REPORTABLE, "system": CPT, "code": "37244:26", "date": DAY}
    found = perform(context, "ValueSet/validate-code", **sent)
    assert value_of(found, "result") is False
    assert rules_of(found) == {"mpfs-pctc-no-split": "error"}


@pytest.mark.parametrize("codes", [("37244:26", "37244"), ("37244", "37244:26")])
def test_one_coding_in_the_set_is_enough_and_the_rule_on_another_informs(
    context: Context, codes: tuple[str, str]
) -> None:
    codings = [{"system": CPT, "code": code} for code in codes]
    sent = {"url": REPORTABLE, "codeableConcept": {"coding": codings}, "date": DAY}
    found = perform(context, "ValueSet/validate-code", **sent)
    assert value_of(found, "result") is True
    assert value_of(found, "code") == "37244"
    assert rules_of(found) == {"mpfs-pctc-no-split": "warning"}


def test_where_no_coding_is_in_the_set_the_rule_decides(context: Context) -> None:
    codings = [{"system": CPT, "code": code} for code in ("37244:26", "37244:TC")]
    sent = {"url": REPORTABLE, "codeableConcept": {"coding": codings}, "date": DAY}
    found = perform(context, "ValueSet/validate-code", **sent)
    assert value_of(found, "result") is False
    assert rules_of(found) == {"mpfs-pctc-no-split": "error"}


@pytest.mark.parametrize("code", ["37244", "37244:26"])
def test_what_no_table_of_the_day_decides_is_told_in_the_reportable_set(
    context: Context, code: str
) -> None:
    sent = {"url": REPORTABLE, "system": CPT, "code": code, "date": "2018-01-01"}
    found = perform(context, "ValueSet/validate-code", **sent)
    assert value_of(found, "result") is True
    (told,) = [text for _, _, text in issues_of(found) if "fee schedule was not checked" in text]
    assert told.endswith("no release of it is loaded for 2018-01-01")


@pytest.mark.parametrize("code", ["37244", "37244:59"])
def test_which_release_decided_in_the_reportable_set_is_told_once_its_period_is_over(
    context: Context, code: str
) -> None:
    sent = {"url": REPORTABLE, "system": CPT, "code": code, "date": "2030-01-01"}
    found = perform(context, "ValueSet/validate-code", **sent)
    (told,) = [issue for issue in value_of(found, "issues")["issue"] if "as of" in str(issue)]
    assert (told["severity"], told["expression"]) == ("information", ["code"])
    assert told["details"]["text"] == (
        "Medicare's fee schedule: as of RVU 2025 October; no later release loaded."
        " Whoever runs this service can load one with `proterm load`"
    )
    on_the_day = perform(context, "ValueSet/validate-code", **sent | {"date": DAY})
    assert value_of(on_the_day, "issues") is None


def test_a_value_set_without_a_url_is_called_so(context: Context) -> None:
    include = {"system": CPT, "concept": [{"code": "37244"}]}
    resource = {"resourceType": "ValueSet", "status": "active", "compose": {"include": [include]}}
    coding = {"system": CPT, "code": "37243"}
    for sent in ({"coding": coding}, {"codeableConcept": {"coding": [coding]}}):
        found = perform(context, "ValueSet/validate-code", valueSet=resource, **sent)
        texts = [text for _, _, text in issues_of(found)]
        assert all(text.endswith("the value set, which has no url") for text in texts)
        assert texts
