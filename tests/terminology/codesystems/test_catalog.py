"""Which code systems can be asked, in which version, and with which supplements."""

from collections.abc import Callable

import pytest

from terminology.codesystems.catalog import CodeSystems
from terminology.codesystems.cpt.provider import CptProvider
from terminology.codesystems.stored import StoredProvider
from terminology.errors import NotFound
from terminology.operations.context import Context
from tests.terminology.builders import ANIMALS, BASE, code_system, concept

Load = Callable[..., Context]
ZOO = f"{BASE}/CodeSystem/zoo"
MORE = f"{BASE}/CodeSystem/more"


@pytest.fixture
def systems(load: Load) -> CodeSystems:
    versions = [
        code_system("zoo", [concept(f"of-{v}")], id=f"zoo-{n}", version=v)
        for n, v in enumerate(["1.9.0", "1.10.0", "1.10.0-draft"])
    ]
    bare = code_system("bare", [concept("a")])
    del bare["version"]
    supplement = {"content": "supplement", "supplements": f"{ZOO}|1.10.0"}
    return load(
        *versions,
        bare,
        code_system("more", [], **supplement),
        code_system("more", [], **supplement | {"id": "more-2", "version": "2.0.0"}),
        code_system("any", [], content="supplement", supplements=ZOO),
        code_system("stub", [], content="not-present"),
        code_system("sample", [concept("a")], content="example"),
    ).code_systems


@pytest.mark.parametrize("url", ["", "urn:gone", MORE, f"{BASE}/CodeSystem/stub", f"{ZOO}/"])
def test_what_can_not_be_asked_is_not_found(systems: CodeSystems, url: str) -> None:
    assert systems.find(url) is None
    assert systems.versions(url) == []


def test_an_example_is_no_code_system_to_ask(systems: CodeSystems) -> None:
    assert systems.find(f"{BASE}/CodeSystem/sample") is None


@pytest.mark.parametrize("version", ["1", "1.10", "2.0.0", ""])
def test_a_version_is_taken_at_its_word(systems: CodeSystems, version: str) -> None:
    assert systems.find(ZOO, version) is None


def test_the_latest_version_answers_where_none_is_named(systems: CodeSystems) -> None:
    latest = systems.find(ZOO)
    assert latest is not None
    assert latest.head.version == "1.10.0"
    assert latest is systems.find(ZOO, "1.10.0")
    assert systems.versions(ZOO) == ["1.9.0", "1.10.0", "1.10.0-draft"]


def test_a_code_system_may_have_no_version(systems: CodeSystems) -> None:
    bare = systems.find(f"{BASE}/CodeSystem/bare")
    assert bare is not None
    assert bare.canonical == f"{BASE}/CodeSystem/bare"
    assert systems.versions(bare.canonical) == [None]


def test_every_code_system_that_can_be_asked_is_listed(systems: CodeSystems) -> None:
    assert [head.canonical for head in systems.heads()] == [
        f"{ZOO}|1.9.0",
        f"{ZOO}|1.10.0",
        f"{ZOO}|1.10.0-draft",
        f"{BASE}/CodeSystem/bare",
    ]


@pytest.mark.parametrize("canonical", ["urn:gone", f"{MORE}|7", ZOO, "", "|1.0.0"])
def test_a_supplement_that_is_not_loaded(systems: CodeSystems, canonical: str) -> None:
    zoo = systems.find(ZOO)
    assert zoo is not None
    with pytest.raises(NotFound, match="Required supplement not found") as caught:
        systems.supplemented(zoo, [f"{BASE}/CodeSystem/any", canonical])
    assert canonical in caught.value.message


@pytest.mark.parametrize(
    ("version", "asked", "applied"),
    [
        ("1.10.0", [MORE], [f"{MORE}|2.0.0"]),
        ("1.10.0", [f"{MORE}|1.0.0"], [f"{MORE}|1.0.0"]),
        ("1.9.0", [MORE], []),
        ("1.9.0", [f"{BASE}/CodeSystem/any"], [f"{BASE}/CodeSystem/any|1.0.0"]),
        ("1.10.0", [], []),
    ],
)
def test_a_supplement_is_for_the_version_that_it_names(
    systems: CodeSystems, version: str, asked: list[str], applied: list[str]
) -> None:
    zoo = systems.find(ZOO, version)
    assert zoo is not None
    supplemented = systems.supplemented(zoo, asked)
    assert [s.canonical for s in supplemented.supplements] == applied
    assert supplemented is systems.supplemented(zoo, asked)
    assert (supplemented is zoo) == (applied == [])


def test_combinations_with_supplements_are_kept_within_a_bound(systems: CodeSystems) -> None:
    zoo = systems.find(ZOO)
    assert zoo is not None
    for times in range(200):
        systems.supplemented(zoo, [f"{BASE}/CodeSystem/any"] * times)
    assert len(systems._supplemented) <= 64


def test_cpt_is_more_than_an_ordinary_code_system(context: Context) -> None:
    assert isinstance(context.code_systems.find("http://www.ama-assn.org/go/cpt"), CptProvider)
    hcpcs = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    assert isinstance(context.code_systems.find(hcpcs), StoredProvider)
    assert context.code_systems.find(ANIMALS) is None
