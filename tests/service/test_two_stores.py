"""The same files loaded into a folder and into a database give the same answers, byte for byte."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import quote

import msgspec
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.app import create_app
from service.settings import Settings
from service.state import open_repository
from terminology.fhir.versions import FhirVersion
from terminology.importers import loading
from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from terminology.operations.registry import OPERATIONS
from terminology.store import changes
from terminology.store.catalogue import Release
from terminology.store.differences import Difference, differences
from terminology.store.repository import Repository
from tests.conftest import SHARED
from tests.postgres import cluster  # noqa: F401
from tests.service.asking import BASES, CPT, JSON, USABLE, XML
from tests.service.loading import HCPCS
from tests.service.sweep_content import RESOURCES
from tests.service.sweep_requests import as_parameters, named, whole
from tests.service.sweep_table import TABLE
from tests.terminology.importers.generate import cpt, hcpcs, icd10, ncci, rvu

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
_NEW = re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)|urn:uuid:[0-9a-f-]{36}")
"""What is new in each answer: the moment of an expansion or a search, and its identifier."""
_LENIENT = Options(accept_license=True, threshold=Threshold(number=1000))
Make = Callable[[Path], Path]


class Stopped(datetime):
    """A clock that stands still: when a release was loaded is a part of what is answered."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2026, 11, 25, tzinfo=tz or UTC)


def fhir(folder: Path) -> Path:
    """The colours of the sweep."""
    for number, resource in enumerate(RESOURCES):
        (folder / f"{number}.json").write_text(json.dumps(resource))
    return folder


def text(name: str, content: str) -> Make:
    """A file of a text."""

    def make(folder: Path) -> Path:
        (folder / name).write_text(content, encoding="utf-8", newline="")
        return folder / name

    return make


def pairs(folder: Path) -> Path:
    """Pairs in four parts."""
    ncci.parts(folder, 400)
    return folder


MADE: tuple[tuple[str, Make], ...] = (
    ("fhir", fhir),
    ("cpt", lambda folder: cpt.written(folder / "2025", cpt.delivery(150, 2025))),
    ("cpt", lambda folder: cpt.written(folder / "2026", cpt.delivery(200, 2026, seed=1))),
    ("hcpcs", text("HCPC2026_OCT_ANWEB.txt", hcpcs.text(hcpcs.rows(200)))),
    ("mpfs", text("PPRRVU2026_Jul_nonQPP.csv", rvu.text(200))),
    ("ncci-mue", text("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", ncci.limits(100))),
    ("ncci-ptp", pairs),
    ("icd10cm", text("icd10cm-tabular-2026.xml", icd10.small_list())),
)
SAMPLES = (
    ("mpfs", "PPRRVU2025_Oct.sample.csv"),
    ("ncci-mue", "MCR_MUE_PractitionerServices_Eff_07-01-2026.sample.csv"),
    ("ncci-ptp", "ccipra-v322r0-f1.sample.txt"),
    ("hcpcs", "HCPC2026_OCT_ANWEB.sample.csv"),
)


class Both(NamedTuple):
    """A repository in a folder and one in a database, and a service over each."""

    repositories: tuple[Repository, Repository]
    clients: tuple[FlaskClient, FlaskClient]

    def ask(self, path: str, **more: object) -> TestResponse:
        """Ask both, and hold that they say the same."""
        one, other = (client.open(path, **more) for client in self.clients)  # type: ignore[arg-type]
        assert (one.status_code, _headers(one)) == (other.status_code, _headers(other)), path
        assert _NEW.sub(b"*", one.data) == _NEW.sub(b"*", other.data), path
        return one

    def releases(self) -> list[Release]:
        """The releases of the folder, held to be those of the database."""
        one, other = (
            [msgspec.structs.replace(found, key=0) for found in changes.listed(r.reading())]
            for r in self.repositories
        )
        assert one == other
        return one


def _headers(answer: TestResponse) -> list[tuple[str, str]]:
    """All but the date; a body that has the time in it is compressed to another length."""
    dated = {"Date", "Content-Length"} if "gzip" in answer.headers.values() else {"Date"}
    return sorted(header for header in answer.headers if header[0] not in dated)


def load(repository: Repository, kind: str, path: Path) -> None:
    loading.load(repository, loading.Order(kind, path, _LENIENT, "a test"))


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Both]:
    """What ships, and generated files of every kind; the samples where they are there."""
    folder = tmp_path_factory.mktemp("both")
    made_up = request.getfixturevalue("cluster")
    address = made_up.address(made_up.database())
    each = Settings(data=folder / "var"), Settings(data=folder / "none", store=address)
    repositories = open_repository(each[0]), open_repository(each[1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "datetime", Stopped)
        for number, (kind, make) in enumerate(MADE):
            files = folder / str(number)
            files.mkdir()
            made = make(files)
            for repository in repositories:
                load(repository, kind, made)
        for kind, name in SAMPLES if SHARED.is_dir() else ():
            for repository in repositories:
                load(repository, kind, SHARED / "samples" / name)
    apps = [create_app(settings) for settings in each]
    yield Both(repositories, (apps[0].test_client(), apps[1].test_client()))
    for repository in repositories:
        repository.close()


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
    found = expand(both, composed(system=system), ("filter", text))
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
