"""Ids of what is loaded: nobody hides another."""

from pathlib import Path

import pytest

from terminology.importers.naming import Names
from terminology.model import Json
from tests.terminology.builders import code_system, concept, store_of, value_set

URL = "https://test.example/CodeSystem/s"


def system(version: str, **more: str) -> Json:
    return code_system("s", [concept("a", f"A {version}")], version=version, **more)


@pytest.mark.parametrize(
    ("resource", "named"),
    [
        (system("1.0.0"), "s"),
        (system("1.1.0"), "s-1.1.0"),
        (system("1.0.0", url="https://test.example/other"), "s-1.0.0"),
        (system("2.0.0"), "s-26b654e6"),
        (value_set("s"), "s"),
        ({"resourceType": "CodeSystem", "id": "s"}, "s"),
        ({"resourceType": "CodeSystem", "url": URL}, None),
        (system("1 1/0"), "s-1-1-0"),
        (system("9" * 80), "9" * 64),
    ],
)
def test_a_resource_keeps_its_id_or_gets_one_with_its_version(
    tmp_path: Path, resource: Json, named: str | None
) -> None:
    taken = [system("1.0.0"), system("2.0.0", id="s-2.0.0", url="https://test.example/else")]
    store = store_of(tmp_path, *taken)
    found = Names([store]).named(resource)
    assert found.get("id") == named
    assert {**found, "id": None} == {**resource, "id": None}
    store.close()
