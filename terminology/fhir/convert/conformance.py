"""CapabilityStatement, TerminologyCapabilities, OperationDefinition and SearchParameter."""

from terminology.fhir.convert.datatypes import canonical
from terminology.fhir.convert.engine import Shape

CAPABILITY_STATEMENT = canonical(
    "CapabilityStatement",
    r5={"identifier*": "Identifier", "acceptLanguage*": "Code"},
    inside={
        "rest": Shape(
            "CapabilityStatement.rest",
            inside={
                "resource": Shape(
                    "CapabilityStatement.rest.resource", r5={"conditionalPatch": "Boolean"}
                )
            },
        )
    },
)

TERMINOLOGY_CAPABILITIES = canonical(
    "TerminologyCapabilities",
    r5={"identifier*": "Identifier"},
    inside={"codeSystem": Shape("TerminologyCapabilities.codeSystem", r5={"content": "Code"})},
)

_PARAMETER = Shape("OperationDefinition.parameter", r5={"scope*": "Code", "allowedType*": "Uri"})
_PARAMETER.inside["part"] = _PARAMETER

OPERATION_DEFINITION = canonical(
    "OperationDefinition",
    r5={"identifier*": "Identifier", "copyright": "Markdown"},
    inside={"parameter": _PARAMETER},
)

SEARCH_PARAMETER = canonical(
    "SearchParameter",
    r5={
        "identifier*": "Identifier",
        "title": "String",
        "copyright": "Markdown",
        "processingMode": "Code",
        "constraint": "String",
    },
    r4={"xpath": "String", "xpathUsage": "Code"},
    codes={
        # https://hl7.org/fhir/R4/valueset-search-modifier-code.html and ...-param-type.html
        "modifier": (
            "missing",
            "exact",
            "contains",
            "not",
            "text",
            "in",
            "not-in",
            "below",
            "above",
            "type",
            "identifier",
            "ofType",
        ),
        "type": (
            "number",
            "date",
            "string",
            "token",
            "reference",
            "composite",
            "quantity",
            "uri",
            "special",
        ),
    },
)
