"""What every client asks for, and what it should find."""

from typing import Any

CPT = "http://www.ama-assn.org/go/cpt"
KNOWN = "37244"
UNKNOWN = "99213"
DISPLAY = "Endovascular closure of a vessel to control bleeding or leakage"
NOTED = {"coverage-benefit-type": f"{CPT}|{KNOWN}"}
"""The search for the payers that have a note on the code."""
NOT_NOTED = {"coverage-benefit-type": f"{CPT}|{UNKNOWN}"}
PAYERS = ["aetna", "bcbs", "cigna", "medicare", "uhc"]
BASES = ["r4", "r4b", "r5"]


def procedure_code(code: str) -> dict[str, Any]:
    """The `Procedure.code` of a procedure that is coded with `code`."""
    return {"coding": [{"system": CPT, "code": code}]}


def validation(coding: dict[str, Any]) -> dict[str, Any]:
    """The parameters of `$validate-code` for one coding."""
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "url", "valueUri": CPT},
            {"name": "coding", "valueCoding": coding},
        ],
    }


def named(parameters: dict[str, Any], name: str) -> Any:
    """The value of the one parameter of that name."""
    (found,) = (p for p in parameters["parameter"] if p["name"] == name)
    (value,) = (v for key, v in found.items() if key.startswith("value"))
    return value
