"""What an expansion says: names, properties, nesting, pages and what it was made with."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import NotFound, TooCostly
from terminology.model import Json
from terminology.operations.context import Context, Limits
from tests.terminology.builders import (
    code_system,
    codes_of,
    concept,
    condition,
    include,
    prop,
    value_of,
    value_set,
)
from tests.terminology.operations.asking import (
    entry_of,
    expand,
    ours,
    shape_of,
    system,
    validate,
    value_set_url,
    values_of,
)

ROCKS, EXTRA = system("rocks"), system("extra")
FHIR = "http://hl7.org/fhir/StructureDefinition/"
MEANING = "http://hl7.org/fhir/concept-properties#"
PREFERRED = {
    "system": "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra",
    "code": "preferredForLanguage",
}


def extended(**values: Any) -> list[Json]:
    return [
        {
            "url": FHIR + name.replace("_", "-"),
            ("valueDecimal" if isinstance(value, int | float) else "valueString"): value,
        }
        for name, value in values.items()
    ]


@pytest.fixture
def rocks(load: Callable[..., Context]) -> Context:
    german = {"language": "de", "value": "Gestein"}
    swiss = {"language": "de-CH", "value": "Gschtei"}
    made = [
        concept(
            "rock",
            "Rock",
            concept("basalt", "Basalt", concept("scoria", "Scoria of basalt")),
            concept("chalk", "Chalk", property=[prop("hardness", valueInteger=1)]),
            designation=[german, swiss],
            definition="What mountains are of",
        ),
        concept(
            "sand",
            "Sand",
            property=[prop("inactive", valueBoolean=True)],
            extension=extended(codesystem_conceptOrder=2, codesystem_label="s", itemWeight=7),
        ),
    ]
    added = [
        concept(
            "rock",
            designation=[{"language": "fr", "value": "Roche"}],
            property=[prop("found", valueString="everywhere")],
        ),
        concept("sand", extension=extended(codesystem_conceptOrder=3, codesystem_label="t")),
    ]
    own = {"code": "sand", "extension": extended(valueset_conceptOrder=6)}
    needs = [{"url": f"{FHIR}valueset-supplement", "valueCanonical": EXTRA}]
    lost = [{"url": f"{FHIR}valueset-supplement", "valueCanonical": system("not-here")}]
    below = include(ROCKS, filter=[condition("concept", "is-a", "rock")])
    return load(
        ours(
            code_system("rocks", made, language="en"),
            property=[
                {"code": "hardness", "uri": "http://example.org/hardness", "type": "integer"}
            ],
        ),
        ours(
            code_system("extra", added, content="supplement"),
            supplements=ROCKS,
            property=[{"code": "found", "uri": "http://example.org/found", "type": "string"}],
        ),
        ours(value_set("rocks", include(ROCKS))),
        ours(value_set("below", below)),
        ours(value_set("gap", include(ROCKS), exclude=[include(ROCKS, "basalt")])),
        ours(value_set("active", include(ROCKS), inactive=False)),
        ours(value_set("listed", include(ROCKS, "chalk", "rock", "nothing"))),
        ours(value_set("imported", include(valueSet=[value_set_url("below")]))),
        ours(value_set("own", {"system": ROCKS, "concept": [own]})),
        ours(value_set("needing", include(ROCKS)), extension=needs),
        ours(value_set("needing-own", {"system": ROCKS, "concept": [own]}), extension=needs),
        ours(value_set("wanting", include(ROCKS)), extension=lost),
        ours(value_set("german", include(ROCKS)), language="de"),
        limits=Limits(expansion=5, page=20),
    )


@pytest.mark.parametrize("way", ["needed", "asked for"])
def test_a_supplement_that_is_not_loaded_is_missed(rocks: Context, way: str) -> None:
    lost = system("not-here")
    name, sent = ("wanting", {}) if way == "needed" else ("rocks", {"useSupplement": [lost]})
    with pytest.raises(NotFound, match=f"Required supplement not found: {lost}"):
        expand(rocks, name, **sent)
    with pytest.raises(NotFound, match="Required supplement not found"):
        validate(rocks, name, system=ROCKS, code="rock", **sent)


@pytest.mark.parametrize(
    ("name", "sent"),
    [("needing", {}), ("rocks", {"useSupplement": [EXTRA]}),
     ("rocks", {"useSupplement": [f"{EXTRA}|1.0.0"]})],
)  # fmt: skip
def test_a_supplement_adds_names_and_properties(
    rocks: Context, name: str, sent: dict[str, Any]
) -> None:
    found = expand(rocks, name, includeDesignations=True, property=["found"], **sent)
    entry = entry_of(found, "rock")
    assert {"language": "fr", "value": "Roche"} in entry["designation"]
    assert entry["property"] == [{"code": "found", "valueString": "everywhere"}]
    assert {"code": "found", "uri": "http://example.org/found"} in found["expansion"]["property"]
    assert values_of(found, "used-supplement") == [f"{EXTRA}|1.0.0"]
    tested = validate(rocks, name, system=ROCKS, code="rock", display="Roche", **sent)
    assert value_of(tested, "result") is True


def test_a_supplement_that_nobody_asked_for_adds_nothing(rocks: Context) -> None:
    found = expand(rocks, "rocks", includeDesignations=True, property=["found"])
    assert "Roche" not in str(found)
    assert "property" not in entry_of(found, "rock")
    assert values_of(found, "used-supplement") == []
    tested = validate(rocks, "rocks", system=ROCKS, code="rock", display="Roche")
    assert value_of(tested, "result") is False


@pytest.mark.parametrize(
    ("name", "order", "label"),
    [("rocks", 2, "s"), ("needing", 3, "t"), ("own", 6, "s"), ("needing-own", 6, "t")],
)
def test_the_value_set_goes_before_the_supplement_and_that_before_the_code_system(
    rocks: Context, name: str, order: int, label: str
) -> None:
    found = expand(rocks, name)
    stated = {p["code"]: p for p in entry_of(found, "sand")["property"]}
    assert stated == {
        "status": {"code": "status", "valueCode": "inactive"},
        "order": {"code": "order", "valueDecimal": order},
        "label": {"code": "label", "valueString": label},
        "weight": {"code": "weight", "valueDecimal": 7},
    }
    assert isinstance(stated["order"]["valueDecimal"], int)
    declared = {p["code"]: p["uri"] for p in found["expansion"]["property"]}
    assert declared == {
        "status": f"{MEANING}status",
        "order": f"{MEANING}order",
        "label": f"{MEANING}label",
        "weight": f"{MEANING}itemWeight",
    }


@pytest.mark.parametrize(
    ("name", "sent", "shape"),
    [
        ("rocks", {}, {"rock": {"basalt": {"scoria": {}}, "chalk": {}}, "sand": {}}),
        ("rocks", {"excludeNested": False},
         {"rock": {"basalt": {"scoria": {}}, "chalk": {}}, "sand": {}}),
        ("below", {}, {"rock": {"basalt": {"scoria": {}}, "chalk": {}}}),
        ("below", {"filter": "b"}, {"basalt": {"scoria": {}}}),
        ("rocks", {"excludeNested": True},
         {"rock": {}, "basalt": {}, "scoria": {}, "chalk": {}, "sand": {}}),
        ("rocks", {"filter": "c"}, {"chalk": {}}),
        ("gap", {}, {"rock": {"chalk": {}}, "scoria": {}, "sand": {}}),
        ("listed", {}, {"chalk": {}, "rock": {}}),
        ("imported", {}, {"rock": {}, "basalt": {}, "scoria": {}, "chalk": {}}),
        ("active", {}, {"rock": {"basalt": {"scoria": {}}, "chalk": {}}}),
    ],
)  # fmt: skip
def test_codes_are_nested_where_the_code_system_s_own_order_is_whole(
    rocks: Context, name: str, sent: dict[str, Any], shape: dict[str, Any]
) -> None:
    found = expand(rocks, name, **sent)
    assert shape_of(found["expansion"]["contains"]) == shape
    assert found["expansion"]["total"] == len(codes_of(found))


def test_too_many_codes_are_refused_and_pages_are_not(
    rocks: Context, load: Callable[..., Context]
) -> None:
    many = load(
        ours(code_system("many", [concept(f"c{n}") for n in range(12)])),
        ours(value_set("many", include(system("many")))),
        limits=Limits(expansion=10, page=20),
    )
    url = value_set_url("many")
    with pytest.raises(TooCostly, match=f"'{url}.* has too many codes to produce \\(>10\\)"):
        expand(many, "many")
    assert TooCostly.issue_code == "too-costly"
    whole: list[str] = []
    for offset in (0, 5, 10, 15):
        page = expand(many, "many", count=5, offset=offset)
        whole += codes_of(page)
        assert page["expansion"]["total"] == 12
        assert page["expansion"]["offset"] == offset
    assert whole == [f"c{n}" for n in range(12)]
    none = expand(many, "many", count=0)
    assert none["expansion"]["total"] == 12
    assert "contains" not in none["expansion"]
    assert "offset" not in none["expansion"]


@pytest.mark.parametrize(
    ("sent", "echoed"),
    [
        ({}, {}),
        ({"excludeNested": True}, {"excludeNested": True}),
        ({"excludeNested": False, "activeOnly": False}, None),
        ({"count": 3, "offset": 0, "filter": "a"}, None),
        ({"includeDesignations": True, "includeDefinition": False}, None),
        ({"displayLanguage": "de, en;q=0.5"}, None),
        ({"designation": ["urn:ietf:bcp:47|de", "urn:ietf:bcp:47|fr"]}, None),
        ({"property": ["hardness"]}, {}),
        ({"valueSetVersion": "1.0.0"}, {}),
        ({"useSupplement": [EXTRA]}, {"used-supplement": f"{EXTRA}|1.0.0"}),
    ],
)
def test_what_is_echoed_and_nothing_else(
    rocks: Context, sent: dict[str, Any], echoed: dict[str, Any] | None
) -> None:
    found = expand(rocks, "rocks", **sent)
    expected = {"used-codesystem": [f"{ROCKS}|1.0.0"]}
    for name, value in (sent if echoed is None else echoed).items():
        expected[name] = value if isinstance(value, list) else [value]
    names = {p["name"] for p in found["expansion"]["parameter"]}
    assert {name: values_of(found, name) for name in names} == expected


def test_a_code_system_that_only_an_exclude_touches_was_used(load: Callable[..., Context]) -> None:
    context = load(
        ours(code_system("a", [concept("x")])),
        ours(code_system("b", [concept("x")])),
        ours(value_set("less", include(system("a")), exclude=[include(system("b"))])),
    )
    found = expand(context, "less")
    assert codes_of(found) == ["x"]
    assert values_of(found, "used-codesystem") == [f"{system('a')}|1.0.0", f"{system('b')}|1.0.0"]


@pytest.mark.parametrize(
    ("language", "display", "others"),
    [
        ("en", "Rock", ["Gestein", "Gschtei"]),
        ("de", "Gestein", ["Rock", "Gschtei"]),
        ("de-CH", "Gschtei", ["Rock", "Gestein"]),
        ("fr", "Rock", ["Gestein", "Gschtei"]),
        ("fr, *; q=0", None, ["Rock", "Gestein", "Gschtei"]),
        ("fr; q=0.9, de; q=0.3", "Gestein", ["Rock", "Gschtei"]),
    ],
)
def test_a_name_in_the_language_takes_the_display_s_place(
    rocks: Context, language: str, display: str | None, others: list[str]
) -> None:
    found = expand(rocks, "rocks", displayLanguage=language, includeDesignations=True)
    entry = entry_of(found, "rock")
    assert entry.get("display") == display
    assert [d["value"] for d in entry["designation"]] == others
    if display != "Rock":
        base = {"language": "en", "use": PREFERRED, "value": "Rock"}
        assert entry["designation"][0] == base


@pytest.mark.parametrize(
    ("tags", "values"),
    [(["de"], ["Gestein"]), (["de-CH"], ["Gschtei"]), (["de", "de-CH"], ["Gestein", "Gschtei"]),
     (["fr"], [])],
)  # fmt: skip
def test_designations_are_chosen_by_their_exact_language(
    rocks: Context, tags: list[str], values: list[str]
) -> None:
    chosen = [f"urn:ietf:bcp:47|{tag}" for tag in tags]
    found = expand(rocks, "rocks", designation=chosen, includeDesignations=True)
    assert [d["value"] for d in entry_of(found, "rock").get("designation", [])] == values


def test_the_language_comes_from_the_nearest_that_names_one(rocks: Context) -> None:
    assert entry_of(expand(rocks, "german"), "rock")["display"] == "Gestein"
    assert values_of(expand(rocks, "german"), "displayLanguage") == ["de"]
    asked = expand(rocks, "german", displayLanguage="en")
    assert entry_of(asked, "rock")["display"] == "Rock"
    assert values_of(expand(rocks, "rocks"), "displayLanguage") == []
