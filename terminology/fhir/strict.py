"""The usual forms of what terminologies have by the thousand: concepts, members, mappings.

What decodes as one of these classes has the structure that FHIR asks for, in each version that the
class is given for. What does not may be right all the same, with extensions or ids for instance:
that is for `structure` to judge, whose walk takes some 200 us where these take 5.
https://hl7.org/fhir/R5/codesystem.html, valueset.html, conceptmap.html and their R4 pages.
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, MsgspecError, Raw, Struct, UnsetType, convert, json

from terminology.fhir.versions import FhirVersion

# Patterns are searched for; \Z and not $, which takes a line end after it.
_Text = Annotated[str, Meta(pattern=r"\S", max_length=1 << 20)]
_Code = Annotated[str, Meta(pattern=r"^\S+( \S+)*\Z", max_length=1 << 20)]
_Uri = Annotated[str, Meta(pattern=r"^\S+\Z")]
_Integer = Annotated[int, Meta(ge=-(1 << 31), le=(1 << 31) - 1)]
# Days that every month has; a time of day is not of the usual form.
_DateTime = Annotated[str, Meta(pattern=r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|1\d|2[0-8]))?)?\Z")]
_Many = Meta(min_length=1)


class _Strict(
    Struct, frozen=True, rename="camel", forbid_unknown_fields=True, kw_only=True, gc=False
):
    pass


class _Coding(_Strict, frozen=True):
    system: _Uri | UnsetType = UNSET
    version: _Text | UnsetType = UNSET
    code: _Code | UnsetType = UNSET
    display: _Text | UnsetType = UNSET
    user_selected: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse one with nothing in it."""
        if self.code is UNSET and self.display is UNSET:
            raise ValueError


class _Designation(_Strict, frozen=True):
    value: _Text
    language: _Code | UnsetType = UNSET
    use: _Coding | UnsetType = UNSET


class _Property(_Strict, frozen=True):
    code: _Code
    value_code: _Code | UnsetType = UNSET
    value_coding: _Coding | UnsetType = UNSET
    value_string: _Text | UnsetType = UNSET
    value_integer: _Integer | UnsetType = UNSET
    value_boolean: bool | UnsetType = UNSET
    value_date_time: _DateTime | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse one without a value, or with several."""
        given = (
            (self.value_code is not UNSET)
            + (self.value_coding is not UNSET)
            + (self.value_string is not UNSET)
            + (self.value_integer is not UNSET)
            + (self.value_boolean is not UNSET)
            + (self.value_date_time is not UNSET)
        )
        if given != 1:
            raise ValueError


_Designations = Annotated[list[_Designation], _Many]


class _Concept(_Strict, frozen=True):
    code: _Code
    display: _Text | UnsetType = UNSET
    definition: _Text | UnsetType = UNSET
    designation: _Designations | UnsetType = UNSET
    property: Annotated[list[_Property], _Many] | UnsetType = UNSET
    concept: Annotated[list["_Concept"], _Many] | UnsetType = UNSET


class _Member(_Strict, frozen=True):
    """A code that a value set names itself."""

    code: _Code
    display: _Text | UnsetType = UNSET
    designation: _Designations | UnsetType = UNSET


class _Contains(_Strict, frozen=True):
    """A code in an expansion."""

    code: _Code
    system: _Uri | UnsetType = UNSET
    abstract: bool | UnsetType = UNSET
    inactive: bool | UnsetType = UNSET
    version: _Text | UnsetType = UNSET
    display: _Text | UnsetType = UNSET
    designation: _Designations | UnsetType = UNSET
    contains: Annotated[list["_Contains"], _Many] | UnsetType = UNSET


class _R4Target(_Strict, frozen=True):
    equivalence: Literal[
        "relatedto",
        "equivalent",
        "equal",
        "wider",
        "subsumes",
        "narrower",
        "specializes",
        "inexact",
        "unmatched",
        "disjoint",
    ]
    code: _Code | UnsetType = UNSET
    display: _Text | UnsetType = UNSET
    comment: _Text | UnsetType = UNSET


class _R4Mapping(_Strict, frozen=True):
    code: _Code
    display: _Text | UnsetType = UNSET
    target: Annotated[list[_R4Target], _Many] | UnsetType = UNSET


class _R5Target(_Strict, frozen=True):
    relationship: Literal[
        "related-to",
        "equivalent",
        "source-is-narrower-than-target",
        "source-is-broader-than-target",
        "not-related-to",
    ]
    code: _Code | UnsetType = UNSET
    display: _Text | UnsetType = UNSET
    comment: _Text | UnsetType = UNSET


class _R5Mapping(_Strict, frozen=True):
    code: _Code
    display: _Text | UnsetType = UNSET
    target: Annotated[list[_R5Target], _Many] | UnsetType = UNSET


class Form:
    """The usual form of the items of a list that grows long.

    Attributes:
        path: where the list is, the names of elements from the resource on.
    """

    def __init__(self, form: type[Any], *path: str) -> None:
        """Take the class of the items."""
        self.path = path
        self._type = form
        self._decode = json.Decoder(form).decode

    def fits(self, item: Any) -> bool:
        """Whether an item has it; either undecoded JSON, a `Raw`, or what that decodes to."""
        try:
            if type(item) is Raw:
                self._decode(item)
            else:
                convert(item, self._type)
        except (MsgspecError, UnicodeDecodeError, RecursionError):
            return False
        return True


def usual_forms(resource_type: str, version: FhirVersion) -> list[Form]:
    """The forms of the long lists of a resource type, as a version of FHIR has them."""
    if resource_type == "ConceptMap":
        return _R5_MAPPINGS if version is FhirVersion.R5 else _R4_MAPPINGS
    return _FORMS.get(resource_type, [])


_R4_MAPPINGS = [Form(_R4Mapping, "group", "element")]
_R5_MAPPINGS = [Form(_R5Mapping, "group", "element")]
_FORMS = {
    "CodeSystem": [Form(_Concept, "concept")],
    "ValueSet": [
        Form(_Member, "compose", "include", "concept"),
        Form(_Member, "compose", "exclude", "concept"),
        Form(_Contains, "expansion", "contains"),
    ],
}
