"""The zoo behind every kind of provider."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from terminology import filters
from terminology.codesystems.provider import Provider
from terminology.codesystems.supplement import SupplementedProvider
from terminology.model import CodeSystem, Filter, Json
from tests.terminology.builders import code_system, concept, in_memory, prop, stored

Selected = Callable[[str, str, str], list[str]]


def _supplemented(inside: Provider, url: str) -> Provider:
    concepts = [
        concept("otter", property=[prop("call", valueString="eek"), prop("size", valueInteger=9)]),
        concept("nowhere", property=[prop("size", valueInteger=3)]),
    ]
    more = code_system("more", concepts, content="supplement", supplements=url)
    return SupplementedProvider(inside, [msgspec.convert(more, CodeSystem)])


@pytest.fixture(scope="session", params=["resource", "stored", "supplemented", "folding"])
def provider(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, animals: Json
) -> Provider:
    """The zoo: given as a resource, stored, with a supplement, and without regard to case."""
    folder = tmp_path_factory.mktemp("filters")
    if request.param == "resource":
        return in_memory(animals)
    if request.param == "folding":
        return stored(folder, animals | {"caseSensitive": False})
    inside = stored(folder, animals)
    return inside if request.param == "stored" else _supplemented(inside, animals["url"])


@pytest.fixture
def selected(provider: Provider) -> Selected:
    """A function from (property, operator, value) to the codes that pass, in document order."""

    def codes(property_code: str, op: str, value: Any) -> list[str]:
        condition = Filter(property=property_code, op=op, value=value)
        found = sorted(filters.select(provider, condition))
        return [placed.concept.code for placed in provider.at(found)]

    return codes
