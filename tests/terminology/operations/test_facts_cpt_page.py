"""HL7's page "Using CPT with HL7 Standards": facts, each by its own name.

https://terminology.hl7.org/CPT.html. What it says of the text of expressions is tested in
tests/terminology/rules/test_facts_grammar.py, what it says of AMA's files with their reader.
"""

from typing import Any

import pytest

from terminology import content
from terminology.errors import NotFound
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import perform, properties_of, value_of, value_set

CPT = "http://www.ama-assn.org/go/cpt"
LINE = (
    "CPT © Copyright 2026 American Medical Association. All rights reserved. AMA and CPT are"
    " registered trademarks of the American Medical Association."
)
PAGE, PUBLISHED = "http://hl7.org/fhir/ValueSet", "http://terminology.hl7.org/ValueSet"


def cpt() -> Json:
    """The CodeSystem resource that ships."""
    found = [r for r in content.resources() if r.get("url") == CPT and "concept" in r]
    assert len(found) == 1
    return found[0]


def is_cpt(context: Context, code: str) -> bool:
    found = perform(context, "CodeSystem/validate-code", url=CPT, code=code)
    return bool(value_of(found, "result"))


def selected(context: Context, prop: str, op: str, value: str) -> set[str]:
    include = {"system": CPT, "filter": [{"property": prop, "op": op, "value": value}]}
    found = perform(context, "ValueSet/expand", valueSet=value_set("asked", include))
    return {entry["code"] for entry in found["expansion"].get("contains", [])}


def looked_up(context: Context, code: str, prop: str) -> list[Any]:
    found = perform(context, "CodeSystem/lookup", system=CPT, code=code)
    return [value_of(one, "value") for one in properties_of(found, prop)]


def test_the_object_identifier_of_cpt() -> None:
    assert {one["value"] for one in cpt()["identifier"]} == {"urn:oid:2.16.840.1.113883.6.12"}


def test_the_version_is_the_year_of_use(context: Context) -> None:
    assert cpt()["version"] == "2026"
    found = perform(context, "CodeSystem/validate-code", url=CPT, code="37244", version="2026")
    assert value_of(found, "result") is True
    assert value_of(found, "version") == "2026"


def test_a_code_is_five_characters_a_modifier_two_or_an_expression(context: Context) -> None:
    assert all(is_cpt(context, code) for code in ("37244", "59", "LT", "37244:59", "37244:59:LT"))
    assert {len(one["code"]) for one in cpt()["concept"]} == {5, 2}


def test_no_display_is_defined_for_an_expression(context: Context) -> None:
    for operation, system in (("lookup", "system"), ("validate-code", "url")):
        found = perform(context, f"CodeSystem/{operation}", code="37244:59", **{system: CPT})
        displays = [p for p in found["parameter"] if p["name"] == "display"]
        assert not any("valueString" in display for display in displays)


def test_any_display_is_right_for_an_expression_since_none_is_defined(context: Context) -> None:
    sent = {"url": CPT, "code": "37244:59", "display": "What the sender calls it"}
    found = perform(context, "CodeSystem/validate-code", **sent)
    assert value_of(found, "result") is True


def test_there_is_no_subsumption(context: Context) -> None:
    for one, other in (("37244", "37243"), ("37244", "37244:59"), ("37244:59", "37244:59:LT")):
        for pair in ((one, other), (other, one)):
            sent = dict(zip(("codeA", "codeB"), pair, strict=True))
            found = perform(context, "CodeSystem/subsumes", system=CPT, **sent)
            assert value_of(found, "outcome") == "not-subsumed"
    assert "hierarchyMeaning" not in cpt()


def test_the_order_of_modifiers_carries_no_meaning(context: Context) -> None:
    sent = {"codeA": "37244:59:LT:22", "codeB": "37244:22:LT:59"}
    found = perform(context, "CodeSystem/subsumes", system=CPT, **sent)
    assert value_of(found, "outcome") == "equivalent"


@pytest.mark.parametrize("code", ["37244-59", "37244.59"])
def test_a_hyphen_and_a_dot_are_not_conformant(context: Context, code: str) -> None:
    found = perform(context, "CodeSystem/validate-code", url=CPT, code=code)
    assert value_of(found, "result") is False
    assert "Write 37244:59." in value_of(found, "message")


def test_a_combination_has_to_obey_cpt_s_rules(context: Context) -> None:
    assert not is_cpt(context, "37244:52:53")
    assert is_cpt(context, "37244:52")
    assert is_cpt(context, "37244:53")


def test_modifier_is_stated_once_of_every_code(context: Context) -> None:
    assert looked_up(context, "37244", "modifier") == [False]
    assert looked_up(context, "59", "modifier") == [True]
    assert looked_up(context, "37244:59", "modifier") == [False]


def test_modified_is_true_of_expressions_alone(context: Context) -> None:
    assert looked_up(context, "37244", "modified") == looked_up(context, "59", "modified")
    assert looked_up(context, "59", "modified") == [False]
    assert looked_up(context, "37244:59", "modified") == [True]


def test_kind_may_repeat_and_an_expression_has_none(context: Context) -> None:
    assert looked_up(context, "37244", "kind") == ["code"]
    assert set(looked_up(context, "59", "kind")) == {"general", "cat-1"}
    assert looked_up(context, "37244:59", "kind") == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("code", "37244"),
        ("cat-1", "25"),
        ("cat-2", "1P"),
        ("physical-status", "P1"),
        ("general", "22"),
        ("hcpcs", "LT"),
    ],
)
def test_each_kind_of_code(context: Context, kind: str, code: str) -> None:
    assert kind in looked_up(context, code, "kind")


def test_telemedicine_and_orthopox_are_declared_and_may_be_left_out(context: Context) -> None:
    declared = {p["code"]: p["type"] for p in cpt()["property"]}
    assert declared == {
        "modifier": "boolean",
        "modified": "boolean",
        "kind": "code",
        "telemedicine": "boolean",
        "orthopox": "boolean",
    }
    assert looked_up(context, "59", "telemedicine") == looked_up(context, "59", "orthopox") == []


def test_telemedicine_means_usable_with_95(context: Context) -> None:
    assert looked_up(context, "37244", "telemedicine") == [False]
    assert not is_cpt(context, "37244:95")


def test_there_are_six_filters() -> None:
    # `reportable` is this service's own, and says so.
    found = {f["code"]: f["operator"] for f in cpt()["filter"] if f["code"] != "reportable"}
    assert found == {
        "modifier": ["="],
        "modified": ["="],
        "kind": ["=", "in"],
        "telemedicine": ["="],
        "orthopox": ["="],
        "code": ["in"],
    }


def test_the_filter_modifier(context: Context) -> None:
    assert selected(context, "modifier", "=", "false") == {"37241", "37242", "37243", "37244"}
    assert {"59", "LT", "P1", "1P"} <= selected(context, "modifier", "=", "true")


def test_the_filter_modified(context: Context) -> None:
    assert selected(context, "modified", "=", "true") == set()
    assert len(selected(context, "modified", "=", "false")) == 54


def test_the_filter_kind_with_equals(context: Context) -> None:
    assert selected(context, "kind", "=", "cat-2") == {"1P", "2P", "3P", "8P"}


def test_the_filter_kind_with_a_list(context: Context) -> None:
    found = selected(context, "kind", "in", "cat-2,hcpcs")
    assert found == {"1P", "2P", "3P", "8P", "LT", "RT", "XE", "XP", "XS", "XU"}


def test_the_filter_code_with_codes_and_ranges(context: Context) -> None:
    assert selected(context, "code", "in", "37241-37243, 59") == {"37241", "37242", "37243", "59"}
    assert selected(context, "code", "in", "20100-69990, 92920, 92926-92928") == {
        "37241",
        "37242",
        "37243",
        "37244",
    }


def test_the_filter_telemedicine(context: Context) -> None:
    assert "37244" in selected(context, "telemedicine", "=", "false")
    assert selected(context, "telemedicine", "=", "true") == set()


def test_the_filter_orthopox(context: Context) -> None:
    assert selected(context, "orthopox", "=", "true") == set()


def test_there_is_no_general_pattern_of_implicit_value_sets(context: Context) -> None:
    for url in (f"{CPT}?fhir_vs", f"{CPT}/vs", f"{PAGE}/cpt-37244"):
        with pytest.raises(NotFound):
            perform(context, "ValueSet/expand", url=url)


@pytest.mark.parametrize("name", ["cpt-all", "cpt-base", "cpt-modifiers", "cpt-usable"])
def test_the_url_of_the_page_and_that_of_the_published_set_are_both_taken(
    context: Context, name: str
) -> None:
    of_page, published = (
        perform(context, "ValueSet/expand", url=f"{base}/{name}") for base in (PAGE, PUBLISHED)
    )
    assert of_page["expansion"]["contains"] == published["expansion"]["contains"]


def test_the_published_sets_are_of_version_1_0_0(context: Context) -> None:
    for name in ("cpt-all", "cpt-base", "cpt-modifiers", "cpt-usable"):
        found = perform(context, "ValueSet/expand", url=f"{PUBLISHED}/{name}|1.0.0")
        assert found["version"] == "1.0.0"


def test_value_sets_carry_the_copyright_with_the_year_of_the_release(context: Context) -> None:
    for base in (PAGE, PUBLISHED):
        for name in ("cpt-all", "cpt-base", "cpt-modifiers", "cpt-usable"):
            found = perform(context, "ValueSet/expand", url=f"{base}/{name}", count=1)
            assert LINE in found["copyright"]
