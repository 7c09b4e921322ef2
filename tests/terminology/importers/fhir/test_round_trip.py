"""What came in as R4 and is served as R4 is what came in."""

import pytest

from terminology.fhir.convert import to_version
from terminology.fhir.json import Json, encode
from terminology.fhir.structure import structure_issues
from terminology.fhir.versions import FhirVersion
from terminology.fhir.xml import dumps
from tests.terminology.importers.fhir.made import KIND, given_back, package, system, value_set
from tests.terminology.importers.reading import Write, load

R5_ELEMENT = "http://hl7.org/fhir/5.0/StructureDefinition/extension-"
INPUTS: dict[str, Json] = {
    "nested concepts": system(
        identifier=[{"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3"}],
        property=[{"code": "p", "type": "string"}],
        concept=[
            {
                "code": "a",
                "designation": [{"language": "de", "use": {"code": "x"}, "value": "A"}],
                "property": [{"code": "p", "valueString": "v"}],
                "concept": [{"code": "b", "definition": "words"}],
            }
        ],
    ),
    "what came with R5, as R4 holds it": system(
        extension=[{"url": f"{R5_ELEMENT}CodeSystem.copyrightLabel", "valueString": "x"}],
        concept=[
            {
                "code": "a",
                "designation": [
                    {
                        "value": "A",
                        "extension": [
                            {
                                "url": f"{R5_ELEMENT}CodeSystem.concept.designation.additionalUse",
                                "valueCoding": {"code": "u"},
                            }
                        ],
                    }
                ],
            }
        ],
    ),
    "a filter with an operator of R5": value_set(
        compose={
            "include": [
                {
                    "system": "http://codes.example/letters",
                    "filter": [
                        {
                            "property": "code",
                            "_op": {
                                "extension": [
                                    {
                                        "url": f"{R5_ELEMENT}ValueSet.compose.include.filter.op",
                                        "valueCode": "child-of",
                                    }
                                ]
                            },
                            "value": "a",
                        }
                    ],
                }
            ]
        }
    ),
    "a value set in a value set": value_set(
        contained=[{"resourceType": "ValueSet", "id": "inner", "status": "draft"}],
        compose={"include": [{"valueSet": ["#inner"]}]},
    ),
    "each equivalence": {
        "resourceType": "ConceptMap",
        "id": "a",
        "url": "http://maps.example/a",
        "identifier": {"value": "a"},
        "status": "active",
        "sourceCanonical": "http://sets.example/a",
        "targetUri": "http://sets.example/b",
        "group": [
            {
                "source": "http://codes.example/letters",
                "sourceVersion": "1",
                "target": "http://codes.example/numbers",
                "element": [
                    {
                        "code": "a",
                        "target": [
                            {"code": str(number), "equivalence": equivalence, "comment": "why"}
                            for number, equivalence in enumerate(
                                "relatedto equivalent equal wider subsumes narrower specializes"
                                " inexact disjoint".split()
                            )
                        ],
                    },
                    {"code": "b", "target": [{"equivalence": "unmatched"}]},
                ],
                "unmapped": {"mode": "provided"},
            }
        ],
    },
    "a document": {
        "resourceType": "DocumentReference",
        "id": "a",
        "status": "current",
        "content": [{"attachment": {"url": "http://a.example/a.pdf", "size": 12}}],
        "context": {"period": {"start": "2026"}},
    },
    "a payer": {
        "resourceType": "Organization",
        "id": "a",
        "name": "A payer",
        "contact": [{"name": {"family": "B"}, "telecom": [{"system": "phone", "value": "1"}]}],
    },
}


@pytest.mark.parametrize("as_xml", [False, True])
@pytest.mark.parametrize("name", INPUTS)
def test_r4_in_and_r4_out(put: Write, name: str, *, as_xml: bool) -> None:
    resource = INPUTS[name]
    xml = {"package/a.xml": dumps(resource, FhirVersion.R4)} if as_xml else {}
    path = put("a.tgz", package(*([] if as_xml else [resource]), files=xml))
    (delivered,) = given_back(load(KIND, path))
    assert structure_issues(delivered, FhirVersion.R5) == []
    assert to_version(delivered, FhirVersion.R4) == resource


@pytest.mark.parametrize("name", INPUTS)
def test_what_is_served_as_r5_can_be_loaded_as_r5(put: Write, name: str) -> None:
    first = given_back(load(KIND, put("a.tgz", package(INPUTS[name]))))
    again = given_back(load(KIND, put("b.tgz", package(*first, version="5.0.0"))))
    assert again == first
    # As a file that tells no version, in R5's shape or in R4's, it says the same.
    alone = given_back(load(KIND, put("c.json", encode(INPUTS[name]))))
    assert alone == first
