"""Versions of a package stand side by side, though their resources have the same ids."""

from service.app import create_app
from terminology.fhir import json
from terminology.model import Json
from tests.service.loading import Shop, both_stores
from tests.terminology.builders import code_system, concept, value_set

URL = "https://test.example/CodeSystem/s"


def system(version: str) -> Json:
    return code_system("s", [concept("a", f"A {version}")], version=version)


@both_stores
def test_two_versions_of_a_package_are_read_and_found_side_by_side(shop: Shop) -> None:
    for version in ("1.1.0", "1.0.0"):
        folder = shop.folder / version
        folder.mkdir()
        resources = (system(version), value_set("v", {"system": URL}, version=version))
        for resource in resources:
            path = folder / f"{resource['resourceType']}.json"
            path.write_bytes(json.encode(resource))
        shop.done("load", "fhir", str(folder), "--version", version)
    client = create_app(shop.settings()).test_client()
    for version, name in (("1.1.0", "s"), ("1.0.0", "s-1.0.0")):
        found = client.get(f"/r5/CodeSystem?url={URL}&version={version}").get_json()
        assert [entry["resource"]["id"] for entry in found["entry"]] == [name]
        assert client.get(f"/r5/CodeSystem/{name}").get_json()["version"] == version
        expanded = client.get(f"/r5/ValueSet/{name.replace('s', 'v', 1)}/$expand").get_json()
        assert expanded["version"] == version
