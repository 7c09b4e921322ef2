"""Names of search parameters that FHIR defines, whether they are supported here or not.

With them a parameter that FHIR has and this service has not is refused by name, while a name that
nobody defined is passed over. R4, R4B and R5 together: each version's page of a resource lists its
own, such as https://hl7.org/fhir/R5/codesystem-search.html and https://hl7.org/fhir/R4/search.html.
"""

from terminology.store.search.params import parameters_of

_CANONICAL = frozenset(
    {"context", "context-quantity", "context-type", "context-type-quantity", "context-type-value"}
    | {"date", "description", "effective", "identifier", "jurisdiction", "name", "publisher"}
    | {"status", "title", "url", "version"}
)
_METADATA = frozenset({"derived-from", "predecessor", "topic"})
_ADDRESS = frozenset(
    {"address", "address-city", "address-country", "address-postalcode", "address-state"}
    | {"address-use", "endpoint", "identifier", "name", "phonetic", "type"}
)

_BY_TYPE: dict[str, frozenset[str]] = {
    "CodeSystem": _CANONICAL
    | _METADATA
    | {"code", "content-mode", "language", "supplements", "system"},
    "ValueSet": _CANONICAL | _METADATA | {"code", "expansion", "reference"},
    "ConceptMap": _CANONICAL
    | _METADATA
    | {"dependson", "mapping-property", "other", "other-map", "product", "source", "source-code"}
    | {"source-group-system", "source-scope", "source-scope-uri", "source-system", "source-uri"}
    | {"target", "target-code", "target-group-system", "target-scope", "target-scope-uri"}
    | {"target-system", "target-uri"},
    "Questionnaire": _CANONICAL
    | {"code", "combo-code", "definition", "item-code", "questionnaire-code", "subject-type"},
    "OperationDefinition": _CANONICAL
    | {"base", "code", "input-profile", "instance", "kind", "output-profile", "system", "type"},
    "SearchParameter": _CANONICAL | {"base", "code", "component", "derived-from", "target", "type"},
    "StructureDefinition": _CANONICAL
    | {"abstract", "base", "base-path", "derivation", "experimental", "ext-context"}
    | {"ext-context-expression", "ext-context-type", "keyword", "kind", "path", "type", "valueset"},
    "Organization": _ADDRESS | {"active", "partof"},
    "InsurancePlan": _ADDRESS | {"administered-by", "owned-by", "status"},
    "DocumentReference": frozenset(
        {"attester", "authenticator", "author", "based-on", "bodysite", "category", "contenttype"}
        | {"context", "creation", "custodian", "date", "description", "doc-status", "encounter"}
        | {"event", "event-code", "event-reference", "facility", "format", "format-canonical"}
        | {"format-code", "format-uri", "identifier", "language", "location", "modality"}
        | {"patient", "period", "related", "relatesto", "relation", "relationship"}
        | {"security-label", "setting", "status", "subject", "type", "version"}
    ),
    "Provenance": frozenset(
        {"activity", "agent", "agent-role", "agent-type", "based-on", "encounter", "entity"}
        | {"location", "patient", "recorded", "signature-type", "target", "when"}
    ),
}

_OF_ALL = frozenset(
    {"_id", "_lastUpdated", "_content", "_filter", "_has", "_in", "_language", "_list", "_profile"}
    | {"_query", "_security", "_source", "_tag", "_text", "_type", "_sort", "_contained"}
    | {"_containedType", "_graph", "_maxresults", "_score"}
)


def defined_names(resource_type: str) -> frozenset[str]:
    """Every name that FHIR defines, or this service, for a search of the resource type.

    Parameters that only shape the answer, such as `_count`, are not among them.
    """
    return _OF_ALL | _BY_TYPE.get(resource_type, frozenset()) | parameters_of(resource_type).keys()
