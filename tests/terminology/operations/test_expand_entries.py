"""`$expand`: what an entry says of its concept, and how entries are nested."""

from typing import Any

import pytest

from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import ANIMALS, BASE, codes_of, perform

VS = f"{BASE}/ValueSet/"


def expand(context: Context, name: str, **sent: Any) -> Json:
    return perform(context, "ValueSet/expand", url=VS + name, **sent)


def entry(found: Json, code: str) -> Json:
    pending = list(found["expansion"]["contains"])
    while pending:
        one: Json = pending.pop()
        if one["code"] == code:
            return one
        pending.extend(one.get("contains", ()))
    raise AssertionError(code)


def test_codes_are_nested_unless_they_are_asked_for_flat(zoo: Context) -> None:
    (bird,) = expand(zoo, "birds")["expansion"]["contains"]
    assert [e["code"] for e in bird["contains"]] == ["duck", "dodo"]
    for sent in ({"excludeNested": True}, {"count": "3"}):
        flat = expand(zoo, "birds", **sent)["expansion"]
        assert [e["code"] for e in flat["contains"]] == ["bird", "duck", "dodo"]
        assert flat["total"] == 3
    assert codes_of(expand(zoo, "birds")) == ["bird", "duck", "dodo"]
    found = expand(zoo, "birds", filter="d")["expansion"]["contains"]
    assert [e["code"] for e in found] == ["duck", "dodo"]
    whole = expand(zoo, "whole", filter="d")["expansion"]["contains"]
    assert not any("contains" in e for e in whole)


def test_the_children_of_a_code_that_is_left_out_move_up(zoo: Context) -> None:
    found = expand(zoo, "living", filter="d")
    assert "dodo" not in codes_of(found)


def test_groups_and_inactive_codes_are_marked(zoo: Context) -> None:
    found = expand(zoo, "birds")
    assert entry(found, "bird")["abstract"] is True
    assert entry(found, "dodo")["inactive"] is True
    assert not {"abstract", "inactive"} & set(entry(found, "duck"))


def test_only_active_codes_where_they_are_asked_for(zoo: Context) -> None:
    found = expand(zoo, "birds", activeOnly=True)
    assert codes_of(found) == ["bird", "duck"]
    assert found["expansion"]["total"] == 2
    assert codes_of(expand(zoo, "birds", activeOnly=False)) == ["bird", "duck", "dodo"]


@pytest.mark.parametrize(
    ("wanted", "display"), [("de", "Ente"), ("fr", "Duck"), ("fr,*;q=0", None), ("en", "Duck")]
)
def test_displays_are_in_the_language_asked_for(
    zoo: Context, wanted: str, display: str | None
) -> None:
    found = expand(zoo, "birds", displayLanguage=wanted)
    assert entry(found, "duck").get("display") == display


def test_designations_are_given_where_they_are_asked_for(zoo: Context) -> None:
    assert "designation" not in entry(expand(zoo, "birds"), "duck")
    found = entry(expand(zoo, "birds", includeDesignations=True), "duck")
    assert found["designation"] == [{"language": "de", "value": "Ente"}]


def test_the_words_of_the_value_set_go_first(zoo: Context) -> None:
    found = entry(expand(zoo, "named", includeDesignations=True), "duck")
    assert found["display"] == "Donald"
    assert found["designation"] == [
        {"language": "en", "value": "Duck"},
        {"language": "de", "value": "Ente"},
        {"value": "Dagobert"},
    ]
    assert entry(expand(zoo, "named", displayLanguage="de"), "duck")["display"] == "Ente"


def test_properties_are_given_and_declared_where_they_are_asked_for(zoo: Context) -> None:
    found = expand(zoo, "birds", property=["size", "tint", "nothing"])
    duck = entry(found, "duck")["property"]
    assert duck[0] == {"code": "size", "valueInteger": 3}
    assert duck[1]["valueCoding"]["code"] == "red"
    assert found["expansion"]["property"] == [
        {"code": "size", "uri": "https://test.example/size"},
        {"code": "tint"},
        {"code": "status", "uri": "http://hl7.org/fhir/concept-properties#status"},
    ]
    # What is not active says so without being asked.
    assert {"code": "status", "valueCode": "retired"} in entry(found, "dodo")["property"]
    assert "property" not in entry(found, "bird")
    assert "property" not in expand(zoo, "named", property=["nothing"])["expansion"]


def test_a_definition_is_given_once(context: Context) -> None:
    base = "http://hl7.org/fhir/ValueSet/cpt-base"
    for sent in (
        {"property": ["definition"]},
        {"includeDefinition": True, "property": ["definition"]},
    ):
        found = perform(context, "ValueSet/expand", url=base, **sent)
        for one in found["expansion"]["contains"]:
            assert [p["code"] for p in one["property"]] == ["definition"]
        (declared,) = found["expansion"]["property"]
        assert declared["uri"] == "http://hl7.org/fhir/concept-properties#definition"
    # That of the value set is another one.
    found = perform(context, "ValueSet/expand", url=base, includeDefinition=True)
    assert "property" not in found["expansion"]


def test_a_supplement_s_names_and_properties(zoo: Context) -> None:
    more = f"{BASE}/CodeSystem/more"
    sent = {"useSupplement": [more], "includeDesignations": True}
    found = expand(zoo, "birds", **sent)
    assert {"language": "sw", "value": "Bata"} in entry(found, "duck")["designation"]
    used = [p for p in found["expansion"]["parameter"] if p["name"] == "used-supplement"]
    assert used == [{"name": "used-supplement", "valueUri": f"{more}|1.0.0"}]
    assert codes_of(expand(zoo, "birds", filter="bata", **sent)) == ["duck"]
    assert codes_of(expand(zoo, "birds", filter="bata")) == []


def test_a_version_that_the_value_set_names(zoo: Context) -> None:
    found = expand(zoo, "pinned")
    assert codes_of(found) == ["mammoth"]
    used = {"name": "used-codesystem", "valueUri": f"{ANIMALS}|0.9.0"}
    assert used in found["expansion"]["parameter"]
