"""What the sweep sends for each parameter of each operation."""

from typing import Any, NamedTuple

from tests.service.sweep_content import (
    COLOURS,
    GERMAN,
    IMPORTED,
    NEWEST,
    RESOURCES,
    SUPPLEMENTED,
    TINTS,
    TO_GERMAN,
)

Sent = dict[str, list[Any]]


class Case(NamedTuple):
    """One parameter: what is sent for it, and the rest of a request in which it counts."""

    values: list[Any]
    beside: Sent


def case(*values: Any, **beside: Any) -> Case:
    return Case(list(values), {name: [value] for name, value in beside.items()})


RED = {"system": COLOURS, "code": "red"}
CPT = "http://www.ama-assn.org/go/cpt"
USABLE = "http://hl7.org/fhir/ValueSet/cpt-usable"
# The same code system as a request may bring it along: red is darker, and there is a code more.
DARKER = RESOURCES[0] | {
    "concept": [{"code": "red", "display": "Dark red"}, {"code": "navy", "display": "Navy"}]
}
ELSEWHERE = {
    "resourceType": "ValueSet",
    "url": "https://example.org/ValueSet/elsewhere",
    "status": "active",
    "compose": {"include": [{"system": COLOURS, "version": "1"}]},
}
DARK_MAP = {
    "resourceType": "ConceptMap",
    "url": f"{TO_GERMAN}-dark",
    "status": "active",
    "group": [
        {
            "source": COLOURS,
            "target": GERMAN,
            "element": [{"code": "red", "target": [{"code": "dunkelrot"}]}],
        }
    ],
}
SPOKEN = {
    "resourceType": "Parameters",
    "parameter": [{"name": "coding", "valueCoding": RED}],
}
SILENT = {"resourceType": "Parameters", "parameter": [{"name": "uuid", "valueString": "x"}]}
# It is the same in every version of FHIR.
ELIGIBILITY: dict[str, Any] = {
    "resourceType": "CoverageEligibilityRequest",
    "id": "asked",
    "status": "active",
    "purpose": ["benefits"],
    "patient": {"reference": "Patient/1"},
    "created": "2026-11-23",
    "insurer": {"reference": "Organization/medicare"},
    "insurance": [{"coverage": {"reference": "Coverage/1"}}],
    "item": [{"productOrService": {"coding": [{"system": CPT, "code": "37244"}]}}],
}
# So are these: they have no date, which R4 and R5 name otherwise.
PROCEDURE: dict[str, Any] = {
    "resourceType": "Procedure",
    "status": "completed",
    "subject": {"reference": "Patient/1"},
    "code": {"coding": [{"system": CPT, "code": "37244:26"}]},
}
CLAIM: dict[str, Any] = {
    "resourceType": "Claim",
    "status": "active",
    "type": {"coding": [{"code": "professional"}]},
    "use": "claim",
    "patient": {"reference": "Patient/1"},
    "created": "2025-10-02",
    "provider": {"reference": "Organization/1"},
    "priority": {"coding": [{"code": "normal"}]},
    "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/1"}}],
    "item": [
        {
            "sequence": 1,
            "productOrService": {"coding": [{"system": CPT, "code": "37244"}]},
            "modifier": [{"coding": [{"code": "26"}]}],
        }
    ],
}
# Beside parameters that name the resource, which a row leaves out, as an instance does.
NAMED: dict[str, Sent] = {
    "CodeSystem/$lookup": {"system": [COLOURS]},
    "CodeSystem/$validate-code": {"url": [COLOURS]},
    "ValueSet/$validate-code": {"url": [TINTS]},
    "ValueSet/$expand": {"url": [TINTS]},
    "CodeSystem/$subsumes": {"system": [COLOURS]},
    "ConceptMap/$translate": {"url": [TO_GERMAN]},
    "ValueSet/$batch-validate-code": {"url": [TINTS], "validation": [SILENT]},
    "CoverageEligibilityRequest/$submit": {},
    "Procedure/$validate": {},
    "Claim/$validate": {},
}
# What makes a request of each whole, where a test is about something else.
ASKED: dict[str, Sent] = {
    "CodeSystem/$lookup": {"coding": [RED]},
    "CodeSystem/$validate-code": {"coding": [RED]},
    "ValueSet/$validate-code": {"coding": [RED]},
    "CodeSystem/$subsumes": {"codeA": ["red"], "codeB": ["warm"]},
    "ConceptMap/$translate": {"sourceCoding": [RED]},
    "CoverageEligibilityRequest/$submit": {"resource": [ELIGIBILITY]},
    "Procedure/$validate": {"resource": [PROCEDURE]},
    "Claim/$validate": {"resource": [CLAIM]},
}
INSTANCE = {"CodeSystem": "colours", "ValueSet": "tints-2", "ConceptMap": "to-german-2"}
# A value set that names no version, in which those of a request count.
OPEN = {"url": NEWEST, "system": COLOURS, "code": "red"}
VERSIONS: dict[str, Case] = {
    "system-version": case(f"{COLOURS}|1", **OPEN),
    "check-system-version": case(f"{COLOURS}|1", **OPEN),
    "force-system-version": case(f"{COLOURS}|1", **OPEN),
    "default-valueset-version": case(f"{TINTS}|1", **(OPEN | {"url": IMPORTED})),
}
VALIDATION: dict[str, Case] = {
    "code": case("red", system=COLOURS),
    "display": case("Read", code="red", system=COLOURS),
    "coding": case(RED),
    "codeableConcept": case({"coding": [RED], "text": "what burns"}),
    # The rules on 26 are chosen by the day: no table is loaded for this one.
    "date": case("2019-08-01", url=CPT, code="37244:26"),
    "abstract": case("false", code="warm", system=COLOURS),
    "displayLanguage": case("de", code="red", system=COLOURS),
    "useSupplement": case(f"{COLOURS}-fr", code="red", system=COLOURS, display="Rouge"),
    "tx-resource": case(DARKER, code="red", system=COLOURS),
    "lenient-display-validation": case("true", code="red", system=COLOURS, display="Read"),
}
IN_VALUE_SET: dict[str, Case] = (
    VALIDATION
    | VERSIONS
    | {
        "url": case(TINTS, code="red", system=COLOURS),
        "date": case("2019-08-01", url=USABLE, system=CPT, code="37244:26"),
        "valueSet": case(ELSEWHERE, code="red", system=COLOURS),
        "valueSetVersion": case("1", code="mauve", system=COLOURS),
        "system": case(COLOURS, code="red"),
        "systemVersion": case("1", code="red", system=COLOURS),
        "inferSystem": case("true", code="red"),
        "activeOnly": case("true", code="puce", system=COLOURS),
        "valueset-membership-only": case("true", code="red", system=COLOURS, display="Read"),
    }
)


def validated(resource: dict[str, Any]) -> dict[str, Case]:
    kind = resource["resourceType"]
    return {
        "resource": case(resource),
        "mode": case("create", resource=resource),
        "profile": case(f"http://hl7.org/fhir/StructureDefinition/{kind}", resource=resource),
        "payer": case("medicare", resource=resource),
        "date": case("2019-08-01", resource=resource),
    }


TABLE: dict[str, dict[str, Case]] = {
    "CodeSystem/$lookup": {
        "code": case("red"),
        "system": case(COLOURS, code="red"),
        "version": case("1", code="mauve"),
        "coding": case(RED),
        # The indicators of Medicare's tables are chosen by the day.
        "date": case("2024-08-01", code="37244", system=CPT),
        "displayLanguage": case("de", code="red"),
        "property": case("wavelength", "inactive", code="red"),
        "useSupplement": case(f"{COLOURS}-fr", code="red"),
        "tx-resource": case(DARKER, code="red"),
    },
    "CodeSystem/$validate-code": VALIDATION
    | {
        "url": case(COLOURS, code="red"),
        "version": case("1", code="mauve"),
    },
    "ValueSet/$validate-code": IN_VALUE_SET,
    "ValueSet/$expand": VERSIONS
    | {
        "url": case(TINTS),
        "valueSet": case(ELSEWHERE),
        "valueSetVersion": case("1"),
        "filter": case("re"),
        "date": case("2026-11-23"),
        "offset": case("1", count="1"),
        "count": case("1"),
        "includeDesignations": case("true"),
        "designation": case("urn:ietf:bcp:47|de"),
        "includeDefinition": case("true", url=SUPPLEMENTED),
        "activeOnly": case("true"),
        "excludeNested": case("true"),
        "displayLanguage": case("de"),
        "property": case("wavelength", "inactive"),
        "useSupplement": case(f"{COLOURS}-fr", includeDesignations="true"),
        "tx-resource": case(DARKER),
    },
    "CodeSystem/$subsumes": {
        "codeA": case("red", codeB="warm"),
        "codeB": case("red", codeA="warm"),
        "system": case(COLOURS, codeA="red", codeB="warm"),
        "version": case("1", codeA="mauve", codeB="mauve"),
        "codingA": case(RED, codeB="warm"),
        "codingB": case(RED, codeA="warm"),
        "tx-resource": case(DARKER, codeA="navy", codeB="red"),
    },
    "ConceptMap/$translate": {
        "url": case(TO_GERMAN, sourceCoding=RED),
        "conceptMapVersion": case("1", sourceCoding=RED),
        "sourceCode": case("red", system=COLOURS),
        "system": case(COLOURS, sourceCode="red"),
        "version": case("2", sourceCoding=RED),
        "sourceCoding": case(RED),
        "sourceCodeableConcept": case({"coding": [RED]}),
        "sourceScope": case(TINTS, url=None, sourceCoding=RED),
        "targetCode": case("rot", targetSystem=GERMAN),
        "targetCoding": case({"system": GERMAN, "code": "rot"}),
        "targetCodeableConcept": case({"coding": [{"system": GERMAN, "code": "rot"}]}),
        "targetScope": case(f"{TINTS}-de", url=None, sourceCoding=RED),
        "targetSystem": case(GERMAN, url=None, sourceCoding=RED),
        "tx-resource": case(DARK_MAP, url=None, sourceCoding=RED),
    },
    "ValueSet/$batch-validate-code": IN_VALUE_SET | {"validation": case(SPOKEN, SILENT)},
    "CoverageEligibilityRequest/$submit": {"resource": case(ELIGIBILITY)},
    "Procedure/$validate": validated(PROCEDURE),
    "Claim/$validate": validated(CLAIM),
}
# Each says so in its documentation, which is what people read.
WITHOUT_EFFECT = {
    ("ValueSet/$expand", "date"),
    ("ConceptMap/$translate", "version"),
    *(
        (f"{kind}/$validate", name)
        for kind in ("Claim", "Procedure")
        for name in ("mode", "profile")
    ),
}
