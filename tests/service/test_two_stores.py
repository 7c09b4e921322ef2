"""The same files loaded into a folder and into a database give the same answers, byte for byte."""

import json
from urllib.parse import quote

import pytest
from werkzeug.test import TestResponse

from terminology.fhir.versions import FhirVersion
from terminology.operations.registry import OPERATIONS
from terminology.store.differences import Difference, differences
from tests.service.asking import BASES, CPT, JSON, USABLE, XML
from tests.service.loading import HCPCS
from tests.service.sweep_requests import as_parameters, named, whole
from tests.service.sweep_table import TABLE
from tests.service.two_stores import ICD10CM, MADE, Both


def test_the_releases_are_the_same(both: Both) -> None:
    assert len(both.releases()) >= len(MADE)
    prints = {repository.open().store.release for repository in both.repositories}
    assert len(prints) == 1


@pytest.mark.parametrize("operation", OPERATIONS, ids=named)
@pytest.mark.parametrize("base", BASES)
def test_every_parameter_of_every_operation(both: Both, operation: object, base: str) -> None:
    version = BASES[base]
    for name, case in TABLE[named(operation)].items():  # type: ignore[arg-type]
        sent = whole(operation, name, case)  # type: ignore[arg-type]
        for accept in (JSON, XML):
            both.ask(
                f"/{base}/{named(operation)}",  # type: ignore[arg-type]
                method="POST",
                data=as_parameters(operation, sent, version),  # type: ignore[arg-type]
                content_type=JSON,
                headers={"Accept": accept},
            )


def test_every_resource_by_search_and_by_id(both: Both) -> None:
    counts = both.repositories[0].open().store.resource_counts()
    assert both.repositories[1].open().store.resource_counts() == counts
    for kind, count in counts.items():
        found = both.ask(f"/r5/{kind}?_count=1000&_total=accurate").json or {}
        assert found["total"] == count
        for entry in found["entry"]:
            both.ask(f"/r5/{kind}/{entry['resource']['id']}")
        both.ask(f"/r4/{kind}?_count=3&_elements=url")
        both.ask(f"/r5/{kind}?_summary=true&_count=7&_offset=2")


@pytest.mark.parametrize(
    "query",
    [
        "CodeSystem?title:contains=c",
        "CodeSystem?name=h",
        "CodeSystem?url:below=http://www.cms.gov",
        "CodeSystem?code=red",
        f"CodeSystem?code={CPT}|37244",
        "CodeSystem?status:not=active",
        "CodeSystem?date=ge2025",
        "ValueSet?reference=x",
        "Provenance?_sort=-recorded",
        "Provenance?recorded=ge2026&_include=Provenance:target",
        "Provenance?target=CodeSystem/cpt",
        "InsurancePlan?name=a%25",
        "Organization?name:contains=%25",
        "DocumentReference?_id=x,y",
        "CodeSystem?title=%00",
        "metadata",
        "metadata?mode=terminology",
        "$versions",
    ],
)
def test_searches(both: Both, query: str) -> None:
    for base in BASES:
        both.ask(f"/{base}/{query}")


def test_every_code_of_every_code_system(both: Both) -> None:
    asked = 0
    store = both.repositories[0].open().store
    for head in store.heads("CodeSystem"):
        codes = [
            placed.concept.code for placed in store.concepts(head.key, range(store.size(head.key)))
        ]
        for code in codes[:: max(1, len(codes) // 40)]:
            for more in ("", f"&version={head.version}", "&date=2025-03-01", "&property=*"):
                place = f"system={quote(head.url)}&code={quote(code)}{more}"
                both.ask(f"/r4/CodeSystem/$lookup?{place}")
                asked += 1
        for wrong in (
            "",
            "nothing",
            "%00",
            codes[0].swapcase() if codes else "x",
            "'",
            "%F0%9F%A6%86",
        ):
            both.ask(
                f"/r5/CodeSystem/$lookup?system={quote(head.url)}&code={quote(wrong, safe='%')}"
            )
    assert asked > 500


FILTERS = ["", "a", "an", "ant", "st th", "A0", "j", "zzz", "\0", "%", "of the", "é", "37244"]


def composed(**include: object) -> dict[str, object]:
    """A value set of one include."""
    return {
        "resourceType": "ValueSet",
        "url": "https://example.org/asked",
        "status": "active",
        "compose": {"include": [include]},
    }


def expand(both: Both, value_set: dict[str, object], *texts: tuple[str, str]) -> TestResponse:
    entries = [{"name": name, "valueString": value} for name, value in texts]
    asked = [{"name": "valueSet", "resource": value_set}, *entries]
    sent = {"resourceType": "Parameters", "parameter": asked}
    return both.ask("/r5/ValueSet/$expand?count=1000", method="POST", json=sent)


@pytest.mark.parametrize("text", FILTERS)
@pytest.mark.parametrize("system", [CPT, HCPCS, ICD10CM])
def test_expansions_by_text_and_by_pages(both: Both, system: str, text: str) -> None:
    found = expand(both, composed(system=system), *([("filter", text)] if text else []))
    assert found.status_code == (400 if "\0" in text else 200)
    if system == CPT:
        for page in ("count=5", "count=5&offset=5", "count=1000&includeDesignations=true"):
            both.ask(f"/r5/ValueSet/$expand?url={quote(USABLE)}&filter={quote(text)}&{page}")


@pytest.mark.parametrize(
    "include",
    [
        {"filter": [{"property": "concept", "op": op, "value": value}]}
        for op in (
            "is-a",
            "is-not-a",
            "descendent-of",
            "child-of",
            "generalizes",
            "descendent-leaf",
        )
        for value in ("A00-B99", "A00", "S06.1X", "none")
    ]
    + [
        {"filter": [{"property": "code", "op": "regex", "value": "A.*"}]},
        {"filter": [{"property": "display", "op": "regex", "value": ".*[aeiou]n.*"}]},
        {"filter": [{"property": "parent", "op": "exists", "value": "true"}]},
        {"concept": [{"code": code} for code in ("A00.0", "B99", "A00.0", "none")]},
    ],
    ids=lambda include: json.dumps(include)[:60],
)
def test_expansions_by_filters(both: Both, include: dict[str, object]) -> None:
    expand(both, composed(system=ICD10CM, **include))
    expand(both, composed(system=ICD10CM, **include), ("filter", "fall"))


def test_the_page_of_people(both: Both) -> None:
    for code in ("37244", "37244-26", "A0001", "zzz", ""):
        both.ask(f"/?code={code}")
        both.ask(f"/?code={code}&date=2025-10-02")


def test_what_changed_between_releases(both: Both) -> None:
    told: list[list[Difference]] = []
    for repository in both.repositories:
        catalogue = repository.reading()
        old, new = (catalogue.find(name) for name in ("cpt-2025", "cpt-2026"))
        told.append(differences(repository.part(old), repository.part(new)))
    assert told[0] == told[1]
    assert sum(told[0][0].counts.values()) > 100


@pytest.mark.parametrize("version", FhirVersion)
def test_a_batch(both: Both, version: FhirVersion) -> None:
    entries = [
        {"request": {"method": "GET", "url": url}}
        for url in (f"CodeSystem/$lookup?system={CPT}&code=37244", "CodeSystem?_count=2", "nowhere")
    ]
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    both.ask(f"/{version.base}", method="POST", json=bundle)
