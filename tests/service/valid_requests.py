"""One good request for each operation and for a batch, for the tests that spoil them."""

from tests.service.asking import CPT, LOOKUP, MODIFIERS, USABLE, Json, parameters

COLOURS = "https://example.org/colours"
POS = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
CODING: Json = {"system": CPT, "code": "37244", "display": "x", "version": "2026"}
RED: Json = {"system": COLOURS, "code": "red"}
CODE_SYSTEM: Json = {
    "resourceType": "CodeSystem",
    "url": COLOURS,
    "version": "1",
    "status": "active",
    "content": "complete",
    "caseSensitive": True,
    "property": [{"code": "warm", "type": "boolean"}],
    "concept": [
        {
            "code": "red",
            "display": "Red",
            "designation": [{"language": "de", "value": "Rot"}],
            "property": [{"code": "warm", "valueBoolean": True}],
            "concept": [{"code": "scarlet"}],
        }
    ],
}
FILTERS: list[Json] = [
    {"property": "concept", "op": "is-a", "value": "red"},
    {"property": "warm", "op": "=", "value": "true"},
    {"property": "code", "op": "regex", "value": "r.*"},
]
VALUE_SET: Json = {
    "resourceType": "ValueSet",
    "url": "https://example.org/tints",
    "status": "active",
    "compose": {
        "inactive": False,
        "include": [
            {"system": COLOURS, "version": "1", "filter": FILTERS},
            {"system": COLOURS, "concept": [{"code": "red", "display": "R"}]},
            {"valueSet": [MODIFIERS]},
        ],
        "exclude": [{"system": COLOURS, "concept": [{"code": "scarlet"}]}],
    },
}
CONCEPT_MAP: Json = {
    "resourceType": "ConceptMap",
    "url": "https://example.org/to-german",
    "status": "active",
    "group": [
        {
            "source": COLOURS,
            "target": CPT,
            "element": [
                {"code": "red", "target": [{"code": "37244", "relationship": "equivalent"}]}
            ],
        }
    ],
}
LOADED = ("tx-resource", "resource", CODE_SYSTEM)
QUESTION = parameters(("coding", "valueCoding", CODING), ("display", "valueString", "x"))

COVERED: Json = {
    "resourceType": "CoverageEligibilityRequest",
    "contained": [{"resourceType": "Organization", "id": "payer", "name": "Medicare"}],
    "status": "active",
    "purpose": ["benefits", "validation"],
    "patient": {"reference": "Patient/1"},
    "servicedDate": "2025-10-01",
    "created": "2026-11-23",
    "insurer": {"reference": "#payer"},
    "insurance": [{"focal": True, "coverage": {"reference": "Coverage/1"}}],
    "item": [
        {
            "category": {"coding": [{"code": "1"}]},
            "productOrService": {"coding": [{"system": CPT, "code": "37244:59"}]},
            "modifier": [{"coding": [{"system": CPT, "code": "59"}]}],
            "provider": {"identifier": {"system": "http://example.org/npi", "value": "1"}},
        }
    ],
}

PROCEDURE: Json = {
    "resourceType": "Procedure",
    "status": "completed",
    "subject": {"reference": "Patient/1"},
    "code": {"coding": [CODING | {"code": "37244:26:LT"}, RED], "text": "x"},
    "performedDateTime": "2025-10-01",
}
ITEM: Json = {
    "sequence": 1,
    "productOrService": {"coding": [CODING]},
    "modifier": [{"coding": [{"system": CPT, "code": "59"}]}, {"text": "x"}],
    "servicedPeriod": {"start": "2025-10-01", "end": "2025-10-02"},
    "locationCodeableConcept": {"coding": [{"system": POS, "code": "21"}]},
    "quantity": {"value": 3, "unit": "UN"},
}
CLAIM: Json = {
    "resourceType": "Claim",
    "contained": [
        {
            "resourceType": "Coverage",
            "id": "c",
            "payor": [{"reference": "Organization/medicare", "identifier": {"value": "1"}}],
        }
    ],
    "status": "active",
    "type": {"coding": [{"code": "professional"}]},
    "use": "claim",
    "patient": {"reference": "Patient/1"},
    "billablePeriod": {"start": "2025-10"},
    "created": "2025-10-02",
    "insurer": {"identifier": {"system": "urn:x", "value": "1"}, "display": "x"},
    "provider": {"reference": "Organization/1"},
    "priority": {"coding": [{"code": "normal"}]},
    "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "#c"}}],
    "item": [ITEM, ITEM | {"sequence": 2, "detail": [ITEM | {"subDetail": [ITEM]}]}],
}

REQUESTS: dict[str, Json] = {
    "CodeSystem/$lookup": parameters(
        ("system", "valueUri", CPT),
        ("code", "valueCode", "37244"),
        ("date", "valueDateTime", "2026-11-23"),
        ("property", "valueCode", "kind"),
    ),
    "CodeSystem/$validate-code": parameters(
        ("url", "valueUri", COLOURS),
        ("coding", "valueCoding", RED),
        ("abstract", "valueBoolean", True),
        LOADED,
    ),
    "CodeSystem/$subsumes": parameters(
        ("system", "valueUri", COLOURS),
        ("codeA", "valueCode", "red"),
        ("codeB", "valueCode", "scarlet"),
        LOADED,
    ),
    "ValueSet/$validate-code": parameters(
        ("url", "valueUri", USABLE),
        ("codeableConcept", "valueCodeableConcept", {"coding": [CODING, RED], "text": "x"}),
        ("displayLanguage", "valueCode", "en"),
        ("system-version", "valueCanonical", f"{CPT}|2026"),
    ),
    "ValueSet/$batch-validate-code": parameters(
        ("url", "valueUri", USABLE),
        ("validation", "resource", QUESTION),
        ("validation", "resource", QUESTION),
    ),
    "ValueSet/$expand": parameters(
        ("valueSet", "resource", VALUE_SET),
        ("count", "valueInteger", 3),
        ("filter", "valueString", "r"),
        ("property", "valueCode", "warm"),
        LOADED,
    ),
    "ConceptMap/$translate": parameters(
        ("url", "valueUri", "https://example.org/to-german"),
        ("sourceCoding", "valueCoding", RED),
        ("tx-resource", "resource", CONCEPT_MAP),
        LOADED,
    ),
    "CoverageEligibilityRequest/$submit": COVERED,
    "Procedure/$validate": parameters(
        ("resource", "resource", PROCEDURE), ("payer", "valueString", "medicare")
    ),
    "Claim/$validate": CLAIM,
    "": {
        "resourceType": "Bundle",
        "type": "batch",
        "entry": [
            {"request": {"method": "GET", "url": LOOKUP}},
            {"request": {"method": "GET", "url": "CodeSystem?_count=2"}},
            {
                "fullUrl": "urn:uuid:5f5a2d3e-33d5-4b6e-8f0a-5f3b0c5d1a4e",
                "request": {"method": "POST", "url": "ValueSet/$expand"},
                "resource": parameters(
                    ("url", "valueUri", MODIFIERS), ("count", "valueInteger", 2)
                ),
            },
        ],
    },
}
