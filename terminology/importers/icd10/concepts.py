"""Rows of order files and nodes of the tabular list as concepts; the heads of both systems."""

from functools import lru_cache

from terminology.importers.icd10.order import CM, PCS
from terminology.model import Coding, Concept, Designation, Json, Property

CHAPTER, SECTION = "chapter", "section"
NOTES = {
    "includes": "What belongs to the code or what is below it",
    "inclusionTerm": "A condition that is coded so: the same, or one of several",
    "excludes1": "What is not coded here, nor together with it",
    "excludes2": "What is not part of it; a patient may have both",
    "codeFirst": "What has to be coded ahead of it",
    "useAdditionalCode": "What has to be coded beside it",
    "codeAlso": "What may have to be coded beside it, in either order",
    "notes": "What else the tabular list says of it",
    "sevenChrNote": "Where a seventh character has to be added",
    "sevenChrDef": "A seventh character, and what it stands for",
}
"""The notes of the tabular list, by their names in its XML; those of a group hold for all below."""
_SHORT = Coding(display="Short description")
_META = "http://hl7.org/fhir/concept-properties#"
_DEFINED: list[Json] = [
    {
        "code": "billable",
        "description": "Whether it is valid for submission in HIPAA-covered transactions",
        "type": "boolean",
    },
    {
        "code": "notSelectable",
        "uri": f"{_META}notSelectable",
        "description": "Whether it stands for what is below it, and is not coded itself",
        "type": "boolean",
    },
]
_KIND: Json = {
    "code": "kind",
    "description": "Of what is above the codes: a chapter or a section of the tabular list",
    "type": "code",
}
_NAMES = {
    PCS: (
        "icd-10-pcs",
        "http://www.cms.gov/Medicare/Coding/ICD10",
        "2.16.840.1.113883.6.4",
        "ICD-10-PCS",
        "Centers for Medicare & Medicaid Services",
    ),
    CM: (
        "icd-10-cm",
        "http://hl7.org/fhir/sid/icd-10-cm",
        "2.16.840.1.113883.6.90",
        "ICD-10-CM",
        "National Center for Health Statistics",
    ),
}
_ABSTRACT = Property(code="notSelectable", value_boolean=True)
_OF_CODE = [Property(code="billable", value_boolean=True)]
_OF_HEADER = [Property(code="billable", value_boolean=False), _ABSTRACT]


def head_of(kind: str, version: str) -> Json:
    """The CodeSystem resource of a release, such as `2026`, without concepts.

    URLs and OIDs are those of HL7's naming systems icd10PCS and icd10CM; the hierarchy's meaning is
    that of HL7's page on ICD (https://terminology.hl7.org/ICD.html).
    """
    name, url, oid, title, publisher = _NAMES[kind]
    notes = [_KIND, *({"code": n, "description": d, "type": "string"} for n, d in NOTES.items())]
    return {
        "resourceType": "CodeSystem",
        "id": f"{name}-{version}",
        "language": "en",
        "url": url,
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{oid}"}],
        "version": version,
        "name": title.replace("-", ""),
        "title": f"{title} {version}",
        "status": "active",
        "experimental": False,
        "publisher": publisher,
        "caseSensitive": True,
        "hierarchyMeaning": "classified-with",
        "compositional": False,
        "versionNeeded": False,
        "content": "complete",
        "property": [*_DEFINED, *(notes if kind == CM else [])],
    }


def dotted(code: str) -> str:
    """A code of ICD-10-CM with its point, as HL7 asks for it: `A000` as `A00.0`."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


def concept_of(
    code: str, long: str, short: str, notes: list[Property] | None, *, valid: bool
) -> Concept:
    """The concept of a code or a header.

    Args:
        code: as it is shown.
        long: the long description, its display.
        short: the short description, a designation where it is another one; empty for none.
        notes: of the tabular list.
        valid: whether it may be submitted.
    """
    own = _OF_CODE if valid else _OF_HEADER
    if short and short != long:
        names = [Designation(language="en", use=_SHORT, value=short)]
        return Concept(
            code=code, display=long, designation=names, property=[*own, *notes] if notes else own
        )
    return Concept(code=code, display=long, property=[*own, *notes] if notes else own)


def group_of(kind: str, code: str, text: str, notes: list[Property]) -> Concept:
    """The concept of a chapter or a section."""
    return Concept(code=code, display=text, property=[_kind(kind), _ABSTRACT, *notes])


@lru_cache
def _kind(kind: str) -> Property:
    return Property(code="kind", value_code=kind)


def note(name: str, text: str) -> Property:
    """A note of the tabular list."""
    return Property(code=name, value_string=text)
