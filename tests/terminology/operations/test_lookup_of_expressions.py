"""`$lookup` of a code with modifiers: the base's answer, the modifiers, what the rules find."""

from typing import Any

import pytest

from terminology.errors import NotFound
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import perform, properties_of, value_of

CPT = "http://www.ama-assn.org/go/cpt"
DAY = "2025-10-15"


def test_lookup_tells_the_parts_and_the_findings(context: Context) -> None:
    found = perform(context, "CodeSystem/lookup", system=CPT, code="37244:LT:26", date=DAY)
    (display,) = [p for p in found["parameter"] if p["name"] == "display"]
    assert display["_valueString"]["extension"][0]["valueCode"] == "not-applicable"
    assert value_of(found, "code") == "37244:LT:26"
    modifiers = properties_of(found, "modifier-code")
    assert [value_of(p, "value") for p in modifiers] == ["26", "LT"]
    (finding,) = properties_of(found, "finding")
    assert "PC/TC indicator 0" in value_of(finding, "value")
    assert properties_of(found, "medicare-pc-tc")
    assert "Left side" in value_of(properties_of(found, "reading")[0], "value")


def parts_of(prop: Json) -> list[tuple[str, Any]]:
    """The subproperties of a property, each with its value."""
    found = [part["part"] for part in prop["part"] if part["name"] == "subproperty"]
    return [
        (parts[0]["valueCode"], next(v for n, v in parts[1].items() if n != "name"))
        for parts in found
    ]


def test_lookup_tells_all_that_is_known_of_the_base(context: Context) -> None:
    of_base = perform(context, "CodeSystem/lookup", system=CPT, code="37244", date=DAY)
    found = perform(context, "CodeSystem/lookup", system=CPT, code="37244:LT:26", date=DAY)
    (base,) = properties_of(found, "base-code")
    assert value_of(base, "value") == "37244"
    assert value_of(base, "description") == value_of(of_base, "display")
    parts = parts_of(base)
    assert ("definition", value_of(of_base, "definition")) in parts
    for prop in ("kind", "modifier", "modified", "telemedicine"):
        (one,) = properties_of(of_base, prop)
        assert (prop, value_of(one, "value")) in parts
    designations = [p["part"] for p in of_base["parameter"] if p["name"] == "designation"]
    values = [part["valueString"] for d in designations for part in d if part["name"] == "value"]
    assert [value for code, value in parts if code == "designation"] == values[1:]
    assert [p for p in of_base["parameter"] if _code_of(p).startswith("medicare-")] == [
        p for p in found["parameter"] if _code_of(p).startswith("medicare-")
    ]


def _code_of(parameter: Json) -> str:
    return str(value_of(parameter, "code")) if parameter["name"] == "property" else ""


def test_an_expression_has_no_kind_of_its_own(context: Context) -> None:
    found = perform(context, "CodeSystem/lookup", system=CPT, code="37244:59")
    assert properties_of(found, "kind") == properties_of(found, "telemedicine") == []
    assert value_of(properties_of(found, "modified")[0], "value") is True
    assert value_of(properties_of(found, "modifier")[0], "value") is False
    assert not [p for p in found["parameter"] if p["name"] in ("definition", "designation")]


def test_a_plain_code_has_no_base(context: Context) -> None:
    for code in ("37244", "59"):
        found = perform(context, "CodeSystem/lookup", system=CPT, code=code)
        assert properties_of(found, "base-code") == []


def test_the_notes_of_supplements_on_the_base_come_with_their_sources(context: Context) -> None:
    supplement = "https://proterm.example/fhir/CodeSystem/cpt-37244-notes"
    sent = {"system": CPT, "useSupplement": [supplement]}
    of_base = perform(context, "CodeSystem/lookup", code="37244", **sent)
    found = perform(context, "CodeSystem/lookup", code="37244:59", **sent)
    notes = properties_of(of_base, "modifier-note")
    assert notes
    assert properties_of(found, "modifier-note") == notes


def test_lookup_of_what_the_grammar_refuses_says_why(context: Context) -> None:
    with pytest.raises(NotFound, match="Modifier 1P"):
        perform(context, "CodeSystem/lookup", system=CPT, code="37244:1P")


def test_what_was_not_checked_on_the_day_is_told(context: Context) -> None:
    sent = {"system": CPT, "code": "37244:26"}
    before = perform(context, "CodeSystem/lookup", date="2019-01-01", **sent)
    assert properties_of(before, "finding") == []
    told = [value_of(prop, "value") for prop in properties_of(before, "not-checked")]
    assert (
        "Medicare's fee schedule was not checked for 37244: no release of it is loaded for"
        " 2019-01-01"
    ) in told
    assert (
        properties_of(perform(context, "CodeSystem/lookup", date=DAY, **sent), "not-checked") == []
    )
    narrowed = perform(context, "CodeSystem/lookup", date="2019-01-01", property="finding", **sent)
    assert properties_of(narrowed, "not-checked") == []
