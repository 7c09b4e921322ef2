"""The types of operation parameters, as marshmallow fields.

A value comes as text (a query or a form) or as JSON has it (a Parameters resource); each field
takes both, so that one description serves every way of sending a parameter. See
https://hl7.org/fhir/R5/datatypes.html for the formats.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, TypeVar

import msgspec
from marshmallow import ValidationError, fields

from terminology.model import CodeableConcept, Coding

_T = TypeVar("_T")
_MAX_TEXT = 1024 * 1024
"""FHIR's own limit of a string, in characters."""
_MAX_SHORT = 4096
"""Our limit of codes and URIs; the longest that are in use have some hundred characters."""
_CODE = re.compile(r"[^\s\x00]+( [^\s\x00]+)*")
_URI = re.compile(r"[^\s\x00]+")
_DATE = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):[0-5]\d))?)?)?",
    re.ASCII,
)
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,9}")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""What XML can't carry, and FHIR strings should not: controls, and halves of surrogate pairs."""


class FhirField(fields.Field[Any]):
    """A parameter of an operation.

    Args:
        documentation: what it means, for people.
        repeats: whether it may be sent more than once; then the value is a list.
        type_level_only: whether it names the resource, so that it has no place at instance level.
        versions: the FHIR versions whose specification has it, `r4`, `r4b`, `r5`; all if empty.
    """

    fhir_type: ClassVar[str]
    as_text: ClassVar[bool] = True
    """Whether a query can carry it: FHIR lets only primitive types be sent so."""

    def __init__(
        self,
        documentation: str,
        *,
        repeats: bool = False,
        type_level_only: bool = False,
        versions: tuple[str, ...] = (),
        data_key: str | None = None,
    ) -> None:
        super().__init__(data_key=data_key, error_messages={"null": "has no value"})
        self.documentation = documentation
        self.repeats = repeats
        self.type_level_only = type_level_only
        self.versions = versions

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not self.repeats:
            return self.read(value)
        return [self.read(one) for one in value]

    def read(self, value: Any) -> Any:
        """The value of one occurrence.

        Raises:
            ValidationError: it is not of the type; the message ends a sentence that begins with
                the parameter's name.
        """
        raise NotImplementedError


class StringField(FhirField):
    """Any text that is not empty."""

    fhir_type = "string"
    limit: ClassVar[int] = _MAX_TEXT

    def read(self, value: Any) -> str:
        """The text itself."""
        if not isinstance(value, str):
            raise ValidationError(f"takes a {self.fhir_type}, not {_kind(value)}")
        if not value:
            raise ValidationError("is empty; leave it out or give it a value")
        if len(value) > self.limit:
            raise ValidationError(f"has {len(value)} characters; {self.limit} are the most")
        if not value.isprintable() and (found := _NO_TEXT.search(value)):
            raise ValidationError(f"holds the character U+{ord(found[0]):04X}, which is no text")
        return value


class CodeField(StringField):
    """A code: no space at its ends, and single ones inside."""

    fhir_type = "code"
    limit = _MAX_SHORT

    def read(self, value: Any) -> str:
        """The code itself."""
        text = super().read(value)
        if not _CODE.fullmatch(text):
            raise ValidationError(
                f"is '{_shown(text)}', which is not a code: a code has no space at its ends and"
                " only single ones inside"
            )
        return text


class UriField(StringField):
    """A URI: no white space."""

    fhir_type = "uri"
    limit = _MAX_SHORT

    def read(self, value: Any) -> str:
        """The URI itself."""
        text = super().read(value)
        if not _URI.fullmatch(text):
            raise ValidationError(f"is '{_shown(text)}', which is not a URI: it holds white space")
        return text


class CanonicalField(UriField):
    """The canonical URL of a resource, `url` or `url|version`."""

    fhir_type = "canonical"


class DateTimeField(StringField):
    """A date or a time as FHIR writes them: `2026`, `2026-11`, `2026-11-23`, with time and zone."""

    fhir_type = "dateTime"

    def read(self, value: Any) -> str:
        """The text itself."""
        text = super().read(value)
        if not _DATE.fullmatch(text):
            raise ValidationError(
                f"is '{_shown(text)}', which is not a FHIR dateTime: write YYYY, YYYY-MM,"
                " YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with a zone"
            )
        return text


class BooleanField(FhirField):
    """`true` or `false`."""

    fhir_type = "boolean"

    def read(self, value: Any) -> bool:
        """The boolean, from JSON or from text."""
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return bool(value == "true")
        raise ValidationError(f"takes true or false, not {_kind(value)}")


class IntegerField(FhirField):
    """A whole number of 32 bits, 0 or more."""

    fhir_type = "integer"

    def read(self, value: Any) -> int:
        """The number, from JSON or from text."""
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError(f"takes a whole number, not {_kind(value)}")
        if not 0 <= value < 2**31:
            raise ValidationError(f"is {value}; it must be 0 or more, and below 2147483648")
        return value


class StructField(FhirField):
    """A complex type, which only a Parameters resource can carry."""

    as_text = False
    model: ClassVar[type[Any]]

    def read(self, value: Any) -> Any:
        """The value as its class of the model."""
        if isinstance(value, str):
            raise ValidationError(
                f"is a {self.fhir_type}, which a query or a form can't carry: POST it in a"
                " Parameters resource"
            )
        read = convert(value, self.model)
        for name, field, text in self.texts(read):
            try:
                field.read(text)
            except ValidationError as error:
                raise ValidationError(f"has a {name} that {error.messages[0]}") from None
        return read

    @classmethod
    def texts(cls, value: Any) -> Iterator[tuple[str, StringField, str]]:
        """Each text in a value, as (name, the type that it has to be of, text)."""
        raise NotImplementedError


class CodingField(StructField):
    """A Coding."""

    fhir_type = "Coding"
    model = Coding
    parts: ClassVar[Mapping[str, StringField]] = {
        "system": UriField("The code system."),
        "version": StringField("The version of the code system."),
        "code": CodeField("The code."),
        "display": StringField("The display."),
    }

    @classmethod
    def texts(cls, value: Coding) -> Iterator[tuple[str, StringField, str]]:
        """System, version, code and display, where they are."""
        for name, field in cls.parts.items():
            text = getattr(value, name)
            if text is not None:
                yield name, field, text


class CodeableConceptField(StructField):
    """A CodeableConcept."""

    fhir_type = "CodeableConcept"
    model = CodeableConcept

    @classmethod
    def texts(cls, value: CodeableConcept) -> Iterator[tuple[str, StringField, str]]:
        """Those of each coding, and the text."""
        for coding in value.coding:
            for name, field, text in CodingField.texts(coding):
                yield f"coding with a {name}", field, text
        if value.text is not None:
            yield "text", CodingField.parts["display"], value.text


class ResourceField(FhirField):
    """A resource, which only a Parameters resource can carry."""

    fhir_type = "Resource"
    as_text = False

    def read(self, value: Any) -> Any:
        """The resource as JSON."""
        if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
            raise ValidationError(
                f"is a resource, not {_kind(value)}: POST it in a Parameters resource"
            )
        return value


def convert(value: Any, model: type[_T]) -> _T:
    """JSON as a class of the model.

    Raises:
        ValidationError: it does not have the shape; the message says where.
    """
    try:
        return msgspec.convert(value, model)
    except msgspec.ValidationError as error:
        raise ValidationError(f"is no {model.__name__}: {error}") from None


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return f"'{_shown(value)}'"
    names = {bool: "a boolean", int: "a number", dict: "an object", list: "a list"}
    return names.get(type(value), "nothing" if value is None else "a number")


def _shown(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}... ({len(text)} characters)"
