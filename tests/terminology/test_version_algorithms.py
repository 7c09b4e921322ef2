"""The latest version is the one that the resources' own algorithm says."""

import pytest

from terminology.canonical import latest
from terminology.model import CodeSystem, Coding, ValueSet
from terminology.operations.context import Context

URL = "http://example.org/ordered"
ALGORITHMS = [
    ("semver", ["1.9.0", "1.10.0", "1.10.0-rc.1"], "1.10.0"),
    ("integer", ["9", "10"], "10"),
    ("date", ["2025-12-31", "2026-01-01"], "2026-01-01"),
    ("natural", ["a9", "a10"], "a10"),
    ("alpha", ["a9", "a10"], "a9"),
]


@pytest.mark.parametrize(("algorithm", "versions", "newest"), ALGORITHMS)
def test_each_algorithm_has_its_order(algorithm: str, versions: list[str], newest: str) -> None:
    assert latest(versions, algorithm) == newest
    assert latest(versions[::-1], algorithm) == newest


@pytest.mark.parametrize(("algorithm", "versions", "newest"), ALGORITHMS)
def test_a_code_system_without_version_is_its_latest(
    context: Context, algorithm: str, versions: list[str], newest: str
) -> None:
    systems = context.code_systems.with_resources(
        CodeSystem(url=URL, version=v, content="complete", version_algorithm_string=algorithm)
        for v in versions
    )
    found = systems.find(URL)
    assert found is not None
    assert found.head.version == newest


@pytest.mark.parametrize(("algorithm", "versions", "newest"), ALGORITHMS)
def test_a_value_set_without_version_is_its_latest(
    context: Context, algorithm: str, versions: list[str], newest: str
) -> None:
    stated = Coding(system="http://hl7.org/fhir/version-algorithm", code=algorithm)
    value_sets = context.value_sets.with_resources(
        ValueSet(url=URL, version=v, version_algorithm_coding=stated) for v in versions
    )
    assert value_sets.get(URL).version == newest
