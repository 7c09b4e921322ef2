"""What the service tells of loaded releases: their versions, their files, who loaded them."""

import hashlib
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from tests.service.asking import BASES, XML, Json, check_model, resource_of
from tests.service.loading import HCPCS, Shop, both_stores
from tests.terminology.importers.generate import cpt, rvu

JANUARY = {"A0001": "A lantern", "A0002": "A meadow"}
pytestmark = both_stores
every_base = pytest.mark.parametrize("base", BASES)


@pytest.fixture
def files(shop: Shop) -> dict[str, Path]:
    """Two releases of HCPCS, one of them of a year to come, and what they were loaded from."""
    files = {"2026-01": shop.hcpcs(JANUARY), "2099-01": shop.hcpcs(JANUARY, year=2099)}
    for file in files.values():
        shop.done("load", "hcpcs", str(file))
    return files


@pytest.fixture
def client(shop: Shop) -> FlaskClient:
    app = create_app(shop.settings())
    return app.test_client()


def found(client: FlaskClient, path: str) -> list[Json]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.data
    return [entry["resource"] for entry in json.loads(answer.data).get("entry", [])]


@every_base
def test_versions_side_by_side_are_listed_and_the_one_in_force_is_the_default(
    files: dict[str, Path], client: FlaskClient, base: str
) -> None:
    answer = client.get(f"/{base}/metadata?mode=terminology")
    resource = resource_of(answer, BASES[base])
    check_model(resource, BASES[base])
    (system,) = (one for one in resource["codeSystem"] if one["uri"] == HCPCS)
    versions = {one["code"]: one["isDefault"] for one in system["version"]}
    assert versions == {"2026-01": True, "2099-01": False}
    asked = f"/{base}/CodeSystem/$validate-code?url={HCPCS}&code=A0001"
    said = {one["name"]: one for one in json.loads(client.get(asked).data)["parameter"]}
    assert said["version"]["valueString"] == "2026-01"


@every_base
def test_the_default_of_fhirs_own_is_that_of_the_endpoint(
    files: dict[str, Path], client: FlaskClient, base: str
) -> None:
    resource = json.loads(client.get(f"/{base}/metadata?mode=terminology").data)
    systems = {one["uri"]: one["version"] for one in resource["codeSystem"]}
    own = systems["http://hl7.org/fhir/publication-status"]
    assert [one["code"] for one in own if one["isDefault"]] == [BASES[base].value]


@every_base
def test_both_can_be_found_and_read(files: dict[str, Path], client: FlaskClient, base: str) -> None:
    assert {one["version"] for one in found(client, f"/{base}/CodeSystem?url={HCPCS}")} == {*files}
    for version in files:
        (one,) = found(client, f"/{base}/CodeSystem?url={HCPCS}&version={version}")
        read = resource_of(client.get(f"/{base}/CodeSystem/{one['id']}"), BASES[base])
        check_model(read, BASES[base])
        assert read["version"] == version


@every_base
def test_the_page_and_the_capability_statement_answer(
    files: dict[str, Path], client: FlaskClient, base: str
) -> None:
    page = client.get("/?code=A0001")
    assert page.status_code == 200
    assert "A lantern" in page.text
    check_model(resource_of(client.get(f"/{base}/metadata"), BASES[base]), BASES[base])


@every_base
def test_the_provenance_tells_the_files_who_loaded_them_and_when(
    files: dict[str, Path], client: FlaskClient, base: str, shop: Shop
) -> None:
    for release, file in zip(shop.json("releases"), files.values(), strict=True):
        (system,) = found(client, f"/{base}/CodeSystem?url={HCPCS}&version={release['version']}")
        (one,) = found(client, f"/{base}/Provenance?target=CodeSystem/{system['id']}")
        check_model(one, BASES[base])
        assert one["recorded"] == release["loadedAt"]
        assert one["agent"][0]["who"] == {"display": release["loadedBy"]}
        (entity,) = one["entity"]
        assert entity["what"]["identifier"] == {
            "system": "https://proterm.example/fhir/sha-256",
            "value": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        document = client.get(f"/{base}/{entity['what']['reference']}")
        said = resource_of(document, BASES[base])
        check_model(said, BASES[base])
        assert said["date"] == release["loadedAt"]
        assert [each["attachment"]["title"] for each in said["content"]] == [file.name]
        size = said["content"][0]["attachment"]["size"]
        assert int(size) == file.stat().st_size
        # R5 has an integer64 there, which JSON writes as text; before it was a number.
        assert isinstance(size, str) is (base == "r5")


@every_base
def test_the_rows_of_a_table_have_their_document(
    shop: Shop, client: FlaskClient, base: str
) -> None:
    file = shop.folder / "PPRRVU2026_Jul.csv"
    file.write_text(rvu.text(40))
    shop.done("load", "mpfs", str(file))
    table = next(one for one in shop.json("content")["tables"] if one["loadedAs"] == "mpfs-2026C")
    client = create_app(shop.settings()).test_client()
    document = f"DocumentReference/{table['source']}"
    said = resource_of(client.get(f"/{base}/{document}"), BASES[base])
    check_model(said, BASES[base])
    assert "copyright 2025 nobody" in said["description"]
    (one,) = found(client, f"/{base}/Provenance?target={document}")
    check_model(one, BASES[base])


@every_base
def test_of_a_delivery_each_file_is_told(shop: Shop, base: str) -> None:
    folder = cpt.written(shop.folder / "cpt-2026", cpt.delivery(20))
    loaded = shop.json("load", "cpt", str(folder), "--accept-license")
    client = create_app(shop.settings()).test_client()
    version = BASES[base]
    (system,) = found(client, f"/{base}/CodeSystem?url=http://www.ama-assn.org/go/cpt")
    answer = client.get(
        f"/{base}/Provenance?target=CodeSystem/{system['id']}", headers={"Accept": XML}
    )
    (entry,) = resource_of(answer, version)["entry"]
    check_model(entry["resource"], version)
    told = {
        one["what"]["display"]: one["what"]["identifier"]["value"]
        for one in entry["resource"]["entity"]
    }
    assert told == {file["name"]: file["sha256"] for file in loaded["files"]}
    for name, digest in told.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
