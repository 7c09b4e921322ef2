"""The search parameters that are served, one table."""

from typing import NamedTuple


class SearchParameter(NamedTuple):
    """A search parameter: https://hl7.org/fhir/R5/searchparameter.html."""

    name: str
    type: str
    """token, string, uri, reference or date."""
    base: tuple[str, ...]
    """The resource types that have it."""
    expression: str
    """FHIRPath of the elements it looks at."""
    url: str
    """Its canonical URL."""
    documentation: str
    modifiers: tuple[str, ...] = ()
    comparators: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    """The types a reference may lead to."""


SEARCH_PARAMETERS: tuple[SearchParameter, ...] = ()
