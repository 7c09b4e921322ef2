"""Code systems of many concepts: a head and a stream."""

from decimal import Decimal

import pytest

from terminology.fhir.json import Json, encode
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml import dumps
from terminology.importers import registry
from terminology.importers.delivery import Options
from terminology.importers.fhir.reader import MANY
from terminology.importers.source import open_source
from tests.terminology.importers.fhir.made import ANY, KIND, given_back, system, without
from tests.terminology.importers.reading import Whole, Write, load


def large(*concepts: Json, count: int = MANY) -> Json:
    """A code system with so many concepts behind those that are named."""
    return system(concept=[*concepts, *({"code": str(number)} for number in range(count))])


def rows(whole: Whole) -> list[tuple[str, tuple[int, ...]]]:
    (concepts,) = whole.concepts
    assert not any(each.concept.concept for each in concepts)
    return [(each.concept.code, each.parents) for each in concepts]


@pytest.mark.parametrize("as_xml", [False, True])
def test_a_head_and_a_stream(put: Write, *, as_xml: bool) -> None:
    nested = {"code": "a", "concept": [{"code": "b", "concept": [{"code": "c"}]}, {"code": "d"}]}
    resource = large(nested, {"code": "e", "display": "E"})
    body = dumps(resource, FhirVersion.R4) if as_xml else encode(resource)
    whole = load(KIND, put("a.xml" if as_xml else "a.json", body))
    (head,) = (each.head for each in whole.delivery.systems)
    assert head == without(resource, "concept")
    assert whole.resources == []
    assert rows(whole)[:5] == [("a", ()), ("b", (0,)), ("c", (1,)), ("d", (0,)), ("e", ())]
    assert given_back(whole) == [resource]
    # The resource when it was checked, and then what a person watches go by.
    assert whole.delivery.tally.rows == 1 + MANY + 5


def test_up_to_a_bound_it_is_one_resource(put: Write) -> None:
    resource = large({"code": "a", "concept": [{"code": "b"}]}, count=MANY - 2)
    assert load(KIND, put("a.json", encode(resource))).resources == [resource]
    more = large({"code": "a", "concept": [{"code": "b"}]}, count=MANY - 1)
    assert load(KIND, put("a.json", encode(more))).resources == []


def test_unusual_concepts_stand_where_they_stood(put: Write) -> None:
    extended = {"code": "x", "extension": [{"url": "http://a.example", "valueCode": "y"}]}
    weighed = {"code": "w", "property": [{"code": "p", "valueDecimal": Decimal("1.10")}]}
    whole = load(KIND, put("a.json", encode(large({"code": "a"}, extended, weighed))))
    concepts = [each.concept for each in whole.concepts[0][:4]]
    assert [concept.code for concept in concepts] == ["a", "x", "w", "0"]
    assert concepts[1].extension == extended["extension"]
    assert str(concepts[2].property[0].value_decimal) == "1.10"


def test_what_a_stream_could_not_hold_keeps_the_system_whole(put: Write) -> None:
    resource = large({"code": "a", "id": "x"})
    whole = load(KIND, put("a.json", encode(resource)))
    assert whole.delivery.systems == []
    assert whole.resources == [resource]


def test_the_wrong_one_among_many_is_named(put: Write) -> None:
    resource = large()
    resource["concept"][4321] = {"code": "x", "display": ""}
    put("a/good.json", encode(system("good")))
    assert load(KIND, put("a/a.json", encode(resource)).parent, ANY).problems == [
        "a.json: `CodeSystem.concept[4321].display` is empty; leave it out"
    ]


def test_json_and_xml_of_the_same_are_loaded_once(put: Write) -> None:
    resource = large({"code": "a"})
    put("a/a.json", encode(resource))
    whole = load(KIND, put("a/a.xml", dumps(resource, FhirVersion.R4)).parent)
    assert len(whole.delivery.systems) == 1
    assert whole.remarks[0].endswith("loaded once: 1.")


def test_streams_are_read_in_any_order(put: Write) -> None:
    put("a/a.json", encode(large({"code": "a"})))
    path = put("a/b.json", encode(large({"code": "b"}) | {"id": "b", "url": "http://b.example"}))
    with open_source(path.parent) as source:
        one, other = (each.concepts for each in registry.read(KIND, source, Options()).systems)
        for number, (first, second) in enumerate(zip(one, other, strict=True)):
            codes = [first.concept.code, second.concept.code]
            assert codes == (["a", "b"] if number == 0 else [str(number - 1)] * 2)
    assert number == MANY
