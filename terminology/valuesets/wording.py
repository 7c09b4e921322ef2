"""The words that a value set has for a concept, before those of its code system."""

import msgspec

from terminology.model import Concept, ConceptReference, Designation


def worded(concept: Concept, base: str | None, reference: ConceptReference | None) -> Concept:
    """A concept as a value set names it: https://hl7.org/fhir/R5/valueset.html#compositions.

    Args:
        concept: as its code system has it.
        base: the language of its display.
        reference: what the value set says of it, None where it does not name it.

    Returns:
        The concept with the value set's display, the code system's being a designation then, and
        with the designations of both.
    """
    if reference is None or (reference.display is None and not reference.designation):
        return concept
    display = concept.display
    names = [*concept.designation, *reference.designation]
    if reference.display is not None and reference.display != display:
        if display is not None:
            names.insert(0, Designation(language=base, value=display))
        display = reference.display
    return msgspec.structs.replace(concept, display=display, designation=names)
