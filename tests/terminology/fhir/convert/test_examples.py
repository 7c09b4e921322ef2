"""Conversions between R5 and R4, each with what the two versions say."""

import json
from pathlib import Path
from typing import Any

import pytest

from terminology.fhir.convert import from_version, to_version
from terminology.fhir.json import Json
from terminology.fhir.versions import FhirVersion

R4, R4B = FhirVersion.R4, FhirVersion.R4B
X = "http://hl7.org/fhir/5.0/StructureDefinition/extension-"
X4 = "http://hl7.org/fhir/4.0/StructureDefinition/extension-"
RELATION = "http://hl7.org/fhir/document-relationship-type"


def _map(**target: Any) -> Json:
    return {"group": [{"element": [{"code": "a", "target": [target]}]}]}


def _examples(name: str, first: str, second: str) -> dict[str, tuple[str, Json, Json]]:
    """The examples of a file beside this one: the resource, its elements in two versions."""
    found = json.loads(Path(__file__).with_name(name).read_text("utf-8"))
    return {one["case"]: (one["resource"], one[first], one[second]) for one in found}


# Both ways hold.
BOTH_WAYS = _examples("both_ways.json", "r5", "r4")


@pytest.mark.parametrize("version", [R4, R4B])
@pytest.mark.parametrize(("name", "r5", "r4"), BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_both_versions_say_the_same(name: str, r5: Json, r4: Json, version: FhirVersion) -> None:
    in_r5, in_r4 = {"resourceType": name, **r5}, {"resourceType": name, **r4}
    assert to_version(in_r5, version) == in_r4
    assert from_version(in_r4, version) == in_r5


# R5 has no way back.
FROM_R4 = _examples("from_r4.json", "r4", "r5")


@pytest.mark.parametrize(("name", "r4", "r5"), FROM_R4.values(), ids=FROM_R4)
def test_r4_is_read_as_r5(name: str, r4: Json, r5: Json) -> None:
    read = from_version({"resourceType": name, **r4}, R4)
    assert read == {"resourceType": name, **r5}


NOTHING_TO_DO = [
    {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "invalid"}]},
    {"resourceType": "Parameters"},
    {"resourceType": "Parameters", "parameter": [{"name": "a", "part": [{"name": "b"}]}]},
    {"resourceType": "Parameters", "parameter": [{"name": "a", "resource": {}}]},
    {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "ValueSet"}}]},
    {"resourceType": "ValueSet", "compose": {"include": [{"filter": [{"op": "is-a"}]}]}},
    {"resourceType": "CodeSystem", "concept": [{"code": "a", "designation": [{"value": "b"}]}]},
    {"resourceType": "ValueSet", "extension": [{"url": "http://e", "valueCode": "a"}]},
    {"resourceType": "ValueSet", "contained": [{"resourceType": "CodeSystem"}]},
    {"resourceType": "Bogus"},
]


@pytest.mark.parametrize("resource", NOTHING_TO_DO)
def test_what_does_not_change_is_not_copied(resource: Json) -> None:
    assert to_version(resource, R4) is resource
    assert from_version(resource, R4) is resource


_R5_PART = {"resourceType": "ValueSet", "copyrightLabel": "a"}
_R4_PART = {
    "resourceType": "ValueSet",
    "extension": [{"url": X + "ValueSet.copyrightLabel", "valueString": "a"}],
}


@pytest.mark.parametrize(
    "holder",
    [
        lambda part: {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "a", "valueCode": "b"},
                {"name": "r", "resource": part},
                {"name": "p", "part": [{"name": "q", "part": [{"name": "s", "resource": part}]}]},
            ],
        },
        lambda part: {"resourceType": "Bundle", "entry": [{"fullUrl": "a", "resource": part}]},
        lambda part: {"resourceType": "Basic", "contained": [part]},
        lambda part: {
            "resourceType": "Bundle",
            "entry": [
                {
                    "resource": {
                        "resourceType": "Parameters",
                        "parameter": [{"name": "r", "resource": part}],
                    }
                }
            ],
        },
    ],
)
def test_resources_inside_resources_are_converted(holder: Any) -> None:
    assert to_version(holder(_R5_PART), R4) == holder(_R4_PART)
    assert from_version(holder(_R4_PART), R4) == holder(_R5_PART)


@pytest.mark.parametrize("name", ["Claim", "CoverageEligibilityRequest", "Procedure"])
def test_what_is_judged_as_it_was_sent_is_left_as_it_was_sent(name: str) -> None:
    payer = {"resourceType": "Organization", "telecom": [{"system": "url", "value": "x"}]}
    holder = {"resourceType": name, "contained": [payer]}
    sent = {"resourceType": "Bundle", "entry": [{"resource": holder}]}
    for version in (FhirVersion.R4, FhirVersion.R4B):
        assert from_version(sent, version) is sent
        assert to_version(sent, version) is sent


def test_issues_of_a_bundle_are_left_out_of_r4() -> None:
    bundle = {"resourceType": "Bundle", "issues": {"resourceType": "OperationOutcome"}}
    assert to_version(bundle, R4) == {"resourceType": "Bundle"}


@pytest.mark.parametrize(
    "relationship",
    [
        "related-to",
        "equivalent",
        "source-is-narrower-than-target",
        "source-is-broader-than-target",
        "not-related-to",
    ],
)
def test_every_relationship_has_an_equivalence(relationship: str) -> None:
    resource = {"resourceType": "ConceptMap", **_map(relationship=relationship)}
    converted = to_version(resource, R4)
    (target,) = converted["group"][0]["element"][0]["target"]
    assert set(target) == {"equivalence"}
    assert from_version(converted, R4) == resource
