"""What a user of a code system or value set should know of its status."""

from collections.abc import Iterator

from terminology.fhir import messages
from terminology.fhir.outcome import Issue
from terminology.model import (
    CanonicalResource,
    CodeSystem,
    ConceptReference,
    ValueSet,
    extension_value,
)
from terminology.valuesets.scope import Scope

_STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
_DEPRECATED = "http://hl7.org/fhir/StructureDefinition/valueset-deprecated"


def is_deprecated(reference: ConceptReference) -> bool:
    """Whether a value set means to drop a concept."""
    stated = extension_value(reference.extension, _DEPRECATED)
    standards = extension_value(reference.extension, _STATUS)
    return stated in (True, "true") or standards == "deprecated"


def references(value_set: ValueSet, scope: Scope) -> Iterator[Issue]:
    """An issue for each code system and value set that was used and is of such a status."""
    for status, resource in warnings(value_set, scope):
        kind = "CodeSystem" if isinstance(resource, CodeSystem) else "ValueSet"
        yield messages.reference_to(status, kind, resource.canonical)


def warnings(value_set: ValueSet, scope: Scope) -> Iterator[tuple[str, CanonicalResource]]:
    """The statuses, each with what has it: deprecated, withdrawn, experimental or draft.

    Value sets in development are many, and are used while they are: only a withdrawn one counts.
    """
    for system in scope.used_systems.values():
        standards = system.extension_value(_STATUS)
        if standards in ("deprecated", "withdrawn"):
            yield standards, system
        elif system.experimental:
            yield "experimental", system
        elif system.status == "draft":
            yield "draft", system
    for used in (value_set, *scope.used_value_sets.values()):
        if used.extension_value(_STATUS) == "withdrawn":
            yield "withdrawn", used
