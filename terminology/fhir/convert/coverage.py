"""Organization and InsurancePlan: R5 keeps telephone and address in `contact` alone."""

from terminology.fhir.convert.datatypes import CONTACT
from terminology.fhir.convert.engine import Shape
from terminology.fhir.convert.steps import as_list, change
from terminology.fhir.json import Json


def _contacts_up(value: Json) -> Json:
    if "telecom" not in value and "address" not in value:
        return value
    addresses = as_list(value.get("address"))
    telecom = {"telecom": value["telecom"]} if "telecom" in value else {}
    contacts = [{"address": address} for address in addresses] or [{}]
    contacts[0] |= telecom
    return change(value, "telecom", "address", contact=[*as_list(value.get("contact")), *contacts])


ORGANIZATION = Shape(
    "Organization",
    r5={
        "description": "Markdown",
        "qualification*": {
            "identifier*": "Identifier",
            "code": "CodeableConcept",
            "period": "Period",
            "issuer": "Reference",
        },
    },
    inside={"contact": CONTACT},
    up=_contacts_up,
)

INSURANCE_PLAN = Shape("InsurancePlan", inside={"contact": CONTACT})
