"""What each client asks, and what it has to find."""

from typing import Any

Json = dict[str, Any]
CPT = "http://www.ama-assn.org/go/cpt"
CODE = "37244"
USABLE = "http://hl7.org/fhir/ValueSet/cpt-usable"
MODIFIERS = "https://proterm.example/fhir/ValueSet/modifiers-37244"
PAYERS = {"aetna", "bcbs", "cigna", "medicare", "uhc"}
PROCEDURE: Json = {
    "resourceType": "Procedure",
    "status": "completed",
    "subject": {"reference": "Patient/example"},
    "code": {"coding": [{"system": CPT, "code": CODE}]},
}


def question(value_set: str, code: Any) -> Json:
    """Parameters that ask whether a codeable concept is in a value set."""
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "url", "valueUri": value_set},
            {"name": "codeableConcept", "valueCodeableConcept": code},
        ],
    }


def values(parameters: Json) -> dict[str, Any]:
    """The values of Parameters by name; of a name that repeats, the first."""
    found: dict[str, Any] = {}
    for each in parameters["parameter"]:
        for key, value in each.items():
            if key != "name":
                found.setdefault(each["name"], value)
    return found
