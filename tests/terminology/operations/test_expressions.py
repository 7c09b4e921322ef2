"""Expressions of CPT: what the code system says of a code with modifiers."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.codesystems.cpt.expression import parse
from terminology.errors import NotFound
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import issues_of, perform, properties_of, rules_of, value_of

CPT = "http://www.ama-assn.org/go/cpt"
DAY = "2025-10-15"


def validate(context: Context, code: str, **sent: Any) -> Json:
    asked = {"url": CPT, "code": code, "date": DAY, **sent}
    return perform(context, "CodeSystem/validate-code", **asked)


@pytest.mark.parametrize("code", ["37244:59", "37244:LT", "37244:XS", "37244:GC", "37244:59:RT"])
def test_the_grammar_allows(context: Context, code: str) -> None:
    assert value_of(validate(context, code), "result") is True


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("37244:1P", "cpt-category-2-modifier"),
        ("37244:P1", "cpt-physical-status"),
        ("37244:95", "cpt-95-not-telemedicine"),
        ("37244:52:53", "cpt-52-with-53"),
        ("37244:76:77", "cpt-76-with-77"),
        ("37244:59:59", "cpt-duplicate-modifier"),
        ("37244:22:22", "cpt-duplicate-modifier"),
        ("37244-59", "cpt-separator"),
        ("37244.59", "cpt-separator"),
        ("37244 59", "cpt-separator"),
        ("3724459", "cpt-no-separator"),
        ("37244:xs", "cpt-lower-case"),
        ("37244:", "cpt-trailing-separator"),
        ("25:95", "cpt-modifier-as-base"),
        ("37244:37243", "cpt-code-as-modifier"),
    ],
)
def test_the_grammar_refuses_each_for_its_own_reason(
    context: Context, code: str, rule: str
) -> None:
    found = validate(context, code)
    assert value_of(found, "result") is False
    assert rules_of(found)[rule] == "error"
    assert value_of(found, "code") == code


@pytest.mark.parametrize(
    ("code", "rule", "severity"),
    [
        ("37244:26", "mpfs-pctc-no-split", "warning"),
        ("37244:TC", "mpfs-pctc-no-split", "warning"),
        ("37244:50", "mpfs-bilateral-paid-once", "information"),
        ("37244:80", "mpfs-assistant-never-paid", "warning"),
        ("37244:AS", "mpfs-assistant-never-paid", "warning"),
        ("37244:62", "mpfs-two-surgeons-not-permitted", "warning"),
        ("37244:66", "mpfs-team-not-permitted", "warning"),
        ("37242:80", "mpfs-assistant-documentation", "warning"),
        ("37244:XS:59", "payer-59-with-x", "warning"),
    ],
)
def test_other_scopes_only_remark(context: Context, code: str, rule: str, severity: str) -> None:
    found = validate(context, code)
    assert value_of(found, "result") is True
    assert rules_of(found)[rule] == severity


def test_the_modifiers_home_is_named_where_cpt_does_not_list_it(context: Context) -> None:
    issues = [p for p in validate(context, "37244:GC")["parameter"] if p["name"] == "issues"]
    (issue,) = issues[0]["resource"]["issue"]
    assert issue["severity"] == "information"
    assert "HCPCSReleaseCodeSets" in issue["details"]["text"]
    assert not [p for p in validate(context, "37244:LT")["parameter"] if p["name"] == "issues"]


def test_what_is_sent_is_echoed_and_its_canonical_form_told(context: Context) -> None:
    found = validate(context, "37244:RT:59")
    assert value_of(found, "code") == "37244:RT:59"
    assert value_of(found, "normalized-code") == "37244:59:RT"


def test_pricing_goes_before_payment_before_information(context: Context) -> None:
    found = {
        value_of(validate(context, ":".join(("37244", *order))), "normalized-code")
        for order in permutations(("LT", "XS", "52", "22"))
    }
    assert found - {None} == {"37244:22:52:XS:LT"}


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("37244:59:RT", "37244:RT:59", "equivalent"),
        ("37244", "37244:59", "not-subsumed"),
        ("37244:59", "37244:LT", "not-subsumed"),
        ("37244:59", "37243:59", "not-subsumed"),
    ],
)
def test_subsumption(context: Context, first: str, second: str, outcome: str) -> None:
    found = perform(context, "CodeSystem/subsumes", system=CPT, codeA=first, codeB=second)
    assert value_of(found, "outcome") == outcome


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("37244-59", "Write 37244:59"),
        ("37244:52:53", "exclude each other"),
        ("37244:ZZ", "'ZZ' of '37244:ZZ'"),
        ("lt", "Write LT"),
        ("99213", "not among the 54 codes loaded"),
    ],
)
def test_subsumption_of_what_is_no_code_says_why(context: Context, code: str, words: str) -> None:
    with pytest.raises(NotFound, match=words):
        perform(context, "CodeSystem/subsumes", system=CPT, codeA=code, codeB="37244")


@pytest.mark.parametrize(("code", "right"), [("lt", "LT"), ("1p", "1P"), ("xS", "XS")])
def test_a_modifier_in_small_letters_is_told_how_to_write_it(
    context: Context, code: str, right: str
) -> None:
    found = validate(context, code)
    assert value_of(found, "result") is False
    assert rules_of(found) == {"cpt-lower-case": "error"}
    assert f"Write {right}." in value_of(found, "message")
    assert "small letters" not in value_of(validate(context, "zz"), "message")


@pytest.mark.parametrize("code", ["TC", "GA"])
def test_a_code_of_level_ii_is_sent_home(context: Context, code: str) -> None:
    message = value_of(validate(context, code), "message")
    assert "it is one of HCPCS Level II: send it with the system http://www.cms.gov/" in message


@pytest.mark.parametrize("code", ["J1234", "G0269:59"])
def test_a_code_that_looks_like_level_ii_is_told_so(context: Context, code: str) -> None:
    message = value_of(validate(context, code), "message")
    assert (
        "it has the form of one of HCPCS Level II, whose system is http://www.cms.gov/" in message
    )
    assert "licensed" not in message


def test_a_part_that_is_not_loaded_is_named_with_its_place(context: Context) -> None:
    message = value_of(validate(context, "37244:ZZ"), "message")
    assert "'ZZ' of '37244:ZZ' (at character 7)" in message
    assert "load a licensed release" in message


def test_every_answer_that_holds_cpt_carries_the_owners_line(context: Context) -> None:
    line = "CPT © Copyright 2026 American Medical Association."
    assert value_of(validate(context, "37244"), "copyright").startswith(line)
    found = perform(context, "CodeSystem/lookup", system=CPT, code="37244")
    assert value_of(properties_of(found, "copyright")[0], "value").startswith(line)
    found = perform(context, "ValueSet/expand", url="http://hl7.org/fhir/ValueSet/cpt-base")
    assert line in found["copyright"]


@given(st.text(max_size=30) | st.from_regex(r"[0-9]{4}[0-9A-Z](:[0-9A-Z]{2}){0,5}", fullmatch=True))
def test_any_text_is_read_and_what_is_canonical_stays_so(text: str) -> None:
    read = parse(text)
    if read is not None and not read.faults:
        again = parse(read.canonical)
        assert again is not None
        assert again.canonical == read.canonical


@given(st.permutations(["59", "LT", "22", "XS", "80"]))
def test_the_order_of_modifiers_has_one_canonical_form(order: list[str]) -> None:
    read = parse(":".join(["37244", *order]))
    assert read is not None
    assert read.canonical == "37244:22:80:59:XS:LT"


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2025", "a year alone; its first day, 2025-01-01, was taken"),
        ("2025-10", "a month alone; its first day, 2025-10-01, was taken"),
        ("2025-10-15", None),
        ("2025-10-15T08:00:00Z", None),
    ],
)
def test_of_a_date_that_is_no_day_it_is_told_which_day_was_taken(
    context: Context, date: str, said: str | None
) -> None:
    usable = "http://hl7.org/fhir/ValueSet/cpt-usable"
    in_set = {"url": usable, "system": CPT, "code": "37244:59", "date": date}
    for found in (
        validate(context, "37244:59", date=date),
        perform(context, "ValueSet/validate-code", **in_set),
    ):
        assert value_of(found, "result") is True
        told = [text for _, _, text in issues_of(found) if "date" in text]
        assert told == ([f"The date {date} is {said}"] if said else [])
