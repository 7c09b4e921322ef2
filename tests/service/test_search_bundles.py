"""Searchset Bundles over a small store: links, pages, what comes along, what is cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from fhir.resources.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from service import bundles
from service.bundles import searchset
from service.search import parse_search
from service.summary import SUBSETTED
from terminology.errors import TooCostly
from terminology.store.build import build
from terminology.store.sqlite import SqliteStore

BASE = "http://here.example/r4"
CPT = "http://www.ama-assn.org/go/cpt"
PAYERS = [f"payer-{n:02}" for n in range(7)]


def _resources() -> Iterator[dict[str, Any]]:
    for each in PAYERS:
        yield {"resourceType": "Organization", "id": each, "name": f"Payer {each}"}
        yield {
            "resourceType": "InsurancePlan",
            "id": f"plan-of-{each}",
            "status": "active",
            "text": {"status": "generated", "div": "<div>A plan</div>"},
            "ownedBy": {"reference": f"Organization/{each}"},
            "coverage": [
                {
                    "type": {"text": "medical"},
                    "benefit": [{"type": {"coding": [{"system": CPT, "code": "37244"}]}}],
                }
            ],
        }
    yield {
        "resourceType": "CodeSystem",
        "id": "codes",
        "meta": {"tag": [{"system": "urn:t", "code": "own"}]},
        "url": f"{BASE}/CodeSystem/codes",
        "status": "active",
        "_name": {"extension": [{"url": "http://e.example", "valueCode": "unknown"}]},
        "content": "complete",
        "concept": [{"code": "a"}, {"code": "b"}],
    }
    yield {
        "resourceType": "Provenance",
        "id": "load",
        "recorded": "2026-11-23T10:00:00Z",
        "target": [{"reference": f"InsurancePlan/plan-of-{each}"} for each in PAYERS],
        "agent": [{"who": {"display": "the loader"}}],
    }


@dataclass
class Limits:
    page_size: int = 20
    max_page_size: int = 50


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    path: Path = tmp_path_factory.mktemp("store") / "store.db"
    build(path, "test", _resources(), {})
    opened = SqliteStore(path)
    yield opened
    opened.close()


def ask(store: SqliteStore, url: str) -> dict[str, Any]:
    split = urlsplit(url)
    pairs = parse_qsl(split.query, keep_blank_values=True)
    resource_type = split.path.rpartition("/")[2]
    search = parse_search(resource_type, pairs, strict=False, settings=Limits())
    return searchset(search, store, BASE)


def ids(bundle: dict[str, Any], mode: str = "match") -> list[str]:
    entries = bundle.get("entry", [])
    return [each["resource"]["id"] for each in entries if each["search"]["mode"] == mode]


def links(bundle: dict[str, Any]) -> dict[str, str]:
    return {link["relation"]: link["url"] for link in bundle["link"]}


# Failures


def test_more_company_than_a_page_may_have_is_refused(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "MAX_INCLUDED", 3)
    with pytest.raises(TooCostly, match="_count"):
        ask(store, "InsurancePlan?_include=InsurancePlan:owned-by")


def test_nothing_found_is_a_bundle_without_entries(store: SqliteStore) -> None:
    bundle = ask(store, "Organization?name=nobody")
    assert bundle["total"] == 0
    assert "entry" not in bundle
    assert links(bundle).keys() == {"self", "first", "last"}


def test_a_page_after_the_end_is_empty_and_leads_back(store: SqliteStore) -> None:
    bundle = ask(store, "Organization?_count=3&_offset=900")
    assert (bundle["total"], ids(bundle)) == (7, [])
    assert "next" not in links(bundle)
    assert ids(ask(store, links(bundle)["previous"])) == PAYERS[6:]


# Links


@given(count=st.integers(1, 9))
def test_pages_one_after_another_are_the_whole(store: SqliteStore, count: int) -> None:
    url = f"{BASE}/Organization?name=payer&_count={count}"
    bundle = ask(store, url)
    pages = [ids(bundle)]
    while "next" in links(bundle):
        url = links(bundle)["next"]
        bundle = ask(store, url)
        assert links(bundle)["self"] == url
        pages.append(ids(bundle))
    assert [each for page in pages for each in page] == PAYERS
    assert ids(ask(store, links(bundle)["last"])) == pages[-1]
    assert ids(ask(store, links(bundle)["first"])) == pages[0]
    backward = pages.pop()
    while "previous" in links(bundle):
        bundle = ask(store, links(bundle)["previous"])
        assert ids(bundle) == pages[-1]
        backward = pages.pop() + backward
    assert backward == PAYERS


def test_self_keeps_what_was_used_and_nothing_else(store: SqliteStore) -> None:
    bundle = ask(
        store, "InsurancePlan?nonsense=1&name=&_count=999&status=active,draft&_format=xml&_offset=2"
    )
    wanted = f"{BASE}/InsurancePlan?_count=50&status=active,draft&_format=xml&_offset=2"
    assert links(bundle)["self"] == wanted


@given(st.text(alphabet="a |&=#%+é\\,", min_size=1, max_size=12).filter(str.strip))
def test_what_was_sent_stands_in_the_link(store: SqliteStore, text: str) -> None:
    pairs = [("name:contains", text.replace("\\", "\\\\").replace(",", "\\,"))]
    search = parse_search("Organization", pairs, strict=True, settings=Limits())
    url = links(searchset(search, store, BASE))["self"]
    assert parse_qsl(urlsplit(url).query) == pairs


# What is found


def test_the_notes_on_a_procedure_with_their_payers(store: SqliteStore) -> None:
    bundle = ask(
        store,
        f"InsurancePlan?coverage-benefit-type={CPT}|37244&_include=InsurancePlan:owned-by&_count=2",
    )
    assert bundle["total"] == 7
    assert ids(bundle) == ["plan-of-payer-00", "plan-of-payer-01"]
    assert ids(bundle, "include") == ["payer-00", "payer-01"]
    assert bundle["entry"][0]["fullUrl"] == f"{BASE}/InsurancePlan/plan-of-payer-00"


def test_an_absolute_reference_to_this_server_is_its_own(store: SqliteStore) -> None:
    bundle = ask(store, f"InsurancePlan?owned-by={BASE}/Organization/payer-03")
    assert ids(bundle) == ["plan-of-payer-03"]


def test_provenance_of_what_is_found_comes_once(store: SqliteStore) -> None:
    bundle = ask(store, "InsurancePlan?_revinclude=Provenance:target")
    assert ids(bundle, "include") == ["load"]
    assert ids(ask(store, "Organization?_revinclude=Provenance:target"), "include") == []
    only = "InsurancePlan?_revinclude=Provenance:target:CodeSystem"
    assert ids(ask(store, only), "include") == []


def test_targets_of_provenance_come_along(store: SqliteStore) -> None:
    bundle = ask(store, "Provenance?_include=Provenance:target:InsurancePlan")
    assert ids(bundle, "include") == [f"plan-of-{each}" for each in PAYERS]
    assert ids(ask(store, "Provenance?_include=Provenance:target:CodeSystem"), "include") == []


# What is cut


def test_a_summary_leaves_the_bulk_out_and_says_so(store: SqliteStore) -> None:
    (entry,) = ask(store, "CodeSystem?_summary=true")["entry"]
    resource = entry["resource"]
    assert "concept" not in resource
    assert {"id", "url", "status", "content", "_name"} <= resource.keys()
    assert resource["meta"]["tag"] == [{"system": "urn:t", "code": "own"}, SUBSETTED]


def test_elements_cut_the_matches_and_keep_what_must_be(store: SqliteStore) -> None:
    (entry,) = ask(store, "CodeSystem?_elements=url,concept")["entry"]
    kept = {"resourceType", "id", "meta", "url", "concept", "status", "content"}
    assert entry["resource"].keys() == kept
    bundle = ask(store, "InsurancePlan?_elements=status&_include=InsurancePlan:owned-by&_count=1")
    plan, payer = (each["resource"] for each in bundle["entry"])
    assert plan.keys() == {"resourceType", "id", "meta", "status"}
    assert "meta" not in payer


@pytest.mark.parametrize(
    ("mode", "has_text", "has_coverage"),
    [("true", False, False), ("text", True, False), ("data", False, True), ("false", True, True)],
)
def test_each_summary_keeps_its_part(
    store: SqliteStore, mode: str, has_text: bool, has_coverage: bool
) -> None:
    resource = ask(store, f"InsurancePlan?_summary={mode}")["entry"][0]["resource"]
    assert ("text" in resource, "coverage" in resource) == (has_text, has_coverage)
    assert ("meta" in resource) == (mode != "false")


@pytest.mark.parametrize("query", ["_summary=count", "_count=0"])
def test_only_the_total_is_given_where_only_it_is_asked_for(store: SqliteStore, query: str) -> None:
    bundle = ask(store, f"Organization?{query}")
    assert bundle == {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": 7,
        "link": [{"relation": "self", "url": f"{BASE}/Organization?{query}"}],
    }


def test_the_total_can_be_left_out(store: SqliteStore) -> None:
    assert "total" not in ask(store, "Organization?_total=none")
    assert ask(store, "Organization?_total=estimate")["total"] == 7


@pytest.mark.parametrize(
    "url",
    [
        "CodeSystem?_summary=true",
        "CodeSystem?_summary=text",
        "CodeSystem?_elements=name",
        "InsurancePlan?_include=InsurancePlan:owned-by&_revinclude=Provenance:target&_count=2",
        "Provenance?_summary=true",
        "Provenance?_elements=entity",
        "Organization?_summary=count",
    ],
)
def test_every_answer_is_a_bundle_by_fhirs_own_model(store: SqliteStore, url: str) -> None:
    Bundle.model_validate(ask(store, url))
