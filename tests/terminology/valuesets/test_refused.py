"""Value sets that can't be worked out are refused in words, by expansion and by test alike."""

from collections.abc import Callable

import pytest

from terminology.errors import InvalidInput, NotFound, ProtermError
from terminology.model import Json
from terminology.valuesets.members import members
from terminology.valuesets.membership import Membership, membership, systems_of
from terminology.valuesets.scope import CircularReference, Scope
from tests.terminology.builders import ANIMALS, BASE, COLOURS, condition, include, value_set

Scopes = Callable[..., Scope]


def imports(*names: str) -> Json:
    return {"valueSet": [f"{BASE}/ValueSet/{name}" for name in names]}


@pytest.mark.parametrize(
    ("resource", "error", "words"),
    [
        (value_set("v") | {"compose": None}, InvalidInput, r"/v\|1\.0\.0' has no compose"),
        (value_set("v", {"system": ANIMALS, "version": "7"}), NotFound, "1.0.0 or 0.9.0"),
        (value_set("v", imports("gone")), NotFound, "value Set '.*/gone' could not be found"),
        (value_set("v", include(valueSet=[f"{BASE}/ValueSet/v|7"])), NotFound, r"v\|7"),
        (value_set("v", include(ANIMALS, filter=[{"property": "code", "op": "is-a"}])),
         InvalidInput, "has no value"),
        (value_set("v", include(ANIMALS, filter=[condition("code", "regex", "(")])),
         InvalidInput, "can't be used"),
        (value_set("v", include()), InvalidInput, "neither a system nor a value set"),
        (value_set("v", include(ANIMALS), exclude=[imports("gone")]), NotFound, "gone"),
        (value_set("v", include(ANIMALS), exclude=[include()]), InvalidInput, "neither a system"),
    ],
)  # fmt: skip
def test_what_can_t_be_worked_out(
    scope_of: Scopes, resource: Json, error: type[ProtermError], words: str
) -> None:
    scope = scope_of(resource)
    found = scope.value_sets.get(resource["url"])
    with pytest.raises(error, match=words):
        members(found, scope)
    if "version" in (resource["compose"] or {"include": [{}]})["include"][0]:
        tested = membership(found, ANIMALS, "duck", scope)
        assert [(r.wanted, r.provider) for r in tested.resolutions] == [("7", None)]
        return
    with pytest.raises(error, match=words):
        membership(found, ANIMALS, "duck", scope)


def test_a_code_system_that_is_not_loaded(scope_of: Scopes) -> None:
    scope = scope_of(value_set("v", include("urn:gone")))
    found = scope.value_sets.get(f"{BASE}/ValueSet/v")
    with pytest.raises(NotFound, match="'urn:gone' could not be found, so the value set cannot"):
        members(found, scope)
    tested = membership(found, "urn:gone", "a", scope)
    assert tested.members == []
    assert [(r.system, r.provider) for r in tested.resolutions] == [("urn:gone", None)]
    assert membership(found, ANIMALS, "duck", scope) == Membership([], [])


@pytest.mark.parametrize(
    "resources",
    [
        [value_set("a", imports("a"))],
        [value_set("a", imports("b")), value_set("b", imports("a"))],
        [value_set("a", include(ANIMALS), imports("b")), value_set("b", imports("a"))],
        [value_set("a", include(ANIMALS), exclude=[imports("a")])],
        [value_set("a", imports("b")), value_set("b", imports("b") | {"system": ANIMALS})],
        [
            value_set("a", imports("b", "c")),
            value_set("b", include(ANIMALS)),
            value_set("c", imports("a")),
        ],
    ],
)  # fmt: skip
def test_a_value_set_that_comes_back_to_itself(scope_of: Scopes, resources: list[Json]) -> None:
    scope = scope_of(*resources)
    found = scope.value_sets.get(f"{BASE}/ValueSet/a")
    words = r"Found a circularity pointing to .* with pathway \[.*/a\|1\.0\.0"
    refusals: list[Callable[[], object]] = [
        lambda: members(found, scope),
        lambda: membership(found, ANIMALS, "duck", scope),
        lambda: membership(found, ANIMALS, "nothing", scope),
        lambda: membership(found, COLOURS, "red", scope),
    ]
    for refuse in refusals:
        with pytest.raises(CircularReference, match=words) as caught:
            refuse()
        assert caught.value.tx_issue_type == "vs-invalid"


def test_the_same_import_twice_is_no_circle(scope_of: Scopes) -> None:
    scope = scope_of(
        value_set("a", imports("b", "c"), imports("c")),
        value_set("b", imports("c")),
        value_set("c", include(ANIMALS, "duck")),
    )
    found = scope.value_sets.get(f"{BASE}/ValueSet/a")
    assert len(membership(found, ANIMALS, "duck", scope).members) > 0
    assert [len(part.ordinals) for part in members(found, scope)] == [1]
    assert list(systems_of(found, scope)) == [ANIMALS]


def test_many_imports_of_imports_are_worked_out_once_each(scope_of: Scopes) -> None:
    chain = [
        value_set(f"v{n}", imports(f"v{n + 1}", f"v{n + 1}"), imports(f"v{n + 1}"))
        for n in range(100)
    ]
    scope = scope_of(*chain, value_set("v100", include(ANIMALS, "duck")))
    found = scope.value_sets.get(f"{BASE}/ValueSet/v0")
    assert len(membership(found, ANIMALS, "duck", scope).members) == 1
    assert membership(found, COLOURS, "red", scope).members == []
    assert [len(part.ordinals) for part in members(found, scope)] == [1]
    assert systems_of(found, scope) == [ANIMALS]


def test_an_import_that_is_not_loaded_is_told_by_a_test_too(scope_of: Scopes) -> None:
    scope = scope_of(value_set("a", include(ANIMALS), imports("gone")))
    with pytest.raises(NotFound, match="gone"):
        membership(scope.value_sets.get(f"{BASE}/ValueSet/a"), ANIMALS, "duck", scope)


def test_a_contained_value_set_that_can_t_be_read(scope_of: Scopes) -> None:
    broken = {"resourceType": "ValueSet", "id": "a", "url": 5}
    scope = scope_of(value_set("v", include(valueSet=["#a"]), contained=[broken]))
    found = scope.value_sets.get(f"{BASE}/ValueSet/v")
    for refuse in (lambda: members(found, scope), lambda: membership(found, ANIMALS, "x", scope)):
        with pytest.raises(InvalidInput, match=r"'#a' contained in .* can't be read"):
            refuse()


@pytest.mark.parametrize("inner", ["x", [3], [{"url": "name"}], None, {"url": "name"}])
def test_an_extension_of_another_shape_asks_for_nothing(scope_of: Scopes, inner: object) -> None:
    url = "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter"
    resource = value_set("v", include(ANIMALS, "duck"))
    resource["compose"]["extension"] = [{"url": url, "extension": inner}]
    scope = scope_of(resource)
    found = scope.value_sets.get(f"{BASE}/ValueSet/v")
    assert [len(part.ordinals) for part in members(found, scope)] == [1]
