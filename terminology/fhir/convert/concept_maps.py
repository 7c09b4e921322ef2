"""ConceptMap: R4 says how the target stands to the source, R5 how the source stands to the target.

https://hl7.org/fhir/R4/conceptmap.html and https://hl7.org/fhir/R5/conceptmap.html; the codes are
those of concept-map-equivalence and concept-map-relationship.
"""

from typing import Any

from terminology.fhir.convert.datatypes import metadata
from terminology.fhir.convert.engine import R4_EXTENSION, R5_EXTENSION, Kind, Shape
from terminology.fhir.convert.steps import (
    as_list,
    change,
    with_extensions,
    without_extensions,
)
from terminology.fhir.json import Json

EQUIVALENCES = {
    "related-to": "relatedto",
    "equivalent": "equivalent",
    "source-is-narrower-than-target": "wider",
    "source-is-broader-than-target": "narrower",
    "not-related-to": "disjoint",
}
"""R5's relationships as R4's equivalences; a `$translate` answer needs it too."""

RELATIONSHIPS = {
    equivalence: relationship for relationship, equivalence in EQUIVALENCES.items()
} | {
    "equal": "equivalent",
    "subsumes": "source-is-narrower-than-target",
    "specializes": "source-is-broader-than-target",
    "inexact": "related-to",
}
"""R4's equivalences as R5's relationships; `unmatched` is no relationship but `noMap`."""

_EQUIVALENCE = R4_EXTENSION + "ConceptMap.group.element.target.equivalence"
_RELATIONSHIP = R5_EXTENSION + "ConceptMap.group.element.target.relationship"
_COMMENT = R4_EXTENSION + "ConceptMap.group.element.target.comment"
_TYPES = ("Code", "Coding", "String", "Boolean", "Quantity")
_CHOICES = frozenset(f"{sign}value{name}" for sign in ("", "_") for name in _TYPES)
_IDENTIFIER = R5_EXTENSION + "ConceptMap.identifier"


def _equivalence_down(value: Json) -> Json:
    relationship, beside = value.get("relationship"), value.get("_relationship")
    if relationship is None and beside is None:
        return value
    equivalence = EQUIVALENCES.get(relationship) if isinstance(relationship, str) else None
    if isinstance(beside, dict):
        beside, originals = without_extensions(beside, _EQUIVALENCE, "valueCode")
        equivalence = originals[0] if originals else equivalence
    if equivalence is None and relationship is not None:
        beside = with_extensions(beside or {}, _RELATIONSHIP, "valueCode", [relationship])
    return change(
        value,
        "relationship",
        "_relationship",
        equivalence=equivalence,
        _equivalence=beside or None,
    )


def _equivalence_up(value: Json) -> Json:
    equivalence, beside = value.get("equivalence"), value.get("_equivalence")
    if equivalence is None and beside is None:
        return value
    relationship = RELATIONSHIPS.get(equivalence) if isinstance(equivalence, str) else None
    if isinstance(beside, dict):
        beside, originals = without_extensions(beside, _RELATIONSHIP, "valueCode")
        relationship = originals[0] if originals else relationship
    if equivalence is not None and EQUIVALENCES.get(str(relationship)) != equivalence:
        beside = with_extensions(beside or {}, _EQUIVALENCE, "valueCode", [equivalence])
    return change(
        value,
        "equivalence",
        "_equivalence",
        relationship=relationship,
        _relationship=beside or None,
    )


def _no_map_down(value: Json) -> Json:
    if value.get("noMap") is not True or "_noMap" in value or value.get("target"):
        return value
    value, comments = without_extensions(value, _COMMENT, "valueString")
    comment = {"comment": comments[0]} if comments else {}
    return change(value, "noMap", target=[{"equivalence": "unmatched"} | comment])


def _no_map_up(value: Json) -> Json:
    targets = as_list(value.get("target"))
    unmatched = [target for target in targets if _is_unmatched(target)]
    if not unmatched:
        return value
    comments = [target["comment"] for target in unmatched if "comment" in target]
    others = [target for target in targets if not _is_unmatched(target)]
    value = with_extensions(value, _COMMENT, "valueString", comments)
    return change(value, "target", noMap=True, target=others or None)


def _is_unmatched(target: Any) -> bool:
    if not isinstance(target, dict) or "code" in target or "relationship" in target:
        return False
    _, originals = without_extensions(target.get("_relationship") or {}, _EQUIVALENCE, "valueCode")
    return originals == ["unmatched"]


def _dependency_down(value: Json) -> Json:
    """R4 has a string here, or a code with its system and display; the rest is an extension."""
    match value:
        case {"valueCoding": {"system": str(), "code": str(code)}} if set(value["valueCoding"]) <= {
            "system",
            "code",
            "display",
        }:
            rest = change(value["valueCoding"], "code", value=code)
            return change(value, "valueCoding") | rest
        case {"valueString": str(text)} if "_valueString" not in value:
            return change(value, "valueString") | {"value": text}
        case {"valueString": text} | {"valueCode": text} | {"valueCoding": {"code": text}}:
            return value | {"value": text}
        case {"valueBoolean": bool(flag)}:
            return value | {"value": str(flag).lower()}
        case {"valueQuantity": {"value": amount, **more}}:
            return value | {"value": f"{amount} {more.get('unit', '')}".strip()}
    return value


def _dependency_up(value: Json) -> Json:
    if not _CHOICES.isdisjoint(value):
        # It came as an extension as well, which holds all of it.
        return change(value, "value", "system", "display")
    if "value" not in value:
        return value
    if "system" not in value:
        return change(value, "value", valueString=value["value"])
    coding = {"system": value["system"], "code": value["value"]}
    coding |= {"display": value["display"]} if "display" in value else {}
    return change(value, "value", "system", "display", valueCoding=coding)


def _canonicals_down(value: Json) -> Json:
    for name in ("source", "target"):
        if isinstance(canonical := value.get(name), str):
            url, _, version = canonical.partition("|")
            if url and version:
                value = value | {name: url, name + "Version": version}
    return value


def _canonicals_up(value: Json) -> Json:
    for name in ("source", "target"):
        url, version = value.get(name), value.get(name + "Version")
        if isinstance(url, str) and isinstance(version, str):
            value = change(value, name + "Version") | {name: f"{url}|{version}"}
    return value


def _mode_down(value: Json) -> Json:
    return change(value, mode="provided") if value.get("mode") == "use-source-code" else value


def _mode_up(value: Json) -> Json:
    return change(value, mode="use-source-code") if value.get("mode") == "provided" else value


def _identifier_down(value: Json) -> Json:
    identifiers = value.get("identifier")
    if not isinstance(identifiers, list):
        return value
    first = identifiers[0] if identifiers else None
    value = change(value, "identifier", identifier=first)
    return with_extensions(value, _IDENTIFIER, "valueIdentifier", identifiers[1:])


def _identifier_up(value: Json) -> Json:
    identifier = value.get("identifier")
    if not isinstance(identifier, dict):
        return value
    value, others = without_extensions(value, _IDENTIFIER, "valueIdentifier")
    return change(value, identifier=[identifier, *others])


_ATTRIBUTE: dict[str, Kind] = {"value": _TYPES, "valueSet": "Canonical"}


def _dependency(name: str) -> Shape:
    return Shape(
        f"ConceptMap.group.element.target.{name}",
        r5=_ATTRIBUTE,
        renamed={"attribute": "property"},
        down=_dependency_down,
        up=_dependency_up,
    )


_VALUE = ("Coding", "String", "Integer", "Boolean", "DateTime", "Decimal", "Code")
_TARGET = Shape(
    "ConceptMap.group.element.target",
    r5={"valueSet": "Canonical", "property*": {"code": "Code", "value": _VALUE}},
    inside={"dependsOn": _dependency("dependsOn"), "product": _dependency("product")},
    down=_equivalence_down,
    up=_equivalence_up,
)
_ELEMENT = Shape(
    "ConceptMap.group.element",
    r5={"noMap": "Boolean", "valueSet": "Canonical"},
    inside={"target": _TARGET},
    down=_no_map_down,
    up=_no_map_up,
)
_UNMAPPED = Shape(
    "ConceptMap.group.unmapped",
    r5={"relationship": "Code", "valueSet": "Canonical"},
    renamed={"otherMap": "url"},
    down=_mode_down,
    up=_mode_up,
)

CONCEPT_MAP = metadata(
    "ConceptMap",
    r5={
        "property*": {
            "code": "Code",
            "uri": "Uri",
            "description": "String",
            "type": "Code",
            "system": "Canonical",
        },
        "additionalAttribute*": {
            "code": "Code",
            "uri": "Uri",
            "description": "String",
            "type": "Code",
        },
    },
    renamed={
        "sourceScopeUri": "sourceUri",
        "sourceScopeCanonical": "sourceCanonical",
        "targetScopeUri": "targetUri",
        "targetScopeCanonical": "targetCanonical",
    },
    inside={
        "group": Shape(
            "ConceptMap.group",
            inside={"element": _ELEMENT, "unmapped": _UNMAPPED},
            down=_canonicals_down,
            up=_canonicals_up,
        )
    },
    down=_identifier_down,
    up=_identifier_up,
)
