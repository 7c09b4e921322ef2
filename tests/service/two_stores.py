"""A service over a folder and one over a database, with the same files loaded into both."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple, Self

import msgspec
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.app import create_app
from service.settings import Settings
from service.state import open_repository
from terminology.importers import loading
from terminology.importers.delivery import Options
from terminology.importers.problems import Threshold
from terminology.store import changes
from terminology.store.catalogue import Release
from terminology.store.repository import Repository
from tests.conftest import SHARED
from tests.service.sweep_content import RESOURCES
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
