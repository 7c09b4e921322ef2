"""The search parameters that are served, one table.

The CapabilityStatement, the SearchParameter resources, the index and the parser of a search are
all made from it. Sources: https://hl7.org/fhir/R5/searchparameter-registry.html and its R4 page;
`coverage-benefit-type` is the US National Directory's.
"""

from functools import cache
from typing import NamedTuple

_HL7 = "http://hl7.org/fhir/SearchParameter/"
_DEFINITIONS = ("OperationDefinition", "SearchParameter", "StructureDefinition")
_CANONICAL = ("CodeSystem", "ValueSet", "ConceptMap", "Questionnaire", *_DEFINITIONS)
_TYPES = (*_CANONICAL, "Organization", "InsurancePlan", "DocumentReference", "Provenance")
_TOKEN = ("missing", "not")
_STRING = ("contains", "exact", "missing")
_REFERENCE = ("missing", "type")
_DATE = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")
_PUBLICATION_STATUS = "http://hl7.org/fhir/publication-status"

CONCEPT_CODE = "CodeSystem.concept.code"
"""The expression that is answered from the concepts' own table."""


class SearchParameter(NamedTuple):
    """A search parameter: https://hl7.org/fhir/R5/searchparameter.html."""

    name: str
    type: str
    """token, string, uri, reference or date."""
    base: tuple[str, ...]
    """The resource types that have it."""
    expression: str
    """FHIRPath of the elements it looks at: paths of names, joined by ` | `."""
    url: str
    """Its canonical URL, in R5 where R4 has another."""
    documentation: str
    modifiers: tuple[str, ...] = ()
    """Codes of http://hl7.org/fhir/search-modifier-code."""
    comparators: tuple[str, ...] = ()
    """Codes of http://hl7.org/fhir/search-comparator."""
    target: tuple[str, ...] = ()
    """The types a reference may lead to; empty for any, and for what is no reference."""
    codes_of: str | None = None
    """The code system of a token that stands as a bare `code` or boolean in the resource.

    Such tokens are compared with case; all others, whose systems we can't know, without.
    """
    conformance: bool = False
    """Whether R4 files it under `conformance-` (and `Questionnaire-`), R5 under CanonicalResource.
    """

    def url_before_r5(self, resource_type: str) -> str:
        """The canonical URL that R4 and R4B know the parameter of `resource_type` by."""
        if not self.conformance:
            return self.url
        owner = resource_type if resource_type == "Questionnaire" else "conformance"
        return f"{_HL7}{owner}-{self.name}"


def _paths(types: tuple[str, ...], element: str) -> str:
    return " | ".join(f"{of}.{element}" for of in types)


def _canonical(
    name: str, of: str, documentation: str, modifiers: tuple[str, ...], **more: str
) -> SearchParameter:
    """A parameter that all canonical resources have under the name of its element."""
    comparators = _DATE if of == "date" else ()
    return SearchParameter(
        name,
        of,
        _CANONICAL,
        _paths(_CANONICAL, name),
        f"{_HL7}CanonicalResource-{name}",
        documentation,
        modifiers,
        comparators,
        codes_of=more.get("codes_of"),
        conformance=True,
    )


def _one(  # noqa: PLR0913 - a row of the table
    resource_type: str,
    name: str,
    of: str,
    expression: str,
    documentation: str,
    modifiers: tuple[str, ...],
    *,
    url: str | None = None,
    target: tuple[str, ...] = (),
    codes_of: str | None = None,
) -> SearchParameter:
    """A parameter of one resource type; `expression` without the type."""
    return SearchParameter(
        name,
        of,
        (resource_type,),
        " | ".join(f"{resource_type}.{path}" for path in expression.split(" | ")),
        url or f"{_HL7}{resource_type}-{name}",
        documentation,
        modifiers,
        _DATE if of == "date" else (),
        target,
        codes_of,
    )


_OF_ALL = (
    SearchParameter(
        "_id", "token", _TYPES, "Resource.id", f"{_HL7}Resource-id",
        "The id of the resource on this server", _TOKEN, codes_of="",
    ),
    SearchParameter(
        "_lastUpdated", "date", _TYPES, "Resource.meta.lastUpdated",
        f"{_HL7}Resource-lastUpdated", "When the resource last changed", ("missing",), _DATE,
    ),
)  # fmt: skip

_OF_CANONICALS = (
    _canonical("url", "uri", "The canonical URL; `url|version` asks for one version of it",
               ("below", "missing")),
    _canonical("version", "token", "The business version", _TOKEN),
    _canonical("name", "string", "The name for machines", _STRING),
    _canonical("title", "string", "The name for people", _STRING),
    _canonical("status", "token", "Whether it is a draft, active or retired", _TOKEN,
               codes_of=_PUBLICATION_STATUS),
    _canonical("identifier", "token", "An identifier beside the URL", _TOKEN),
    _canonical("date", "date", "When it was last changed by its publisher", ("missing",)),
)  # fmt: skip

_OF_TERMINOLOGY = (
    _one("CodeSystem", "code", "token", "concept.code",
         "A code of any level that the code system holds, compared with case", _TOKEN),
    _one("CodeSystem", "system", "uri", "url",
         "The system of the codes it defines: the same as `url`", ("below", "missing")),
    _one("CodeSystem", "content-mode", "token", "content",
         "How much of the code system is here: fragment, complete, supplement, ...", _TOKEN,
         codes_of="http://hl7.org/fhir/codesystem-content-mode"),
    _one("CodeSystem", "supplements", "reference", "supplements",
         "The code system that this one adds to, with or without a version", ("missing",),
         target=("CodeSystem",)),
    _one("ValueSet", "reference", "uri", "compose.include.system",
         "A code system that the value set takes codes from", ("below", "missing")),
)  # fmt: skip

_OF_PAYERS = (
    _one("Organization", "name", "string", "name | alias", "A name or an alias", _STRING),
    _one("Organization", "identifier", "token", "identifier", "Any identifier", _TOKEN),
    _one("Organization", "type", "token", "type", "The kind of organization", _TOKEN),
    _one("Organization", "active", "token", "active", "Whether its record is in use", _TOKEN,
         codes_of="http://terminology.hl7.org/CodeSystem/special-values"),
    _one("InsurancePlan", "name", "string", "name | alias", "A name or an alias", _STRING),
    _one("InsurancePlan", "identifier", "token", "identifier", "Any identifier", _TOKEN),
    _one("InsurancePlan", "status", "token", "status", "Whether it is a draft, active or retired",
         _TOKEN, codes_of=_PUBLICATION_STATUS),
    _one("InsurancePlan", "type", "token", "type", "The kind of plan", _TOKEN),
    _one("InsurancePlan", "owned-by", "reference", "ownedBy", "The payer that offers the plan",
         _REFERENCE, target=("Organization",)),
    _one("InsurancePlan", "administered-by", "reference", "administeredBy",
         "The organization that runs the plan", _REFERENCE, target=("Organization",)),
    _one("InsurancePlan", "coverage-benefit-type", "token", "coverage.benefit.type",
         "What a benefit is for: here the procedure code that a coverage note is about", _TOKEN,
         url="http://hl7.org/fhir/us/ndh/SearchParameter/insuranceplan-coverage-benefit-type"),
)  # fmt: skip

_WHO = ("Organization", "Practitioner", "PractitionerRole", "Device", "Patient", "RelatedPerson")

_OF_SOURCES = (
    _one("DocumentReference", "identifier", "token", "identifier", "Any identifier", _TOKEN,
         url=f"{_HL7}clinical-identifier"),
    _one("DocumentReference", "status", "token", "status", "Whether the reference is current",
         _TOKEN, codes_of="http://hl7.org/fhir/document-reference-status"),
    _one("DocumentReference", "type", "token", "type", "The kind of document", _TOKEN,
         url=f"{_HL7}clinical-type"),
    _one("DocumentReference", "category", "token", "category", "The broader kind of document",
         _TOKEN),
    _one("DocumentReference", "date", "date", "date", "When the reference was made",
         ("missing",)),
    _one("DocumentReference", "location", "uri", "content.attachment.url",
         "Where the document is", ("below", "missing")),
    _one("DocumentReference", "author", "reference", "author", "Who wrote the document",
         _REFERENCE, target=_WHO),
    _one("DocumentReference", "custodian", "reference", "custodian", "Who keeps the document",
         _REFERENCE, target=("Organization",)),
    _one("Provenance", "target", "reference", "target", "What it tells the origin of", _REFERENCE),
    _one("Provenance", "entity", "reference", "entity.what", "What the target was made from",
         _REFERENCE),
    _one("Provenance", "agent", "reference", "agent.who", "Who took part", _REFERENCE,
         target=_WHO),
    _one("Provenance", "recorded", "date", "recorded", "When it was recorded", ("missing",)),
)  # fmt: skip

SEARCH_PARAMETERS: tuple[SearchParameter, ...] = (
    *_OF_ALL,
    *_OF_CANONICALS,
    *_OF_TERMINOLOGY,
    *_OF_PAYERS,
    *_OF_SOURCES,
)

SEARCHED_TYPES: tuple[str, ...] = _TYPES
"""The resource types that can be searched, where any of them is loaded."""


@cache
def parameters_of(resource_type: str) -> dict[str, SearchParameter]:
    """The search parameters of a resource type by name, empty for a type that has none."""
    return {each.name: each for each in SEARCH_PARAMETERS if resource_type in each.base}
