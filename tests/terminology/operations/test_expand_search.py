"""`filter` of `$expand` on the value sets of CPT: one ranking, of which pages are parts."""

from collections.abc import Callable
from typing import Any

import pytest

from terminology.model import Json
from terminology.operations.context import Context
from tests.terminology.builders import (
    BASE,
    code_system,
    codes_of,
    concept,
    condition,
    include,
    perform,
    value_set,
)

CPT = "http://www.ama-assn.org/go/cpt"
CPT_SETS = "http://hl7.org/fhir/ValueSet/cpt-"
ALL = f"{CPT_SETS}all"


def expand(context: Context, url: str = ALL, **sent: Any) -> Json:
    return perform(context, "ValueSet/expand", url=url, **sent)


@pytest.mark.parametrize(
    ("name", "text", "codes"),
    [
        ("all", "bleed embol", ["37244", "37241", "37242"]),
        ("all", "37244:59", ["37244", "59"]),
        ("base", "37244-59", ["37244"]),
        ("modifiers", "37244-59", ["59"]),
        ("usable", "37244:59", ["37244"]),
        ("modifiers", "xs", ["XS"]),
        ("base", "GI bleed", ["37244"]),
        ("modifiers", "bilat", ["50"]),
        ("base", "bilat", []),
        ("all", "...", []),
    ],
)
def test_a_filter_finds_what_a_coder_means(
    context: Context, name: str, text: str, codes: list[str]
) -> None:
    found = expand(context, CPT_SETS + name, filter=text)
    assert codes_of(found) == codes
    assert found["expansion"]["total"] == len(codes)


@pytest.mark.parametrize("name", ["all", "base", "modifiers"])
@pytest.mark.parametrize("text", ["p", "separate", "3", "not"])
@pytest.mark.parametrize("count", [1, 3])
def test_pages_are_of_one_ranking_and_the_total_is_of_the_whole(
    context: Context, name: str, text: str, count: int
) -> None:
    url = CPT_SETS + name
    whole = codes_of(expand(context, url, filter=text))
    pages = []
    for offset in range(0, len(whole) + count, count):
        page = expand(context, url, filter=text, offset=offset, count=count)
        assert page["expansion"]["total"] == len(whole)
        pages += codes_of(page)
    assert pages == whole
    assert expand(context, url, filter=text, count=0)["expansion"]["total"] == len(whole)


def test_a_blank_filter_leaves_everything_where_it_is(context: Context) -> None:
    assert codes_of(expand(context, filter=" ")) == codes_of(expand(context))


def test_inactive_codes_are_left_out_of_the_ranking(load: Callable[..., Context]) -> None:
    gone = {"code": "status", "valueCode": "retired"}
    concepts = [concept("1", "Arm", property=[gone]), concept("2", "Army"), concept("3", "Arm")]
    small = load(code_system("c", concepts, url=CPT), value_set("v", include(CPT)))
    url = f"{BASE}/ValueSet/v"
    assert codes_of(expand(small, url, filter="arm")) == ["1", "3", "2"]
    assert codes_of(expand(small, url, filter="arm", activeOnly=True)) == ["3", "2"]


def test_several_includes_of_cpt_have_one_ranking(load: Callable[..., Context]) -> None:
    other = code_system("animals", [concept("arm", "Armadillo"), concept("ox", "Charmed arms")])
    concepts = [concept("9", "Army"), concept("8", "Arm"), concept("7", "Armed"), concept("6", "X")]
    named = include(CPT)
    named["concept"] = [{"code": "7", "display": "Own words"}, {"code": "6"}]
    context = load(
        code_system("c", concepts, url=CPT, content="complete"),
        other,
        value_set(
            "v",
            named,
            include(f"{BASE}/CodeSystem/animals"),
            include(CPT, filter=[condition("code", "regex", "[89]")]),
        ),
    )
    found = expand(context, f"{BASE}/ValueSet/v", filter="arm")
    assert codes_of(found) == ["8", "7", "9", "arm", "ox"]
    displays = {entry["code"]: entry["display"] for entry in found["expansion"]["contains"]}
    assert displays["7"] == "Own words"
    page = expand(context, f"{BASE}/ValueSet/v", filter="arm", offset=2, count=2)
    assert codes_of(page) == ["9", "arm"]
    assert page["expansion"]["total"] == 5


def test_a_cpt_that_comes_with_the_request_is_searched_so_too(context: Context) -> None:
    system = code_system("c", [concept("1", "Charm"), concept("2", "Arm")], url=CPT, version="1900")
    whole = value_set("v", include(CPT, version="1900"))
    found = perform(context, "ValueSet/expand", valueSet=whole, filter="arm", tx_resource=[system])
    assert codes_of(found) == ["2"]
