"""DocumentReference, Library and Provenance."""

from typing import Any

from terminology.fhir.convert.codes import hide_codes, show_codes
from terminology.fhir.convert.datatypes import (
    ATTACHMENT,
    CODEABLE_REFERENCE,
    DATA_REQUIREMENT,
    RELATED_ARTIFACT,
    canonical,
)
from terminology.fhir.convert.engine import R4_EXTENSION, R5_EXTENSION, Shape
from terminology.fhir.convert.steps import (
    as_list,
    change,
    with_extensions,
    without_extensions,
)
from terminology.fhir.json import Json

_RELATIONSHIPS = "http://hl7.org/fhir/document-relationship-type"
_ATTESTATION = "http://hl7.org/fhir/composition-attestation-mode"
_PATIENT = R4_EXTENSION + "DocumentReference.context.sourcePatientInfo"
_RELATED = R4_EXTENSION + "DocumentReference.context.related"
_RELATION = R5_EXTENSION + "DocumentReference.relatesTo.code"
_ROLE = R4_EXTENSION + "Provenance.entity.role"
_SHARED = ("period", "facilityType", "practiceSetting")


def concepts_of(references: Any) -> list[Json] | None:
    """Give CodeableReferences as CodeableConcepts; None where one is more than a concept."""
    if not isinstance(references, list):
        return None
    if any(not isinstance(item, dict) or set(item) != {"concept"} for item in references):
        return None
    return [item["concept"] for item in references]


def _context_down(value: Json) -> Json:
    """R4 keeps under `context` what R5 has beside it, and encounters are `context.encounter`."""
    context = {name: value[name] for name in _SHARED if name in value}
    if "context" in value:
        context["encounter"] = value["context"]
    concepts = concepts_of(value.get("event"))
    if concepts is not None:
        context["event"] = concepts
    moved = [*_SHARED, "context", *(["event"] if concepts is not None else [])]
    value, patients = without_extensions(value, _PATIENT, "valueReference")
    value, related = without_extensions(value, _RELATED, "valueReference")
    context |= {"sourcePatientInfo": patients[0]} if patients else {}
    context |= {"related": related} if related else {}
    return change(value, *moved, context=context) if context else value


def _context_up(value: Json) -> Json:
    context = value.get("context")
    if isinstance(context, dict):
        moved = {name: context.get(name) for name in _SHARED}
        events = [{"concept": concept} for concept in as_list(context.get("event"))]
        value = change(value, "context", context=context.get("encounter"), **moved)
        value = change(value, event=[*as_list(value.get("event")), *events] or None)
        patients = as_list(context.get("sourcePatientInfo"))
        value = with_extensions(value, _PATIENT, "valueReference", patients)
        related = as_list(context.get("related"))
        value = with_extensions(value, _RELATED, "valueReference", related)
    return _authenticator_up(value)


def _authenticator_up(value: Json) -> Json:
    if "authenticator" in value:
        mode = {"coding": [{"system": _ATTESTATION, "code": "official"}]}
        attester = {"mode": mode, "party": value["authenticator"]}
        attesters = [*as_list(value.get("attester")), attester]
        value = change(value, "authenticator", attester=attesters)
    if "masterIdentifier" in value:
        identifiers = [value["masterIdentifier"], *as_list(value.get("identifier"))]
        value = change(value, "masterIdentifier", identifier=identifiers)
    return value


def _format_down(value: Json) -> Json:
    profile = value.get("profile")
    match profile:
        case [{"valueCoding": coding, **others}] if not others:
            return change(value, "profile", format=coding)
    return value


def _format_up(value: Json) -> Json:
    if "format" not in value:
        return value
    profiles = [*as_list(value.get("profile")), {"valueCoding": value["format"]}]
    return change(value, "format", profile=profiles)


def _code_down(value: Json) -> Json:
    concept = value.get("code")
    for known in ("replaces", "transforms", "signs", "appends"):
        if concept == {"coding": [{"system": _RELATIONSHIPS, "code": known}]}:
            return change(value, code=known)
    if not isinstance(concept, dict):
        return value
    beside = with_extensions({}, _RELATION, "valueCodeableConcept", [concept])
    return change(value, "code", _code=beside)


def _code_up(value: Json) -> Json:
    if isinstance(value.get("code"), str):
        coding = {"system": _RELATIONSHIPS, "code": value["code"]}
        return change(value, code={"coding": [coding]})
    if isinstance(value.get("_code"), dict):
        beside, concepts = without_extensions(value["_code"], _RELATION, "valueCodeableConcept")
        if concepts:
            return change(value, "_code", code=concepts[0], _code=beside or None)
    return value


DOCUMENT_REFERENCE = Shape(
    "DocumentReference",
    r5={
        "version": "String",
        "basedOn*": "Reference",
        "modality*": "CodeableConcept",
        "event*": CODEABLE_REFERENCE,
        "bodySite*": CODEABLE_REFERENCE,
        "attester*": {"mode": "CodeableConcept", "time": "DateTime", "party": "Reference"},
    },
    codes={"docStatus": ("preliminary", "final", "amended", "entered-in-error")},
    inside={
        "relatesTo": Shape("DocumentReference.relatesTo", down=_code_down, up=_code_up),
        "content": Shape(
            "DocumentReference.content",
            r5={"profile*": {"value": ("Coding", "Uri", "Canonical")}},
            inside={"attachment": ATTACHMENT},
            down=_format_down,
            up=_format_up,
        ),
    },
    down=_context_down,
    up=_context_up,
)

LIBRARY = canonical(
    "Library",
    inside={
        "relatedArtifact": RELATED_ARTIFACT,
        "dataRequirement": DATA_REQUIREMENT,
        "content": ATTACHMENT,
    },
)


def _reason_down(value: Json) -> Json:
    concepts = concepts_of(value.get("authorization"))
    return value if concepts is None else change(value, "authorization", reason=concepts)


def _reason_up(value: Json) -> Json:
    if "reason" not in value:
        return value
    reasons = [{"concept": concept} for concept in as_list(value["reason"])]
    return change(value, "reason", authorization=[*as_list(value.get("authorization")), *reasons])


def _role_down(value: Json) -> Json:
    return show_codes(value, "role", _ROLE)


def _role_up(value: Json) -> Json:
    # R5 has no code for R4's derivation.
    return hide_codes(value, "role", _R5_ROLES, _ROLE)


_R5_ROLES = frozenset(("revision", "quotation", "source", "instantiates", "removal"))


PROVENANCE = Shape(
    "Provenance",
    r5={
        "authorization*": CODEABLE_REFERENCE,
        "basedOn*": "Reference",
        "patient": "Reference",
        "encounter": "Reference",
    },
    inside={
        "entity": Shape(
            "Provenance.entity",
            codes={"role": ("derivation", "revision", "quotation", "source", "removal")},
            down=_role_down,
            up=_role_up,
        )
    },
    down=_reason_down,
    up=_reason_up,
)
