"""`$lookup`: what is refused, and what is answered of what ships."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import InvalidInput, MissingInput, NotFound, ProtermError
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import (
    ANIMALS,
    BASE,
    code_system,
    concept,
    perform,
    prop,
    properties_of,
    value_of,
)

CPT = "http://www.ama-assn.org/go/cpt"
NOTES = "https://proterm.example/fhir/CodeSystem/cpt-37244-notes"
DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

Load = Callable[..., Context]


def lookup(context: Context, **sent: Any) -> Json:
    return perform(context, "CodeSystem/lookup", **sent)


def names(found: Json) -> list[str]:
    return [entry["name"] for entry in found["parameter"]]


def property_codes(found: Json) -> set[str]:
    return {value_of(e, "code") for e in found["parameter"] if e["name"] == "property"}


@pytest.mark.parametrize(
    ("sent", "error", "words"),
    [
        ({}, MissingInput, "Send a code with its system, or a coding"),
        ({"system": CPT}, MissingInput, "Send a code"),
        ({"code": "37244"}, MissingInput, "'37244' needs its code system: send system"),
        ({"coding": {}}, MissingInput, "needs a system and a code"),
        ({"coding": {"code": "37244"}}, MissingInput, "needs a system and a code"),
        ({"coding": {"system": CPT}}, MissingInput, "needs a system and a code"),
        ({"coding": {"system": CPT, "code": "1"}, "code": "1"}, InvalidInput, "not both"),
        ({"coding": {"system": CPT, "code": "1"}, "system": ANIMALS}, InvalidInput,
         "is of system 'http.*cpt', not of '.*animals'; send one system"),
        ({"coding": {"system": CPT, "code": "1", "version": "1"}, "version": "2026"}, InvalidInput,
         "is of version '1', not of '2026'"),
        ({"system": "urn:gone", "code": "1"}, NotFound,
         r"'urn:gone' is not loaded\. GET CodeSystem\?_elements=url,version lists"),
        ({"system": NOTES, "code": "37244"}, NotFound, "is not loaded"),
        ({"system": CPT, "code": "37244", "version": "2025"}, NotFound,
         "not loaded in version '2025', but in 2026"),
        ({"system": CPT, "code": "99213"}, NotFound,
         r"'99213' is not among the 54 codes loaded \(fragment of CPT 2026\); load a licensed"
         r" release to check it\.$"),
        ({"system": CPT, "code": "x" * 4000}, NotFound, "is not among"),
        ({"system": f"{BASE}/CodeSystem/gone", "code": "1", "useSupplement": ["urn:s"]}, NotFound,
         "is not loaded"),
        ({"system": CPT, "code": "37244", "useSupplement": ["urn:s"]}, NotFound,
         "Required supplement not found: urn:s"),
        ({"system": CPT, "code": "37244", "displayLanguage": "-"}, InvalidInput,
         "Invalid displayLanguage"),
    ],
)  # fmt: skip
def test_what_is_refused(
    context: Context, sent: Json, error: type[ProtermError], words: str
) -> None:
    with pytest.raises(error, match=words):
        lookup(context, **sent)


@pytest.mark.parametrize(
    "sent",
    [
        {"system": CPT, "code": "37244"},
        {"system": CPT, "code": "37244", "version": "2026"},
        {"coding": {"system": CPT, "code": "37244"}},
        {"coding": {"code": "37244"}, "system": CPT},
        {"coding": {"system": CPT, "code": "37244", "version": "2026"}},
        {"coding": {"system": CPT, "code": "37244", "display": "any"}, "version": "2026"},
    ],
)
def test_every_way_of_naming_the_code_answers_the_same(context: Context, sent: Json) -> None:
    found = lookup(context, **sent)
    assert found == lookup(context, system=CPT, code="37244")
    assert value_of(found, "name") == "CPT"
    assert value_of(found, "version") == "2026"
    assert value_of(found, "code") == "37244"
    assert value_of(found, "system") == CPT
    assert value_of(found, "abstract") is False
    assert value_of(found, "display")
    assert value_of(found, "definition")


def test_the_display_is_said_to_be_ours(context: Context) -> None:
    (origin,) = properties_of(lookup(context, system=CPT, code="37244"), "display-origin")
    assert value_of(origin, "value") == (
        "Display and definition are this service's own words; the AMA's are not loaded"
    )


def test_every_loaded_code_can_be_looked_up(context: Context) -> None:
    for head in context.code_systems.heads():
        provider = context.code_systems.find(head.url or "", head.version)
        assert provider is not None
        for placed in provider.at(range(provider.size)):
            found = lookup(context, system=head.url, code=placed.concept.code)
            assert value_of(found, "code") == placed.concept.code


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (["kind"], {"kind"}),
        (["kind", "modifier"], {"kind", "modifier"}),
        (["nothing"], set()),
        (["designation"], set()),
        (["inactive"], {"inactive"}),
        (["ncci-mue"], {"ncci-mue"}),
        (["taxonomy"], {"taxonomy"}),
    ],
)
def test_only_the_properties_asked_for(
    context: Context, wanted: list[str], codes: set[str]
) -> None:
    found = lookup(context, system=CPT, code="37244", property=wanted)
    assert property_codes(found) == codes
    assert ("designation" in names(found)) == ("designation" in wanted)
    assert "definition" not in names(found)
    assert value_of(found, "display")


def test_a_star_is_all_of_them(context: Context) -> None:
    every = lookup(context, system=CPT, code="37244")
    assert lookup(context, system=CPT, code="37244", property=["*"]) == every
    assert lookup(context, system=CPT, code="37244", property=["kind", "*"]) == every
    assert property_codes(every) > {"kind", "taxonomy", "ncci-mue", "medicare-status", "inactive"}


def test_the_default_supplement_is_applied_and_named(context: Context) -> None:
    found = lookup(context, system=CPT, code="37244")
    assert value_of(found, "used-supplement") == f"{NOTES}|1.0.0"
    (service,) = properties_of(found, "service-type")
    assert value_of(service, "source") == f"{NOTES}|1.0.0"
    (source,) = (p for p in service["part"] if p["name"] == "subproperty")
    assert value_of(source, "code") == "source"
    assert value_of(source, "value") == "DocumentReference/cpt-37244-overview"


@pytest.mark.parametrize("asked", [[NOTES], [f"{NOTES}|1.0.0"], [NOTES, NOTES]])
def test_a_supplement_applies_once_however_often_it_is_asked_for(
    context: Context, asked: list[str]
) -> None:
    found = lookup(context, system=CPT, code="37244", useSupplement=asked)
    assert found == lookup(context, system=CPT, code="37244")


def test_a_supplement_for_another_code_system_changes_nothing(context: Context) -> None:
    agents = "https://proterm.example/fhir/CodeSystem/embolic-agents"
    provider = context.code_systems.find(agents)
    assert provider is not None
    code = provider.at([0])[0].concept.code
    found = lookup(context, system=agents, code=code, useSupplement=[NOTES])
    assert "used-supplement" not in names(found)


@pytest.mark.parametrize("code", ["taxonomy", "icd-10-pairing"])
def test_a_value_that_the_sources_do_not_have_is_absent_with_its_reason(
    context: Context, code: str
) -> None:
    (found,) = properties_of(lookup(context, system=CPT, code="37244"), code)
    (value,) = (part for part in found["part"] if part["name"] == "value")
    content = next(v for key, v in value.items() if key != "name")
    assert content["extension"] == [{"url": DATA_ABSENT, "valueCode": "unknown"}]
    assert "code" not in content
    assert "display" not in content


def test_a_string_that_is_absent_is_an_element_without_value(load: Load, animals: Json) -> None:
    found = lookup(load(animals), system=ANIMALS, code="dodo")
    (call,) = properties_of(found, "call")
    assert {"name": "value", "_valueString": {"extension": [{"url": "u"}]}} in call["part"]


def test_parents_children_and_state(load: Load, animals: Json) -> None:
    zoo = load(animals)
    duck = lookup(zoo, system=ANIMALS, code="duck")
    assert [value_of(p, "value") for p in properties_of(duck, "parent")] == ["swimmer", "bird"]
    assert [value_of(p, "description") for p in properties_of(duck, "parent")] == [None, "Bird"]
    assert properties_of(duck, "child") == []
    bird = lookup(zoo, system=ANIMALS, code="bird")
    assert [value_of(p, "value") for p in properties_of(bird, "child")] == ["duck", "dodo"]
    assert value_of(bird, "abstract") is True
    assert [value_of(p, "value") for p in properties_of(bird, "inactive")] == [False]
    dodo = lookup(zoo, system=ANIMALS, code="dodo")
    assert [value_of(p, "value") for p in properties_of(dodo, "inactive")] == [True]


def test_values_of_every_type_keep_their_type(load: Load, animals: Json) -> None:
    duck = lookup(load(animals), system=ANIMALS, code="duck")
    values = {
        value_of(p, "code"): p["part"][1] for p in duck["parameter"] if p["name"] == "property"
    }
    assert values["size"] == {"name": "value", "valueInteger": 3}
    assert values["kept"] == {"name": "value", "valueBoolean": True}
    assert values["named"] == {"name": "value", "valueDateTime": "1758"}
    assert str(values["weight"]["valueDecimal"]) == "1.25"
    assert values["tint"]["valueCoding"]["code"] == "red"


@pytest.mark.parametrize(
    ("wanted", "display"), [(None, "Duck"), ("de", "Ente"), ("fr", "Duck"), ("fr,*;q=0", None)]
)
def test_the_display_is_in_the_language_asked_for(
    load: Load, animals: Json, wanted: str | None, display: str | None
) -> None:
    sent = {"displayLanguage": wanted} if wanted else {}
    found = lookup(load(animals), system=ANIMALS, code="duck", **sent)
    assert value_of(found, "display") == display
    languages = [value_of(e, "language") for e in found["parameter"] if e["name"] == "designation"]
    assert languages == ["en", "de"]


def test_a_code_is_answered_as_the_code_system_writes_it(load: Load, colours: Json) -> None:
    found = lookup(load(colours), system=colours["url"], code="BLUE")
    assert value_of(found, "code") == "Blue"
    assert value_of(found, "version") == "2024"


def test_a_code_system_without_version_name_or_display(load: Load) -> None:
    bare = code_system("bare", [concept("a")])
    del bare["version"], bare["name"]
    found = lookup(load(bare), system=bare["url"], code="a")
    assert value_of(found, "name") == bare["url"]
    assert "version" not in names(found)
    assert "display" not in names(found)


def test_two_supplements_each_say_what_is_theirs(load: Load, animals: Json) -> None:
    more = [
        code_system(
            name,
            [concept("duck", property=[prop("note", valueString=name)])],
            content="supplement",
            supplements=ANIMALS,
        )
        for name in ("one", "two")
    ]
    both = load(animals, *more, default_supplements=(more[0]["url"],))
    found = lookup(both, system=ANIMALS, code="duck", useSupplement=[more[1]["url"]])
    assert [
        (value_of(p, "value"), value_of(p, "source")) for p in properties_of(found, "note")
    ] == [(name, f"{BASE}/CodeSystem/{name}|1.0.0") for name in ("one", "two")]
