"""What resources share: metadata of canonical resources, and the data types that changed.

R5 elements against R4's: https://hl7.org/fhir/R5/datatypes.html, metadatatypes.html, and
canonicalresource.html and metadataresource.html.
"""

from typing import Any

from terminology.fhir.convert.engine import R4_EXTENSION, R5_EXTENSION, Kind, Shape
from terminology.fhir.convert.steps import change, with_extensions, without_extensions
from terminology.fhir.json import Json

CODEABLE_REFERENCE: Kind = {"concept": "CodeableConcept", "reference": "Reference"}
"""R5's CodeableReference, which no extension of R4 can hold whole."""

_MAX_SIZE = 2**31 - 1
_SIZE = R5_EXTENSION + "Attachment.size"


def _size_down(value: Json) -> Json:
    # integer64 is a string in JSON, and unsignedInt, R4's type here, is a number.
    size = value.get("size")
    if not isinstance(size, str):
        return value
    if size.isascii() and size.isdigit() and len(size) <= 10 and int(size) <= _MAX_SIZE:
        return change(value, size=int(size))
    return with_extensions(change(value, "size"), _SIZE, "valueString", [size])


def _size_up(value: Json) -> Json:
    if type(value.get("size")) is int:
        return change(value, size=str(value["size"]))
    value, sizes = without_extensions(value, _SIZE, "valueString")
    return change(value, size=sizes[0]) if sizes else value


ATTACHMENT = Shape(
    "Attachment",
    r5={
        "height": "PositiveInt",
        "width": "PositiveInt",
        "frames": "PositiveInt",
        "duration": "Decimal",
        "pages": "PositiveInt",
    },
    down=_size_down,
    up=_size_up,
)


def _url_up(value: Json) -> Json:
    # What R4 links to is the url of a document in R5; with both, it stays an extension.
    if "document" in value:
        return value
    value, urls = without_extensions(value, R4_EXTENSION + "RelatedArtifact.url", "valueUrl")
    return change(value, document={"url": urls[0]}) if urls else value


RELATED_ARTIFACT = Shape(
    "RelatedArtifact",
    r5={
        "classifier*": "CodeableConcept",
        "resourceReference": "Reference",
        "publicationStatus": "Code",
        "publicationDate": "Date",
    },
    r4={"url": "Url"},
    codes={
        "type": (
            "documentation",
            "justification",
            "citation",
            "predecessor",
            "successor",
            "derived-from",
            "depends-on",
            "composed-of",
        )
    },
    inside={"document": ATTACHMENT},
    up=_url_up,
)

DATA_REQUIREMENT = Shape(
    "DataRequirement",
    r5={
        "valueFilter*": {
            "path": "String",
            "searchParam": "String",
            "comparator": "Code",
            "value": ("DateTime", "Period", "Duration"),
        }
    },
)


def _names_down(value: Json) -> Json:
    names = value.get("name")
    if not isinstance(names, list):
        return value
    value = change(value, "name", name=names[0] if names else None)
    return with_extensions(value, _NAMES, "valueHumanName", names[1:])


def _names_up(value: Json) -> Json:
    name = value.get("name")
    if not isinstance(name, dict):
        return value
    value, names = without_extensions(value, _NAMES, "valueHumanName")
    return change(value, name=[name, *names])


_NAMES = R5_EXTENSION + "ExtendedContactDetail.name"

CONTACT = Shape(
    "ExtendedContactDetail",
    r5={"organization": "Reference", "period": "Period"},
    down=_names_down,
    up=_names_up,
)
"""R5's ExtendedContactDetail and the `contact` of R4's Organization and InsurancePlan."""

_VERSIONING: dict[str, Kind] = {
    "versionAlgorithm": ("String", "Coding"),
    "copyrightLabel": "String",
}
_METADATA: dict[str, Kind] = {
    "approvalDate": "Date",
    "lastReviewDate": "Date",
    "effectivePeriod": "Period",
    "topic*": "CodeableConcept",
    "author*": "ContactDetail",
    "editor*": "ContactDetail",
    "reviewer*": "ContactDetail",
    "endorser*": "ContactDetail",
    "relatedArtifact*": RELATED_ARTIFACT,
}


def canonical(path: str, /, **rules: Any) -> Shape:
    """Make the shape of a canonical resource: `rules` and what all of them have since R5."""
    return _with(path, _VERSIONING, rules)


def metadata(path: str, /, **rules: Any) -> Shape:
    """Make the shape of a resource whose author, review and topic elements are new in R5."""
    return _with(path, _VERSIONING | _METADATA, rules)


def _with(path: str, shared: dict[str, Kind], rules: dict[str, Any]) -> Shape:
    # HL7's own converter names these extensions by the abstract type that declares the elements.
    aliases = ("CanonicalResource", "MetadataResource")
    r5 = shared | rules.pop("r5", {})
    return Shape(path, r5=r5, aliases=aliases, **rules)
