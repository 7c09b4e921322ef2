"""CodeSystem, ValueSet and NamingSystem."""

from terminology.fhir.convert.datatypes import metadata
from terminology.fhir.convert.engine import Shape

# https://hl7.org/fhir/R4/valueset-filter-operator.html; R5 adds child-of and descendent-leaf.
_OPERATORS = (
    "=",
    "is-a",
    "descendent-of",
    "is-not-a",
    "regex",
    "in",
    "not-in",
    "generalizes",
    "exists",
)

_CONCEPT = Shape(
    "CodeSystem.concept",
    inside={
        "designation": Shape("CodeSystem.concept.designation", r5={"additionalUse*": "Coding"}),
    },
)
_CONCEPT.inside["concept"] = _CONCEPT

CODE_SYSTEM = metadata(
    "CodeSystem",
    inside={
        "concept": _CONCEPT,
        "filter": Shape("CodeSystem.filter", codes={"operator": _OPERATORS}),
    },
)

_DESIGNATION = Shape(
    "ValueSet.compose.include.concept.designation", r5={"additionalUse*": "Coding"}
)
_INCLUDE = Shape(
    "ValueSet.compose.include",
    r5={"copyright": "String"},
    inside={
        "concept": Shape("ValueSet.compose.include.concept", inside={"designation": _DESIGNATION}),
        "filter": Shape("ValueSet.compose.include.filter", codes={"op": _OPERATORS}),
    },
)
_VALUE = ("Code", "Coding", "String", "Integer", "Boolean", "DateTime", "Decimal")
_CONTAINS = Shape(
    "ValueSet.expansion.contains",
    r5={
        "property*": {
            "code": "Code",
            "value": _VALUE,
            "subProperty*": {"code": "Code", "value": _VALUE},
        }
    },
    inside={"designation": _DESIGNATION},
)
_CONTAINS.inside["contains"] = _CONTAINS

VALUE_SET = metadata(
    "ValueSet",
    r5={"scope": {"inclusionCriteria": "String", "exclusionCriteria": "String"}},
    inside={
        "compose": Shape(
            "ValueSet.compose",
            r5={"property*": "String"},
            # exclude is defined as include is, and its extensions are named so too.
            inside={"include": _INCLUDE, "exclude": _INCLUDE},
        ),
        "expansion": Shape(
            "ValueSet.expansion",
            r5={"next": "Uri", "property*": {"code": "Code", "uri": "Uri"}},
            inside={"contains": _CONTAINS},
        ),
    },
)

NAMING_SYSTEM = metadata(
    "NamingSystem",
    r5={
        "url": "Uri",
        "identifier*": "Identifier",
        "version": "String",
        "title": "String",
        "experimental": "Boolean",
        "purpose": "Markdown",
        "copyright": "Markdown",
    },
    inside={
        "uniqueId": Shape(
            "NamingSystem.uniqueId",
            r5={"authoritative": "Boolean"},
            codes={"type": ("oid", "uuid", "uri", "other")},
        )
    },
)
