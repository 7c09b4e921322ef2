"""A zoo with colours, stored once, and value sets over it."""

from collections.abc import Callable, Iterator

import pytest

from terminology.codesystems.catalog import CodeSystems
from terminology.model import Json
from terminology.valuesets.part import Part
from terminology.valuesets.scope import Scope
from tests.terminology import builders


@pytest.fixture(scope="session")
def systems(
    tmp_path_factory: pytest.TempPathFactory, animals: Json, colours: Json
) -> Iterator[CodeSystems]:
    """The zoo in two versions, and the colours."""
    old = animals | {"id": "old", "version": "0.9.0", "concept": [{"code": "mammoth"}]}
    store = builders.store_of(tmp_path_factory.mktemp("systems"), animals, old, colours)
    yield CodeSystems(store)
    store.close()


@pytest.fixture
def scope_of(systems: CodeSystems) -> Callable[..., Scope]:
    """A function that makes a scope of the value sets it is given, over the zoo."""
    return lambda *resources: builders.scope_over(systems, *resources)


def codes(parts: list[Part]) -> list[str]:
    """The codes of the parts in their order."""
    return [p.concept.code for part in parts for p in part.provider.at(part.ordinals)]
