"""How an operation describes its parameters, and how a request is read by that description."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from marshmallow import EXCLUDE, Schema, ValidationError

from terminology.errors import InvalidInput, NotSupported, RepeatedInput
from terminology.operations.fields import FhirField

R = TypeVar("R")
Sent = Mapping[str, Sequence[Any]]
"""What a request sent: each name with its values, as text or as JSON, in their order."""


class ParametersSchema(Schema, Generic[R]):
    """The parameters of one operation: each a field, and the request class that they fill.

    `request` is made of the values by attribute name. `refused` are parameters that FHIR defines
    and that are not supported yet, each with what to do instead: they are refused by name, since
    an answer that passes over one silently would be wrong. A name that is in neither is none of
    FHIR's, and is passed over unless the caller asked for strict handling.
    """

    class Meta:
        """Unknown names are handled before the fields are read."""

        unknown = EXCLUDE

    request: ClassVar[type[Any]]
    refused: ClassVar[Mapping[str, str]] = {}
    aliases: ClassVar[Mapping[str, str]] = {}
    """Other names of parameters, of another FHIR version, with the name described here."""

    def described(self) -> dict[str, FhirField]:
        """Each parameter by the name it is sent under, in the order of the description."""
        return {
            field.data_key or name: field
            for name, field in self.fields.items()
            if isinstance(field, FhirField)
        }

    def read(self, sent: Sent, *, strict: bool = False) -> R:
        """The request that a client sent: `values` as the request class."""
        request: R = self.request(**self.values(sent, strict=strict))
        return request

    def values(self, sent: Sent, *, strict: bool = False) -> dict[str, Any]:
        """What a client sent, by the attributes of the request class.

        Args:
            sent: every parameter with its values.
            strict: whether a name that FHIR does not know is an error (`Prefer: handling=strict`).

        Raises:
            InvalidInput: a value is not of its type; an unknown name under `strict`.
            RepeatedInput: a parameter that may stand once has several values.
            NotSupported: a parameter that FHIR defines and this service does not support.
        """
        described = self.described()
        sent = {self.aliases.get(name, name): values for name, values in sent.items()}
        for name in sent:
            if name in self.refused:
                raise NotSupported(
                    f"The parameter '{name}' is not supported: {self.refused[name]}.",
                    expression=name,
                )
        if strict:
            _refuse_unknown(sent, described)
        values: dict[str, Any] = {}
        for name, field in described.items():
            if name in sent:
                values[name] = sent[name] if field.repeats else _single(name, sent[name])
        try:
            loaded: dict[str, Any] = self.load(values)
        except ValidationError as error:
            raise _invalid(error.messages_dict) from None
        return loaded


def fast_reader(schema: ParametersSchema[R]) -> Any:
    """A reader of text parameters made from a schema, for the hot path.

    Args:
        schema: the description.

    Returns:
        A function from (name, text) pairs to the request, or None where anything is out of the
        ordinary: the schema then reads the same parameters and says what is wrong. A test holds
        that both give the same.
    """
    readers = {
        name: (str(field.name), field.read, field.repeats)
        for name, field in schema.described().items()
        if field.as_text
    }
    request = schema.request

    def read(pairs: Iterable[tuple[str, str]]) -> R | None:
        values: dict[str, Any] = {}
        for name, text in pairs:
            reader = readers.get(name)
            if reader is None:
                return None
            attribute, convert, repeats = reader
            try:
                value = convert(text)
            except ValidationError:
                return None
            if repeats:
                values.setdefault(attribute, []).append(value)
            elif attribute in values:
                return None
            else:
                values[attribute] = value
        made: R = request(**values)
        return made

    return read


def _single(name: str, values: Sequence[Any]) -> Any:
    if len(values) > 1:
        raise RepeatedInput(
            f"The parameter '{name}' was sent {len(values)} times; send it once.", expression=name
        )
    return values[0]


def _refuse_unknown(sent: Sent, described: Mapping[str, FhirField]) -> None:
    for name in sent:
        if name not in described:
            near = difflib.get_close_matches(name, described, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise InvalidInput(
                f"The parameter '{name[:60]}' is unknown here.{hint} Parameters are:"
                f" {', '.join(described)}.",
                expression=name[:60],
            )


def _invalid(messages: Mapping[str, Any]) -> InvalidInput:
    name, found = next(iter(messages.items()))
    return InvalidInput(f"The parameter '{name}' {_first(found)}.", expression=name)


def _first(found: Any) -> str:
    while isinstance(found, dict):
        found = next(iter(found.values()))
    return str(found[0]) if isinstance(found, list) else str(found)
