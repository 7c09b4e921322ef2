"""Supplements: more names and properties, each with its source, and never more concepts."""

import msgspec
import pytest

from terminology.codesystems.supplement import SupplementedProvider
from terminology.model import CodeSystem, Json
from tests.terminology.builders import code_system, concept, in_memory, prop

SWAHILI = [{"language": "sw", "value": "Bata"}]


def supplement(name: str, *concepts: Json, **more: object) -> CodeSystem:
    resource = code_system(name, concepts, content="supplement", **more)
    return msgspec.convert(resource, CodeSystem)


NAMES = supplement(
    "names",
    concept("duck", designation=SWAHILI, extension=[{"url": "urn:x", "valueString": "x"}]),
    concept("nowhere", designation=SWAHILI, property=[prop("size", valueInteger=3)]),
)
NUMBERS = supplement(
    "numbers",
    concept("otter", property=[prop("legs", valueInteger=4)]),
    concept("duck", property=[prop("legs", valueInteger=2)]),
    property=[{"code": "legs", "type": "integer", "uri": "urn:legs"}],
)


@pytest.fixture
def provider(animals: Json) -> SupplementedProvider:
    return SupplementedProvider(in_memory(animals), [NAMES, NUMBERS])


def test_no_concept_is_added(provider: SupplementedProvider) -> None:
    assert provider.find("nowhere") is None
    assert provider.size == provider.inside.size
    assert list(provider.with_property("size", ["3"])) == list(
        provider.inside.with_property("size", ["3"])
    )


def test_each_addition_says_where_it_comes_from(provider: SupplementedProvider) -> None:
    placed = provider.find("duck")
    assert placed is not None
    assert provider.at([placed.ordinal]) == [placed]
    sources = {d.value: d.source for d in placed.concept.designation}
    assert sources == {"Ente": None, "Bata": NAMES.canonical}
    (legs,) = (p for p in placed.concept.property if p.code == "legs")
    assert (legs.value_integer, legs.source) == (2, NUMBERS.canonical)
    assert placed.concept.extension_value("urn:x") == "x"


def test_what_is_not_supplemented_stays_as_it_is(provider: SupplementedProvider) -> None:
    assert provider.find("stone") == provider.inside.find("stone")


def test_the_code_system_itself_is_not_changed(provider: SupplementedProvider) -> None:
    placed = provider.inside.find("duck")
    assert placed is not None
    assert [d.value for d in placed.concept.designation] == ["Ente"]
    assert provider.inside.head.property == provider.head.property[:-1]
    assert provider.head.property[-1].uri == "urn:legs"


def test_additions_are_found_by_property_and_by_word(provider: SupplementedProvider) -> None:
    assert sorted(provider.property_values("legs")) == [(2, "2"), (5, "4")]
    assert list(provider.with_property("legs", ["2", "4"])) == [2, 5]
    assert list(provider.search("bata")) == [2]
    assert list(provider.search("bata ente")) == [2]
    assert list(provider.search("duck")) == [2]


def test_supplements_are_named_and_can_be_stacked(animals: Json) -> None:
    twice = SupplementedProvider(SupplementedProvider(in_memory(animals), [NAMES]), [NUMBERS])
    assert twice.supplements == (NAMES, NUMBERS)
    placed = twice.find("duck")
    assert placed is not None
    assert [d.value for d in placed.concept.designation] == ["Ente", "Bata"]


def test_a_supplement_finds_its_code_where_case_does_not_count(colours: Json) -> None:
    more = supplement("more", concept("RED", designation=SWAHILI))
    provider = SupplementedProvider(in_memory(colours), [more])
    for code in ("red", "Red"):
        placed = provider.find(code)
        assert placed is not None
        assert [d.value for d in placed.concept.designation] == ["Bata"]
    assert list(provider.search("bata")) == [0]
