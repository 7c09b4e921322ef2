"""What ships, for the tests to look at."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from terminology import content

Json = dict[str, Any]


@pytest.fixture(scope="session")
def shipped() -> dict[str, Json]:
    """Every shipped resource by `Type/id`."""
    return {f"{r['resourceType']}/{r['id']}": r for r in content.resources()}


@pytest.fixture(scope="session")
def walk() -> Callable[[Any], Iterator[Json]]:
    """A function that yields every JSON object within a value, the value itself first."""

    def objects(value: Any) -> Iterator[Json]:
        if isinstance(value, dict):
            yield value
        inner = value.values() if isinstance(value, dict) else value
        if isinstance(value, dict | list):
            for part in inner:
                yield from objects(part)

    return objects


@pytest.fixture(scope="session")
def codes(shipped: dict[str, Json]) -> dict[str, dict[str, Json]]:
    """The concepts of every shipped code system, by its URL and then by code."""
    return {
        resource["url"]: {concept["code"]: concept for concept in resource["concept"]}
        for resource in shipped.values()
        if resource["resourceType"] == "CodeSystem" and resource["content"] != "supplement"
    }
