"""Every shipped resource is a good FHIR resource, in each version that is served."""

from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
from fhir.resources import get_fhir_model_class
from fhir.resources.R4B import get_fhir_model_class as get_r4b_model_class

from terminology import content
from terminology.errors import NotFound
from terminology.fhir.convert import to_version
from terminology.fhir.versions import FhirVersion

Json = dict[str, Any]
RESOURCES = list(content.resources())
NAMES = [f"{r['resourceType']}-{r['id']}" for r in RESOURCES]
COPYRIGHT = (
    "CPT © Copyright 2026 American Medical Association. All rights reserved. "
    "AMA and CPT are registered trademarks of the American Medical Association."
)


@pytest.mark.parametrize("resource", RESOURCES, ids=NAMES)
def test_it_parses_as_r5(resource: Json) -> None:
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)


@pytest.mark.parametrize("resource", RESOURCES, ids=NAMES)
def test_it_parses_as_r4b_once_written_as_r4b(resource: Json) -> None:
    older = to_version(resource, FhirVersion.R4B)
    get_r4b_model_class(resource["resourceType"]).model_validate(older)


@pytest.mark.parametrize("resource", RESOURCES, ids=NAMES)
def test_it_has_no_element_that_r4b_lacks(resource: Json) -> None:
    # fhir.resources checks names, types and cardinalities here, not the required bindings.
    get_r4b_model_class(resource["resourceType"]).model_validate(resource)


def test_every_file_is_named_after_its_resource() -> None:
    names = sorted(f.name for f in files(content).joinpath("resources").iterdir())
    assert names == [f"{name}.json" for name in NAMES]


def test_resources_are_new_with_every_call() -> None:
    next(content.resources()).clear()
    assert next(content.resources())


def test_no_canonical_ships_twice() -> None:
    canonicals = Counter(
        (r["resourceType"], r["url"], r.get("version")) for r in RESOURCES if "url" in r
    )
    assert [c for c, n in canonicals.items() if n > 1] == []


def test_no_code_is_twice_in_a_code_system() -> None:
    for resource in RESOURCES:
        counts = Counter(concept["code"] for concept in resource.get("concept", []))
        assert [code for code, n in counts.items() if n > 1] == [], resource["id"]


def test_no_two_concepts_of_a_code_system_have_one_display() -> None:
    for resource in RESOURCES:
        if resource.get("content") in ("complete", "fragment"):
            counts = Counter(concept["display"].casefold() for concept in resource["concept"])
            assert [display for display, n in counts.items() if n > 1] == [], resource["id"]


def test_a_complete_code_system_counts_its_concepts() -> None:
    for resource in RESOURCES:
        if resource.get("content") == "complete":
            assert resource["count"] == len(resource["concept"]), resource["id"]


def test_every_property_of_a_concept_is_declared_with_its_type() -> None:
    for resource in RESOURCES:
        declared = {p["code"]: p["type"] for p in resource.get("property", [])}
        for concept in resource.get("concept", []):
            for prop in concept.get("property", []):
                (value,) = [name for name in prop if name.startswith("value")]
                assert value.removeprefix("value").lower() == declared[prop["code"]].lower()


def test_cpt_content_carries_the_copyright_line_of_its_year(shipped: dict[str, Json]) -> None:
    assert shipped["CodeSystem/cpt"]["version"] == "2026"
    for resource in RESOURCES:
        includes = resource.get("compose", {}).get("include", [])
        systems = {resource.get("url"), resource.get("supplements", "").split("|")[0]}
        systems |= {include.get("system") for include in includes}
        if "http://www.ama-assn.org/go/cpt" in systems:
            assert resource["copyright"] == COPYRIGHT, resource["id"]


def test_a_plan_with_codes_of_cpt_carries_the_copyright_line_too() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/artifact-copyright"
    plans = [r for r in RESOURCES if r["resourceType"] == "InsurancePlan"]
    with_cpt = [plan for plan in plans if "http://www.ama-assn.org/go/cpt" in str(plan)]
    assert with_cpt
    for plan in with_cpt:
        assert plan["extension"] == [{"url": url, "valueMarkdown": COPYRIGHT}], plan["id"]


def test_displays_that_are_ours_are_marked(shipped: dict[str, Json]) -> None:
    url = "https://proterm.example/fhir/StructureDefinition/descriptors-not-loaded"
    marked = {name: r["extension"] for name, r in shipped.items() if "extension" in r}
    marks = {name: found for name, found in marked.items() if url in str(found)}
    assert marks == {
        "CodeSystem/cpt": [{"url": url, "valueString": "the AMA"}],
        "CodeSystem/hcpcs-level-ii": [{"url": url, "valueString": "CMS"}],
    }


def test_an_unknown_table_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"'\.\./x'.*medicare-fee-schedule, medicare-mue"):
        next(content.table("../x"))


def test_the_fingerprint_is_a_sha256_that_stays() -> None:
    assert len(bytes.fromhex(content.fingerprint())) == 32
    assert content.fingerprint() == content.fingerprint()


@pytest.mark.parametrize("folder", ["resources", "tables", "rules"])
def test_the_fingerprint_covers_every_folder(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content.fingerprint()
    listed = content._files

    def one_less(name: str, suffix: str) -> list[Any]:
        return listed(name, suffix)[1:] if name == folder else listed(name, suffix)

    monkeypatch.setattr(content, "_files", one_less)
    assert content.fingerprint() != before
