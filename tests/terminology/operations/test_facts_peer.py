"""What the best-known server of CPT gets wrong, and this one does not: each by its own name.

Seen in HealthIntersections/fhirserver (Pascal) and FHIRsmith (JavaScript): see the shipped
DocumentReference `hl7-cpt-server`.
"""

from itertools import permutations

import pytest

from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import perform, properties_of, rules_of, value_of, value_set

CPT = "http://www.ama-assn.org/go/cpt"


def validate(context: Context, code: str) -> Json:
    return perform(context, "CodeSystem/validate-code", url=CPT, code=code, date="2025-10-15")


def is_cpt(context: Context, code: str) -> bool:
    return bool(value_of(validate(context, code), "result"))


@pytest.mark.parametrize("modifier", ["LT", "RT", "XS", "TC", "GC", "GA", "AS"])
def test_a_level_ii_modifier_needs_no_59(context: Context, modifier: str) -> None:
    assert is_cpt(context, f"37244:{modifier}")


def test_a_physical_status_is_refused_where_it_is_stored_as_physical_status(
    context: Context,
) -> None:
    found = perform(context, "CodeSystem/lookup", system=CPT, code="P1")
    assert [value_of(k, "value") for k in properties_of(found, "kind")] == ["physical-status"]
    assert rules_of(validate(context, "37244:P1")) == {"cpt-physical-status": "error"}


@pytest.mark.parametrize("code", ["37244:22:22", "37244:59:59", "37244:LT:LT", "37244:22:59:22"])
def test_a_duplicate_is_refused_whether_or_not_it_is_in_a_set(context: Context, code: str) -> None:
    assert rules_of(validate(context, code))["cpt-duplicate-modifier"] == "error"


def test_more_than_four_modifiers_are_remarked_on(context: Context) -> None:
    found = validate(context, "37244:22:52:59:LT:GC")
    assert value_of(found, "result") is True
    assert rules_of(found)["cpt-more-than-four-modifiers"] == "warning"


@pytest.mark.parametrize("code", ["25:95", "59:59", "LT:59"])
def test_a_modifier_is_no_base(context: Context, code: str) -> None:
    assert rules_of(validate(context, code)) == {"cpt-modifier-as-base": "error"}


def test_a_code_is_no_modifier(context: Context) -> None:
    assert rules_of(validate(context, "37244:37243")) == {"cpt-code-as-modifier": "error"}


@pytest.mark.parametrize("code", ["37244", "37244:59", "59"])
def test_the_copyright_of_a_lookup_is_cpt_s_and_of_the_release_s_year(
    context: Context, code: str
) -> None:
    found = perform(context, "CodeSystem/lookup", system=CPT, code=code)
    (line,) = properties_of(found, "copyright")
    assert value_of(line, "value").startswith("CPT © Copyright 2026 American Medical Association")
    assert "SNOMED" not in str(found["parameter"][0])
    assert (value_of(found, "name"), value_of(found, "version")) == ("CPT", "2026")


def test_the_count_of_codes_is_that_of_what_is_loaded(context: Context) -> None:
    url = "http://hl7.org/fhir/ValueSet/cpt-all"
    total = perform(context, "ValueSet/expand", url=url, count=0)["expansion"]["total"]
    assert f"among the {total} codes loaded" in value_of(validate(context, "99213"), "message")


def test_designations_have_the_parts_that_the_operation_defines(context: Context) -> None:
    found = perform(context, "CodeSystem/lookup", system=CPT, code="37244")
    designations = [p["part"] for p in found["parameter"] if p["name"] == "designation"]
    assert len(designations) == 3
    for parts in designations:
        types = [(p["name"], key) for p in parts for key in p if key != "name"]
        assert types == [
            ("language", "valueCode"),
            ("use", "valueCoding"),
            ("value", "valueString"),
        ]


def test_the_order_of_modifiers_is_no_other_expression_and_what_was_sent_is_echoed(
    context: Context,
) -> None:
    for order in permutations(("59", "LT", "22")):
        code = ":".join(("37244", *order))
        found = validate(context, code)
        assert value_of(found, "code") == code
        assert value_of(found, "normalized-code") in (None, "37244:22:59:LT")
        sent = {"codeA": code, "codeB": "37244:22:59:LT"}
        found = perform(context, "CodeSystem/subsumes", system=CPT, **sent)
        assert value_of(found, "outcome") == "equivalent"


@pytest.mark.parametrize(
    ("prop", "op", "value", "listed"),
    [
        ("kind", "in", "cat-2,hcpcs", "1P"),
        ("code", "in", "37241-37244", "37242"),
        ("telemedicine", "=", "false", "37244"),
    ],
)
def test_filters_that_it_lacks_are_here(
    context: Context, prop: str, op: str, value: str, listed: str
) -> None:
    include = {"system": CPT, "filter": [{"property": prop, "op": op, "value": value}]}
    found = perform(context, "ValueSet/expand", valueSet=value_set("asked", include))
    assert listed in {entry["code"] for entry in found["expansion"]["contains"]}


def test_the_operator_of_a_filter_is_not_passed_over(context: Context) -> None:
    include = {"system": CPT, "filter": [{"property": "kind", "op": "not-in", "value": "code"}]}
    found = perform(context, "ValueSet/expand", valueSet=value_set("asked", include))
    codes = {entry["code"] for entry in found["expansion"]["contains"]}
    assert "37244" not in codes
    assert "59" in codes


def test_a_search_is_supported(context: Context) -> None:
    url = "http://hl7.org/fhir/ValueSet/cpt-usable"
    found = perform(context, "ValueSet/expand", url=url, filter="bleed")
    assert "37244" in {entry["code"] for entry in found["expansion"]["contains"]}
