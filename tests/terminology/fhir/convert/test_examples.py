"""Conversions between R5 and R4, each with what the two versions say."""

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


# Each: the resource, its R5 elements, its R4 elements. Both ways hold.
BOTH_WAYS: dict[str, tuple[str, Json, Json]] = {
    "a choice": (
        "CodeSystem",
        {"versionAlgorithmString": "semver", "copyrightLabel": "All rights reserved"},
        {
            "extension": [
                {"url": X + "CodeSystem.versionAlgorithm", "valueString": "semver"},
                {"url": X + "CodeSystem.copyrightLabel", "valueString": "All rights reserved"},
            ]
        },
    ),
    "beside extensions that stay": (
        "CodeSystem",
        {"extension": [{"url": "http://e", "valueCode": "a"}], "approvalDate": "2026-01-01"},
        {
            "extension": [
                {"url": "http://e", "valueCode": "a"},
                {"url": X + "CodeSystem.approvalDate", "valueDate": "2026-01-01"},
            ]
        },
    ),
    "a primitive with an extension": (
        "CodeSystem",
        {"_copyrightLabel": {"id": "i"}},
        {"extension": [{"url": X + "CodeSystem.copyrightLabel", "_valueString": {"id": "i"}}]},
    ),
    "a use of a designation deep in the hierarchy": (
        "CodeSystem",
        {"concept": [{"concept": [{"designation": [{"additionalUse": [{"code": "u"}]}]}]}]},
        {
            "concept": [
                {
                    "concept": [
                        {
                            "designation": [
                                {
                                    "extension": [
                                        {
                                            "url": X
                                            + "CodeSystem.concept.designation.additionalUse",
                                            "valueCoding": {"code": "u"},
                                        }
                                    ]
                                }
                            ]
                        }
                    ]
                }
            ]
        },
    ),
    "operators of a filter": (
        "CodeSystem",
        {"filter": [{"code": "f", "operator": ["=", "child-of"]}]},
        {
            "filter": [
                {
                    "code": "f",
                    "operator": ["=", None],
                    "_operator": [
                        None,
                        {
                            "extension": [
                                {"url": X + "CodeSystem.filter.operator", "valueCode": "child-of"}
                            ]
                        },
                    ],
                }
            ]
        },
    ),
    "the operator of a filter": (
        "ValueSet",
        {"compose": {"exclude": [{"filter": [{"property": "p", "op": "child-of"}]}]}},
        {
            "compose": {
                "exclude": [
                    {
                        "filter": [
                            {
                                "property": "p",
                                "_op": {
                                    "extension": [
                                        {
                                            "url": X + "ValueSet.compose.include.filter.op",
                                            "valueCode": "child-of",
                                        }
                                    ]
                                },
                            }
                        ]
                    }
                ]
            }
        },
    ),
    "properties of an expansion": (
        "ValueSet",
        {
            "expansion": {
                "property": [{"code": "p", "uri": "http://p"}],
                "contains": [{"code": "a", "property": [{"code": "p", "valueDecimal": 6}]}],
            }
        },
        {
            "expansion": {
                "extension": [
                    {
                        "url": X + "ValueSet.expansion.property",
                        "extension": [
                            {"url": "code", "valueCode": "p"},
                            {"url": "uri", "valueUri": "http://p"},
                        ],
                    }
                ],
                "contains": [
                    {
                        "code": "a",
                        "extension": [
                            {
                                "url": X + "ValueSet.expansion.contains.property",
                                "extension": [
                                    {"url": "code", "valueCode": "p"},
                                    {"url": "value", "valueDecimal": 6},
                                ],
                            }
                        ],
                    }
                ],
            }
        },
    ),
    "the scope of a value set": (
        "ValueSet",
        {"scope": {"inclusionCriteria": "a", "exclusionCriteria": "b"}},
        {
            "extension": [
                {
                    "url": X + "ValueSet.scope",
                    "extension": [
                        {"url": "inclusionCriteria", "valueString": "a"},
                        {"url": "exclusionCriteria", "valueString": "b"},
                    ],
                }
            ]
        },
    ),
    "the scope of a map": (
        "ConceptMap",
        {"sourceScopeUri": "http://a", "_targetScopeCanonical": {"id": "i"}},
        {"sourceUri": "http://a", "_targetCanonical": {"id": "i"}},
    ),
    "versions of a map's systems": (
        "ConceptMap",
        {"group": [{"source": "http://a|1", "target": "http://b"}]},
        {"group": [{"source": "http://a", "sourceVersion": "1", "target": "http://b"}]},
    ),
    "identifiers of a map": (
        "ConceptMap",
        {"identifier": [{"value": "a"}, {"value": "b"}]},
        {
            "identifier": {"value": "a"},
            "extension": [{"url": X + "ConceptMap.identifier", "valueIdentifier": {"value": "b"}}],
        },
    ),
    "no map": (
        "ConceptMap",
        {"group": [{"element": [{"code": "a", "noMap": True}]}]},
        {"group": [{"element": [{"code": "a", "target": [{"equivalence": "unmatched"}]}]}]},
    ),
    "no map, with its reason": (
        "ConceptMap",
        {
            "group": [
                {
                    "element": [
                        {
                            "noMap": True,
                            "extension": [
                                {
                                    "url": X4 + "ConceptMap.group.element.target.comment",
                                    "valueString": "why",
                                }
                            ],
                        }
                    ]
                }
            ]
        },
        {"group": [{"element": [{"target": [{"equivalence": "unmatched", "comment": "why"}]}]}]},
    ),
    "an equivalence that R5 has no word for": (
        "ConceptMap",
        _map(
            relationship="source-is-narrower-than-target",
            _relationship={
                "extension": [
                    {
                        "url": X4 + "ConceptMap.group.element.target.equivalence",
                        "valueCode": "subsumes",
                    }
                ]
            },
        ),
        _map(equivalence="subsumes"),
    ),
    "an unmapped code kept": (
        "ConceptMap",
        {"group": [{"unmapped": {"mode": "use-source-code"}}]},
        {"group": [{"unmapped": {"mode": "provided"}}]},
    ),
    "another map for the unmapped": (
        "ConceptMap",
        {"group": [{"unmapped": {"mode": "other-map", "otherMap": "http://m"}}]},
        {"group": [{"unmapped": {"mode": "other-map", "url": "http://m"}}]},
    ),
    "a dependency on a string": (
        "ConceptMap",
        _map(dependsOn=[{"attribute": "p", "valueString": "v"}]),
        _map(dependsOn=[{"property": "p", "value": "v"}]),
    ),
    "a dependency on a coding": (
        "ConceptMap",
        _map(
            product=[
                {"attribute": "p", "valueCoding": {"system": "s", "code": "c", "display": "d"}}
            ]
        ),
        _map(product=[{"property": "p", "system": "s", "value": "c", "display": "d"}]),
    ),
    "a dependency on a boolean": (
        "ConceptMap",
        _map(dependsOn=[{"attribute": "p", "valueBoolean": True}]),
        _map(
            dependsOn=[
                {
                    "property": "p",
                    "value": "true",
                    "extension": [
                        {
                            "url": X + "ConceptMap.group.element.target.dependsOn.value",
                            "valueBoolean": True,
                        }
                    ],
                }
            ]
        ),
    ),
    "a choice question": (
        "Questionnaire",
        {"item": [{"type": "coding", "item": [{"type": "string"}]}]},
        {"item": [{"type": "choice", "item": [{"type": "string"}]}]},
    ),
    "an open choice question": (
        "Questionnaire",
        {"item": [{"type": "coding", "answerConstraint": "optionsOrString"}]},
        {"item": [{"type": "open-choice"}]},
    ),
    "a constraint that R4 has no word for": (
        "Questionnaire",
        {"item": [{"type": "string", "answerConstraint": "optionsOrString"}]},
        {
            "item": [
                {
                    "type": "string",
                    "extension": [
                        {
                            "url": X + "Questionnaire.item.answerConstraint",
                            "valueCode": "optionsOrString",
                        }
                    ],
                }
            ]
        },
    ),
    "the context of a document": (
        "DocumentReference",
        {
            "context": [{"reference": "Encounter/1"}],
            "event": [{"concept": {"text": "e"}}],
            "period": {"start": "2026"},
            "practiceSetting": {"text": "p"},
        },
        {
            "context": {
                "encounter": [{"reference": "Encounter/1"}],
                "event": [{"text": "e"}],
                "period": {"start": "2026"},
                "practiceSetting": {"text": "p"},
            }
        },
    ),
    "the format of a document": (
        "DocumentReference",
        {"content": [{"attachment": {"size": "7"}, "profile": [{"valueCoding": {"code": "f"}}]}]},
        {"content": [{"attachment": {"size": 7}, "format": {"code": "f"}}]},
    ),
    "a related document": (
        "DocumentReference",
        {"relatesTo": [{"code": {"coding": [{"system": RELATION, "code": "replaces"}]}}]},
        {"relatesTo": [{"code": "replaces"}]},
    ),
    "a relation that R4 has no code for": (
        "DocumentReference",
        {"relatesTo": [{"code": {"text": "summary"}}]},
        {
            "relatesTo": [
                {
                    "_code": {
                        "extension": [
                            {
                                "url": X + "DocumentReference.relatesTo.code",
                                "valueCodeableConcept": {"text": "summary"},
                            }
                        ]
                    }
                }
            ]
        },
    ),
    "a document of a patient": (
        "DocumentReference",
        {
            "extension": [
                {
                    "url": X4 + "DocumentReference.context.related",
                    "valueReference": {"reference": "Group/1"},
                }
            ]
        },
        {"context": {"related": [{"reference": "Group/1"}]}},
    ),
    "why a load was made": (
        "Provenance",
        {"authorization": [{"concept": {"text": "a"}}]},
        {"reason": [{"text": "a"}]},
    ),
    "what a load was authorised by": (
        "Provenance",
        {"authorization": [{"reference": {"reference": "Consent/1"}}]},
        {
            "extension": [
                {
                    "url": X + "Provenance.authorization",
                    "extension": [
                        {"url": "reference", "valueReference": {"reference": "Consent/1"}}
                    ],
                }
            ]
        },
    ),
    "a role that R4 has not": (
        "Provenance",
        {"entity": [{"role": "instantiates"}]},
        {
            "entity": [
                {
                    "_role": {
                        "extension": [
                            {"url": X + "Provenance.entity.role", "valueCode": "instantiates"}
                        ]
                    }
                }
            ]
        },
    ),
    "a role that R5 has not": (
        "Provenance",
        {
            "entity": [
                {
                    "_role": {
                        "extension": [
                            {"url": X4 + "Provenance.entity.role", "valueCode": "derivation"}
                        ]
                    }
                }
            ]
        },
        {"entity": [{"role": "derivation"}]},
    ),
    "contacts of a plan": (
        "InsurancePlan",
        {"contact": [{"name": [{"text": "a"}, {"text": "b"}], "period": {"start": "2026"}}]},
        {
            "contact": [
                {
                    "name": {"text": "a"},
                    "extension": [
                        {"url": X + "ExtendedContactDetail.name", "valueHumanName": {"text": "b"}},
                        {
                            "url": X + "ExtendedContactDetail.period",
                            "valuePeriod": {"start": "2026"},
                        },
                    ],
                }
            ]
        },
    ),
    "an organization's description": (
        "Organization",
        {"description": "d", "qualification": [{"code": {"text": "q"}}]},
        {
            "extension": [
                {"url": X + "Organization.description", "valueMarkdown": "d"},
                {
                    "url": X + "Organization.qualification",
                    "extension": [{"url": "code", "valueCodeableConcept": {"text": "q"}}],
                },
            ]
        },
    ),
    "languages of a server": (
        "CapabilityStatement",
        {"acceptLanguage": ["en", "de"]},
        {
            "extension": [
                {"url": X + "CapabilityStatement.acceptLanguage", "valueCode": "en"},
                {"url": X + "CapabilityStatement.acceptLanguage", "valueCode": "de"},
            ]
        },
    ),
    "the content of a code system that is served": (
        "TerminologyCapabilities",
        {"codeSystem": [{"uri": "http://a", "content": "complete"}]},
        {
            "codeSystem": [
                {
                    "uri": "http://a",
                    "extension": [
                        {
                            "url": X + "TerminologyCapabilities.codeSystem.content",
                            "valueCode": "complete",
                        }
                    ],
                }
            ]
        },
    ),
    "where a parameter of an operation may stand": (
        "OperationDefinition",
        {"parameter": [{"name": "p", "scope": ["type"], "part": [{"scope": ["instance"]}]}]},
        {
            "parameter": [
                {
                    "name": "p",
                    "extension": [
                        {"url": X + "OperationDefinition.parameter.scope", "valueCode": "type"}
                    ],
                    "part": [
                        {
                            "extension": [
                                {
                                    "url": X + "OperationDefinition.parameter.scope",
                                    "valueCode": "instance",
                                }
                            ]
                        }
                    ],
                }
            ]
        },
    ),
    "the path of a search": (
        "SearchParameter",
        {"extension": [{"url": X4 + "SearchParameter.xpath", "valueString": "f:a"}]},
        {"xpath": "f:a"},
    ),
    "an address of a naming system": (
        "NamingSystem",
        {"url": "http://a", "uniqueId": [{"authoritative": True}]},
        {
            "uniqueId": [
                {
                    "extension": [
                        {"url": X + "NamingSystem.uniqueId.authoritative", "valueBoolean": True}
                    ]
                }
            ],
            "extension": [{"url": X + "NamingSystem.url", "valueUri": "http://a"}],
        },
    ),
    "an artifact of a library": (
        "Library",
        {"relatedArtifact": [{"classifier": [{"text": "c"}], "document": {"pages": 3}}]},
        {
            "relatedArtifact": [
                {
                    "document": {
                        "extension": [{"url": X + "Attachment.pages", "valuePositiveInt": 3}]
                    },
                    "extension": [
                        {
                            "url": X + "RelatedArtifact.classifier",
                            "valueCodeableConcept": {"text": "c"},
                        }
                    ],
                }
            ]
        },
    ),
    "an artifact of a value set": (
        "ValueSet",
        {"relatedArtifact": [{"type": "citation", "publicationDate": "2026"}]},
        {
            "extension": [
                {
                    "url": X + "ValueSet.relatedArtifact",
                    "valueRelatedArtifact": {
                        "type": "citation",
                        "extension": [
                            {"url": X + "RelatedArtifact.publicationDate", "valueDate": "2026"}
                        ],
                    },
                }
            ]
        },
    ),
}


@pytest.mark.parametrize("version", [R4, R4B])
@pytest.mark.parametrize(("name", "r5", "r4"), BOTH_WAYS.values(), ids=BOTH_WAYS)
def test_both_versions_say_the_same(name: str, r5: Json, r4: Json, version: FhirVersion) -> None:
    in_r5, in_r4 = {"resourceType": name, **r5}, {"resourceType": name, **r4}
    assert to_version(in_r5, version) == in_r4
    assert from_version(in_r4, version) == in_r5


# Each: the resource, its R4 elements, the R5 elements that they become; R5 has no way back.
FROM_R4: dict[str, tuple[str, Json, Json]] = {
    "the path that HL7's converter writes": (
        "ValueSet",
        {"extension": [{"url": X + "CanonicalResource.versionAlgorithm", "valueString": "semver"}]},
        {"versionAlgorithmString": "semver"},
    ),
    "a string where a code belongs": (
        "ValueSet",
        {
            "expansion": {
                "contains": [
                    {
                        "extension": [
                            {
                                "url": X + "ValueSet.expansion.contains.property",
                                "extension": [
                                    {"url": "code", "valueString": "p"},
                                    {"url": "value", "valueCode": "v"},
                                ],
                            }
                        ]
                    }
                ]
            }
        },
        {"expansion": {"contains": [{"property": [{"code": "p", "valueCode": "v"}]}]}},
    ),
    "telephone and addresses of an organization": (
        "Organization",
        {"telecom": [{"value": "t"}], "address": [{"city": "a"}, {"city": "b"}]},
        {
            "contact": [
                {"address": {"city": "a"}, "telecom": [{"value": "t"}]},
                {"address": {"city": "b"}},
            ]
        },
    ),
    "who vouched for a document": (
        "DocumentReference",
        {"masterIdentifier": {"value": "m"}, "authenticator": {"reference": "Organization/1"}},
        {
            "identifier": [{"value": "m"}],
            "attester": [
                {
                    "mode": {
                        "coding": [
                            {
                                "system": "http://hl7.org/fhir/composition-attestation-mode",
                                "code": "official",
                            }
                        ]
                    },
                    "party": {"reference": "Organization/1"},
                }
            ],
        },
    ),
    "where an artifact is": (
        "Library",
        {"relatedArtifact": [{"type": "citation", "url": "http://a"}]},
        {"relatedArtifact": [{"type": "citation", "document": {"url": "http://a"}}]},
    ),
}


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
