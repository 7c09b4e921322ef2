"""Value sets that can't be worked out are refused in words, by expansion and by test alike."""

from collections.abc import Callable

import pytest

from terminology.errors import InvalidInput, NotFound, ProtermError
from terminology.model import Json
from terminology.valuesets.catalog import ValueSets
from terminology.valuesets.members import CircularReference, check_imports, members
from terminology.valuesets.membership import find_member, systems_of
from tests.terminology.builders import ANIMALS, BASE, condition, include, value_set

Catalogue = Callable[..., ValueSets]


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
    value_sets: Catalogue, resource: Json, error: type[ProtermError], words: str
) -> None:
    catalogue = value_sets(resource)
    found = catalogue.get(resource["url"])
    with pytest.raises(error, match=words):
        members(found, catalogue)
    with pytest.raises(error, match=words):
        find_member(found, ANIMALS, "duck", catalogue)


def test_a_code_system_that_is_not_loaded(value_sets: Catalogue) -> None:
    catalogue = value_sets(value_set("v", include("urn:gone")))
    found = catalogue.get(f"{BASE}/ValueSet/v")
    with pytest.raises(NotFound, match="'urn:gone' could not be found, so the value set cannot"):
        members(found, catalogue)
    with pytest.raises(NotFound, match="'urn:gone'"):
        find_member(found, "urn:gone", "a", catalogue)
    assert find_member(found, ANIMALS, "duck", catalogue) is None


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
def test_a_value_set_that_comes_back_to_itself(
    value_sets: Catalogue, resources: list[Json]
) -> None:
    catalogue = value_sets(*resources)
    found = catalogue.get(f"{BASE}/ValueSet/a")
    words = r"Found a circularity pointing to .* with pathway \[.*/a\|1\.0\.0"
    for refuse in (members, check_imports):
        with pytest.raises(CircularReference, match=words) as caught:
            refuse(found, catalogue)
        assert caught.value.tx_issue_type == "vs-invalid"


def test_the_same_import_twice_is_no_circle(value_sets: Catalogue) -> None:
    catalogue = value_sets(
        value_set("a", imports("b", "c"), imports("c")),
        value_set("b", imports("c")),
        value_set("c", include(ANIMALS, "duck")),
    )
    found = catalogue.get(f"{BASE}/ValueSet/a")
    check_imports(found, catalogue)
    assert [len(part.ordinals) for part in members(found, catalogue)] == [1, 0]
    assert list(systems_of(found, catalogue)) == [ANIMALS]


def test_many_imports_of_imports_are_checked_at_once(value_sets: Catalogue) -> None:
    chain = [value_set(f"v{n}", imports(f"v{n + 1}", f"v{n + 1}")) for n in range(200)]
    catalogue = value_sets(*chain, value_set("v200", include(ANIMALS)))
    check_imports(catalogue.get(f"{BASE}/ValueSet/v0"), catalogue)


def test_an_import_that_is_not_loaded_is_left_to_who_needs_it(value_sets: Catalogue) -> None:
    catalogue = value_sets(value_set("a", include(ANIMALS), imports("gone")))
    check_imports(catalogue.get(f"{BASE}/ValueSet/a"), catalogue)
