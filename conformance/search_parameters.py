"""The SearchParameters that FHIR itself does not define.

https://hl7.org/fhir/R5/searchparameter.html. FHIR's own are referenced from the
CapabilityStatement; a parameter of another guide is restated here as it is served, derived from
the definition that it has there.
"""

from conformance.identity import CANONICAL, PUBLISHER, RELEASED, software_version
from terminology.model import Json
from terminology.store.search.params import SEARCH_PARAMETERS, SearchParameter

_OF_FHIR = "http://hl7.org/fhir/SearchParameter/"


def search_parameters() -> list[Json]:
    """A SearchParameter for each of the served ones that FHIR does not define, R5-shaped."""
    return [
        search_parameter(each) for each in SEARCH_PARAMETERS if not each.url.startswith(_OF_FHIR)
    ]


def search_parameter(parameter: SearchParameter) -> Json:
    """The parameter as it is served, R5-shaped."""
    search_id = f"{parameter.base[0]}-{parameter.name}"
    url = f"{CANONICAL}/SearchParameter/{search_id}"
    found: Json = {
        "resourceType": "SearchParameter",
        "id": search_id,
        "url": url,
        "version": software_version(),
        "name": "".join(word[0].upper() + word[1:] for word in search_id.split("-")),
        "status": "active",
        "experimental": False,
        "date": RELEASED,
        "publisher": PUBLISHER,
        "description": parameter.documentation,
        "code": parameter.name,
        "base": list(parameter.base),
        "type": parameter.type,
        "expression": parameter.expression,
        "multipleOr": True,
        "multipleAnd": True,
    }
    if parameter.url != url:
        found["derivedFrom"] = parameter.url
    lists = {
        "target": parameter.target,
        "comparator": parameter.comparators,
        "modifier": parameter.modifiers,
    }
    return found | {name: list(codes) for name, codes in lists.items() if codes}
