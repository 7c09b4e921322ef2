"""`$translate`: what no map has, forward, back, and by R4's names."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.errors import MissingInput, NotFound, NotSupported
from terminology.fhir import convert
from terminology.fhir.versions import FhirVersion
from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import perform, value_of
from tests.terminology.operations.asking import ORG, system, value_set_url

HERE, THERE, ELSEWHERE = system("here"), system("there"), system("elsewhere")
URL = f"{ORG}/ConceptMap/over"


def concept_map(version: str, target: str = "b", **more: Any) -> Json:
    mapped = {"code": "a", "target": [{"code": target, "relationship": "equivalent"}]}
    wide = {"code": "w", "target": [{"code": "b", "relationship": "source-is-broader-than-target"}]}
    return {
        "resourceType": "ConceptMap",
        "id": f"over-{version}",
        "url": URL,
        "version": version,
        "status": "active",
        "group": [{"source": HERE, "target": THERE, "element": [mapped, wide]}],
    } | more


@pytest.fixture
def maps(load: Callable[..., Context]) -> Context:
    scoped = concept_map("1", "s") | {"id": "scoped", "url": f"{URL}-scoped"}
    scoped |= {"sourceScopeUri": value_set_url("few"), "targetScopeUri": value_set_url("some")}
    scoped["group"][0]["target"] = ELSEWHERE
    return load(concept_map("1", "old"), concept_map("2"), scoped)


def translate(context: Context, **sent: Any) -> Json:
    return perform(context, "ConceptMap/translate", **sent)


def targets(found: Json) -> list[tuple[str, str]]:
    return [
        (value_of(match, "concept")["code"], value_of(match, "relationship"))
        for match in found["parameter"]
        if match["name"] == "match"
    ]


def test_what_no_map_has(maps: Context) -> None:
    for sent in (
        {"sourceCode": "z", "system": HERE},
        {"sourceCode": "a", "system": system("gone")},
        {"sourceCode": "a", "system": HERE, "targetSystem": system("gone")},
        {"targetCode": "z", "targetSystem": THERE},
        {"sourceCode": "a", "system": HERE, "sourceScope": value_set_url("gone")},
    ):
        found = translate(maps, **sent)
        assert value_of(found, "result") is False
        assert "None of the concept maps" in value_of(found, "message")
        assert targets(found) == []


def test_what_can_t_be_asked(maps: Context) -> None:
    with pytest.raises(NotFound, match="'urn:gone' is not loaded"):
        translate(maps, url="urn:gone", sourceCode="a", system=HERE)
    with pytest.raises(NotFound, match=r"over\|7' is not loaded"):
        translate(maps, url=f"{URL}|7", sourceCode="a", system=HERE)
    with pytest.raises(MissingInput, match="needs its code system"):
        translate(maps, sourceCode="a")
    with pytest.raises(MissingInput, match="Send a code"):
        translate(maps)
    for name in ("conceptMap", "dependency", "reverse"):
        with pytest.raises(NotSupported, match=f"'{name}'"):
            translate(maps, **{name: "x"}, sourceCode="a", system=HERE)


@pytest.mark.parametrize(
    "sent",
    [
        {"sourceCode": "a", "system": HERE},
        {"sourceCoding": {"system": HERE, "code": "a"}},
        {"sourceCodeableConcept": {"coding": [{"system": HERE, "code": "a"}]}},
        # R4's names of the same.
        {"code": "a", "system": HERE},
        {"coding": {"system": HERE, "code": "a"}},
        {"codeableConcept": {"coding": [{"system": HERE, "code": "a"}]}},
        {"code": "a", "system": HERE, "targetsystem": THERE},
    ],
)
def test_forward(maps: Context, sent: dict[str, Any]) -> None:
    found = translate(maps, url=URL, **sent)
    assert value_of(found, "result") is True
    assert targets(found) == [("b", "equivalent")]
    (match,) = (p for p in found["parameter"] if p["name"] == "match")
    assert value_of(match, "originMap") == f"{URL}|2"
    assert value_of(match, "concept") == {"system": THERE, "code": "b"}
    assert value_of(match, "source") is None


def test_a_version_of_the_map(maps: Context) -> None:
    for sent in ({"url": f"{URL}|1"}, {"url": URL, "conceptMapVersion": "1"}):
        found = translate(maps, sourceCode="a", system=HERE, **sent)
        assert targets(found) == [("old", "equivalent")]


@pytest.mark.parametrize(
    "sent",
    [
        {"targetCode": "b", "targetSystem": THERE},
        {"targetCoding": {"system": THERE, "code": "b"}},
        {"targetCodeableConcept": {"coding": [{"system": THERE, "code": "b"}]}},
    ],
)
def test_back(maps: Context, sent: dict[str, Any]) -> None:
    found = translate(maps, url=URL, **sent)
    matches = [p for p in found["parameter"] if p["name"] == "match"]
    assert [value_of(m, "source") for m in matches] == [
        {"system": HERE, "code": "a"},
        {"system": HERE, "code": "w"},
    ]
    assert [value_of(m, "relationship") for m in matches] == [
        "equivalent",
        "source-is-broader-than-target",
    ]


def test_the_latest_version_of_each_map_is_asked_where_none_is_named(maps: Context) -> None:
    found = translate(maps, sourceCode="a", system=HERE)
    assert sorted(targets(found)) == [("b", "equivalent"), ("s", "equivalent")]


@pytest.mark.parametrize(
    "sent",
    [
        {"sourceScope": value_set_url("few")},
        {"targetScope": value_set_url("some")},
        {"source": value_set_url("few"), "target": value_set_url("some")},
        {"targetSystem": ELSEWHERE},
    ],
)
def test_a_map_is_chosen_by_its_scope(maps: Context, sent: dict[str, str]) -> None:
    assert targets(translate(maps, sourceCode="a", system=HERE, **sent)) == [("s", "equivalent")]


def test_a_map_that_the_request_brings_hides_the_loaded_one(maps: Context) -> None:
    found = translate(
        maps, url=URL, sourceCode="a", system=HERE, tx_resource=[concept_map("2", "new")]
    )
    assert targets(found) == [("new", "equivalent")]


@pytest.mark.parametrize("version", [FhirVersion.R4, FhirVersion.R4B])
def test_r4_calls_it_equivalence(maps: Context, version: FhirVersion) -> None:
    found = convert.to_version(translate(maps, url=URL, sourceCode="w", system=HERE), version)
    (match,) = (p for p in found["parameter"] if p["name"] == "match")
    assert value_of(match, "equivalence") == "narrower"
    assert value_of(match, "relationship") is None
