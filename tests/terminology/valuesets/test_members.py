"""What a value set holds: enumerated and tested alike, each concept once, in order."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terminology.codesystems.catalog import CodeSystems
from terminology.model import Json
from terminology.valuesets.members import members
from terminology.valuesets.membership import membership, systems_of
from terminology.valuesets.scope import Scope
from tests.terminology.builders import (
    ANIMALS,
    BASE,
    COLOURS,
    condition,
    include,
    scope_over,
    value_set,
)
from tests.terminology.valuesets.conftest import codes

Scopes = Callable[..., Scope]

CODES = ["animal", "bird", "duck", "dodo", "swimmer", "otter", "stone", "long", "mammoth"]
CODES += ["red", "RED", "Blue", "blue", "b", "nothing"]
SYSTEMS = st.sampled_from([ANIMALS, COLOURS])
FILTERS = [
    condition("concept", "is-a", "bird"),
    condition("concept", "descendent-of", "swimmer"),
    condition("code", "is-not-a", "duck"),
    condition("size", "=", "3"),
    condition("kept", "exists", "true"),
    condition("code", "regex", ".*d.*"),
    condition("code", "in", "duck,RED,stone"),
    condition("display", "=", "Duck"),
]
OF_SYSTEM = st.fixed_dictionaries(
    {"system": SYSTEMS},
    optional={
        "concept": st.lists(
            st.sampled_from(CODES).map(lambda code: {"code": code, "display": f"my {code}"}),
            min_size=1,
            max_size=4,
        ),
        "filter": st.lists(st.sampled_from(FILTERS), min_size=1, max_size=2),
    },
)


def includes(imported: list[str]) -> st.SearchStrategy[Json]:
    """An include that may import these value sets."""
    if not imported:
        return OF_SYSTEM
    urls = [f"{BASE}/ValueSet/{name}" for name in imported]
    imports = st.lists(st.sampled_from(urls), min_size=1, max_size=2)
    both = st.tuples(OF_SYSTEM, imports).map(lambda pair: pair[0] | {"valueSet": pair[1]})
    return OF_SYSTEM | both | imports.map(lambda found: {"valueSet": found})


@st.composite
def catalogues(draw: st.DrawFn) -> list[Json]:
    """A few value sets, each importing those before it."""
    made: list[Json] = []
    for number in range(draw(st.integers(1, 3))):
        including = includes([resource["id"] for resource in made])
        more: dict[str, Any] = draw(st.sampled_from([{}, {}, {"inactive": False}]))
        exclude = draw(st.lists(including, max_size=1))
        wanted = draw(st.lists(including, min_size=1, max_size=3))
        made.append(value_set(f"v{number}", *wanted, exclude=exclude, **more))
    return made


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(catalogues())
def test_enumerating_and_testing_agree(systems: CodeSystems, resources: list[Json]) -> None:
    scope = scope_over(systems, *resources)
    found = scope.value_sets.get(resources[-1]["url"])
    held: dict[tuple[str, str], Any] = {}
    for part in members(found, scope):
        for placed in part.provider.at(part.ordinals):
            key = (part.provider.head.url or "", placed.concept.code)
            assert key not in held, "a concept stands once"
            held[key] = part.references.get(placed.ordinal)
    tested: dict[tuple[str, str], Any] = {}
    for url in (ANIMALS, COLOURS):
        for code in CODES:
            for member in membership(found, url, code, scope).members[:1]:
                tested[url, member.placed.concept.code] = member.reference
    assert held == tested
    assert {url for url, _ in held} <= set(systems_of(found, scope))


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (value_set("v", include(COLOURS)), ["red", "Blue", "b"]),
        (value_set("v", include(COLOURS, "b", "red", "nothing", "b")), ["b", "red"]),
        (value_set("v", include(COLOURS, "BLUE", "blue")), ["Blue"]),
        (value_set("v", include(COLOURS, "b"), include(COLOURS)), ["b", "red", "Blue"]),
        (value_set("v", include(COLOURS), exclude=[include(COLOURS, "RED")]), ["Blue", "b"]),
        (value_set("v", include(COLOURS), exclude=[include(ANIMALS)]), ["red", "Blue", "b"]),
        (value_set("v", include(COLOURS), exclude=[include(COLOURS)]), []),
        (value_set("v"), []),
        (value_set("v", include(ANIMALS, filter=[condition("concept", "is-a", "bird")])),
         ["bird", "duck", "dodo"]),
        (value_set("v", include(ANIMALS, filter=[condition("concept", "is-a", "bird")]),
                   inactive=False), ["bird", "duck"]),
        (value_set("v", include(ANIMALS, filter=[condition("concept", "is-a", "bird"),
                                                 condition("size", "=", "3")])), ["duck"]),
        (value_set("v", include(ANIMALS, "duck", "otter", filter=[condition("size", "=", "3"),
                                                         condition("kept", "=", "true")])),
         ["duck"]),
        (value_set("v", {"system": ANIMALS, "version": "0.9.0"}), ["mammoth"]),
        (value_set("v", include(ANIMALS, "mammoth")), []),
    ],
)  # fmt: skip
def test_what_is_held_and_in_which_order(
    scope_of: Scopes, resource: Json, expected: list[str]
) -> None:
    scope = scope_of(resource)
    assert codes(members(scope.value_sets.get(resource["url"]), scope)) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (include(valueSet=[f"{BASE}/ValueSet/few"]), ["duck", "otter", "red"]),
        (include(valueSet=[f"{BASE}/ValueSet/few", f"{BASE}/ValueSet/birds"]), ["duck"]),
        (include(ANIMALS, valueSet=[f"{BASE}/ValueSet/few"]), ["duck", "otter"]),
        (include(COLOURS, "b", "red", valueSet=[f"{BASE}/ValueSet/few"]), ["red"]),
        (include(ANIMALS, valueSet=[f"{BASE}/ValueSet/few", f"{BASE}/ValueSet/birds"]), ["duck"]),
        (include(valueSet=[f"{BASE}/ValueSet/few|1.0.0"]), ["duck", "otter", "red"]),
    ],
)
def test_an_import_with_anything_beside_it_is_an_intersection(
    scope_of: Scopes, wanted: Json, expected: list[str]
) -> None:
    birds = include(ANIMALS, filter=[condition("concept", "is-a", "bird")])
    few = value_set("few", include(ANIMALS, "duck", "otter"), include(COLOURS, "red"))
    scope = scope_of(few, value_set("birds", birds), value_set("v", wanted))
    assert codes(members(scope.value_sets.get(f"{BASE}/ValueSet/v"), scope)) == expected


def test_an_import_brings_the_words_of_its_value_set(scope_of: Scopes) -> None:
    named = {"system": ANIMALS, "concept": [{"code": "duck", "display": "Donald"}]}
    scope = scope_of(
        value_set("named", named),
        value_set("v", include(valueSet=[f"{BASE}/ValueSet/named"])),
    )
    found = scope.value_sets.get(f"{BASE}/ValueSet/v")
    (part,) = members(found, scope)
    (member,) = membership(found, ANIMALS, "duck", scope).members
    assert member.reference is not None
    assert member.reference.display == "Donald"
    assert list(part.references.values()) == [member.reference]


def test_a_value_set_without_version_is_older_than_any(scope_of: Scopes) -> None:
    bare = value_set("v", include(COLOURS, "b"))
    del bare["version"]
    scope = scope_of(
        bare,
        value_set("v", include(COLOURS, "red"), version="1.10.0"),
        value_set("v", include(COLOURS, "Blue"), version="1.9.0"),
    )
    latest = scope.value_sets.get(f"{BASE}/ValueSet/v")
    assert latest.version == "1.10.0"
    assert codes(members(scope.value_sets.get(f"{BASE}/ValueSet/v|1.9.0"), scope)) == ["Blue"]
    assert scope.value_sets.find(f"{BASE}/ValueSet/v", "7") is None
