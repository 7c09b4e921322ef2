"""A record of HCPCS Level II as a concept."""

from functools import lru_cache

from terminology.importers.dates import iso
from terminology.importers.grids import code_text
from terminology.importers.hcpcs.fields import FIELDS, FIRST_OF_MODIFIER
from terminology.importers.hcpcs.records import Record
from terminology.importers.problems import Tally
from terminology.model import Coding, Concept, Designation, Json, Property

URL = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
"""Preferred by HL7's naming system hcpcs-level-ii."""
_OID = "urn:oid:2.16.840.1.113883.6.285"
_SHORT = Coding(display="Short description")
_INACTIVE = "http://hl7.org/fhir/concept-properties#inactive"
_OWN: list[Json] = [
    {
        "code": "modifier",
        "description": "Whether it is a modifier of two characters",
        "type": "boolean",
    },
    {
        "code": "inactive",
        "uri": _INACTIVE,
        "description": "Whether it ended before the first day of this release",
        "type": "boolean",
    },
]
_YES, _NO = (
    Property(code="modifier", value_boolean=True),
    Property(code="modifier", value_boolean=False),
)
_ENDED = Property(code="inactive", value_boolean=True)
_END = next(n for n, field in enumerate(FIELDS) if field.name == "terminationDate")


def head_of(version: str) -> Json:
    """The CodeSystem resource of a release, such as `2026-10`, without concepts."""
    return {
        "resourceType": "CodeSystem",
        "id": f"hcpcs-level-ii-{version}",
        "language": "en",
        "url": URL,
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": _OID}],
        "version": version,
        "name": "HCPCSLevelII",
        "title": f"HCPCS Level II {version}",
        "status": "active",
        "experimental": False,
        "publisher": "Centers for Medicare & Medicaid Services",
        "caseSensitive": True,
        "compositional": False,
        "versionNeeded": False,
        "content": "complete",
        "property": [*_OWN, *(field.definition for field in FIELDS)],
    }


def is_licensed(code: str) -> bool:
    """Whether the descriptions of a code are a third party's: dental (D) and CPT codes."""
    return len(code) == 5 and (code[0] == "D" or code[0].isdigit())


def concept_of(
    record: Record, text: str | None, effective: str, label: str, tally: Tally
) -> Concept | None:
    """Make the concept of a code's first record.

    Args:
        record: it.
        text: the long description, whole; None where no description may be shown.
        effective: the first day of the release, from which a code that ended before is inactive.
        label: of the file, for problems.
        tally: counts them.

    Returns:
        None where a value is wrong; the tally says which.
    """
    properties = [_YES if record.kind == FIRST_OF_MODIFIER else _NO]
    for place, value in record.values:
        made = _property(place, value)
        if made is None:
            tally.bad(label, record.line, f"the {FIELDS[place].name} of {record.code} is {value!r}")
            return None
        if place == _END and (made.value_date_time or "") < effective:
            properties.append(_ENDED)
        properties.append(made)
    if text is None:
        return Concept(code=record.code, property=properties)
    names = [Designation(language="en", use=_SHORT, value=record.short)] if record.short else []
    shown = text or record.short or None
    return Concept(code=record.code, display=shown, designation=names, property=properties)


@lru_cache(maxsize=1 << 16)
def _property(place: int, value: str) -> Property | None:
    """The property of a field's value, None where it has no such value; one for all concepts."""
    field = FIELDS[place]
    if field.type == "dateTime":
        day = iso(value)
        return None if day is None else Property(code=field.name, value_date_time=day)
    if field.type == "integer":
        if not (value.isascii() and value.isdigit()):
            return None
        return Property(code=field.name, value_integer=int(value))
    if field.type == "string":
        return Property(code=field.name, value_string=value)
    if field.is_padded and value.isdigit():
        value = value.zfill(field.width)
    elif field.name == "crossReference":
        value = code_text(value)
    return Property(code=field.name, value_code=value)
